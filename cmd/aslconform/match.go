package main

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// matcher compares what happened with what was recorded. A placeholder of the recording stands for any text, the same one
// for the same text throughout a row.
type matcher struct {
	bound map[string]string
	diffs []string
	// beforeRedrive says that the row was recorded before AWS had redrives, and with them RedriveCount, in November 2023.
	beforeRedrive bool
}

// bareWords are recorded in place of whole values that differ from run to run.
var bareWords = map[string]bool{
	"date": true, "timestamp": true, "datetime": true, "time": true, "RequestId": true, "x-amzn-RequestId": true,
	"start-date": true, "stop-date": true, "entered-time": true, "start-time": true,
	"a_task_token": true, "task_token": true, "RandomNumberGenerated": true, "snf_role_arn": true, "state-machine-arn": true,
	"map_run_arn": true, "sfn_role_arn": true, "activity_arn": true,
}

var placeholder = regexp.MustCompile(`<[A-Za-z][A-Za-z0-9_.:-]*>`)

// value reports whether got is what was recorded at a place; if not it notes the difference.
func (m *matcher) value(place string, want, got value.Value) bool {
	if s, ok := want.AsString(); ok && bareWords[s] && !got.IsAbsent() {
		return true
	}
	if s, ok := want.AsString(); ok && placeholder.FindString(s) == s && !got.IsAbsent() && got.Kind() != value.StringKind {
		return m.text(s, got.String())
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
	if !value.Equal(want, got) {
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
		if want.Get(name).IsAbsent() && !(m.beforeRedrive && name == "RedriveCount") {
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

// jsonText compares texts that are JSON: the recorder wrote some anew, with other white space.
func (m *matcher) jsonText(place, want, got string) bool {
	if !strings.HasPrefix(want, "{") && !strings.HasPrefix(want, "[") {
		return false
	}
	a, err := value.Parse([]byte(want))
	b, also := value.Parse([]byte(got))
	return err == nil && also == nil && m.trial(func(t *matcher) bool { return t.value(place, a, b) })
}

// text compares texts. The recorded one may hold placeholders anywhere.
func (m *matcher) text(want, got string) bool {
	if want == got {
		return true
	}
	want = strings.ReplaceAll(want, "activity_arn", "<activity_arn>") // which is put back where the machine needs it
	places := placeholder.FindAllStringIndex(want, -1)
	if places == nil {
		return false
	}
	var pattern strings.Builder
	var names []string
	from := 0
	pattern.WriteString(`(?s)^`)
	for _, p := range places {
		pattern.WriteString(regexp.QuoteMeta(want[from:p[0]]))
		name := want[p[0]:p[1]]
		if text, ok := m.bound[name]; ok {
			pattern.WriteString(regexp.QuoteMeta(text))
		} else {
			pattern.WriteString(`(.+?)`)
			names = append(names, name)
		}
		from = p[1]
	}
	pattern.WriteString(regexp.QuoteMeta(want[from:]) + `$`)
	found := regexp.MustCompile(pattern.String()).FindStringSubmatch(got)
	if found == nil {
		return false
	}
	for i, name := range names {
		if text, ok := m.bound[name]; ok && text != found[i+1] {
			return false
		}
		m.bound[name] = found[i+1]
	}
	return true
}

// trial runs a comparison whose bindings and differences count only if it succeeds.
func (m *matcher) trial(f func(*matcher) bool) bool {
	t := &matcher{bound: map[string]string{}, beforeRedrive: m.beforeRedrive}
	for name, text := range m.bound {
		t.bound[name] = text
	}
	if !f(t) {
		return false
	}
	m.bound = t.bound
	return true
}
