package memory_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/r-seed-632eed22/aslgen/internal/told"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

var begin = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// drive runs a script on a driven engine.
func drive(engine *memory.Engine, script func(ctx context.Context)) {
	engine.Driven().Run(clock.NewContext(context.Background(), engine.Clock()), script)
}

func elapsed(engine *memory.Engine) time.Duration { return engine.Clock().Now().Sub(begin) }

type machine = asl.Machine[asl.Value, asl.Value]

// newMachine returns a machine named Lab that starts with the first of the states.
func newMachine(t testing.TB, engine asl.Engine, start string, d table.Definition, options ...asl.Option) *machine {
	t.Helper()
	d.Name, d.StartAt = "Lab", start
	m, err := table.NewMachine[asl.Value, asl.Value](engine, d, options...)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func sleeper(t testing.TB, engine asl.Engine, seconds int) *machine {
	t.Helper()
	return newMachine(t, engine, "Sleep", table.Definition{States: []table.State{&table.Wait{Name: "Sleep", Seconds: seconds, End: true}}})
}

// call is a Task state that calls f with the execution's name.
func call(name string, f func(ctx context.Context, execution string) (asl.Value, error)) *table.Task {
	return &table.Task{Name: name, Resource: "arn:aws:states:::lambda:invoke", Run: table.RequestResponse("Work",
		func(c *asl.Context, _ *table.Reader) string { return c.Execution.Name }, asl.CallFunc(f))}
}

func start(t testing.TB, ctx context.Context, m *machine, options ...asl.StartOption) *asl.Execution[asl.Value] {
	t.Helper()
	e, err := m.Start(ctx, value.EmptyObject, options...)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestNames(t *testing.T) {
	engine := memory.NewDriven(begin, memory.WithRegion("eu-west-1", "210987654321"))
	m, other := sleeper(t, engine, 60), newMachine(t, engine, "End", table.Definition{States: []table.State{&table.Succeed{Name: "End"}}})
	drive(engine, func(ctx context.Context) {
		for _, name := range []string{"a", "A-b_c.d", "über", strings.Repeat("é", 80)} {
			e, err := m.Start(ctx, value.EmptyObject, asl.Named(name))
			if err != nil || e.Running().Name() != name || e.Running().ID() != "arn:aws:states:eu-west-1:210987654321:execution:Lab:"+name {
				t.Errorf("%q: %v", name, err)
			}
		}
		if _, err := m.Start(ctx, value.EmptyObject, asl.Named("a")); err == nil || !strings.Contains(err.Error(), "ExecutionAlreadyExists") {
			t.Errorf("a second execution: %v", err)
		}
		_ = clock.Sleep(ctx, 61*time.Second)
		if _, err := m.Start(ctx, value.EmptyObject, asl.Named("a")); err != nil {
			t.Errorf("after the first has ended: %v", err)
		}
		for _, name := range []string{strings.Repeat("x", 81), "a b", "a\tb", "a\u00a0b", "a\u0085b", "a\x7f", "a/b", "a:b", "a*", "a?", `a"`, "a\\b", "a\xff"} {
			if _, err := other.Start(ctx, value.EmptyObject, asl.Named(name)); err == nil {
				t.Errorf("the name %q was taken", name)
			}
		}
		// Without a name each has its own.
		first, second := start(t, ctx, other), start(t, ctx, other)
		if first.Running().Name() == second.Running().Name() || len(first.Running().Name()) != len("00000000-0000-4000-8000-000000000000") {
			t.Errorf("%s, %s", first.Running().Name(), second.Running().Name())
		}
	})
}

// What an execution shows from its start to its end.
func TestLife(t *testing.T) {
	engine := memory.NewDriven(begin)
	m := sleeper(t, engine, 60)
	drive(engine, func(ctx context.Context) {
		e := start(t, ctx, m)
		if told.Status(e) != asl.StatusRunning || len(told.History(e)) != 0 {
			t.Error("it has run before the script waits")
		}
		_ = clock.Sleep(ctx, 30*time.Second)
		history := told.History(e)
		if told.Status(e) != asl.StatusRunning || len(history) != 2 || history[1].Type != "WaitStateEntered" {
			t.Errorf("%s: %+v", told.Status(e), history)
		}
		history[0].Type = "Changed"
		if told.History(e)[0].Type != asl.ExecutionStarted {
			t.Error("a copy of the history is its own")
		}
		ended, cancel := context.WithCancelCause(ctx)
		cancel(errors.New("enough"))
		if _, err := e.Wait(ended); err == nil || err.Error() != "enough" || told.Status(e) != asl.StatusRunning {
			t.Errorf("%s: %v", told.Status(e), err)
		}
		output, err := e.Wait(ctx)
		if err != nil || output.String() != "{}" || told.Status(e) != asl.StatusSucceeded || elapsed(engine) != time.Minute {
			t.Errorf("%s: %s, %v", told.Status(e), output, err)
		}
		if _, err := e.Wait(ended); err != nil {
			t.Errorf("what has ended needs no waiting: %v", err)
		}
		told.Stop(e, "late", "")
		if told.Status(e) != asl.StatusSucceeded || len(told.History(e)) != 4 {
			t.Errorf("%s after its end", told.Status(e))
		}
	})
}

// The machine's own TimeoutSeconds end an execution wherever it is (R4).
func TestMachineTimeout(t *testing.T) {
	always := []table.Retrier{{ErrorEquals: []string{asl.ErrorAll}, IntervalSeconds: 600, MaxAttempts: 9, BackoffRate: 1}}
	catch := []table.Catcher{{ErrorEquals: []string{asl.ErrorAll}, Next: "Work"}}
	fails := call("Work", func(context.Context, string) (asl.Value, error) { return asl.Value{}, errors.New("no") })
	fails.Retry = always
	waits := call("Work", func(ctx context.Context, _ string) (asl.Value, error) { return value.Null, clock.Sleep(ctx, time.Hour) })
	waits.Retry, waits.Catch = always, catch
	deaf := call("Work", func(ctx context.Context, _ string) (asl.Value, error) {
		return value.Null, clock.Sleep(context.WithoutCancel(ctx), 4*time.Second)
	})
	deaf.Next = "Work"
	token := &table.Task{Name: "Work", Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken", Catch: catch, Run: table.WaitForTaskToken("Work",
		func(c *asl.Context, _ *table.Reader) string { return c.Task.Token },
		asl.SendFunc(func(context.Context, string, string) error { return nil }))}
	for name, row := range map[string]struct {
		state table.State
		after time.Duration
	}{
		"Wait":              {&table.Wait{Name: "Work", Seconds: 600, End: true}, 10 * time.Second},
		"Task":              {waits, 10 * time.Second},
		"token":             {token, 10 * time.Second},
		"back-off":          {fails, 10 * time.Second},
		"loop of deaf work": {deaf, 12 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			engine := memory.NewDriven(begin)
			m := newMachine(t, engine, "Work", table.Definition{TimeoutSeconds: 10, States: []table.State{row.state}})
			drive(engine, func(ctx context.Context) {
				e := start(t, ctx, m)
				if _, err := e.Wait(ctx); !asl.IsTimeout(err) || !asl.TimedOut(err) || told.Status(e) != asl.StatusTimedOut {
					t.Errorf("%s: %v", told.Status(e), err)
				}
				history := told.History(e)
				if last := history[len(history)-1]; last.Type != asl.ExecutionTimedOut || last.Err.Name != asl.ErrorTimeout || elapsed(engine) != row.after {
					t.Errorf("%+v after %v", last, elapsed(engine))
				}
				if slices.ContainsFunc(history, func(e asl.Event) bool { return e.Type == asl.TaskTimedOut }) {
					t.Error("it is not the task that has timed out")
				}
			})
		})
	}
}

// Run stops what it has started if its context ends, and does not return before the jobs have been told.
func TestRunStops(t *testing.T) {
	for name, engine := range map[string]*memory.Engine{"driven": memory.NewDriven(begin), "wall": memory.New()} {
		t.Run(name, func(t *testing.T) {
			j := &fakeJob{clock: engine.Clock(), started: make(chan struct{})}
			m := newMachine(t, engine, "Job", table.Definition{States: []table.State{j.state()}})
			run := func(ctx context.Context) {
				ctx, cancel := engine.Clock().WithDeadline(ctx, time.Time{})
				engine.Clock().Go(ctx, func(ctx context.Context) {
					if name == "driven" {
						_ = clock.Sleep(ctx, time.Minute)
					}
					<-j.started
					cancel(errors.New("enough"))
				})
				if _, err := m.Run(ctx, value.EmptyObject); err == nil || err.Error() != "enough" {
					t.Error(err)
				}
				if log := j.calls(); !slices.Equal(log, []string{"start", "stop Aborted"}) {
					t.Errorf("%q", log)
				}
			}
			if name == "driven" {
				drive(engine, run)
			} else {
				run(t.Context())
			}
		})
	}
}

// A thousand executions at once on the machine's own clock: calls, jobs, tokens answered from elsewhere, some aborted.
func TestManyOnTheWallClock(t *testing.T) {
	engine := memory.New()
	answers := make(chan string, 1000)
	var calls atomic.Int64
	first := call("Call", func(_ context.Context, execution string) (asl.Value, error) {
		if calls.Add(1)%7 == 0 {
			return asl.Value{}, &asl.Error{Name: "Mine"}
		}
		return value.String(execution), nil
	})
	first.ResultPath, first.Next = "$.call", "Job"
	first.Catch = []table.Catcher{{ErrorEquals: []string{"Mine"}, ResultPath: "$.caught", Next: "Job"}}
	job := &table.Task{Name: "Job", Resource: "arn:aws:states:::ecs:runTask.sync", ResultPath: "$.job", Next: "Ask", Run: table.Sync("Job",
		func(c *asl.Context, _ *table.Reader) string { return c.Execution.Name },
		asl.JobFunc(func(_ context.Context, name string) (string, error) { return name, nil }))}
	ask := &table.Task{Name: "Ask", Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken", ResultPath: "$.answer", End: true, Run: table.WaitForTaskToken("Ask",
		func(c *asl.Context, _ *table.Reader) string { return c.Task.Token },
		asl.SendFunc(func(_ context.Context, token, _ string) error { answers <- token; return nil }))}
	var observed atomic.Int64
	m := newMachine(t, engine, "Call", table.Definition{States: []table.State{first, job, ask}},
		asl.Observe(asl.ObserverFunc(func(string, asl.Event) { observed.Add(1) })))
	for range 4 {
		go func() {
			for token := range answers {
				_ = engine.SendTaskHeartbeat(t.Context(), token)
				_ = engine.SendTaskSuccess(t.Context(), token, value.True) // an aborted execution takes none
			}
		}()
	}
	var all sync.WaitGroup
	var events atomic.Int64
	for i := range 1000 {
		all.Go(func() {
			name := fmt.Sprint("execution-", i)
			e, err := m.Start(t.Context(), value.EmptyObject, asl.Named(name))
			if err != nil {
				t.Error(err)
				return
			}
			if i%10 == 0 {
				told.Stop(e, "Enough", "")
			}
			output, err := e.Wait(t.Context())
			events.Add(int64(len(told.History(e))))
			if _, aborted := errors.AsType[*asl.Aborted](err); aborted && i%10 == 0 {
				return
			}
			if text, _ := output.Get("job").AsString(); err != nil || text != name || !output.Get("answer").Equal(value.True) || told.Status(e) != asl.StatusSucceeded {
				t.Errorf("%s: %s, %v", name, output, err)
			}
		})
	}
	all.Wait()
	close(answers)
	if observed.Load() != events.Load() {
		t.Errorf("%d events, %d observed", events.Load(), observed.Load())
	}
}

// An execution that is started synchronously cannot be redriven, and does not show how often it was.
func TestSynchronous(t *testing.T) {
	show := &table.Pass{Name: "Show", Parameters: table.Document(func(_ *asl.Context, r *table.Reader) asl.Value { return r.Value("$$.Execution", "/e.$") }), End: true}
	engine := memory.NewDriven(begin)
	express := newMachine(t, engine, "Show", table.Definition{Type: asl.Express, States: []table.State{show}})
	drive(engine, func(ctx context.Context) {
		for redrives, options := range map[string][]asl.StartOption{"0": nil, "": {asl.Synchronous()}} {
			output, err := start(t, ctx, express, options...).Running().Wait(ctx)
			if got := output.Get("RedriveCount"); err != nil || !got.IsAbsent() && got.String() != redrives || got.IsAbsent() != (redrives == "") {
				t.Errorf("%s, %v", output, err)
			}
		}
	})
	if _, err := sleeper(t, engine, 1).Start(t.Context(), value.EmptyObject, asl.Synchronous()); err == nil {
		t.Error("a STANDARD machine was started synchronously")
	}
}
