package states

import (
	"fmt"
	"strings"
	"testing"

	"github.com/r-seed-632eed22/aslgen/runtime/internal/query"
)

// A fault lies at its place in its state, or where the way there ends, whatever else has the same name.
func TestFindFault(t *testing.T) {
	const source = `{
  "Comment": {"States": {"Run": 1}}, "StartAt": "Run",
  "States": {
    "First": {"Parameters": {"States": {"In": {"InputPath": "$.in"}}}, "Catch": 1, "Branches": {"a": [{}]}, "ItemProcessor": [{"States": {}}]},
    "Run": {
      "Parameters": {"a.$": "$.a", "b.$": "$.a.b", "List": ["$.x", {"States": {"Deep": "$.deep"}}], "x/y": "$.y"},
      "Branches": [{"StartAt": "In", "States": {"In": {"Type": "Pass", "InputPath" : "$.in"}}}],
      "OutputPath": "$.out"
    },
    "Q \"1\"": {"Output": {"n": "{% $n + 1 %}"}, "Comment": "$n + 1"},
    "Each": {"ItemProcessor": {"States": {"Old": {"Choices": [{"Next": "x"}, {"And": [{}, {"Variable": "$.v"}]}]}}}},
    "Last": {"Type": "Pass", "ResultPath": "$.a.b"}
  }
}`
	for _, row := range []struct {
		state string
		at    query.Pointer
		want  string
	}{
		{"Run", query.PlaceIn("Parameters", "b.$"), `6:43 "$.a.b"`},
		{"Run", query.PlaceIn("Parameters", "List", "1", "States", "Deep"), `6:88 "$.deep"`},
		{"Run", query.PlaceIn("Parameters", "List", "7"), `6:60 ["$.x"`},
		{"Run", query.PlaceIn("Parameters", "a.$", "more"), `6:29 "$.a"`},
		{"Run", query.PlaceIn("Parameters", "x/y"), `6:108 "$.y"`},
		{"Run", query.PlaceIn("OutputPath"), `8:21 "$.out"`},
		{"Run", query.PlaceIn("InputPath"), `5:5 "Run"`},
		{"Run", nil, `5:5 "Run"`},
		{"In", query.PlaceIn("InputPath"), `7:86 "$.in"`},
		{`Q "1"`, query.PlaceIn("Output", "n"), `10:33 "{% $n`},
		{"Old", query.PlaceIn("Choices[1]/And[1]/Variable"), `11:104 "$.v"`},
		{"Last", query.PlaceIn("ResultPath"), `12:44 "$.a.b"`},
		{"None", query.PlaceIn("ResultPath"), ""},
		{"Deep", nil, ""},
	} {
		got := ""
		if at := findFault(source, row.state, row.at); at >= 0 {
			before := source[:at]
			got = fmt.Sprintf("%d:%d %s", strings.Count(before, "\n")+1, at-strings.LastIndexByte(before, '\n'), source[at:])
		}
		if !strings.HasPrefix(got, row.want) || row.want == "" && got != "" {
			t.Errorf("%s, %s: %.20s, want %s", row.state, row.at, got, row.want)
		}
	}
	for i := range source { // whatever is cut off
		findFault(source[:i], "Last", query.PlaceIn("ResultPath"))
		findFault(source[i:], "Last", query.PlaceIn("ResultPath"))
		findFault(source[:i], "Run", query.PlaceIn("Parameters", "List", "1"))
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
		if got := findFault(source, "Run", query.PlaceIn("InputPath")); got != want {
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
