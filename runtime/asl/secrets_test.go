package asl

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

func environmentOf(v value.Value) value.Value {
	return value.Object(value.Field("Environment", value.Array(value.Object(
		value.Field("Name", value.String("PASSWORD")), value.Field("Value", v)))))
}

// redacted is an event as an observer is told of it, as text.
func redacted(s *secrets, e Event) string {
	e = s.redact(e)
	text := e.Input.String() + "\n" + e.Output.String() + "\n" + e.Assigned.String() + "\n" + e.Location
	if e.Task != nil {
		text += "\n" + e.Task.Parameters.String()
	}
	if e.Err != nil {
		text += "\n" + e.Err.Name + "\n" + e.Err.Cause
	}
	return text
}

func TestRedact(t *testing.T) {
	token := TaskToken("AbC-_9")
	for _, row := range []struct{ name, in, want string }{
		{"a list", `{"Environment":[{"Name":"A","Value":"hunter2"},{"Name":"B"}]}`, `{"Environment":[{"Name":"A","Value":"[redacted]"},{"Name":"B"}]}`},
		{"camel case", `{"environment":[{"name":"A","value":"hunter2"}]}`, `{"environment":[{"name":"A","value":"[redacted]"}]}`},
		{"an object", `{"Environment":{"A":"hunter2","B":{"C":["x"]}}}`, `{"Environment":{"A":"[redacted]","B":{"C":["[redacted]"]}}}`},
		{"a number and a boolean", `{"Environment":[{"Name":"A","Value":5432},{"Name":"B","Value":true},{"Name":"C","Value":null}]}`,
			`{"Environment":[{"Name":"A","Value":"[redacted]"},{"Name":"B","Value":"[redacted]"},{"Name":"C","Value":null}]}`},
		{"no environment", `{"Environment":"production","x":"production"}`, `{"Environment":"production","x":"production"}`},
		{"what is short", `{"Environment":[{"Name":"A","Value":"on"}],"x":"on"}`, `{"Environment":[{"Name":"A","Value":"[redacted]"}],"x":"on"}`},
		{"elsewhere", `{"a":["my hunter2!",54321],"Environment":[{"Name":"A","Value":"hunter2"},{"Name":"N","Value":"54321"}]}`,
			`{"a":["my [redacted]!","[redacted]"],"Environment":[{"Name":"A","Value":"[redacted]"},{"Name":"N","Value":"[redacted]"}]}`},
		{"in a name", `{"hunter2":1,"Environment":[{"Name":"A","Value":"hunter2"}]}`, `{"[redacted]":1,"Environment":[{"Name":"A","Value":"[redacted]"}]}`},
		{"the longest", `["abcdef abcd",{"Environment":{"A":"abcd","B":"abcdef"}}]`, `["[redacted] [redacted]",{"Environment":{"A":"[redacted]","B":"[redacted]"}}]`},
		{"a token", `["x ` + token + `, y",{"` + token + `":1}]`, `["x [redacted], y",{"[redacted]":1}]`},
		{"JSON in a string", `{"Cause":"failed: {\"Environment\":[{\"Value\":\"on\"}]} twice"}`, `{"Cause":"failed: {\"Environment\":[{\"Value\":\"[redacted]\"}]} twice"}`},
		{"quoted twice", `["{\"Input\":\"{\\\"Environment\\\":{\\\"A\\\":\\\"hun\\\\\\\"ter2\\\"}}\"}"]`, `["{\"Input\":\"{\\\"Environment\\\":{\\\"A\\\":\\\"[redacted]\\\"}}\"}"]`},
	} {
		var s secrets
		if got := s.redact(Event{Input: value.MustParse(row.in)}).Input.String(); got != row.want {
			t.Errorf("%s: %s\nwant %s", row.name, got, row.want)
		}
	}
}

// What was in an environment once is left out of texts that come later, cut off or escaped as they may be.
func TestRedactLater(t *testing.T) {
	var s secrets
	s.redact(Event{Task: &TaskDetails{Parameters: environmentOf(value.String(`hun"ter2`))}})
	for _, cause := range []string{`hun"ter2`, `[1,"hun\"ter2`, `{"Cause":"{\"a\":\"hun\\\"ter2`, `["hun\"ter2"]`} {
		if text := redacted(&s, Event{Err: &Error{Name: "E", Cause: cause}}); strings.Contains(text, "ter2") || !strings.Contains(text, redactedText) {
			t.Errorf("%s: %s", cause, text)
		}
	}
}

// FuzzRedact: an observer is told neither a token nor a value of an environment, wherever it stands in an event and however
// it is written there.
func FuzzRedact(f *testing.F) {
	for i, text := range []string{`{"a":1}`, `{"a":[{"b":null}]}`, `[1,[2,{"Environment":[]}]]`, `["{\"Environment\":{\"a\":\"x\"}}"]`, `"{[\"nvironment"`} {
		for where := range 8 {
			f.Add(text, "S3CR3T", uint8(where+8*i))
		}
	}
	f.Fuzz(func(t *testing.T, text, secret string, where uint8) {
		v, err := value.Parse([]byte(text))
		quoted, _ := json.Marshal(secret)
		if err != nil || len(secret) < shortestSecret || strings.ContainsAny(secret, "{}[]\"\\") || len(quoted) != len(secret)+2 ||
			secret == "true" || secret == "false" || strings.Contains(text+`{"Environment":[{"Name":"PASSWORD","Value":""}]}`+redactedText, secret) {
			return
		}
		token := TaskToken("t0k3n")
		hot := []value.Value{
			environmentOf(value.String(secret)),
			value.Object(value.Field("environment", value.Object(value.Field("p", value.String(secret))))),
			value.String("{" + environmentOf(value.String(secret)).String()),
			value.String("x " + token + " y"),
		}[where%4]
		planted := plant(v, hot, int(where/4))
		var s secrets
		for _, e := range []Event{
			{Input: planted}, {Output: planted}, {Assigned: planted}, {Task: &TaskDetails{Parameters: planted}},
			{Err: &Error{Name: "E", Cause: "The Parameters '" + planted.String() + "' could not be used"}},
			{Err: &Error{Name: "E", Cause: "cut: '" + planted.String()[:planted.Size()-1]}},
			{Output: value.Array(value.String(planted.String()), v), Err: &Error{Name: secret, Cause: secret}, Location: secret},
		} {
			s.redact(Event{Input: hot})
			if shown := redacted(&s, e); strings.Contains(shown, secret) && where%4 != 3 || strings.Contains(shown, token) {
				t.Fatalf("%q: %s", secret, shown)
			}
		}
	})
}

// plant puts hot somewhere into v.
func plant(v, hot value.Value, n int) value.Value {
	switch {
	case v.Kind() == value.ObjectKind && v.Len() > 0:
		i := 0
		for name, m := range v.Members() {
			if i == n%v.Len() {
				return v.With(name, plant(m, hot, n/2))
			}
			i++
		}
	case v.Kind() == value.ArrayKind && v.Len() > 0:
		i := n % v.Len()
		return v.WithElement(i, plant(v.At(i), hot, n/2))
	}
	return hot
}

// BenchmarkRedact: an environment of many variables, and a text in which they all stand again.
func BenchmarkRedact(b *testing.B) {
	var variables, texts []value.Value
	for i := range 6000 {
		secret := value.String("secret-number-" + value.Int(int64(i)).String())
		variables = append(variables, value.Object(value.Field("Name", value.String("V")), value.Field("Value", secret)))
		texts = append(texts, secret)
	}
	e := Event{Input: value.Object(value.Field("Environment", value.Array(variables...))), Output: value.String(value.Array(texts...).String())}
	for b.Loop() {
		var s secrets
		s.redact(e)
	}
}
