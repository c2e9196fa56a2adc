package runtime

import (
	"fmt"
	"strings"
	"testing"
)

// A fault lies where the state has the expression that the cause cites, or else where the state is.
func TestFindFault(t *testing.T) {
	const source = `{
  "States": {
    "Run": {
      "Parameters": {"a.$": "$.a", "b.$": "$.a.b", "List": ["$.x", {"States": {"Deep": "$.deep"}}]},
      "Branches": [{"StartAt": "In", "States": {"In": {"Type": "Pass", "InputPath": "$.in"}}}],
      "OutputPath": "$.out"
    },
    "Q \"1\"": {"Output": {"n": "{% $n + 1 %}"}, "Comment": "$n + 1"},
    "Last": {"Type": "Pass", "ResultPath": "$.a.b"}
  }
}`
	for _, row := range []struct{ state, cause, want string }{
		{"Run", "The JSONPath '$.a.b' could not be found", `4:43 "$.a.b"`},
		{"Run", "The JSONPath '$.a' could not be found", `4:29 "$.a"`},
		{"Run", "Invalid path '$.out'", `6:21 "$.out"`},
		{"Run", "Invalid path '$.in'", `3:5 "Run"`},
		{"Run", "something else", `3:5 "Run"`},
		{"In", "Invalid path '$.in'", `5:85 "$.in"`},
		{`Q "1"`, "The JSONata expression '$n + 1' specified for the field 'Output/n'", `8:33 "{% $n`},
		{"Last", "Invalid path '$.a.b'", `9:44 "$.a.b"`},
		{"None", "Invalid path '$.a.b'", ""},
	} {
		got := ""
		if at := findFault(source, row.state, row.cause); at >= 0 {
			before := source[:at]
			got = fmt.Sprintf("%d:%d %s", strings.Count(before, "\n")+1, at-strings.LastIndexByte(before, '\n'), source[at:])
		}
		if !strings.HasPrefix(got, row.want) || row.want == "" && got != "" {
			t.Errorf("%s, %s: %.20s, want %s", row.state, row.cause, got, row.want)
		}
	}
	for i := range source { // whatever is cut off
		findFault(source[:i], "Last", "$.a.b")
		findFault(source[i:], "Last", "$.a.b")
	}
}

// A byte order mark and placeholders outside of strings are no JSON, and hide nothing that comes after them.
func TestFindFaultInTemplate(t *testing.T) {
	for _, before := range []string{
		"\uFEFF{",
		`{"TimeoutSeconds": ${Limit}, `,
		"\uFEFF" + `{"Comment": "${a", "TimeoutSeconds":${Limit},"Comment": "\"${b}", "n": [${C},${D}], `,
	} {
		source := before + `"States": {"Run": {"Seconds": ${Pause}, "InputPath": "$.a"}}}`
		want := strings.Index(source, `"$.a"`)
		if got := findFault(source, "Run", "Invalid path '$.a'"); got != want {
			t.Errorf("%s: at %d, want %d", source, got, want)
		}
	}
}

// The checksum of a machine's file is that of its JSON, or of its text where that is JSON only with placeholders replaced.
func TestChecksum(t *testing.T) {
	for _, row := range []struct {
		a, b string
		same bool
	}{
		{`{"a": 1}`, "{\r\n\"a\":1}", true},
		{`{"a": 1}`, "\uFEFF" + `{"a": 1}`, true},
		{`{"a": 1}`, `{"a": 2}`, false},
		{"\uFEFF" + `{"a": 1}`, "\uFEFF" + `{"a": 2}`, false},
		{"{\"a\": ${A},\n\"b\": 1}", "\uFEFF{\"a\": ${A},\r\n\"b\": 1}", true},
		{`{"a": ${A}, "b": 1}`, `{"a": ${A}, "b": 2}`, false},
		{"", `{"a": ${A}}`, false},
	} {
		if same := Checksum(row.a) == Checksum(row.b); same != row.same || Checksum(row.a) == "" {
			t.Errorf("%q and %q: %v", row.a, row.b, same)
		}
	}
}
