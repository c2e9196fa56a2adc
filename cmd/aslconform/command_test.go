package main

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	difference "github.com/google/go-cmp/cmp"
)

// repeated is a row of a Map whose items are taken one after the other.
const repeated = `{"group": "g", "trust": "aws", "queryLanguage": "JSONPath", "type": "STANDARD", "nondeterministic": ["map-event-order"],
"definition": {"StartAt": "M", "States": {"M": {"Type": "Map", "MaxConcurrency": 1, "End": true,
	"ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Pass", "End": true}}}}}},
"input": [7, 8], "mocks": [], "expected": {"status": "SUCCEEDED", "output": [7, 8]},
"history": [
	{"id": 1, "prev": 0, "type": "ExecutionStarted", "input": [7, 8]},
	{"id": 2, "prev": 0, "type": "MapStateEntered", "name": "M", "input": [7, 8]},
	{"id": 3, "prev": 2, "type": "MapStateStarted", "length": 2},
	{"id": 4, "prev": 3, "type": "MapIterationStarted", "name": "M", "index": 0},
	{"id": 5, "prev": 4, "type": "PassStateEntered", "name": "I", "input": 7},
	{"id": 6, "prev": 5, "type": "PassStateExited", "name": "I", "output": 7},
	{"id": 7, "prev": 6, "type": "MapIterationSucceeded", "name": "M", "index": 0},
	{"id": 8, "prev": 6, "type": "MapIterationStarted", "name": "M", "index": 1},
	{"id": 9, "prev": 8, "type": "PassStateEntered", "name": "I", "input": 8},
	{"id": 10, "prev": 9, "type": "PassStateExited", "name": "I", "output": 8},
	{"id": 11, "prev": 10, "type": "MapIterationSucceeded", "name": "M", "index": 1},
	{"id": 12, "prev": 11, "type": "MapStateSucceeded"},
	{"id": 13, "prev": 11, "type": "MapStateExited", "name": "M", "output": [7, 8]},
	{"id": 14, "prev": 13, "type": "ExecutionSucceeded", "output": [7, 8]}]}`

func TestIterations(t *testing.T) {
	check(t, []changed{
		{name: "right", row: repeated},
		{"which is the last does not matter", repeated, `"prev": 11, "type": "MapStateExited"`, `"prev": 7, "type": "MapStateExited"`, ""},
		{"what it waits for does", repeated, `"prev": 11, "type": "MapStateExited"`, `"prev": 10, "type": "MapStateExited"`, "historyTypes"},
		{"index", repeated, `"prev": 10, "type": "MapIterationSucceeded", "name": "M", "index": 1`, `"prev": 10, "type": "MapIterationSucceeded", "name": "M", "index": 0`, "historyTypes historyDetails"},
		{"length", repeated, `"length": 2`, `"length": 3`, "historyDetails"},
	})
}

// TestReport holds the form of -json: a level is there if the row records it.
func TestReport(t *testing.T) {
	activity := `{"group": "a", "trust": "aws", "queryLanguage": "JSONPath", "type": "STANDARD", "definition": {"StartAt": "W", "States": {"W":
		{"Type": "Task", "Resource": "activity_arn", "End": true}}}, "input": {}, "mocks": [{"state": "W", "input": {}, "outcome": {"kind": "success", "output": 1}}],
		"expected": {"status": "SUCCEEDED", "output": 1}, "history": [{"id": 1, "prev": 0, "type": "ExecutionStarted", "input": {}},
		{"id": 2, "prev": 0, "type": "TaskStateEntered", "name": "W", "input": {}}, {"id": 3, "prev": 2, "type": "ActivityScheduled", "resource": "activity_arn", "input": {}},
		{"id": 4, "prev": 3, "type": "ActivityStarted", "workerName": "w"}, {"id": 5, "prev": 4, "type": "ActivitySucceeded", "output": 1},
		{"id": 6, "prev": 5, "type": "TaskStateExited", "name": "W", "output": 1}, {"id": 7, "prev": 6, "type": "ExecutionSucceeded", "output": 1}]}`
	rows := []changed{{name: "same", row: called}, {name: "same", row: failed}, {name: "activity", row: activity},
		{name: "broken", row: failed, old: `"StartAt": "S"`, new: `"StartAt": "T"`}}
	var text strings.Builder
	for i := range rows {
		text.WriteString(rows[i].line(t))
	}
	c := conformRows(t, text.String())
	if c.code != exitOK || len(c.rows) != len(rows) {
		t.Fatalf("exit code %d, %d rows: %s", c.code, len(c.rows), c.stderr)
	}
	for i, want := range [][]string{
		{"historyDetails", "historyTypes", "output", "parameters"},
		{"cause", "error", "output", "parameters"},
		{"historyDetails", "historyTypes", "output", "parameters"},
		{"-cause", "-error", "-output", "-parameters"}, // does not compile
	} {
		if diff := difference.Diff(want, c.levels(i)); diff != "" {
			t.Errorf("row %d (-want +got):\n%s%v", i, diff, c.rows[i]["diff"])
		}
	}
	first := c.rows[0]
	for name, want := range map[string]any{"id": "same", "group": "g", "queryLanguage": "JSONPath", "diff": ""} {
		if first[name] != want {
			t.Errorf("%s: %v, want %v", name, first[name], want)
		}
	}
	actual := first["actual"].(map[string]any)
	want := map[string]any{
		"status": "SUCCEEDED", "output": map[string]any{"list": []any{1.0, 2.5}, "text": `{"k": [1]}`},
		"parameters": []any{map[string]any{"n": 0.0, "a": "x"}, map[string]any{"n": 1.0, "a": "x"}},
	}
	if history := actual["history"].([]any); len(history) != 10 {
		t.Errorf("%d events", len(history))
	}
	delete(actual, "history")
	if diff := difference.Diff(want, actual); diff != "" {
		t.Errorf("actual (-want +got):\n%s", diff)
	}
	failure := c.rows[1]["actual"].(map[string]any)
	if failure["status"] != "FAILED" || failure["error"] != "E" || failure["cause"] != `{"k":[1,"v"]}` {
		t.Errorf("%v", failure)
	}
	if text := c.rows[3]["diff"].(string); !strings.Contains(text, "ASL0") {
		t.Errorf("the reason is %q", text)
	}
}

// TestCalls holds the flags, exit codes and messages.
func TestCalls(t *testing.T) {
	good, bad := changed{name: "first/good", row: passed}, changed{name: "second/bad", row: passed, old: `"n": 12}}`, new: `"n": 13}}`}
	text := good.line(t) + bad.line(t)
	for _, test := range []struct {
		name   string
		rows   string
		flags  []string
		code   int
		stdout []string // in order
		stderr string
	}{
		{"scores", text, nil, exitOK, []string{"group", "output", "g", "1/2", "all", "1/2", "percent", "50.0"}, ""},
		{"all that differ", text, []string{"-v"}, exitOK, []string{"second/bad: differs: output\n\toutput.n: want 13, got 12\n", "all"}, ""},
		{"one row", text, []string{"-row", "good"}, exitOK, []string{"first/good: agrees\n", "all"}, ""},
		{"enough", text, []string{"-min", "output=50"}, exitOK, nil, ""},
		{"not enough", text, []string{"-min", "output=50.1,error=1"}, exitBelow, []string{"output: 50.00 % is below 50.10 %"}, ""},
		{"no such level", text, []string{"-min", "outputs=1"}, exitUsage, nil, "write it LEVEL=PERCENT,…"},
		{"no number", text, []string{"-min", "output=all"}, exitUsage, nil, "write it LEVEL=PERCENT,…"},
		{"of a language", text, []string{"-language", "JSONata,mixed"}, exitUsage, nil, "aslconform: no rows to compare\n"},
		{"of a trust", text, []string{"-trust", "aws-undated,aws"}, exitOK, []string{"1/2"}, ""},
		{"no rows", "", nil, exitUsage, nil, "aslconform: no rows to compare\n"},
		{"not JSON", good.line(t) + "{\"id\": \"x\",\n", nil, exitUsage, nil, "rows.jsonl:3:1: "},
		{"half a row", good.line(t) + `{"id": "x", "group": }` + "\n", nil, exitUsage, nil, "rows.jsonl:2:22: "},
		{"another kind", good.line(t) + `{"id": 7}` + "\n", nil, exitUsage, nil, "rows.jsonl:2:"},
		{"no object", good.line(t) + `[]` + "\n", nil, exitUsage, nil, "rows.jsonl:2:"},
		{"a member of another kind", good.line(t) + `{"id": "x", "definition": {}, "mocks": 7}` + "\n", nil, exitUsage, nil, "rows.jsonl:2:"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := conformRows(t, test.rows, test.flags...)
			if c.code != test.code {
				t.Errorf("exit code %d, want %d: %s", c.code, test.code, c.stderr)
			}
			rest := c.stdout
			for _, part := range test.stdout {
				_, after, found := strings.Cut(rest, part)
				if !found {
					t.Fatalf("no %q in %q of\n%s", part, rest, c.stdout)
				}
				rest = after
			}
			if !strings.Contains(c.stderr, test.stderr) || test.stderr == "" && c.stderr != "" {
				t.Errorf("stderr is %q, want %q", c.stderr, test.stderr)
			}
		})
	}
	var stdout, stderr bytes.Buffer
	if code := run(t.Context(), []string{"-h"}, &stdout, &stderr); code != exitOK || !strings.Contains(stdout.String(), "Usage:") || stderr.Len() > 0 {
		t.Errorf("-h: exit code %d, %s%s", code, &stdout, &stderr)
	}
	for _, args := range [][]string{{}, {"none.jsonl"}, {"-none", "x"}} {
		if code := run(t.Context(), args, &stdout, &stderr); code != exitUsage {
			t.Errorf("%q: exit code %d", args, code)
		}
	}
}

// TestRefusals compares what AWS refused, and what it did not.
func TestRefusals(t *testing.T) {
	const pass = `{"StartAt": "S", "States": {"S": {"Type": "Pass", "End": true}}}`
	const queue = `{"StartAt": "S", "States": {"S": {"Type": "Task", "Resource": "activity_arn", "End": true}}}`
	rows := []struct{ row, levels string }{
		{`{"id": "1", "op": "ValidateStateMachineDefinition", "definition": ` + pass + `, "definitionText": null, "expected": {"result": "OK"}}`, "refused"},
		{`{"id": "2", "op": "ValidateStateMachineDefinition", "definition": ` + pass + `, "expected": {"result": "FAIL"}}`, "-refused"},
		{`{"id": "3", "op": "ValidateStateMachineDefinition", "definition": {}, "expected": {"result": "FAIL"}}`, "refused"},
		{`{"id": "4", "op": "ValidateStateMachineDefinition", "definition": {}, "expected": {"result": "OK"}}`, "-refused"},
		{`{"id": "5", "op": "create_state_machine", "definition": null, "definitionText": "no", "expected": {"code": "InvalidDefinition"}}`, "refused"},
		{`{"id": "6", "op": "create_state_machine", "definition": ` + queue + `, "type": "EXPRESS", "expected": {"code": "InvalidDefinition"}}`, "refused"},
		{`{"id": "7", "op": "create_state_machine", "definition": ` + queue + `, "type": "STANDARD", "expected": {"code": "InvalidDefinition"}}`, "-refused"},
		{`{"id": "8", "op": "start_execution", "request": {"input": "{'a': 1}"}, "expected": {"code": "InvalidExecutionInput"}}`, "refused"},
		{`{"id": "9", "op": "start_execution", "request": {"input": ""}, "expected": {"code": "InvalidExecutionInput"}}`, "refused"},
		{`{"id": "10", "op": "start_execution", "request": {"input": "{}"}, "expected": {"code": "InvalidExecutionInput"}}`, "-refused"},
		{`{"id": "12", "op": "create_state_machine", "definition": ` + pass + `, "expected": {"stateMachineArn": "arn"}}`, "refused"},
		{`{"id": "11", "op": "delete_state_machine", "expected": {"code": "InvalidArn"}}`, ""},
	}
	var text strings.Builder
	for _, r := range rows {
		text.WriteString(r.row + "\n")
	}
	c := conformRows(t, text.String())
	if c.code != exitOK || !strings.Contains(c.stdout, "1 rows skipped") || len(c.rows) != len(rows) {
		t.Fatalf("exit code %d: %s%s", c.code, c.stdout, c.stderr)
	}
	for i, r := range rows {
		if got := strings.Join(c.levels(i), " "); got != r.levels {
			t.Errorf("row %d: %q, want %q: %v", i+1, got, r.levels, c.rows[i]["diff"])
		}
	}
}

// TestSingleStates compares tests of single states.
func TestSingleStates(t *testing.T) {
	const head = `{"op": "test_state", "group": "t", "queryLanguage": "JSONPath", "trust": "aws", "request": `
	const task = `{"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "f"}, "ResultPath": "$.r", "Next": "N"}`
	const mocked = head + `{"definition": ` + task + `, "input": {"a": 1}, "mock": {"result": "2", "fieldValidationMode": "NONE"}}, "expected": {"status": "SUCCEEDED", "nextState": "N", "output": {"a": 1, "r": 2},
		"inspectionData": {"input": {"a": 1}, "afterInputPath": {"a": 1}, "afterParameters": {"FunctionName": "f"}, "result": 2, "afterResultSelector": 2, "afterResultPath": {"a": 1, "r": 2}}}}`
	const broken = head + `{"definition": ` + task + `, "mock": {"errorOutput": {"error": "E", "cause": "C"}}}, "expected": {"status": "FAILED", "error": "E", "cause": "C"}}`
	const refusal = head + `{"definition": {"Type": "Pass", "End": true}, "mock": {"result": "{}"}}, "expected": {"apiError": {"code": "ValidationException"}}}`
	check(t, []changed{
		{name: "right", row: mocked},
		{"status", mocked, `"SUCCEEDED"`, `"RETRIABLE"`, "output"},
		{"output", mocked, `"output": {"a": 1, "r": 2}`, `"output": {"a": 1}`, "output"},
		{"next state", mocked, `"nextState": "N"`, `"nextState": "M"`, "nextState"},
		{"a step", mocked, `"result": 2,`, `"result": 3,`, "inspectionData"},
		{"a step too many", mocked, `"result": 2,`, ``, "inspectionData"},
		{"a step too few", mocked, `"result": 2,`, `"result": 2, "variables": {},`, "inspectionData"},
		{"carried out by AWS", mocked, `, "mock": {"result": "2", "fieldValidationMode": "NONE"}`, ``, ""},
		{name: "failure", row: broken},
		{"error", broken, `"FAILED", "error": "E"`, `"FAILED", "error": "F"`, "error"},
		{"cause", broken, `"FAILED", "error": "E", "cause": "C"`, `"FAILED", "error": "E", "cause": "D"`, "cause"},
		{name: "refused", row: refusal},
		{"refused by AWS alone", refusal, `, "mock": {"result": "{}"}`, ``, "refused"},
		{"a mock that is not JSON", refusal, `{"Type": "Pass", "End": true}, "mock": {"result": "{}"}`, task + `, "mock": {"result": "{"}`, ""},
		{"no such state", refusal, `{"definition": {"Type": "Pass", "End": true}, "mock": {"result": "{}"}}`,
			`{"definition": {"StartAt": "S", "States": {"S": {"Type": "Pass", "End": true}}}, "stateName": "T"}`, ""},
	})
}

// TestReferences compares which variables are read.
func TestReferences(t *testing.T) {
	const row = `{"group": "r", "queryLanguage": "JSONPath", "trust": "aws", "definition": {"StartAt": "A", "States": {"A": {"Type": "Pass", "Assign": {"v": 1}, "Next": "B"},
		"B": {"Type": "Pass", "Parameters": {"x.$": "$v"}, "End": true}}}, "variableReferences": {"B": ["v"]}}`
	check(t, []changed{{name: "right", row: row}, {"another variable", row, `["v"]`, `["w"]`, "references"}, {"none", row, `{"B": ["v"]}`, `{}`, "references"}})
	if c := conformRows(t, (&changed{name: "x", row: row}).line(t)+(&changed{name: "y", row: passed}).line(t)); !slices.Equal(c.levels(1), []string{"references"}) {
		t.Errorf("%v", c.levels(1))
	}
}

// Iterations that run at once call in any order: each gets what was recorded of its own call.
func TestCallsOfIterations(t *testing.T) {
	const row = `{"group": "g", "trust": "aws", "queryLanguage": "JSONPath", "type": "EXPRESS", "nondeterministic": ["map-event-order"],
		"definition": {"StartAt": "M", "States": {"M": {"Type": "Map", "End": true, "ItemProcessor": {"StartAt": "T", "States": {"T":
			{"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:111111111111:function:f", "End": true}}}}}},
		"input": ["a", "b"], "mocks": [{"state": "T", "mapIndex": 1, "input": "b", "outcome": {"kind": "success", "output": 2}},
			{"state": "T", "mapIndex": 0, "input": "a", "outcome": {"kind": "success", "output": 1}}],
		"expected": {"status": "SUCCEEDED", "output": [1, 2]}, "history": []}`
	check(t, []changed{
		{name: "right", row: row},
		{"other output", row, `[1, 2]}, "history"`, `[2, 1]}, "history"`, "output"},
		{"a call that is not made", row, `"input": "b", "outcome"`, `"input": "c", "outcome"`, "parameters"},
	})
}
