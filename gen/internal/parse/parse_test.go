package parse_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/parse"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

func mustParse(t *testing.T, text string) (*source.File, *ast.Machine) {
	t.Helper()
	var l diag.List
	f := source.New("machine.asl.json", []byte(text))
	m := parse.File(f, &l)
	if l.Len() > 0 {
		t.Fatalf("%v", l.All())
	}
	return f, m
}

const everyType = `{
  "Comment": "c", "Version": "1.0", "StartAt": "T", "TimeoutSeconds": 9, "QueryLanguage": "JSONPath",
  "States": {
    "T": {"Type": "Task", "Resource": "r", "TimeoutSecondsPath": "$.t", "HeartbeatSeconds": 1e1, "Next": "C",
      "InputPath": null, "ResultPath": "$.r", "Parameters": {"a.$": "$.x[0]", "b": [{"c.$": "States.UUID()"}]},
      "Credentials": {"RoleArn": "role"},
      "Retry": [{"ErrorEquals": ["E", "F"], "IntervalSeconds": 1, "MaxAttempts": 2, "BackoffRate": 1.5, "MaxDelaySeconds": 4, "JitterStrategy": "FULL"}],
      "Catch": [{"ErrorEquals": ["G"], "Next": "F", "ResultPath": null, "Assign": {"e.$": "$.Error"}}]},
    "C": {"Type": "Choice", "Default": "F", "Choices": [
      {"And": [{"Variable": "$.a", "StringEquals": "x"}, {"Not": {"Variable": "$.b", "NumericEqualsPath": "$.c"}}], "Next": "W"}]},
    "W": {"Type": "Wait", "Seconds": 3, "Next": "P"},
    "P": {"Type": "Parallel", "End": true, "Branches": [{"StartAt": "M", "States": {
      "M": {"Type": "Map", "ItemsPath": "$.items", "End": true, "ItemProcessor": {"ProcessorConfig": {"Mode": "INLINE"},
        "StartAt": "S", "States": {"S": {"Type": "Succeed"}}}}}}]},
    "F": {"Type": "Fail", "Error": "E", "CausePath": "States.Format('x')"}
  }
}`

// Every field arrives where ast has it.
func TestFile(t *testing.T) {
	f, m := mustParse(t, everyType)
	states := map[string]*ast.State{}
	for _, s := range m.States {
		states[s.Name.Text] = s
	}
	task, choice, branch := states["T"], states["C"], states["P"].Branches[0]
	items := branch.States[0]
	for what, ok := range map[string]bool{
		"machine":     m.Comment.Text == "c" && m.Version.Text == "1.0" && m.StartAt.Text == "T" && m.TimeoutSeconds.Text == "9" && m.QueryLanguage.Text == "JSONPath",
		"states span": f.Text(m.StatesSpan) == `"States"`,
		"task":        task.Type.Text == "Task" && task.Resource.Text == "r" && task.HeartbeatSeconds.Text == "1e1" && task.Next.Text == "C" && task.End == nil,
		"paths":       task.TimeoutSecondsPath.Expr.Path.String() == "$.t" && task.InputPath.Null && task.OutputPath == nil && task.ResultPath.Expr.Text == "$.r",
		"template": task.Parameters.Members[0].Value.Expr.Path.String() == "$.x[0]" &&
			task.Parameters.Members[1].Value.Elements[0].Members[0].Value.Expr.Call != nil,
		"credentials": task.Credentials.Members[0].Value.Text == "role",
		"retry": len(task.Retry) == 1 && len(task.Retry[0].ErrorEquals) == 2 && task.Retry[0].BackoffRate.Text == "1.5" &&
			task.Retry[0].JitterStrategy.Text == "FULL" && task.Retry[0].MaxDelaySeconds.Text == "4",
		"catch":    len(task.Catch) == 1 && task.Catch[0].Next.Text == "F" && task.Catch[0].ResultPath.Null && task.Catch[0].Assign.Members[0].Value.Expr != nil,
		"choice":   choice.Default.Text == "F" && len(choice.Choices) == 1 && choice.Choices[0].Next.Text == "W",
		"rule":     choice.Choices[0].And[0].Operator == "StringEquals" && choice.Choices[0].And[0].Operand.Text == "x" && choice.Choices[0].And[0].Variable.Expr != nil,
		"not":      choice.Choices[0].And[1].Not.Operator == "NumericEqualsPath" && choice.Choices[0].And[1].Not.Path.Expr.Text == "$.c",
		"wait":     states["W"].Seconds.Text == "3",
		"parallel": states["P"].End.Value && branch.StartAt.Text == "M",
		"map":      items.Field("ItemsPath").Value.Expr.Path.String() == "$.items" && items.ItemProcessor.StartAt.Text == "S" && items.ItemProcessor.ProcessorConfig != nil,
		"fail":     states["F"].Error.Text == "E" && states["F"].CausePath.Expr.Call != nil,
		"name":     f.Text(task.Name.Span) == `"T"` && strings.HasPrefix(f.Text(task.Span), `{"Type": "Task"`) && strings.HasSuffix(f.Text(task.Span), "}]}"),
	} {
		if !ok {
			t.Errorf("%s is not as written", what)
		}
	}
}

// Spans are those of the text, behind a byte order mark and with the line ends of any system too.
func TestSpans(t *testing.T) {
	text := "\uFEFF" + strings.ReplaceAll(everyType, "\n", "\r\n")
	f, m := mustParse(t, text)
	var visit func(*ast.Node)
	visit = func(n *ast.Node) {
		switch text := f.Text(n.Span); n.Kind {
		case value.StringKind:
			if v, err := value.Parse([]byte(text)); err != nil || !v.Equal(value.String(n.Text)) {
				t.Errorf("%q has the span of %s", n.Text, text)
			}
		case value.ObjectKind, value.ArrayKind:
			if len(text) < 2 || !strings.Contains("{} []", text[:1]+text[len(text)-1:]) {
				t.Errorf("a container has the span of %s", text)
			}
		default:
			if text != n.Text && text != "null" {
				t.Errorf("%s has the span of %s", n.Text, text)
			}
		}
		for _, member := range n.Members {
			visit(member.Value)
		}
		for _, e := range n.Elements {
			visit(e)
		}
	}
	for _, field := range m.Fields {
		if f.Text(field.Span) != `"`+field.Name+`"` {
			t.Errorf("%s has the span of %s", field.Name, f.Text(field.Span))
		}
		visit(field.Value)
	}
}

// What is no machine at all gives none, and a diagnostic at its place.
func TestNoMachine(t *testing.T) {
	for _, test := range []struct {
		name, text, want string
	}{
		{"empty", "", "f:1:1: ASL0102"},
		{"blank", " \n\t ", "f:1:1: ASL0102"},
		{"mark", "\uFEFF", "f:1:1: ASL0102"},
		{"array", "\n []", "f:2:2: ASL0102"},
		{"null", "null", "f:1:1: ASL0102"},
		{"text", "not a definition", "f:1:1: ASL0101"},
		{"UTF-16", "\xff\xfe{\x00}\x00", "f:1:1: ASL0101"},
		{"invalid UTF-8", "{\"a\": \"b\xff\"}", "f:1:9: ASL0101"},
		{"half a surrogate pair", `{"a": "b\ud800"}`, "f:1:9: ASL0101"},
		{"control character", "{\"a\": \"b\x01\"}", "f:1:7: ASL0101"},
		{"end in an object", "{\n\"a\": {\n", "f:2:7: ASL0101"},
		{"end in an array", "{\"a\": [1,", "f:1:10: ASL0101"},
		{"end in a string", "{\"a\": \"b", "f:1:7: ASL0101"},
		{"end after a key", "{\"a\"", "f:1:5: ASL0101"},
		{"end after an escape", `{"a": "b\`, "f:1:7: ASL0101"},
		{"end in a word", `{"a": tr`, "f:1:9: ASL0101"},
		{"deep", strings.Repeat("[", 2_000_000), "f:1:1: ASL0104 f:1:501: ASL0105"},
		{"deep objects", strings.Repeat(`{"a":`, 2000), "f:1:2501: ASL0105"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var l diag.List
			if m := parse.File(source.New("f", []byte(test.text)), &l); m != nil {
				t.Error("there is a machine")
			}
			var got []string
			for _, d := range l.All() {
				place, _, _ := strings.Cut(d.Error(), ": ASL")
				got = append(got, place+": "+d.Code.ID)
			}
			if strings.Join(got, " ") != test.want {
				t.Errorf("got %v, want %s", got, test.want)
			}
		})
	}
}

func TestTooLarge(t *testing.T) {
	text := append([]byte(`{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}`), bytes.Repeat([]byte(" "), 1<<20)...)
	var l diag.List
	if m := parse.File(source.New("f", text), &l); m == nil || l.Len() != 1 || l.All()[0].Code != diag.TooLarge {
		t.Errorf("%v", l.All())
	}
}

// Who joins texts and expressions outside the expressions is told how.
func TestJoinHint(t *testing.T) {
	for text, hinted := range map[string]bool{
		"{% 1 %} and {% 2 %}": true, "{% 1 %}{% 2 %}": true, "{% 1 %} and more": true, "{% 1": false, "{% 1 + %}": false, "{% 1 } %}": false,
	} {
		var l diag.List
		parse.File(source.New("f", []byte(`{"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Succeed", "Output": "`+text+`"}}}`)), &l)
		if l.Len() != 1 || strings.Contains(l.All()[0].Hint, "&") != hinted {
			t.Errorf("%s: hinted should be %v: %v", text, hinted, l.All())
		}
	}
}
