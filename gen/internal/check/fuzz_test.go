package check_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/r-seed-632eed22/aslgen/gen/internal/check"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
)

// FuzzMachine holds parsing and checking to what every text must give: no panic, findings inside the file and in order,
// and the same ones each time.
func FuzzMachine(f *testing.F) {
	archives, _ := filepath.Glob("testdata/*.txtar")
	for _, name := range archives {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range archive.Files {
			f.Add(string(file.Data), false)
		}
	}
	for _, c := range diag.Codes() {
		f.Add(c.Example, true)
	}
	f.Fuzz(func(t *testing.T, text string, express bool) {
		var o check.Options
		if express {
			o.Type = check.Express
		}
		l := findings("f", []byte(text), o)
		inside := func(s source.Span) bool { return 0 <= s.Start && s.Start <= s.End && int(s.End) <= len(text) }
		all := l.All()
		for _, d := range all {
			if !inside(d.Span) || slices.ContainsFunc(d.Related, func(r diag.Related) bool { return !inside(r.Span) }) {
				t.Errorf("%v is outside the file: %v %v", d, d.Span, d.Related)
			}
			if d.Message == "" || d.Code == nil {
				t.Errorf("an empty finding %+v", d)
			}
		}
		if !slices.IsSortedFunc(all, func(a, b *diag.Diagnostic) int { return int(a.Span.Start - b.Span.Start) }) {
			t.Error("the findings are out of order")
		}
		if again := findings("f", []byte(text), o); printed(l) != printed(again) {
			t.Errorf("not the same again:\n%s\n%s", printed(l), printed(again))
		}
	})
}

// BenchmarkMachine parses and checks a machine of 1000 states of five types with templates, handlers and paths.
func BenchmarkMachine(b *testing.B) {
	text := []byte(large(1000))
	if l := findings("f", text, check.Options{}); l.Len() > 0 {
		b.Fatal(printed(l))
	}
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		findings("f", text, check.Options{})
	}
}

func large(states int) string {
	var b strings.Builder
	b.WriteString(`{"StartAt": "State 0", "States": {`)
	for i := range states {
		next := i + 1
		fmt.Fprintf(&b, "\n  \"State %d\": ", i)
		switch i % 5 {
		case 0:
			fmt.Fprintf(&b, `{"Type": "Task", "Resource": "arn:aws:states:::ecs:runTask.sync", "TimeoutSeconds": 600, "Next": "State %d",
    "Parameters": {"Cluster": "c", "TaskDefinition": "t", "Overrides": {"ContainerOverrides": [{"Name": "n", "Command.$": "$.commands[*]",
      "Environment": [{"Name": "A", "Value.$": "States.Format('{}/{}', $.a.b, $$.Execution.Id)"}]}]}},
    "Retry": [{"ErrorEquals": ["ECS.AmazonECSException", "AmazonECS.Unknown"], "IntervalSeconds": 5, "MaxAttempts": 3}],
    "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "End"}]}`, next)
		case 1:
			fmt.Fprintf(&b, `{"Type": "Choice", "Default": "State %d", "Choices": [
    {"And": [{"Variable": "$.n", "IsPresent": true}, {"Variable": "$.n", "NumericGreaterThan": 5}], "Next": "End"}]}`, next)
		case 2:
			fmt.Fprintf(&b, `{"Type": "Pass", "Parameters": {"a.$": "$.a['b c'][0]", "d": {"e": 1}}, "ResultPath": "$.p", "Next": "State %d"}`, next)
		case 3:
			fmt.Fprintf(&b, `{"Type": "Wait", "SecondsPath": "$.seconds", "Next": "State %d"}`, next)
		case 4:
			fmt.Fprintf(&b, `{"Type": "Parallel", "Next": "State %d", "Branches": [
    {"StartAt": "Branch %d", "States": {"Branch %d": {"Type": "Succeed"}}}]}`, next, i, i)
		}
		b.WriteString(",")
	}
	fmt.Fprintf(&b, "\n  \"State %d\": {\"Type\": \"Pass\", \"Next\": \"End\"}, \"End\": {\"Type\": \"Succeed\"}}}", states)
	return b.String()
}
