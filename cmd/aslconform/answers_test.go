package main

import "testing"

// faulty is the test of a state whose expression gives nothing, with AWS's answer.
const faulty = `{"family": "f", "definition": {"QueryLanguage": "JSONata", "StartAt": "E", "States": {"E": {"Type": "Pass", "Output": "{% $states.input.x %}", "End": true}}},
"input": {}, "taskResults": [], "api": "TestState", "aws": {"status": "FAILED", "error": "States.QueryEvaluationError",
"cause": "The JSONata expression '$states.input.x' specified for the field 'Output' returned nothing (undefined)."}}`

// tried is an execution of a task with AWS's answer.
const tried = `{"family": "f", "definition": {"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f", "End": true}}},
"input": {}, "taskResults": [{"state": "T", "error": "E", "cause": "because of it"}], "api": "execution", "aws": {"status": "FAILED", "error": "E", "causeHas": "of"}}`

// TestAnswer wants an answer that is wrong at one level to differ there.
func TestAnswer(t *testing.T) {
	check(t, []changed{
		{name: "right", row: faulty},
		{"error", faulty, `"error": "States.QueryEvaluationError"`, `"error": "States.Runtime"`, "error"},
		{"cause", faulty, `'Output' returned`, `'Output/x' returned`, "cause"},
		{"status", faulty, `"status": "FAILED"`, `"status": "SUCCEEDED"`, "output"},
		{"an execution's cause names the state", faulty, `"api": "TestState"`, `"api": "execution"`, "cause"},
		{name: "part of the cause", row: tried},
		{"no part of the cause", tried, `"causeHas": "of"`, `"causeHas": "off"`, "cause"},
		{"a result", tried, `"error": "E", "cause": "because of it"}]`, `"output": 1}]`, "cause error output"},
		{"a task that never ends", tried, `"error": "E", "cause": "because of it"}]`, `"kind": "none"}]`, "cause error output"},
		{"no cause", tried, `"error": "E", "causeHas": "of"`, `"error": "E", "cause": null`, "output"},
	})
}
