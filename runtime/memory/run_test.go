package memory_test

import (
	"context"
	"errors"
	"path/filepath"
	goruntime "runtime"
	"strings"
	"testing"
	"time"

	"github.com/r-seed-632eed22/aslgen/internal/cases"
	_ "github.com/r-seed-632eed22/aslgen/internal/cases/compiled"
	"github.com/r-seed-632eed22/aslgen/internal/runner"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// TestRunHere runs the executions of testdata in the goroutine of their caller, with events that are counted and not kept: they end as
// those that were started.
func TestRunHere(t *testing.T) {
	cases.RunEnds(t, filepath.Join("..", ".."), func(_ *testing.T, s *runner.Spec) runner.Result {
		e := memory.NewDriven(runner.Start, memory.WithRegion("us-east-1", "111111111111"))
		return runner.On(s, e.Direct(), nil)
	})
}

func runMachine(t *testing.T, d table.Definition, options ...asl.Option) *asl.Machine[asl.Value, asl.Value] {
	t.Helper()
	d.Name = "Here"
	m, err := table.NewMachine[asl.Value, asl.Value](memory.New(), d, options...)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func callTask(f func(ctx context.Context, a *asl.Attempt) (asl.Value, error)) *table.Task {
	return &table.Task{Name: "Call", Resource: "arn:aws:lambda:us-east-1:123456789012:function:f", End: true,
		Run: table.RequestResponse("Call", table.Input, asl.CallFunc(func(ctx context.Context, _ asl.Value) (asl.Value, error) {
			return f(ctx, asl.AttemptFrom(ctx))
		}))}
}

// TestRunIsAborted: the end of the caller's context aborts the execution, whose job is stopped before Run returns.
func TestRunIsAborted(t *testing.T) {
	j := &abortedJob{started: make(chan bool)}
	m := runMachine(t, table.Definition{StartAt: "Fan", States: []table.State{&table.Parallel{Name: "Fan", End: true, Branches: []table.Branch{
		{StartAt: "Job", States: []table.State{&table.Task{Name: "Job", Resource: "arn:aws:states:::eks:runJob.sync", End: true,
			Run: table.Sync("Job", table.Input, asl.Job[asl.Value, asl.Value]{Runner: j})}}},
		{StartAt: "Wait", States: []table.State{&table.Wait{Name: "Wait", Seconds: 3600, End: true}}},
	}}}})
	ctx, cancel := context.WithCancelCause(t.Context())
	enough := errors.New("enough")
	go func() {
		<-j.started
		cancel(enough)
	}()
	if _, err := m.Run(ctx, value.EmptyObject); !errors.Is(err, enough) {
		t.Errorf("Run returns %v", err)
	}
	if !j.stopped {
		t.Error("the job is not stopped")
	}
}

type abortedJob struct {
	started chan bool
	stopped bool
}

func (j *abortedJob) Start(context.Context, *asl.Attempt, asl.Value) (asl.Started, error) {
	return asl.Started{Handle: "job", Submitted: value.True}, nil
}

func (j *abortedJob) Wait(ctx context.Context, _ string) (asl.Value, error) {
	close(j.started)
	<-ctx.Done()
	return asl.Value{}, ctx.Err()
}

func (j *abortedJob) Stop(context.Context, string, string) error {
	j.stopped = true
	return nil
}

// TestRunBounds: an execution that nobody asks for has no more events than another, and times out as another.
func TestRunBounds(t *testing.T) {
	for _, s := range []struct {
		name, want string
		d          table.Definition
	}{
		{"history", "25000", table.Definition{StartAt: "A", States: []table.State{&table.Pass{Name: "A", Next: "B"}, &table.Pass{Name: "B", Next: "A"}}}},
		{"timeout", "States.Timeout", table.Definition{Type: asl.Express, TimeoutSeconds: 1, StartAt: "A", States: []table.State{&table.Pass{Name: "A", Next: "B"}, &table.Pass{Name: "B", Next: "A"}}}},
	} {
		if _, err := runMachine(t, s.d).Run(t.Context(), value.EmptyObject); err == nil || !strings.Contains(err.Error(), s.want) {
			t.Errorf("%s: %v", s.name, err)
		}
	}
}

// TestAttemptIDs: attempts of different executions have different ids, also of those that nobody asks for.
func TestAttemptIDs(t *testing.T) {
	ids := map[string]bool{}
	m := runMachine(t, table.Definition{StartAt: "Call", States: []table.State{callTask(func(_ context.Context, a *asl.Attempt) (asl.Value, error) {
		ids[a.ID()] = true
		return value.True, nil
	})}})
	for range 10 {
		if _, err := m.Run(t.Context(), value.EmptyObject); err != nil {
			t.Fatal(err)
		}
		x, err := m.StartDocument(t.Context(), value.EmptyObject)
		if err == nil {
			_, err = x.Running().Wait(t.Context())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(ids) != 20 {
		t.Errorf("20 executions have attempts with %d ids", len(ids))
	}
}

// TestRunIsTold: with an observer, or a name, or an engine that keeps what has ended, Run starts an execution as Start does.
func TestRunIsTold(t *testing.T) {
	states := table.Definition{Name: "Here", StartAt: "A", States: []table.State{&table.Pass{Name: "A", End: true}}}
	told := 0
	m := runMachine(t, states, asl.Observe(asl.ObserverFunc(func(string, asl.Event) { told++ })))
	if _, err := m.Run(t.Context(), value.EmptyObject); err != nil || told != 4 {
		t.Errorf("the observer is told of %d events, %v", told, err)
	}
	e := memory.New(memory.WithEnded(1))
	kept, err := table.NewMachine[asl.Value, asl.Value](e, states)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := kept.Run(t.Context(), value.EmptyObject); err != nil || len(e.Executions("Here")) != 1 {
		t.Errorf("%d executions are known, %v", len(e.Executions("Here")), err)
	}
}

// TestDistant: a call whose execution may take a year has no timer for it, one with a timeout has.
func TestDistant(t *testing.T) {
	for _, timeout := range []int{0, 60} {
		task := callTask(func(ctx context.Context, _ *asl.Attempt) (asl.Value, error) {
			if end, has := ctx.Deadline(); has != (timeout > 0) || has && time.Until(end) > time.Minute {
				t.Errorf("with a timeout of %d seconds the context ends at %v", timeout, end)
			}
			return value.True, nil
		})
		task.TimeoutSeconds = timeout
		if _, err := runMachine(t, table.Definition{StartAt: "Call", States: []table.State{task}}).Run(context.Background(), value.EmptyObject); err != nil {
			t.Error(err)
		}
	}
}

// TestRunPanics: code that panics fails the execution, and one that ends its goroutine ends who has called Run.
func TestRunPanics(t *testing.T) {
	m := runMachine(t, table.Definition{StartAt: "Call", States: []table.State{callTask(func(context.Context, *asl.Attempt) (asl.Value, error) { panic("on the rocks") })}})
	if _, err := m.Run(t.Context(), value.EmptyObject); err == nil || !strings.Contains(err.Error(), "on the rocks") {
		t.Errorf("Run returns %v", err)
	}
	m = runMachine(t, table.Definition{StartAt: "Call", States: []table.State{callTask(func(context.Context, *asl.Attempt) (asl.Value, error) {
		goruntime.Goexit()
		return value.True, nil
	})}})
	over, returned := make(chan bool), false
	go func() {
		defer close(over)
		_, _ = m.Run(t.Context(), value.EmptyObject)
		returned = true
	}()
	if <-over; returned {
		t.Error("Run returns, though its goroutine was ended")
	}
}

// TestRunAbortedInside: a task that fails since something else was aborted has Run fail, though nobody has ended its context.
func TestRunAbortedInside(t *testing.T) {
	m := runMachine(t, table.Definition{StartAt: "Call", States: []table.State{callTask(func(context.Context, *asl.Attempt) (asl.Value, error) {
		return asl.Value{}, &asl.Aborted{Name: "Other", Cause: "was stopped"}
	})}})
	if _, err := m.Run(t.Context(), value.EmptyObject); err == nil {
		t.Error("Run succeeds")
	}
}

func passBranch(next table.State, name string) table.Branch {
	return table.Branch{StartAt: name, States: []table.State{next}}
}

// TestRunTimesOutInBranches: branches that run in place see the time go by.
func TestRunTimesOutInBranches(t *testing.T) {
	items := make([]asl.Value, 5_000)
	for i := range items {
		items[i] = value.Int(int64(i))
	}
	inner := &table.Map{Name: "Inner", End: true, ItemsPath: "$.items", ItemProcessor: passBranch(&table.Pass{Name: "P", End: true}, "P")}
	outer := &table.Map{Name: "Outer", End: true, ItemsPath: "$.items", ItemProcessor: passBranch(inner, "Inner"),
		ItemSelector: table.Document(func(_ *asl.Context, r *table.Reader) asl.Value {
			return value.Object(value.Field("items", r.Value("$.items", "/items.$")))
		})}
	m := runMachine(t, table.Definition{Type: asl.Express, TimeoutSeconds: 1, StartAt: "Outer", States: []table.State{outer}})
	if _, err := m.Run(t.Context(), value.Object(value.Field("items", value.Array(items...)))); err == nil || !strings.Contains(err.Error(), "States.Timeout") {
		t.Errorf("Run returns %v", err)
	}
}

// TestRunBranchTimes: a branch that begins later has entered its states later.
func TestRunBranchTimes(t *testing.T) {
	entered := &table.Pass{Name: "P", Next: "W", ResultPath: "$.at", Parameters: table.Document(func(_ *asl.Context, r *table.Reader) asl.Value {
		return value.Object(value.Field("time", r.Value("$$.State.EnteredTime", "/time.$")))
	})}
	e := memory.NewDriven(runner.Start)
	m, err := table.NewMachine[asl.Value, asl.Value](e.Direct(), table.Definition{Name: "Here", StartAt: "M", States: []table.State{&table.Map{Name: "M", End: true, MaxConcurrency: 1,
		ItemProcessor: table.Branch{StartAt: "P", States: []table.State{entered, &table.Wait{Name: "W", Seconds: 1, End: true}}}}}})
	if err != nil {
		t.Fatal(err)
	}
	x, err := m.StartDocument(t.Context(), value.MustParse(`[{},{}]`))
	if err != nil {
		t.Fatal(err)
	}
	output, err := x.Running().Wait(t.Context())
	if first, second := output.At(0).Get("at"), output.At(1).Get("at"); err != nil || first.Equal(second) {
		t.Errorf("%s, %v", output, err)
	}
}

// TestRunIsKnown: once somebody asks the engine for executions, it makes known those that Run carries out.
func TestRunIsKnown(t *testing.T) {
	e := memory.New()
	var seen int
	m, err := table.NewMachine[asl.Value, asl.Value](e, table.Definition{Name: "Here", StartAt: "Call", States: []table.State{callTask(func(context.Context, *asl.Attempt) (asl.Value, error) {
		seen = len(e.Executions("Here"))
		return value.True, nil
	})}})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []int{0, 1} { // the first one asks
		if _, err := m.Run(t.Context(), value.EmptyObject); err != nil || seen != want {
			t.Errorf("%d executions are known, not %d: %v", seen, want, err)
		}
	}
}
