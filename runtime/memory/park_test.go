package memory_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/r-seed-632eed22/aslgen/internal/told"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// waits is a state that waits in all ways at once: for a time, a token, a job, the end of a back-off, and in a Map in a branch.
func waits(sent chan<- string, job *endless) table.State {
	retried := call("Work", func(context.Context, string) (asl.Value, error) { return asl.Value{}, errors.New("no") })
	retried.End = true
	retried.Retry = []table.Retrier{{ErrorEquals: []string{asl.ErrorAll}, IntervalSeconds: 3600, MaxAttempts: 1, BackoffRate: 1}}
	ask := &table.Task{Name: "Work", Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken", HeartbeatSeconds: 1800, End: true,
		Run: table.WaitForTaskToken("Work", func(c *asl.Context, _ *table.Reader) string { return c.Task.Token },
			asl.SendFunc(func(_ context.Context, token, _ string) error { sent <- token; return nil }))}
	batch := &table.Task{Name: "Work", Resource: "arn:aws:states:::batch:submitJob.sync", End: true, Run: table.Sync("Work",
		func(*asl.Context, *table.Reader) string { return "job" }, asl.Job[string, string]{Runner: job})}
	nap := &table.Wait{Name: "Work", Seconds: 600, End: true}
	return &table.Parallel{Name: "All", End: true, Branches: []table.Branch{
		branch(nap), branch(ask), branch(batch), branch(retried), branch(each("Work", 2, nap)),
	}}
}

// untilParked returns what is parked once so many frames are.
func untilParked(t *testing.T, engine *memory.Engine, n int) []memory.Parked {
	t.Helper()
	for range 10_000 {
		if all := engine.Parked(); len(all) == n {
			return all
		}
		time.Sleep(time.Millisecond)
	}
	t.Fatalf("%d frames are parked, not %d", len(engine.Parked()), n)
	return nil
}

// What waits on the wall clock has no goroutine, is told of by Parked, and ends when the execution is stopped.
func TestParked(t *testing.T) {
	const n = 50
	engine, sent, job := memory.New(), make(chan string, n), &endless{}
	m := newMachine(t, engine, "All", table.Definition{States: []table.State{waits(sent, job)}})
	before := runtime.NumGoroutine()
	var executions []*asl.Execution[asl.Value]
	for range n {
		e, err := m.Start(context.Background(), value.MustParse(`{"items":[1,2,3]}`))
		if err != nil {
			t.Fatal(err)
		}
		executions = append(executions, e)
	}
	all := untilParked(t, engine, 8*n) // All, its five branches, and two iterations
	if now := runtime.NumGoroutine(); now > before+5 {
		t.Errorf("%d goroutines wait", now-before)
	}
	var first []string
	for _, p := range all[:8] {
		first = append(first, strings.TrimSpace(fmt.Sprintln(p.Path, p.State, p.Branches, p.Token, p.Job, p.Until.Sub(p.Since).Round(time.Minute))))
		if p.Execution != executions[0].Running().ID() || time.Since(p.Since) > time.Minute {
			t.Errorf("%+v", p)
		}
	}
	first[0] = first[0][:len("All true")] // which waits for no time
	if want := []string{
		"All true", "/All/1.0.0 Work false false  10m0s", "/All/1.0.1 Work false true  30m0s", "", "/All/1.0.3 Work false false  1h0m0s", "",
		"/All/1.0.4/Work/1.0.0 Work false false  10m0s", "/All/1.0.4/Work/1.0.1 Work false false  10m0s",
	}; !slices.EqualFunc(first, want, func(got, want string) bool { return got == want || want == "" }) {
		t.Errorf("%q", first)
	}
	if p := all[3]; p.Job == "" || p.Token || p.Until.Sub(p.Since) < 300*24*time.Hour { // the end of the execution's own time
		t.Errorf("%+v", p)
	}
	for _, e := range executions {
		told.Stop(e, "Enough", "of this")
		if _, err := e.Wait(t.Context()); told.Status(e) != asl.StatusAborted {
			t.Error(err)
		}
	}
	if stopped := job.stopped.Load(); stopped != n {
		t.Errorf("%d jobs were stopped", stopped)
	}
	if all := engine.Parked(); len(all) != 0 {
		t.Errorf("%+v", all)
	}
	if err := engine.SendTaskSuccess(t.Context(), <-sent, value.True); err == nil {
		t.Error("the token of a task that was aborted was taken")
	}
}

// Whatever comes while a frame is being parked is not lost: an answer, a stop, the end of the context.
func TestParkedRaces(t *testing.T) {
	engine := memory.New()
	var answer atomic.Int64
	ask := &table.Task{Name: "Ask", Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken", End: true,
		Run: table.WaitForTaskToken("Work", func(c *asl.Context, _ *table.Reader) string { return c.Task.Token },
			asl.SendFunc(func(_ context.Context, token, _ string) error {
				if answer.Add(1)%3 == 0 {
					go func() { _ = engine.SendTaskSuccess(context.Background(), token, value.True) }()
				}
				return nil
			}))}
	both := &table.Parallel{Name: "Both", End: true, Branches: []table.Branch{
		{StartAt: "Ask", States: []table.State{ask}}, branch(&table.Wait{Name: "Work", Seconds: 3600, End: true}),
	}}
	m := newMachine(t, engine, "Ask", table.Definition{States: []table.State{ask}})
	branches := newMachine(t, engine, "Both", table.Definition{States: []table.State{both}})
	for i := range 3_000 {
		machine := m
		if i%2 == 0 {
			machine = branches
		}
		ctx, cancel := context.WithCancel(t.Context())
		e, err := machine.Start(ctx, value.EmptyObject)
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			if i%4 < 2 {
				told.Stop(e, "", "")
			} else {
				cancel()
			}
		}()
		wait, giveUp := context.WithTimeout(t.Context(), 20*time.Second)
		if _, err := e.Wait(wait); wait.Err() != nil {
			t.Fatalf("execution %d does not end: %v", i, err)
		}
		giveUp()
		cancel()
	}
	if all := engine.Parked(); len(all) != 0 {
		t.Errorf("%+v", all)
	}
}

// What chance gives a state after it was parked differs from what it gave before.
func TestParkedChance(t *testing.T) {
	uuid := func(r *table.Reader) asl.Value { return r.Value("States.UUID()", "id") }
	engine := memory.NewDriven(begin)
	var sent string
	ask := &table.Task{Name: "Ask", Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken", End: true,
		ResultSelector: table.Document(func(_ *asl.Context, r *table.Reader) asl.Value { return value.Object(value.Field("id", uuid(r))) }),
		Run: table.WaitForTaskToken("Work", func(_ *asl.Context, r *table.Reader) asl.Value { return uuid(r) },
			asl.SendFunc(func(ctx context.Context, token string, id asl.Value) error {
				sent = id.String()
				engine.Clock().Go(ctx, func(ctx context.Context) { _ = engine.SendTaskSuccess(ctx, token, value.True) })
				return nil
			}))}
	m := newMachine(t, engine, "Ask", table.Definition{States: []table.State{ask}})
	drive(engine, func(ctx context.Context) {
		output, err := start(t, ctx, m).Wait(ctx)
		if got := output.Get("id").String(); err != nil || len(got) != len(sent) || got == sent {
			t.Errorf("%s after %s, %v", got, sent, err)
		}
	})
}
