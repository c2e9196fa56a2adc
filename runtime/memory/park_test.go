package memory_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
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

// slowContext is a context whose end reaches those that come from it when they are told.
type slowContext struct {
	context.Context
	done chan struct{}

	mu   sync.Mutex
	err  error
	tell []func()
}

func (c *slowContext) Done() <-chan struct{} { return c.done }

func (c *slowContext) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

// AfterFunc is what package context registers contexts with.
func (c *slowContext) AfterFunc(f func()) (stop func() bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tell = append(c.tell, f)
	return func() bool { return true }
}

// end ends the context, and returns those that are to be told of it.
func (c *slowContext) end() []func() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.err = context.Canceled
	close(c.done)
	return c.tell
}

// A context that ends while an execution goes on between two waits is seen by what is parked later, though its own is ended after that.
func TestParkedAfterTheEnd(t *testing.T) {
	engine, sent, in, out := memory.New(), make(chan string, 1), make(chan bool), make(chan bool)
	ask := &table.Task{Name: "Ask", Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken", Next: "Work",
		Run: table.WaitForTaskToken("Work", func(c *asl.Context, _ *table.Reader) string { return c.Task.Token },
			asl.SendFunc(func(_ context.Context, token, _ string) error { sent <- token; return nil }))}
	work := call("Work", func(context.Context, string) (asl.Value, error) {
		in <- true
		<-out
		return value.Null, nil
	})
	work.Next = "Wait"
	m := newMachine(t, engine, "Ask", table.Definition{States: []table.State{ask, work, &table.Wait{Name: "Wait", Seconds: 3600, End: true}}})
	ctx := &slowContext{Context: context.Background(), done: make(chan struct{})}
	e := start(t, ctx, m)
	untilParked(t, engine, 1)
	if err := engine.SendTaskSuccess(t.Context(), <-sent, value.EmptyObject); err != nil {
		t.Fatal(err)
	}
	<-in
	tell := ctx.end() // of the first context, of the watch, and of the context that it goes on with
	for _, f := range tell[:len(tell)-1] {
		f()
	}
	time.Sleep(10 * time.Millisecond) // so that the watch has its turn
	out <- true
	wait, giveUp := context.WithTimeout(t.Context(), 20*time.Second)
	defer giveUp()
	for len(told.History(e)) < 10 { // it waits
		runtime.Gosched()
	}
	tell[len(tell)-1]()
	if _, err := e.Wait(wait); wait.Err() != nil || !errors.Is(err, asl.ErrDetached) {
		t.Fatalf("%v, %+v", err, engine.Parked())
	}
}

// slowEnd is a job whose result takes until its context ends.
type slowEnd struct{ stopped atomic.Int64 }

func (s *slowEnd) Start(context.Context, *asl.Attempt, string) (asl.Started, error) {
	return asl.Started{Handle: "job", Submitted: value.EmptyObject}, nil
}

func (s *slowEnd) Watch(_ context.Context, _ string, over func()) (*asl.Watch, error) {
	over()
	return &asl.Watch{Leave: func() {}, Result: func(ctx context.Context) (value.Value, error) {
		<-ctx.Done()
		return value.Value{}, context.Cause(ctx)
	}}, nil
}

func (s *slowEnd) Wait(context.Context, string) (value.Value, error) { panic("it is watched") }

func (s *slowEnd) Stop(context.Context, string, string) error {
	s.stopped.Add(1)
	return nil
}

// The result of a watched job is waited for no longer than the job: a stop, the attempt's time and the token end it.
func TestWatchedResult(t *testing.T) {
	for name, row := range map[string]struct {
		seconds int
		do      func(e *asl.Execution[asl.Value], engine *memory.Engine, token string) error
		last    asl.EventType
		stops   int64
	}{
		"stopped": {0, func(e *asl.Execution[asl.Value], _ *memory.Engine, _ string) error {
			return e.Running().Stop(context.Background(), "", "")
		}, asl.ExecutionAborted, 1},
		"timed out": {1, nil, asl.ExecutionFailed, 1},
		"answered": {0, func(_ *asl.Execution[asl.Value], engine *memory.Engine, token string) error {
			return engine.SendTaskSuccess(context.Background(), token, value.True)
		}, asl.ExecutionSucceeded, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			engine, job, tokens := memory.New(), &slowEnd{}, make(chan string, 1)
			s := &table.Task{Name: "Job", Resource: "arn:aws:states:::batch:submitJob.sync", TimeoutSeconds: row.seconds, End: true,
				Run: table.Sync("Job", func(c *asl.Context, _ *table.Reader) string {
					if c.Task.Token != "" {
						tokens <- c.Task.Token
					}
					return ""
				}, asl.Job[string, asl.Value]{Runner: job})}
			e := start(t, t.Context(), newMachine(t, engine, "Job", table.Definition{States: []table.State{s}}))
			token := <-tokens
			for len(told.History(e)) < 5 { // it is submitted
				time.Sleep(time.Millisecond)
			}
			if row.do != nil {
				if err := row.do(e, engine, token); err != nil {
					t.Error(err)
				}
			}
			_, err := e.Wait(t.Context())
			history := told.History(e)
			if last := history[len(history)-1]; last.Type != row.last || job.stopped.Load() != row.stops {
				t.Errorf("%s, %d stops, %v", last.Type, job.stopped.Load(), err)
			}
		})
	}
}

// Who finds an execution that is about to begin can stop it and wait for it.
func TestFoundEarly(t *testing.T) {
	engine := memory.New()
	m := sleeper(t, engine, 3600)
	_ = engine.Programs() // executions are to be known
	done := make(chan struct{})
	go func() {
		defer close(done)
		for stopped := 0; stopped < 500; {
			for _, x := range engine.Executions("Lab") {
				_ = x.Stop(context.Background(), "", "")
				if _, err := x.Wait(context.Background()); err == nil {
					t.Error("it was not stopped")
				}
				stopped++
			}
		}
	}()
	for {
		select {
		case <-done:
			return
		default:
			start(t, t.Context(), m)
		}
	}
}

// An EXPRESS child of a Map Run begins anew when it is redriven: nothing that its branches did before counts.
func TestRedrivenChildBeginsAnew(t *testing.T) {
	engine := memory.NewDriven(begin)
	var good, bad int
	count := func(n *int, fails func() bool) *table.Task {
		s := call("Work", func(context.Context, string) (asl.Value, error) {
			if *n++; fails() {
				return asl.Value{}, errors.New("no")
			}
			return value.Null, nil
		})
		s.End = true
		return s
	}
	slow := count(&bad, func() bool { return bad == 1 })
	both := &table.Parallel{Name: "Work", End: true, Branches: []table.Branch{
		branch(count(&good, func() bool { return false })),
		{StartAt: "Nap", States: []table.State{&table.Wait{Name: "Nap", Seconds: 1, Next: "Work"}, slow}},
	}}
	each := each("All", 0, both)
	each.Distributed = &table.Distributed{ExecutionType: asl.Express}
	m := newMachine(t, engine, "All", table.Definition{States: []table.State{each}})
	drive(engine, func(ctx context.Context) {
		e, err := m.Start(ctx, value.MustParse(`{"items":[1]}`))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := e.Wait(ctx); err == nil {
			t.Error("it does not fail")
		}
		if err := e.Running().(asl.Redrivable).Redrive(ctx, ""); err != nil {
			t.Fatal(err)
		}
		if _, err := e.Wait(ctx); err != nil || good != 2 || bad != 2 {
			t.Errorf("%v: the branches ran %d and %d times", err, good, bad)
		}
	})
}
