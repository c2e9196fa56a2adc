package asl_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

func TestSummary(t *testing.T) {
	task := `{"TaskArn":"arn:aws:ecs:us-east-1:1:task/c/t","StoppedReason":"Essential container in task exited",` +
		`"Overrides":{"ContainerOverrides":[{"Environment":[{"Name":"PASSWORD","Value":"secret"}]}]},"Containers":[{"Name":"main","ExitCode":3},{"Name":"side","Reason":"OutOfMemoryError"}]}`
	history := []asl.Event{
		{ID: 1, Type: asl.ExecutionStarted},
		{ID: 2, Type: "ParallelStateEntered", State: "Both"},
		{ID: 3, Previous: 2, Type: "TaskStateEntered", State: "Run"},
		{ID: 4, Previous: 2, Type: "WaitStateEntered", State: "Wait"},
		{ID: 5, Previous: 3, Type: asl.TaskFailed},
		{ID: 6, Previous: 5, Type: asl.ExecutionFailed},
	}
	hot := slices.Clone(history)
	hot[0].Input = value.MustParse(`{"Environment":{"P":"hunter2"}}`)
	for _, c := range []struct {
		history []asl.Event
		err     error
		want    string
	}{
		{history, &asl.Error{Name: "States.TaskFailed", Cause: task},
			`state "Run": States.TaskFailed: Essential container in task exited: container "main" exited with 3: container "side": OutOfMemoryError: arn:aws:ecs:us-east-1:1:task/c/t`},
		{history, &asl.Error{Name: asl.ErrorRuntime, Cause: `The Parameters '{"Environment":"secret"}' could not be used`, Place: "m.asl.json:1:2"},
			`state "Run": States.Runtime: The Parameters '… (m.asl.json:1:2)`},
		{hot, &asl.Error{Name: "E", Cause: "no such user hunter2, " + asl.TaskToken("t0ken")}, `state "Run": E: no such user [redacted], [redacted]`},
		{history[:4], &asl.Aborted{Cause: "interrupted"}, `state "Wait": aborted: interrupted`},
		{nil, &asl.Error{Name: "E\x1b[2J", Cause: "one\ntwo"}, `E\x1b[2J: one…`},
		{nil, &asl.Error{Name: "E", Cause: strings.Repeat("é", 1000)}, "E: " + strings.Repeat("é", 200) + "…"},
		{nil, errors.New("::error::x\a"), `\::error::x\a`},
	} {
		if got := asl.Summary(c.history, c.err); got != c.want {
			t.Errorf("%s\nwant\n%s", got, c.want)
		}
	}
}
