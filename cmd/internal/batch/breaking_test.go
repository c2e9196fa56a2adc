package batch_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/r-seed-632eed22/aslgen/cmd/internal/batch"
	"github.com/r-seed-632eed22/aslgen/gen"
	"github.com/r-seed-632eed22/aslgen/internal/runner"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// breakingCases are two versions of a machine, and what a caller and workers give who are used to the old one. Said is what is
// said of the change, "" if it is compatible; reads is what a container or function fails without.
var breakingCases = []struct{ name, old, now, input, answer, said, reads string }{
	{"read on every way", `"Check": {"Type": "Pass", "End": true}`,
		`"Check": {"Type": "Pass", "Parameters": {"id.$": "$.order.id"}, "End": true}`,
		`{"order": {}}`, "", `executions whose input has no order.id now fail in "Check"`, ""},
	{"read on some ways",
		`"Kind": {"Type": "Choice", "Choices": [{"Variable": "$.kind", "StringEquals": "a", "Next": "Check"}], "Default": "Done"},
		"Check": {"Type": "Wait", "Seconds": 1, "Next": "Done"}, "Done": {"Type": "Succeed"}`,
		`"Kind": {"Type": "Choice", "Choices": [{"Variable": "$.kind", "StringEquals": "a", "Next": "Check"}], "Default": "Done"},
		"Check": {"Type": "Wait", "SecondsPath": "$.delay", "Next": "Done"}, "Done": {"Type": "Succeed"}`,
		`{"kind": "a"}`, "", `executions whose input has no delay now fail in "Check"`, ""},
	{"read on more ways",
		`"Kind": {"Type": "Choice", "Choices": [{"Variable": "$.kind", "StringEquals": "a", "Next": "Check"}], "Default": "Other"},
		"Check": {"Type": "Wait", "SecondsPath": "$.delay", "Next": "Other"}, "Other": {"Type": "Wait", "Seconds": 1, "End": true}`,
		`"Kind": {"Type": "Choice", "Choices": [{"Variable": "$.kind", "StringEquals": "a", "Next": "Check"}], "Default": "Other"},
		"Check": {"Type": "Wait", "SecondsPath": "$.delay", "Next": "Other"}, "Other": {"Type": "Wait", "SecondsPath": "$.delay", "End": true}`,
		`{"kind": "b"}`, "", `executions whose input has no delay now fail in "Other"`, ""},
	{"asked for",
		`"Kind": {"Type": "Choice", "Choices": [{"Variable": "$.kind", "StringEquals": "a", "Next": "Check"}], "Default": "Done"},
		"Check": {"Type": "Wait", "Seconds": 1, "Next": "Done"}, "Done": {"Type": "Succeed"}`,
		`"Kind": {"Type": "Choice", "Choices": [{"And": [{"Variable": "$.kind", "StringEquals": "a"}, {"Variable": "$.delay", "IsPresent": true}], "Next": "Check"}], "Default": "Done"},
		"Check": {"Type": "Wait", "SecondsPath": "$.delay", "Next": "Done"}, "Done": {"Type": "Succeed"}`,
		`{"kind": "a"}`, "", "", ""},
	{"of every item",
		`"Each": {"Type": "Map", "ItemsPath": "$.items", "End": true, "ItemProcessor": {"StartAt": "One", "States": {"One": {"Type": "Succeed"}}}}`,
		`"Each": {"Type": "Map", "ItemsPath": "$.items", "End": true, "ItemProcessor": {"StartAt": "One", "States": {"One": {"Type": "Succeed", "OutputPath": "$.id"}}}}`,
		`{"items": [{}]}`, "", `executions whose input has an element of items without id now fail in "One"`, ""},
	{"of a function's result",
		`"Check": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f", "Parameters": {}, "Next": "Look"},
		"Look": {"Type": "Pass", "End": true}`,
		`"Check": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f", "Parameters": {}, "Next": "Look"},
		"Look": {"Type": "Pass", "Parameters": {"score.$": "$.score"}, "End": true}`,
		`{}`, `{"ok": true}`, `executions in which the result of "Check" has no score now fail in "Look"`, ""},
	{"of an activity's result",
		`"Check": {"Type": "Task", "Resource": "arn:aws:states:us-east-1:123456789012:activity:a", "TimeoutSeconds": 60, "End": true}`,
		`"Check": {"Type": "Task", "Resource": "arn:aws:states:us-east-1:123456789012:activity:a", "TimeoutSeconds": 60, "ResultSelector": {"s.$": "$.score"}, "End": true}`,
		`{}`, `{"ok": true}`, `executions in which the result of "Check" has no score now fail in "Check"`, ""},
	{"of what comes with a token, in JSONata",
		`"Check": {"Type": "Task", "QueryLanguage": "JSONata", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "TimeoutSeconds": 60,
		"Arguments": {"QueueUrl": "q", "MessageBody": "{% $states.context.Task.Token %}"}, "Output": "{% $states.result %}", "End": true}`,
		`"Check": {"Type": "Task", "QueryLanguage": "JSONata", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "TimeoutSeconds": 60,
		"Arguments": {"QueueUrl": "q", "MessageBody": "{% $states.context.Task.Token %}"}, "Output": {"score": "{% $states.result.score %}"}, "End": true}`,
		`{}`, `{"ok": true}`, `executions in which the result of "Check" has no score now fail in "Check"`, ""},
	{"a variable of a container",
		`"Check": {"Type": "Task", "Resource": "arn:aws:states:::ecs:runTask.sync", "TimeoutSeconds": 60, "End": true, "Parameters": {"TaskDefinition": "t",
		"Overrides": {"ContainerOverrides": [{"Name": "app", "Environment": [{"Name": "MODE", "Value": "fast"}]}]}}}`,
		`"Check": {"Type": "Task", "Resource": "arn:aws:states:::ecs:runTask.sync", "TimeoutSeconds": 60, "End": true, "Parameters": {"TaskDefinition": "t",
		"Overrides": {"ContainerOverrides": [{"Name": "app", "Environment": [{"Name": "SPEED", "Value": "fast"}]}]}}}`,
		`{}`, `{}`, `the container "app" of "Check" no longer has the environment variable MODE`, `"MODE"`},
	{"the name of a container",
		`"Check": {"Type": "Task", "Resource": "arn:aws:states:::ecs:runTask.sync", "TimeoutSeconds": 60, "End": true, "Parameters": {"TaskDefinition": "t",
		"Overrides": {"ContainerOverrides": [{"Name": "app", "Environment": [{"Name": "MODE", "Value": "fast"}]}]}}}`,
		`"Check": {"Type": "Task", "Resource": "arn:aws:states:::ecs:runTask.sync", "TimeoutSeconds": 60, "End": true, "Parameters": {"TaskDefinition": "t",
		"Overrides": {"ContainerOverrides": [{"Name": "web", "Environment": [{"Name": "MODE", "Value": "fast"}]}]}}}`,
		`{}`, `{}`, `"Check" no longer gives the container "app" anything, "Check" now fails with a task definition that has no container "web"`, `"app"`},
	{"what a function is given",
		`"Check": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f", "Parameters": {"id": 1, "name": 2}, "End": true}`,
		`"Check": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f", "Parameters": {"id": 1}, "End": true}`,
		`{}`, `{}`, `Parameters of "Check" no longer hand over $.name`, `"name"`},
}

// TestBreaking gives new versions of machines what worked with the old ones: what is said to break does, and nothing else.
func TestBreaking(t *testing.T) {
	status := runVersions(t)
	for _, c := range breakingCases {
		files := fstest.MapFS{"old.asl.json": {Data: machineOf(c.old)}, "new.asl.json": {Data: machineOf(c.now)}}
		changes, _, err := gen.Breaking(t.Context(), files, gen.Config{}, gen.Versions{Old: "old.asl.json", New: "new.asl.json"})
		if err != nil {
			t.Fatal(err)
		}
		var said []string
		for _, change := range changes {
			if change.Breaking && (change.Code == gen.InputChanged || change.Code == gen.ResultChanged || change.Code == gen.WorkChanged) {
				said = append(said, change.Message)
			}
		}
		want := "SUCCEEDED"
		if c.said != "" {
			want = "FAILED"
		}
		if strings.Join(said, ", ") != c.said || status[c.name+", old"] != "SUCCEEDED" || status[c.name+", new"] != want {
			t.Errorf("%s: the old version %s, the new one %s; it is said: %q", c.name, status[c.name+", old"], status[c.name+", new"], said)
		}
	}
}

// machineOf is a machine of states, of which it starts with the first.
func machineOf(states string) []byte {
	start := states[1 : 1+strings.Index(states[1:], `"`)]
	return []byte(`{"StartAt": "` + start + `", "States": {` + states + `}}`)
}

// runVersions runs both versions of all cases, in one program, and returns how they went.
func runVersions(t *testing.T) (status map[string]string) {
	t.Helper()
	var machines []batch.Machine
	var specs []runner.Spec
	reads := map[string]string{}
	for _, c := range breakingCases {
		for version, states := range map[string]string{"old": c.old, "new": c.now} {
			id := c.name + ", " + version
			machines = append(machines, batch.Machine{ID: id, Definition: machineOf(states)})
			s := runner.Spec{ID: id, Machine: id, Input: value.MustParse(c.input)}
			if c.answer != "" {
				s.Mocks = []runner.Mock{{States: []string{"Check"}, Kind: "success", Output: value.MustParse(c.answer)}}
			}
			specs, reads[id] = append(specs, s), c.reads
		}
	}
	p, err := batch.Build(t.Context(), machines)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	results, err := p.Run(t.Context(), specs)
	if err != nil || len(p.Refused) > 0 {
		t.Fatal(err, p.Refused)
	}
	status = map[string]string{}
	for _, r := range results {
		status[r.ID] = r.Status + r.Fault
		given := func(e runner.Event) bool {
			return strings.Contains(e.Parameters.String()+e.Input.String(), reads[r.ID])
		}
		if reads[r.ID] != "" && !slices.ContainsFunc(r.History, given) {
			status[r.ID] = "FAILED"
		}
	}
	return status
}
