package memory_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"

	asl "github.com/r-seed-632eed22/aslgen/runtime"
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
	everything := []asl.Catcher{{ErrorEquals: []string{asl.ErrorAll}, Next: "Work"}}
	again := []asl.Retrier{{ErrorEquals: []string{asl.ErrorAll}, IntervalSeconds: 1, MaxAttempts: 3, BackoffRate: 1}}
	for _, how := range []string{"panic", "exit"} {
		task := func(run asl.Effect, resource string) *asl.Task {
			return &asl.Task{Name: "Work", Resource: "arn:aws:states:::" + resource, Run: run, End: true, Retry: again, Catch: everything}
		}
		crash := func(ctx context.Context, _ asl.Value) (asl.Value, error) {
			_ = clock.Sleep(ctx, time.Millisecond)
			crashingHere(how)
			return asl.Value{}, nil
		}
		idle := asl.Branch{StartAt: "Idle", States: []asl.State{&asl.Wait{Name: "Idle", Seconds: 3600, End: true}}}
		call := task(asl.RequestResponse("Work", asl.Input, asl.CallFunc(crash)), "lambda:invoke")
		inside := asl.Branch{StartAt: "Work", States: []asl.State{call}}
		for name, state := range map[string]asl.State{
			"call": call,
			"job":  task(asl.Sync("Work", asl.Input, asl.JobFunc(crash)), "ecs:runTask.sync"),
			"send": task(asl.WaitForTaskToken("Work", asl.Input, asl.SendFunc(func(ctx context.Context, _ string, in asl.Value) error {
				_, err := crash(ctx, in)
				return err
			})), "sqs:sendMessage.waitForTaskToken"),
			"branch": &asl.Parallel{Name: "Fan", Branches: []asl.Branch{idle, inside}, End: true, Retry: again},
			"item":   &asl.Map{Name: "Each", ItemProcessor: inside, End: true, Retry: again},
		} {
			for _, engine := range []*memory.Engine{memory.New(), memory.NewDriven(begin)} {
				m := newMachine(t, engine, stateName(state), asl.Definition{States: []asl.State{state}})
				e, err := m.Start(t.Context(), value.Array(value.True))
				if err != nil {
					t.Fatal(err)
				}
				_, err = e.Wait(t.Context())
				failed := new(asl.Error)
				if !errors.As(err, &failed) || failed.Name != asl.ErrorRuntime || e.Status() != asl.StatusFailed {
					t.Fatalf("%s in a %s: %v, %s", how, name, err, e.Status())
				}
				for _, want := range []string{"'Work' of Lab", "crashingHere", map[string]string{"panic": "the disk is full", "exit": "Goexit"}[how]} {
					if !strings.Contains(failed.Cause, want) {
						t.Errorf("%s in a %s: %q is not in %s", how, name, want, failed.Cause)
					}
				}
				if last := e.History()[len(e.History())-1]; last.Type != asl.ExecutionFailed {
					t.Errorf("%s in a %s: the last event is %s", how, name, last.Type)
				}
			}
		}
	}
}

func stateName(s asl.State) string {
	switch s := s.(type) {
	case *asl.Task:
		return s.Name
	case *asl.Parallel:
		return s.Name
	case *asl.Map:
		return s.Name
	}
	return ""
}

// A panic after the attempt's time is over is told of all the same.
func TestCrashAfterTimeout(t *testing.T) {
	engine := memory.NewDriven(begin)
	m := newMachine(t, engine, "Work", asl.Definition{States: []asl.State{&asl.Task{
		Name: "Work", Resource: "arn:aws:states:::lambda:invoke", TimeoutSeconds: 5, End: true,
		Run: asl.RequestResponse("Work", asl.Input, asl.CallFunc(func(ctx context.Context, _ asl.Value) (asl.Value, error) {
			_ = clock.Sleep(ctx, time.Minute)
			panic("late")
		})),
	}}})
	if _, err := m.Run(t.Context(), value.EmptyObject); err == nil || !strings.Contains(err.Error(), "panicked: late") {
		t.Error(err)
	}
}
