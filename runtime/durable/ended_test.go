package durable

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// endsHere is in the stack of what ends its goroutine.
func endsHere(how string) {
	if how == "panic" {
		panic("the disk is full")
	}
	runtime.Goexit() // as t.Fatal does
}

// Code of a task that panics, or ends its goroutine, is called once and ends its execution, wherever it stands; history and output are
// those of any other execution that fails.
func TestEndedGoroutine(t *testing.T) {
	for how, want := range map[string]string{"panic": "panicked: the disk is full", "exit": "ended its goroutine"} {
		calls := 0
		call := table.Task{Name: "Work", Resource: "arn:aws:states:::lambda:invoke", End: true, Run: table.RequestResponse("Work", table.Input,
			asl.CallFunc(func(context.Context, asl.Value) (asl.Value, error) {
				calls++
				endsHere(how)
				return asl.Value{}, nil
			}))}
		inside := func() table.Branch { c := call; return table.Branch{StartAt: "Work", States: []table.State{&c}} }
		idle := table.Branch{StartAt: "Idle", States: []table.State{&table.Wait{Name: "Idle", Seconds: 1, End: true}}}
		for name, state := range map[string]table.State{
			"Work": inside().States[0],
			"Fan":  &table.Parallel{Name: "Fan", Branches: []table.Branch{idle, inside()}, End: true},
			"Each": &table.Map{Name: "Each", ItemProcessor: inside(), MaxConcurrency: 1, End: true},
		} {
			e, err := Open(t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			m, err := table.NewMachine[asl.Value, asl.Value](e, table.Definition{Name: "Lab", StartAt: name, States: []table.State{state}, Checksum: "1"})
			if err != nil {
				t.Fatal(err)
			}
			calls = 0
			started, err := m.Start(t.Context(), value.Array(value.True, value.True))
			if err != nil {
				t.Fatal(err)
			}
			_, err = started.Wait(t.Context())
			failed := new(asl.Error)
			if !errors.As(err, &failed) || failed.Name != asl.ErrorRuntime || calls != 1 {
				t.Fatalf("%s in %s: %v after %d calls", how, name, err, calls)
			}
			for _, want := range []string{"'Work' of Lab", "endsHere", want} {
				if !strings.Contains(failed.Cause, want) {
					t.Errorf("%s in %s: %q is not in %s", how, name, want, failed.Cause)
				}
			}
			events, err := started.Running().History(t.Context())
			if err != nil || events[len(events)-1].Type != asl.ExecutionFailed {
				t.Errorf("%s in %s: %v, %v", how, name, events, err)
			}
			if err := e.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}
