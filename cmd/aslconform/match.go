package main

import (
	"fmt"
	"maps"
	"regexp"
	"strings"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// matcher compares what happened with what was recorded. A placeholder of the recording stands for any text, the same one
// for the same text throughout a row.
type matcher struct {
	bound map[string]string
	diffs []string
	// withoutRedrive says that the context object of the row's execution had no RedriveCount.
	withoutRedrive bool
}

func newMatcher() *matcher { return &matcher{bound: map[string]string{}} }

// placeholder is what the recorder put in place of a part of a text: <uuid:1>, <<task_token>:2>.
var placeholder = regexp.MustCompile(`<(?:[A-Za-z]|<[A-Za-z][A-Za-z0-9_.:-]*>)[A-Za-z0-9_.:-]*>`)

// value reports whether got is what was recorded at a place; if not it notes the difference.
func (m *matcher) value(place string, want, got value.Value) bool {
	if s, ok := want.AsString(); ok && (m.bare(s, got) || m.scalar(s, got)) {
		return true
	}
	if want.Kind() != got.Kind() {
		return m.differ(place, want, got)
	}
	switch want.Kind() {
	case value.StringKind:
		a, _ := want.AsString()
		b, _ := got.AsString()
		if m.text(a, b) || m.jsonText(place, a, b) {
			return true
		}
		return m.differ(place, want, got)
	case value.ArrayKind:
		if want.Len() != got.Len() {
			return m.differ(place, want, got)
		}
		same := true
		for i, e := range want.Elements() {
			same = m.value(fmt.Sprintf("%s[%d]", place, i), e, got.At(i)) && same
		}
		return same
	case value.ObjectKind:
		return m.object(place, want, got)
	}
	if !want.Equal(got) {
		return m.differ(place, want, got)
	}
	return true
}

func (m *matcher) object(place string, want, got value.Value) bool {
	same := true
	for name, e := range want.Members() {
		same = m.value(place+"."+name, e, got.Get(name)) && same
	}
	for name, e := range got.Members() {
		redrive := m.withoutRedrive && name == "RedriveCount" && !got.Get("StartTime").IsAbsent()
		if want.Get(name).IsAbsent() && !redrive {
			same = m.differ(place+"."+name, value.Value{}, e)
		}
	}
	return same
}

func (m *matcher) differ(place string, want, got value.Value) bool {
	m.diffs = append(m.diffs, fmt.Sprintf("%s: want %s, got %s", place, shown(want), shown(got)))
	return false
}

func shown(v value.Value) string {
	if v.IsAbsent() {
		return "nothing"
	}
	if s := v.String(); len(s) < 400 {
		return s
	} else {
		return s[:400] + "…"
	}
}

// bareWords are recorded in place of whole values that differ from run to run, with what each may stand for.
var bareWords = map[string]func(value.Value) bool{
	"date": isTime, "timestamp": isTime, "datetime": isTime, "time": isTime,
	"start-date": isTime, "stop-date": isTime, "entered-time": isTime, "start-time": isTime,
	"a_task_token": isText, "task_token": isText, "RequestId": isText, "x-amzn-RequestId": isText,
	"snf_role_arn": isARN, "sfn_role_arn": isARN, "state-machine-arn": isARN, "map_run_arn": isARN, "activity_arn": isARN,
	"RandomNumberGenerated": func(v value.Value) bool { return v.Kind() == value.NumberKind },
}

// once are the bare words that stand for one thing of which a row has only one.
var once = map[string]bool{"snf_role_arn": true, "sfn_role_arn": true, "state-machine-arn": true, "activity_arn": true}

func isText(v value.Value) bool {
	s, ok := v.AsString()
	return ok && s != ""
}

func isARN(v value.Value) bool {
	s, _ := v.AsString()
	return strings.HasPrefix(s, "arn:")
}

var year = regexp.MustCompile(`[0-9]{4}`)

// isTime reports whether a value may be a time: seconds or milliseconds since 1970, or a text with a year. Its form is the
// service's own, and inputs that AWS found to be no time are masked too.
func isTime(v value.Value) bool {
	s, ok := v.AsString()
	return ok && year.MatchString(s) || v.Kind() == value.NumberKind
}

// bare reports whether want is a word that may stand for got.
func (m *matcher) bare(want string, got value.Value) bool {
	may := bareWords[want]
	if may == nil || !may(got) {
		return false
	}
	return !once[want] || m.bind(want, got.String())
}

// scalar reports whether want is a placeholder that stands for a value that is no text.
func (m *matcher) scalar(want string, got value.Value) bool {
	switch got.Kind() {
	case value.NumberKind, value.BoolKind:
		return placeholder.FindString(want) == want && want != "" && m.text(want, got.String())
	}
	return false
}

// bind reports whether a placeholder may stand for a text, which it then does.
func (m *matcher) bind(name, text string) bool {
	if bound, ok := m.bound[name]; ok {
		return bound == text
	}
	m.bound[name] = text
	return true
}

// jsonText compares texts that are JSON objects: the recorder parsed these and wrote them anew, so that neither white space
// nor the order of members is AWS's.
func (m *matcher) jsonText(place, want, got string) bool {
	if !strings.HasPrefix(want, "{") {
		return false
	}
	a, err := value.Parse([]byte(want))
	b, also := value.Parse([]byte(got))
	return err == nil && also == nil && m.trial(func(t *matcher) bool { return t.value(place, a, b) })
}

// text compares texts. The recorded one may hold placeholders anywhere.
func (m *matcher) text(want, got string) bool {
	if want == got { // also where the recorder masked what the row begins with
		return true
	}
	want = strings.ReplaceAll(want, "activity_arn", "<activity_arn>") // which is put back where the machine needs it
	return placeholder.MatchString(want) && m.trial(func(t *matcher) bool { return t.parts(want, got) })
}

// parts compares the texts part by part: what stands before a placeholder, what it stands for, and the rest.
func (m *matcher) parts(want, got string) bool {
	at := placeholder.FindStringIndex(want)
	if at == nil {
		return want == got
	}
	got, ok := strings.CutPrefix(got, want[:at[0]])
	if !ok {
		return false
	}
	name, rest := want[at[0]:at[1]], want[at[1]:]
	if text, ok := m.bound[name]; ok && !passing(name) {
		got, ok = strings.CutPrefix(got, text)
		return ok && m.parts(rest, got)
	}
	for n := 1; n <= len(got); n++ {
		if m.trial(func(t *matcher) bool { return (passing(name) || t.bind(name, got[:n])) && t.parts(rest, got[n:]) }) {
			return true
		}
	}
	return false
}

// passing reports whether a placeholder stands for times, of which each is another.
func passing(name string) bool {
	_, ok := bareWords[strings.Trim(name, "<>")]
	return ok && !once[strings.Trim(name, "<>")]
}

// trial runs a comparison whose bindings and differences count only if it succeeds.
func (m *matcher) trial(f func(*matcher) bool) bool {
	t := &matcher{bound: maps.Clone(m.bound), withoutRedrive: m.withoutRedrive}
	if !f(t) {
		return false
	}
	m.bound = t.bound
	return true
}
