package states

import (
	"errors"
	"fmt"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/query"
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
	Output        *query.Template // in a JSONata state
	Assign        *query.Template
	Next          string
	End           bool

	inputPath, outputPath query.Path
	delay, at             query.Path
	timestampQuery        *query.Query
	timestamp             time.Time
}

// longestWait is the delay that AWS refuses as too long (R114): 24,855 days go, 24,856 do not.
const longestWait = (1<<31 - 1) * time.Second

func (s *Wait) name() string { return s.Name }
func (s *Wait) kind() string { return "Wait" }

func (s *Wait) language() QueryLanguage { return s.QueryLanguage }

func (s *Wait) prepare() error {
	var faults [6]error
	s.inputPath, faults[0] = query.ParsePath("InputPath", s.InputPath)
	s.outputPath, faults[1] = query.ParsePath("OutputPath", s.OutputPath)
	s.delay, faults[2] = query.ParsePath("SecondsPath", s.SecondsPath)
	s.at, faults[3] = query.ParsePath("TimestampPath", s.TimestampPath)
	switch {
	case query.IsQuery(s.Timestamp):
		s.timestampQuery, faults[4] = query.ParseQuery(s.Timestamp)
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
	r.waited()
	if r.jsonata {
		output, err := r.output("", s.Assign, s.Output, input)
		return output, s.Next, err
	}
	if err := r.assign("", s.Assign, effective); err != nil {
		return effective, "", err
	}
	output, err := r.apply(s.outputPath, effective)
	return output, s.Next, err
}

func (s *Wait) until(r *run, input value.Value) (time.Time, error) {
	now := r.host.Now()
	var until time.Time
	var err error
	switch {
	case s.delay.Query != nil:
		var n int64
		n, err = r.evaluateInteger(s.delay.Query, "Seconds", 0, 99999999)
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
	v, err := s.delay.Value(r.scope(input))
	if err != nil {
		return now, r.fault("SecondsPath", "The SecondsPath parameter does not reference an input value: "+s.SecondsPath)
	}
	n, ok := query.AsInteger(v)
	switch {
	case !ok:
		return now, r.fault("SecondsPath", fmt.Sprintf("The SecondsPath parameter cannot be parsed as a long value: %s == %s", s.SecondsPath, query.Plain(v)))
	case n < 0:
		return now, r.fault("SecondsPath", fmt.Sprintf("The SecondsPath parameter references a negative value: %s == %s", s.SecondsPath, query.Plain(v)))
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
	v, err := s.at.Value(r.scope(input))
	if err != nil {
		return time.Time{}, r.fault("TimestampPath", "The TimestampPath parameter does not reference an input value: "+s.TimestampPath)
	}
	if t, ok := v.AsTimestamp(); ok {
		return t, nil
	}
	return time.Time{}, r.fault("TimestampPath", fmt.Sprintf(
		"The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: %s == %s",
		s.TimestampPath, query.Plain(v)))
}

// sleepUntil waits until t, or until the execution's own time is over.
func (r *run) sleepUntil(t time.Time) error {
	if end := r.frame.Deadline; !end.IsZero() && end.Before(t) {
		if err := r.host.SleepUntil(end); err != nil {
			return err
		}
		return asl.ExecutionTimeout(asl.TimeoutError())
	}
	return r.host.SleepUntil(t)
}
