package main

import (
	"bytes"
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	difference "github.com/google/go-cmp/cmp"
)

// conformed is how a call of the command went.
type conformed struct {
	code           int
	stdout, stderr string
	rows           []map[string]any // what -json wrote
}

// levels returns the levels at which a row was compared, those at which it differs with a minus before them.
func (c *conformed) levels(row int) (list []string) {
	for level, same := range c.rows[row]["levels"].(map[string]any) {
		if same == false {
			level = "-" + level
		}
		list = append(list, level)
	}
	slices.SortFunc(list, func(a, b string) int { return cmp.Compare(strings.Trim(a, "-"), strings.Trim(b, "-")) })
	return list
}

// conformRows calls the command for a file of rows.
func conformRows(t *testing.T, text string, flags ...string) *conformed {
	t.Helper()
	if testing.Short() {
		t.Skip("it builds programs")
	}
	dir := t.TempDir()
	file, report := filepath.Join(dir, "rows.jsonl"), filepath.Join(dir, "report.json")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	c := &conformed{code: run(t.Context(), slices.Concat(flags, []string{"-json", report, file}), &stdout, &stderr)}
	c.stdout, c.stderr = stdout.String(), strings.ReplaceAll(stderr.String(), dir+string(filepath.Separator), "")
	if written, err := os.ReadFile(report); err == nil {
		var all struct {
			Rows []map[string]any `json:"rows"`
		}
		if err := json.Unmarshal(written, &all); err != nil {
			t.Fatal(err)
		}
		c.rows = all.Rows
	}
	return c
}

// changed is a recorded row, what is changed in it, and the levels at which it must differ then.
type changed struct {
	name     string
	row      string
	old, new string // "" changes nothing
	differs  string // levels, separated by spaces
}

// line returns the row as a line.
func (c *changed) line(t *testing.T) string {
	t.Helper()
	text := strings.Join(strings.Fields(c.row), " ") // the rows hold no other white space
	if c.old != "" && strings.Count(text, c.old) != 1 {
		t.Fatalf("%s: %q is %d times in the row", c.name, c.old, strings.Count(text, c.old))
	}
	text = strings.Replace(text, c.old, c.new, 1)
	return strings.Replace(text, "{", fmt.Sprintf("{%q: %q, ", "id", c.name), 1) + "\n"
}

// called is a row of a Task that is called twice: it is throttled, then answers.
const called = `{"group": "g", "trust": "aws", "queryLanguage": "JSONPath", "type": "STANDARD", "definition": {"StartAt": "Call", "States": {"Call":
	{"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:111111111111:function:f", "Parameters": {"n.$": "$$.State.RetryCount", "a.$": "$.a"},
	"TimeoutSeconds": 9, "Retry": [{"ErrorEquals": ["Slow"]}], "End": true}}},
"input": {"a": "x"},
"mocks": [{"state": "Call", "input": {"n": 0, "a": "x"}, "outcome": {"kind": "failure", "error": "Slow", "cause": "busy"}},
	{"state": "Call", "input": {"n": 1, "a": "x"}, "outcome": {"kind": "success", "output": {"list": [1, 2.50], "text": "{\"k\": [1]}"}}}],
"expected": {"status": "SUCCEEDED", "output": {"text": "{\"k\":[1]}", "list": [1.0, 2.5]}},
"history": [
	{"id": 1, "prev": 0, "type": "ExecutionStarted", "input": {"a": "x"}},
	{"id": 2, "prev": 0, "type": "TaskStateEntered", "name": "Call", "input": {"a": "x"}},
	{"id": 3, "prev": 2, "type": "LambdaFunctionScheduled", "resource": "arn:aws:lambda:us-east-1:111111111111:function:f", "input": {"n": 0, "a": "x"}, "timeoutInSeconds": 9},
	{"id": 4, "prev": 3, "type": "LambdaFunctionStarted"},
	{"id": 5, "prev": 4, "type": "LambdaFunctionFailed", "error": "Slow", "cause": "busy"},
	{"id": 6, "prev": 5, "type": "LambdaFunctionScheduled", "resource": "arn:aws:lambda:us-east-1:111111111111:function:f", "input": {"n": 1, "a": "x"}, "timeoutInSeconds": 9},
	{"id": 7, "prev": 6, "type": "LambdaFunctionStarted"},
	{"id": 8, "prev": 7, "type": "LambdaFunctionSucceeded", "output": {"list": [1, 2.5], "text": "{\"k\": [1]}"}},
	{"id": 9, "prev": 8, "type": "TaskStateExited", "name": "Call", "output": {"list": [1, 2.5], "text": "{\"k\": [1]}"}},
	{"id": 10, "prev": 9, "type": "ExecutionSucceeded", "output": {"list": [1, 2.5], "text": "{\"k\": [1]}"}}]}`

// TestExecution wants a row that is wrong at one level to differ at that level, and at no other.
func TestExecution(t *testing.T) {
	check(t, []changed{
		{name: "right", row: called},
		{"status", called, `"expected": {"status": "SUCCEEDED"`, `"expected": {"status": "FAILED"`, "output"},
		{"output", called, `"list": [1.0, 2.5]}},`, `"list": [1.0, 2.51]}},`, "output"},
		{"output without a member", called, `, "list": [1.0, 2.5]}},`, `}},`, "output"},
		{"output with another member", called, `, "list": [1.0, 2.5]}},`, `, "list": [1.0, 2.5], "x": null}},`, "output"},
		{"output in another order", called, `"list": [1.0, 2.5]}},`, `"list": [2.5, 1.0]}},`, "output"},
		{"output of another kind", called, `"list": [1.0, 2.5]}},`, `"list": ["1", 2.5]}},`, "output"},
		{"text of another document", called, `"{\"k\":[1]}", "list": [1.0`, `"{\"k\":[2]}", "list": [1.0`, "output"},
		{"an error that AWS did not have", called, `"expected": {`, `"expected": {"error": "E", `, "error"},
		{"a cause that AWS did not have", called, `"expected": {`, `"expected": {"cause": "E", `, "cause"},
		{"parameters", called, `[{"state": "Call", "input": {"n": 0,`, `[{"state": "Call", "input": {"n": 7,`, "parameters"},
		{"parameters of the second call", called, `{"state": "Call", "input": {"n": 1, "a": "x"}`, `{"state": "Call", "input": {"n": 1}`, "parameters"},
		{"type", called, `"LambdaFunctionFailed", "error": "Slow"`, `"LambdaFunctionTimedOut", "error": "Slow"`, "historyTypes historyDetails"},
		{"name", called, `"TaskStateExited", "name": "Call"`, `"TaskStateExited", "name": "Cull"`, "historyTypes historyDetails"},
		{"previous id", called, `{"id": 6, "prev": 5`, `{"id": 6, "prev": 3`, "historyDetails"},
		{"id", called, `{"id": 10, "prev": 9`, `{"id": 11, "prev": 9`, "historyDetails"},
		{"error of an event", called, `Failed", "error": "Slow"`, `Failed", "error": "Quick"`, "historyDetails"},
		{"cause of an event", called, `Failed", "error": "Slow", "cause": "busy"`, `Failed", "error": "Slow", "cause": "idle"`, "historyDetails"},
		{"a cause too many", called, `Failed", "error": "Slow", "cause": "busy"`, `Failed", "error": "Slow"`, "historyDetails"},
		{"a detail too few", called, `{"id": 4,`, `{"extra": 1, "id": 4,`, "historyDetails"},
		{"a detail too many", called, `{"n": 1, "a": "x"}, "timeoutInSeconds": 9}`, `{"n": 1, "a": "x"}}`, "historyDetails"},
		{"input of an event", called, `"name": "Call", "input": {"a": "x"}`, `"name": "Call", "input": {"a": "y"}`, "historyDetails"},
		{"an event too few", called, `{"id": 4, "prev": 3, "type": "LambdaFunctionStarted"},`, ``, "historyTypes historyDetails"},
	})
}

// passed is a row of a machine without a task.
const passed = `{"group": "g", "trust": "aws", "queryLanguage": "JSONPath", "type": "EXPRESS", "definition": {"StartAt": "S", "States": {"S": {"Type": "Pass", "End": true}}},
"input": {"x": "one two", "y": "one two", "z": "two", "when": "2025-01-01T00:00:00Z", "n": 12}, "mocks": [], "history": [],
"expected": {"status": "SUCCEEDED", "output": {"x": "<uuid:1>", "y": "<uuid:1>", "z": "two", "when": "date", "n": 12}}}`

// TestPlaceholders wants a placeholder to stand for one text in a row, and a word that stands for times only for these.
func TestPlaceholders(t *testing.T) {
	check(t, []changed{
		{name: "right", row: passed},
		{"two names for one text", passed, `"y": "<uuid:1>"`, `"y": "<uuid:2>"`, ""},
		{"one name for two texts", passed, `"z": "two", "when": "date"`, `"z": "<uuid:1>", "when": "date"`, "output"},
		{"part of a text", passed, `"y": "<uuid:1>", "z": "two", "when": "date"`, `"y": "<uuid:2> <uuid:3>", "z": "<uuid:3>", "when": "date"`, ""},
		{"part of another text", passed, `"y": "<uuid:1>", "z": "two", "when": "date"`, `"y": "<uuid:2> <uuid:3>", "z": "<uuid:2>", "when": "date"`, "output"},
		{"parts that need a second look", passed, `"x": "<uuid:1>", "y": "<uuid:1>"`, `"x": "<a:1><b:1>wo", "y": "<a:1>ne <b:2>wo"`, ""},
		{"around a placeholder", passed, `"y": "<uuid:1>"`, `"y": "two <uuid:1>"`, "output"},
		{"nested brackets", passed, `"x": "<uuid:1>"`, `"x": "<<task_token>:1>"`, ""},
		{"for nothing", passed, `"y": "<uuid:1>", "z": "two", "when": "date"`, `"y": "one two<uuid:2>", "z": "two", "when": "date"`, "output"},
		{"for a number", passed, `"n": 12}}`, `"n": "<uuid:4>"}}`, ""},
		{"a number is not its text", passed, `"n": 12}}`, `"n": "12"}}`, "output"},
		{"not for an object", passed, `"expected": {"status": "SUCCEEDED", "output": {"x": "<uuid:1>", "y": "<uuid:1>", "z": "two", "when": "date", "n": 12}`,
			`"expected": {"status": "SUCCEEDED", "output": "<uuid:1>"`, "output"},
		{"a word is not for any text", passed, `"z": "two", "when": "date"`, `"z": "date", "when": "date"`, "output"},
		{"a word for an ARN", passed, `"z": "two", "when": "date"`, `"z": "sfn_role_arn", "when": "date"`, "output"},
		{"a word for nothing", passed, `"n": 12}}`, `"n": 12, "m": "date"}}`, "output"},
	})
}

// failed is a row of a Task whose error has JSON as its cause.
const failed = `{"group": "g", "trust": "aws", "queryLanguage": "JSONPath", "type": "EXPRESS", "definition": {"StartAt": "S", "States": {"S":
	{"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "f"}, "End": true}}},
"input": {}, "mocks": [{"state": "S", "parameters": {"FunctionName": "f"}, "outcome": {"kind": "failure", "error": "E", "cause": {"k": [1, "v"]}, "causeIsJson": true}}],
"expected": {"status": "FAILED", "error": "E", "cause": {"k": [1, "v"]}, "causeIsJson": true}, "history": []}`

// TestCause wants causes to be exact, those that are JSON as compact text.
func TestCause(t *testing.T) {
	check(t, []changed{
		{name: "right", row: failed},
		{"cause", failed, `"cause": {"k": [1, "v"]}, "causeIsJson": true}, "history"`, `"cause": {"k": [1, "w"]}, "causeIsJson": true}, "history"`, "cause"},
		{"error", failed, `"FAILED", "error": "E"`, `"FAILED", "error": "F"`, "error"},
		{"compact text is the same", failed, `"cause": {"k": [1, "v"]}, "causeIsJson": true}, "history"`, `"cause": "{\"k\":[1,\"v\"]}"}, "history"`, ""},
		{"not compact", failed, `"error": "E", "cause": {"k": [1, "v"]}, "causeIsJson": true}}]`, `"error": "E", "cause": "{\"k\": [1,\"v\"]}"}}]`, "cause"},
		{"not JSON", failed, `"error": "E", "cause": {"k": [1, "v"]}, "causeIsJson": true}}]`, `"error": "E", "cause": "k"}}]`, "cause"},
		{"error too many", failed, `"FAILED", "error": "E",`, `"FAILED",`, "output"},
		{"cause too many", failed, `"error": "E", "cause": {"k": [1, "v"]}, "causeIsJson": true}, "history"`, `"error": "E"}, "history"`, "output"},
	})
}

// together is a row of two branches that run at once, recorded in an order that is not ours.
const together = `{"group": "g", "trust": "aws", "queryLanguage": "JSONPath", "type": "STANDARD", "nondeterministic": ["parallel-event-order"],
"definition": {"StartAt": "P", "States": {"P": {"Type": "Parallel", "End": true, "Branches": [
	{"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": 1, "Next": "B"}, "B": {"Type": "Pass", "End": true}}},
	{"StartAt": "C", "States": {"C": {"Type": "Pass", "Result": 2, "End": true}}}]}}},
"input": {}, "mocks": [], "expected": {"status": "SUCCEEDED", "output": [1, 2]},
"history": [
	{"id": 1, "prev": 0, "type": "ExecutionStarted", "input": {}},
	{"id": 2, "prev": 0, "type": "ParallelStateEntered", "name": "P", "input": {}},
	{"id": 3, "prev": 2, "type": "ParallelStateStarted"},
	{"id": 4, "prev": 3, "type": "PassStateEntered", "name": "C", "input": {}},
	{"id": 5, "prev": 4, "type": "PassStateExited", "name": "C", "output": 2},
	{"id": 6, "prev": 3, "type": "PassStateEntered", "name": "A", "input": {}},
	{"id": 7, "prev": 6, "type": "PassStateExited", "name": "A", "output": 1},
	{"id": 8, "prev": 7, "type": "PassStateEntered", "name": "B", "input": 1},
	{"id": 9, "prev": 8, "type": "PassStateExited", "name": "B", "output": 1},
	{"id": 10, "prev": LAST, "type": "ParallelStateSucceeded"},
	{"id": 11, "prev": LAST, "type": "ParallelStateExited", "name": "P", "output": [1, 2]},
	{"id": 12, "prev": 11, "type": "ExecutionSucceeded", "output": [1, 2]}]}`

// TestTogether wants the events of branches to be in any order, but in each branch one after the other.
func TestTogether(t *testing.T) {
	row := strings.ReplaceAll(together, "LAST", "9")
	check(t, []changed{
		{name: "right", row: row},
		{"one follows another branch", row, `{"id": 6, "prev": 3`, `{"id": 6, "prev": 5`, "historyTypes"},
		{"a state in the other branch", row, `"prev": 7, "type": "PassStateEntered", "name": "B"`, `"prev": 5, "type": "PassStateEntered", "name": "B"`, "historyTypes"},
		{"details", row, `"name": "B", "output": 1`, `"name": "B", "output": 3`, "historyDetails"},
		{"details of one twice", row, `"name": "C", "output": 2`, `"name": "C", "output": 1`, "historyDetails"},
		{"an event too many", row, `{"id": 9, "prev": 8, "type": "PassStateExited", "name": "B", "output": 1},`, ``, "historyTypes historyDetails"},
		{"erased ids", strings.ReplaceAll(strings.Replace(row, "parallel-event-order", "event-ids-normalised", 1), `"prev": 3`, `"prev": 0`),
			`{"id": 10, "prev": 9, "type": "ParallelStateSucceeded"},`, ``, ""},
		{"erased ids, but another type", strings.Replace(row, "parallel-event-order", "event-ids-normalised", 1),
			`"PassStateExited", "name": "C"`, `"PassStateEntered", "name": "C"`, "historyTypes historyDetails"},
	})
}

// check compares all rows in one call and wants each to differ at its levels.
func check(t *testing.T, rows []changed) {
	t.Helper()
	var text strings.Builder
	for i := range rows {
		text.WriteString(rows[i].line(t))
	}
	c := conformRows(t, text.String())
	if c.code != exitOK || len(c.rows) != len(rows) {
		t.Fatalf("exit code %d, %d rows: %s", c.code, len(c.rows), c.stderr)
	}
	for i := range rows {
		differs := []string{}
		for _, level := range c.levels(i) {
			if name, ok := strings.CutPrefix(level, "-"); ok {
				differs = append(differs, name)
			}
		}
		want := strings.Fields(rows[i].differs)
		slices.Sort(want)
		if diff := difference.Diff(want, differs); diff != "" {
			t.Errorf("%s: levels that differ (-want +got):\n%s%v", rows[i].name, diff, c.rows[i]["diff"])
		}
		if (c.rows[i]["diff"] == "") != (len(differs) == 0) {
			t.Errorf("%s: diff %q", rows[i].name, c.rows[i]["diff"])
		}
	}
}
