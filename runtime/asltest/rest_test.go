package asltest_test

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/r-seed-632eed22/aslgen/example/ecsjobs"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asltest"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
)

// A task that a test has not mocked is not to be called.
func TestMockRest(t *testing.T) {
	engine := memory.NewDriven(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	f := &failing{TB: t}
	var tasks ecsjobs.RunJobTasks
	asltest.MockRest(f, &tasks)
	m, err := ecsjobs.NewRunJob(engine, tasks)
	if err != nil {
		t.Fatal(err)
	}
	_, err = m.Run(t.Context(), ecsjobs.RunJobInput{Commands: []string{"run"}})
	const want = `rest_test.go:25: "Run an ECS Task and wait for it to complete" of RunJob is not to be called, and is, with {"Cluster":"cluster-arn"`
	if failed := asl.ErrorOf(err); failed == nil || failed.Name != asl.ErrorRuntime || len(f.said) != 1 || !strings.HasPrefix(f.said[0], want) {
		t.Errorf("%q, %v", f.said, err)
	}

	asltest.MockJob(t, &tasks.RunECSTask, asltest.ECSExited("main", 0))
	asltest.MockRest(t, &tasks) // which leaves the mock alone
	if m, err = ecsjobs.NewRunJob(engine, tasks); err != nil {
		t.Fatal(err)
	}
	if _, err := m.Run(t.Context(), ecsjobs.RunJobInput{Commands: []string{"run"}}); err != nil {
		t.Error(err)
	}
}

// A test that ends inside a mock ends the execution too.
func TestGoexitInMock(t *testing.T) {
	engine := memory.NewDriven(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	inside := &ending{TB: t}
	tasks := ecsjobs.RunJobTasks{RunECSTask: asl.JobFunc(func(context.Context, *ecs.RunTaskInput) (*types.Task, error) {
		inside.FailNow()
		return nil, nil
	})}
	m, err := ecsjobs.NewRunJob(engine, tasks)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.Run(t.Context(), ecsjobs.RunJobInput{Commands: []string{"run"}}); err == nil || !strings.Contains(err.Error(), "Goexit") {
		t.Error(err)
	}
}

// ending is a test that ends as testify's require and t.Fatal end one.
type ending struct{ testing.TB }

func (ending) FailNow() { runtime.Goexit() }

func TestTestState(t *testing.T) {
	m := machine(t, memory.New(), "f", unreachable)
	r := asltest.TestState(t, m, "Which", `[{"ok": true}]`)
	if r.Status != asl.TestSucceeded || r.NextState != "Done" {
		t.Error(r)
	}
	r = asltest.TestState(t, m, "Call", `1`, asltest.ReturnJSON(`{"StatusCode": 200, "Payload": "p", "ExecutedVersion": "1"}`))
	if r.Status != asl.TestSucceeded || r.Output.Get("Payload").String() != `"p"` {
		t.Error(r, r.Err)
	}
	r = asltest.TestState(t, m, "Call", `1`, asltest.Throw("Gone", ""))
	if r.Status != asl.TestCaughtError || r.NextState != "Skip" {
		t.Error(r)
	}
	for want, try := range map[string]func(t testing.TB){
		"Field 'StatusCode' must be a number": func(t testing.TB) { asltest.TestState(t, m, "Call", `1`, asltest.ReturnJSON(`{"StatusCode": "200"}`)) },
		"no state \"Nope\"":                   func(t testing.TB) { asltest.TestState(t, m, "Nope", `1`) },
		`the input of "Which"`:                func(t testing.TB) { asltest.TestState(t, m, "Which", `{`) },
		"2 outcomes": func(t testing.TB) {
			asltest.TestState(t, m, "Call", `1`, asltest.Throw("A", ""), asltest.Throw("B", ""))
		},
	} {
		f := &fatal{TB: t}
		ended := make(chan bool)
		go func() {
			defer close(ended)
			try(f)
		}()
		<-ended
		if !strings.Contains(f.said, want) {
			t.Errorf("%q, want %s", f.said, want)
		}
	}
}

// fatal keeps what a test ends with.
type fatal struct {
	testing.TB
	said string
}

func (f *fatal) Helper() {}
func (f *fatal) Fatal(a ...any) {
	f.said = fmt.Sprint(a...)
	runtime.Goexit()
}
func (f *fatal) Fatalf(format string, a ...any) { f.Fatal(fmt.Sprintf(format, a...)) }
