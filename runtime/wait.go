package runtime

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Wait lets time pass (R110–R115). One of Seconds, SecondsPath, Timestamp and TimestampPath says how much; none of the
// others is set, so Seconds 0 waits for nothing.
type Wait struct {
	Name          string
	QueryLanguage QueryLanguage
	InputPath     string
	Seconds       int
	SecondsPath   string // in a JSONata state the expression for Seconds
	Timestamp     string // RFC 3339, or in a JSONata state an expression
	TimestampPath string
	OutputPath    string
	Output        Template // in a JSONata state
	Assign        Template
	Next          string
	End           bool

	inputPath, outputPath path
	delay, at             path
	timestampQuery        *query
	timestamp             time.Time
}

// longestWait is the delay that AWS refuses as too long (R114): 24,855 days go, 24,856 do not.
const longestWait = (1<<31 - 1) * time.Second

func (s *Wait) name() string { return s.Name }
func (s *Wait) kind() string { return "Wait" }

func (s *Wait) language() QueryLanguage { return s.QueryLanguage }

func (s *Wait) prepare() error {
	var faults [6]error
	s.inputPath, faults[0] = parsePath("InputPath", s.InputPath)
	s.outputPath, faults[1] = parsePath("OutputPath", s.OutputPath)
	s.delay, faults[2] = parsePath("SecondsPath", s.SecondsPath)
	s.at, faults[3] = parsePath("TimestampPath", s.TimestampPath)
	switch {
	case isQuery(s.Timestamp):
		s.timestampQuery, faults[4] = parseQuery(s.Timestamp)
	case s.Timestamp != "":
		s.timestamp, faults[4] = time.Parse(time.RFC3339Nano, s.Timestamp)
	}
	faults[5] = prepareTemplates(s.Output, s.Assign)
	return errors.Join(faults[:]...)
}

func (s *Wait) run(r *run, input value.Value) (value.Value, string, error) {
	effective, err := r.effective(s.inputPath, input)
	if err != nil {
		return effective, "", err
	}
	if r.jsonata {
		r.frame.Before = r.frame.Entered // what its faults follow
	}
	if r.frame.Wake.IsZero() {
		if r.frame.Wake, err = s.until(r, effective); err != nil {
			return effective, "", err
		}
		if err := r.host.Enter(r.frame); err != nil { // the end is part of the checkpoint, not the delay
			return effective, "", err
		}
	}
	if err := r.sleepUntil(r.frame.Wake); err != nil {
		return effective, "", err
	}
	if r.jsonata {
		output, err := r.output("", s.Assign, s.Output, input)
		return output, s.Next, err
	}
	if err := r.assign("", s.Assign, effective); err != nil {
		return effective, "", err
	}
	output, err := s.outputPath.apply(r, effective)
	return output, s.Next, err
}

func (s *Wait) until(r *run, input value.Value) (time.Time, error) {
	now := r.host.Now()
	var until time.Time
	var err error
	switch {
	case s.delay.query != nil:
		var n int64
		n, err = r.evaluateInteger(s.delay.query, "Seconds", 0, 99999999)
		until = now.Add(time.Duration(n) * time.Second)
	case s.timestampQuery != nil:
		until, err = s.evaluateTimestamp(r)
	case s.SecondsPath != "":
		until, err = s.secondsPath(r, now, input)
	case s.TimestampPath != "":
		until, err = s.timestampPath(r, input)
	case s.Timestamp != "":
		until = s.timestamp
	default:
		until = now.Add(time.Duration(s.Seconds) * time.Second)
	}
	if s.Timestamp != "" || s.TimestampPath != "" {
		until = until.Truncate(time.Second) // R113
	}
	if err == nil && until.Sub(now) > longestWait {
		err = r.fault("SecondsPath", "Wait state delay is too long.")
	}
	return until, err
}

// secondsPath reads SecondsPath (R112).
func (s *Wait) secondsPath(r *run, now time.Time, input value.Value) (time.Time, error) {
	v, err := s.delay.value(r, input)
	if err != nil {
		return now, r.fault("SecondsPath", "The SecondsPath parameter does not reference an input value: "+s.SecondsPath)
	}
	n, ok := asInteger(v)
	switch {
	case !ok:
		return now, r.fault("SecondsPath", fmt.Sprintf("The SecondsPath parameter cannot be parsed as a long value: %s == %s", s.SecondsPath, plain(v)))
	case n < 0:
		return now, r.fault("SecondsPath", fmt.Sprintf("The SecondsPath parameter references a negative value: %s == %s", s.SecondsPath, plain(v)))
	case n > int64(longestWait/time.Second):
		return now, r.fault("SecondsPath", "Wait state delay is too long.")
	}
	return now.Add(time.Duration(n) * time.Second), nil
}

// evaluateTimestamp evaluates the expression of Timestamp (R77).
func (s *Wait) evaluateTimestamp(r *run) (time.Time, error) {
	text, err := r.evaluateText(s.timestampQuery, "Timestamp")
	if err != nil {
		return time.Time{}, err
	}
	if t, ok := value.String(text).AsTimestamp(); ok {
		return t, nil
	}
	return time.Time{}, r.queryFault("Timestamp", "The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: "+text)
}

// timestampPath reads TimestampPath (R113).
func (s *Wait) timestampPath(r *run, input value.Value) (time.Time, error) {
	v, err := s.at.value(r, input)
	if err != nil {
		return time.Time{}, r.fault("TimestampPath", "The TimestampPath parameter does not reference an input value: "+s.TimestampPath)
	}
	if t, ok := v.AsTimestamp(); ok {
		return t, nil
	}
	return time.Time{}, r.fault("TimestampPath", fmt.Sprintf(
		"The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: %s == %s",
		s.TimestampPath, plain(v)))
}

// value evaluates the path without putting words around its error.
func (p path) value(r *run, document value.Value) (value.Value, error) {
	if p.path == nil {
		return document, nil
	}
	return r.scope(document).get(p.path)
}

// plain is v as messages show it: a string without its quotes.
func plain(v value.Value) string {
	if s, ok := v.AsString(); ok {
		return s
	}
	return v.String()
}

// asInteger reads a whole number, or a string that is one: fields that refer to a number take both.
func asInteger(v value.Value) (n int64, ok bool) {
	if s, is := v.AsString(); is {
		n, err := strconv.ParseInt(s, 10, 64)
		return n, err == nil
	}
	return v.AsInt()
}

// asNumber reads a number, or a string that is one.
func asNumber(v value.Value) (f float64, ok bool) {
	if s, is := v.AsString(); is {
		f, err := strconv.ParseFloat(s, 64)
		return f, err == nil
	}
	return v.AsFloat()
}

// sleepUntil waits until t, or until the execution's own time is over.
func (r *run) sleepUntil(t time.Time) error {
	if end := r.frame.Deadline; !end.IsZero() && end.Before(t) {
		if err := r.host.SleepUntil(end); err != nil {
			return err
		}
		return &timedOut{TimeoutError()}
	}
	return r.host.SleepUntil(t)
}
