package durable

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// endless are jobs that last until they are not waited for any more. What is done before that is seen, and to stop one, is a test's.
type endless struct {
	left func(handle string)
	stop func(handle string)
}

func (e endless) Start(_ context.Context, _ *asl.Attempt, p asl.Value) (asl.Started, error) {
	return asl.Started{Handle: p.String()}, nil
}

func (e endless) Wait(ctx context.Context, handle string) (value.Value, error) {
	<-ctx.Done()
	e.left(handle)
	return value.Value{}, ctx.Err()
}

func (e endless) Stop(_ context.Context, handle, _ string) error {
	e.stop(handle)
	return nil
}

// abandons returns a Parallel that fails once its jobs run, which have handles.
func abandons(jobs endless, handles ...string) *table.Parallel {
	fan := &table.Parallel{Name: "Fan", End: true, Branches: []table.Branch{{StartAt: "Idle", States: []table.State{
		&table.Wait{Name: "Idle", Seconds: 1, Next: "Lose"}, &table.Fail{Name: "Lose", Error: "Lost"},
	}}}}
	for _, handle := range handles {
		run := table.Sync(handle, func(*asl.Context, *table.Reader) asl.Value { return value.String(handle) }, asl.Job[asl.Value, asl.Value]{Runner: jobs})
		fan.Branches = append(fan.Branches, table.Branch{StartAt: handle, States: []table.State{
			&table.Task{Name: handle, Resource: "arn:aws:states:::eks:runJob.sync", End: true, Run: run},
		}})
	}
	return fan
}

// What is abandoned while a job is being stopped is stopped after it, by one goroutine, though the end of the execution waits for that too.
func TestStopsAfterStops(t *testing.T) {
	first := make(chan struct{})
	e, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	stops := make(chan string, 10)
	jobs := endless{
		left: func(handle string) {
			if handle == "B" {
				<-first
			}
		},
		stop: func(handle string) {
			stops <- handle
			if handle == "A" {
				close(first)
			}
			time.Sleep(50 * time.Millisecond) // until all else is over
		},
	}
	m, err := table.NewMachine[asl.Value, asl.Value](e, table.Definition{Name: "Lab", StartAt: "Fan", States: []table.State{abandons(jobs, "A", "B")}, Checksum: "1"})
	if err != nil {
		t.Fatal(err)
	}
	x, err := m.Start(t.Context(), value.True)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = x.Wait(t.Context()); err == nil || len(stops) != 2 {
		t.Errorf("%v, %d stops", err, len(stops))
	}
	if err := e.Close(); err != nil {
		t.Error(err)
	}
}

// An execution is not put away while a job of it is being stopped: what comes of that would be written behind what it does when it goes on.
func TestParksAfterStops(t *testing.T) {
	folder := t.TempDir()
	e, err := Open(folder, WithParkAfter(time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	stopping, stopped := make(chan bool, 100), make(chan struct{})
	jobs := endless{left: func(string) {}, stop: func(string) {
		stopping <- true
		<-stopped
	}}
	fan := abandons(jobs, strings.Split("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "")...)
	fan.End, fan.Next, fan.Catch = false, "Work", []table.Catcher{{ErrorEquals: []string{asl.ErrorAll}, Next: "Rest"}}
	work := &table.Task{Name: "Work", Resource: "arn:aws:lambda:us-east-1:123456789012:function:f", Next: "Leave", Run: table.RequestResponse("Work", table.Input,
		asl.CallFunc(func(context.Context, asl.Value) (asl.Value, error) {
			close(stopped)
			time.Sleep(100 * time.Millisecond) // what comes of the stop is written, if it is
			return value.True, nil
		}))}
	rest := &table.Wait{Name: "Rest", Seconds: 1, Next: "Work"}
	leave := &table.Wait{Name: "Leave", Seconds: 1, End: true}
	m, err := table.NewMachine[asl.Value, asl.Value](e, table.Definition{Name: "Lab", StartAt: "Fan", States: []table.State{fan, rest, work, leave}, Checksum: "1"})
	if err != nil {
		t.Fatal(err)
	}
	x, err := m.Start(t.Context(), value.True)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := x.Wait(t.Context()); err != nil {
		t.Error(err)
	}
	if err := errors.Join(e.Close(), Verify(folder)); err != nil || len(stopping) != 26 {
		t.Errorf("%v, %d stops of 26 jobs", err, len(stopping))
	}
}
