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
