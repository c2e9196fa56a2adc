package memory_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/r-seed-632eed22/aslgen/internal/told"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// crashingHere is in the stack of what crashes.
func crashingHere(how string) {
	if how == "panic" {
		panic("the disk is full")
	}
	runtime.Goexit() // as t.Fatal does
}

// Code of a task that panics, or ends its goroutine, ends its execution and no other, wherever it stands and whoever waits.
func TestCrash(t *testing.T) {
	everything := []table.Catcher{{ErrorEquals: []string{asl.ErrorAll}, Next: "Work"}}
	again := []table.Retrier{{ErrorEquals: []string{asl.ErrorAll}, IntervalSeconds: 1, MaxAttempts: 3, BackoffRate: 1}}
	for _, how := range []string{"panic", "exit"} {
		task := func(run *table.Effect, resource string) *table.Task {
			return &table.Task{Name: "Work", Resource: "arn:aws:states:::" + resource, Run: run, End: true, Retry: again, Catch: everything}
		}
		crash := func(ctx context.Context, _ asl.Value) (asl.Value, error) {
			_ = clock.Sleep(ctx, time.Millisecond)
			crashingHere(how)
			return asl.Value{}, nil
		}
		idle := table.Branch{StartAt: "Idle", States: []table.State{&table.Wait{Name: "Idle", Seconds: 3600, End: true}}}
		call := task(table.RequestResponse("Work", table.Input, asl.CallFunc(crash)), "lambda:invoke")
		inside := table.Branch{StartAt: "Work", States: []table.State{call}}
		for name, state := range map[string]table.State{
			"call": call,
			"job":  task(table.Sync("Work", table.Input, asl.JobFunc(crash)), "ecs:runTask.sync"),
			"send": task(table.WaitForTaskToken("Work", table.Input, asl.SendFunc(func(ctx context.Context, _ string, in asl.Value) error {
				_, err := crash(ctx, in)
				return err
			})), "sqs:sendMessage.waitForTaskToken"),
			"branch": &table.Parallel{Name: "Fan", Branches: []table.Branch{idle, inside}, End: true, Retry: again},
			"item":   &table.Map{Name: "Each", ItemProcessor: inside, End: true, Retry: again},
		} {
			for _, engine := range []*memory.Engine{memory.New(), memory.NewDriven(begin)} {
				m := newMachine(t, engine, stateName(state), table.Definition{States: []table.State{state}})
				e, err := m.Start(t.Context(), value.Array(value.True))
				if err != nil {
					t.Fatal(err)
				}
				_, err = e.Wait(t.Context())
				failed := new(asl.Error)
				if !errors.As(err, &failed) || failed.Name != asl.ErrorRuntime || told.Status(e) != asl.StatusFailed {
					t.Fatalf("%s in a %s: %v, %s", how, name, err, told.Status(e))
				}
				for _, want := range []string{"'Work' of Lab", "crashingHere", map[string]string{"panic": "the disk is full", "exit": "Goexit"}[how]} {
					if !strings.Contains(failed.Cause, want) {
						t.Errorf("%s in a %s: %q is not in %s", how, name, want, failed.Cause)
					}
				}
				if last := told.History(e)[len(told.History(e))-1]; last.Type != asl.ExecutionFailed {
					t.Errorf("%s in a %s: the last event is %s", how, name, last.Type)
				}
			}
		}
	}
}

func stateName(s table.State) string {
	switch s := s.(type) {
	case *table.Task:
		return s.Name
	case *table.Parallel:
		return s.Name
	case *table.Map:
		return s.Name
	}
	return ""
}

// A panic after the attempt's time is over is told of all the same.
func TestCrashAfterTimeout(t *testing.T) {
	engine := memory.NewDriven(begin)
	m := newMachine(t, engine, "Work", table.Definition{States: []table.State{&table.Task{
		Name: "Work", Resource: "arn:aws:states:::lambda:invoke", TimeoutSeconds: 5, End: true,
		Run: table.RequestResponse("Work", table.Input, asl.CallFunc(func(ctx context.Context, _ asl.Value) (asl.Value, error) {
			_ = clock.Sleep(ctx, time.Minute)
			panic("late")
		})),
	}}})
	if _, err := m.Run(t.Context(), value.EmptyObject); err == nil || !strings.Contains(err.Error(), "panicked: late") {
		t.Error(err)
	}
}
