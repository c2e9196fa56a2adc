package asltest_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ecs"

	"github.com/r-seed-632eed22/aslgen/example/ecsjobs"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asltest"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// runJob runs the machine of the example with a mock.
func runJob(t *testing.T, mocked testing.TB, outcomes ...asltest.Outcome) (calls *asltest.Calls[*ecs.RunTaskInput], output string, err error) {
	t.Helper()
	engine := memory.NewDriven(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	var tasks ecsjobs.RunJobTasks
	calls = asltest.MockJob(mocked, &tasks.RunECSTask, outcomes...)
	m, err := ecsjobs.NewRunJob(engine, tasks)
	if err != nil {
		t.Fatal(err)
	}
	execution, err := m.StartDocument(t.Context(), value.MustParse(`{"commands": ["run"]}`))
	if err != nil {
		t.Fatal(err)
	}
	v, err := execution.Running().Wait(t.Context())
	return calls, v.String(), err
}

func TestECSOutcomes(t *testing.T) {
	calls, output, err := runJob(t, t, asltest.ECSExited("main", 0).After(time.Hour))
	if err != nil || !strings.Contains(output, `"ExitCode":0`) || len(calls.Given()) != 1 || calls.Given()[0].Overrides.ContainerOverrides[0].Command[0] != "run" {
		t.Error(calls.Given(), output, err)
	}
	for want, o := range map[string]asltest.Outcome{
		`States.TaskFailed "ExitCode":2`:                      asltest.ECSExited("main", 2),
		`States.TaskFailed "Reason":"OutOfMemoryError`:        asltest.ECSOutOfMemory("main"),
		`States.TaskFailed "StoppedReason":"CannotPull`:       asltest.ECSCannotPull("main", "i"),
		`States.TaskFailed "StopCode":"TaskFailedToStart"`:    asltest.ECSNeverStarted("main", "r"),
		`States.TaskFailed "StopCode":"SpotInterruption"`:     asltest.ECSSpotInterrupted("main"),
		`AmazonECS.Unknown "Reason":"RESOURCE:CPU"`:           asltest.ECSFailures("RESOURCE:CPU"),
		`AmazonECS.Unknown "Reason":"Capacity is unavailable`: asltest.ECSNoCapacity(),
	} {
		_, _, err := runJob(t, t, o)
		name, cause, _ := strings.Cut(want, " ")
		if failed := asl.ErrorOf(err); failed == nil || failed.Name != name || !strings.Contains(failed.Cause, cause) {
			t.Errorf("%s: %v", want, err)
		}
	}
}

// failing collects what a mock says of its test.
type failing struct {
	testing.TB
	said     []string
	cleanups []func()
}

func (f *failing) Helper()          {}
func (f *failing) Cleanup(c func()) { f.cleanups = append(f.cleanups, c) }
func (f *failing) Errorf(format string, a ...any) {
	f.said = append(f.said, fmt.Sprintf(format, a...))
}

func TestMisusedMocks(t *testing.T) {
	f := &failing{TB: t}
	_, _, err := runJob(t, f)
	if err == nil || len(f.said) != 1 || !strings.HasPrefix(f.said[0], `the task mocked at mock_test.go:24 has no outcome for the call of "Run an ECS Task and wait for it to complete" with {"Cluster":"cluster-arn"`) {
		t.Errorf("%q, %v", f.said, err)
	}
	f = &failing{TB: t}
	if _, _, err := runJob(t, f, asltest.Return(stopped()), asltest.Throw("E", "c").Times(2)); err != nil {
		t.Error(err)
	}
	f.cleanups[0]()
	if len(f.said) != 1 || f.said[0] != `the task mocked at mock_test.go:24 was called 1 times: 2 more were to be made, for E: c` {
		t.Errorf("%q", f.said)
	}
}

// A result in JSON can be held to the service's model.
func TestInvalidResult(t *testing.T) {
	f := &failing{TB: t}
	var task asl.Call[asl.Value, asl.Value]
	asltest.MockCall(f, &task, asltest.ReturnJSON(`{"StatusCode": "200"}`).Valid(asltest.Present).Always())
	m := machine(t, memory.NewDriven(time.Time{}), "f", func(ctx context.Context, p asl.Value) (asl.Value, error) {
		return task.Call(ctx, asl.AttemptFrom(ctx), p)
	})
	_, err := m.Run(t.Context(), value.MustParse(`{"items": [1]}`))
	if err == nil || len(f.said) != 1 || !strings.HasPrefix(f.said[0], `the result of "Call" mocked at mock_test.go:92 cannot be: `) {
		t.Errorf("%q, %v", f.said, err)
	}
}

// stopped is a result of the example's task.
func stopped() ecsjobs.RunJobOutput { return nil }

func TestSequence(t *testing.T) {
	engine := memory.NewDriven(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	var task asl.Call[asl.Value, asl.Value]
	payload := func(n string) func(asl.Value) bool {
		return func(p asl.Value) bool { return p.Get("Payload").Get("n").String() == n }
	}
	calls := asltest.MockCall(t, &task,
		asltest.When(payload("2"), asltest.Throw("Busy", "")),
		asltest.When(payload("3"), asltest.Throw("Gone", "for ever")),
		asltest.ReturnJSON(`{"ok": true}`).Always())
	m := machine(t, engine, "f", func(ctx context.Context, p asl.Value) (asl.Value, error) {
		return task.Call(ctx, asl.AttemptFrom(ctx), p)
	})
	output, err := m.Run(t.Context(), value.MustParse(items))
	if err != nil || output.String() != `[{"ok":true},{"ok":true},{"Error":"Gone","Cause":"for ever"}]` || len(calls.Given()) != 4 {
		t.Errorf("%s, %v, %v", output, err, calls.Given())
	}
}
