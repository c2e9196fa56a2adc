package states_test

import (
	"context"
	"errors"
	"slices"
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

// end is how an execution on a driven engine has ended, and after what time.
type end struct {
	output asl.Value
	err    *asl.Error
	status asl.Status
	took   time.Duration
	types  []asl.EventType
	sent   asl.Value // the parameters of the last task
}

// drive runs a script on a driven engine.
func drive(engine *memory.Engine, script func(ctx context.Context)) {
	engine.Driven().Run(clock.NewContext(context.Background(), engine.Clock()), script)
}

// call is a Task state named Work that calls f, and ends its machine.
func call(f func(ctx context.Context) (asl.Value, error)) *table.Task {
	return task("arn:aws:lambda:us-east-1:123456789012:function:f", table.RequestResponse("Work", table.Input, asl.CallFunc(
		func(ctx context.Context, _ asl.Value) (asl.Value, error) { return f(ctx) })))
}

func runToEnd(t *testing.T, input string, d table.Definition, options ...memory.Option) (e end) {
	t.Helper()
	engine := memory.NewDriven(begin, options...)
	m := newMachine(t, engine, d, d.States, d.StartAt)
	drive(engine, func(ctx context.Context) {
		x, err := m.Start(ctx, value.MustParse(input))
		if err != nil {
			t.Fatal(err)
		}
		e.output, err = x.Wait(ctx)
		if err != nil && !errors.As(err, &e.err) {
			t.Fatal(err)
		}
		e.status, e.took = told.Status(x), engine.Clock().Now().Sub(begin)
		for _, event := range told.History(x) {
			e.types = append(e.types, event.Type)
			if event.Type == asl.TaskScheduled {
				e.sent = event.Task.Parameters
			}
		}
	})
	return e
}

// TestQuotas runs into the quotas of executions (1.20).
func TestQuotas(t *testing.T) {
	wait := func(name string, seconds int, next string) *table.Wait {
		return &table.Wait{Name: name, Seconds: seconds, Next: next, End: next == ""}
	}
	const year = 365 * 24 * time.Hour

	e := runToEnd(t, `{}`, table.Definition{Type: asl.Express, StartAt: "W", States: []table.State{wait("W", 400, "")}})
	if e.status != asl.StatusTimedOut || e.err.Name != asl.ErrorTimeout || e.took != 5*time.Minute {
		t.Error("an Express execution:", e)
	}
	e = runToEnd(t, `{}`, table.Definition{StartAt: "W", States: []table.State{wait("W", 99999999, "")}})
	if e.status != asl.StatusTimedOut || e.took != year {
		t.Error("a Standard execution:", e)
	}
	e = runToEnd(t, `{}`, table.Definition{StartAt: "A", States: []table.State{
		&table.Pass{Name: "A", Next: "B"}, &table.Choice{Name: "B", Default: "A"},
	}})
	if e.status != asl.StatusFailed || !strings.Contains(e.err.Cause, "25000") || len(e.types) > 25000 || len(e.types) < 24998 {
		t.Error("a loop:", e.status, e.err, len(e.types))
	}
}

// TestExpressChildren: the time of an Express child is its own, and only the child is over with it.
func TestExpressChildren(t *testing.T) {
	all := 100.0
	e := runToEnd(t, `[1]`, table.Definition{StartAt: "M", States: []table.State{&table.Map{
		Name: "M", Next: "After",
		ItemProcessor: table.Branch{StartAt: "W", States: []table.State{&table.Wait{Name: "W", Seconds: 400, End: true}}},
		Distributed:   &table.Distributed{ExecutionType: asl.Express, ToleratedFailurePercentage: &all},
	}, &table.Wait{Name: "After", Seconds: 1, End: true}}})
	if e.status != asl.StatusSucceeded || e.took != 5*time.Minute+time.Second {
		t.Error(e)
	}
}

// TestVariablesLimit: all variables together have 10 MiB (R65).
func TestVariablesLimit(t *testing.T) {
	var states []table.State
	for i := range 45 {
		name := "S" + string(rune('A'+i/26)) + string(rune('a'+i%26))
		s := &table.Pass{Name: name, End: i == 44, Assign: table.Document(func(_ *asl.Context, r *table.Reader) asl.Value {
			return value.Object(value.Field(name, r.Value("$.p", "/v.$")))
		})}
		if i > 0 {
			states[i-1].(*table.Pass).Next = name
		}
		states = append(states, s)
	}
	e := runToEnd(t, `{"p":"`+strings.Repeat("x", 250_000)+`"}`, table.Definition{StartAt: "SAa", States: states})
	if e.err == nil || e.err.Name != asl.ErrorDataLimitExceeded {
		t.Error(e.status, e.err)
	}
}

// TestStateOutputTooLarge: what a state puts out that is too large is nothing that a Parallel around it catches (X4).
func TestStateOutputTooLarge(t *testing.T) {
	twice := table.Document(func(_ *asl.Context, r *table.Reader) asl.Value {
		return value.Object(value.Field("a", r.Value("$.x", "/a.$")), value.Field("b", r.Value("$.x", "/b.$")))
	})
	e := runToEnd(t, `{"x":"`+strings.Repeat("x", 200_000)+`"}`, table.Definition{StartAt: "P", States: []table.State{
		&table.Parallel{Name: "P", End: true, Branches: []table.Branch{
			{StartAt: "Twice", States: []table.State{&table.Pass{Name: "Twice", Parameters: twice, End: true}}},
		}, Catch: []table.Catcher{{ErrorEquals: []string{asl.ErrorAll}, Next: "Caught"}}},
		&table.Pass{Name: "Caught", End: true},
	}})
	if e.status != asl.StatusFailed || e.err.Name != asl.ErrorDataLimitExceeded {
		t.Error(e.status, e.err)
	}
}

// TestHTTPTime: the call of an HTTP task has 60 seconds, whatever its TimeoutSeconds say (P4).
func TestHTTPTime(t *testing.T) {
	task := call(func(ctx context.Context) (asl.Value, error) { return asl.Value{}, clock.Sleep(ctx, time.Hour) })
	task.Resource, task.TimeoutSeconds = "arn:aws:states:::http:invoke", 70
	e := runToEnd(t, `{}`, table.Definition{StartAt: "Work", States: []table.State{task}})
	if e.took != time.Minute || e.err.Name != "States.Http.Socket" {
		t.Error(e)
	}
}

// TestInlineMapAtOnce: 40 iterations of an INLINE Map run at a time, if it does not say less (R141).
func TestInlineMapAtOnce(t *testing.T) {
	e := runToEnd(t, "["+strings.Repeat("0,", 99)+"0]", table.Definition{StartAt: "M", States: []table.State{&table.Map{
		Name: "M", End: true,
		ItemProcessor: table.Branch{StartAt: "W", States: []table.State{&table.Wait{Name: "W", Seconds: 10, End: true}}},
	}}})
	if e.took != 30*time.Second {
		t.Error(e.took)
	}
}

// The limit of a history holds however many write it at a time.
func TestHistoryLimitAtOnce(t *testing.T) {
	loop := table.Branch{StartAt: "P", States: []table.State{&table.Pass{Name: "P", Next: "Q"}, &table.Pass{Name: "Q", Next: "P"}}}
	m := newMachine(t, memory.New(), table.Definition{}, []table.State{&table.Parallel{Name: "Fan", End: true, Branches: []table.Branch{loop, loop, loop, loop}}}, "Fan")
	e, err := m.Start(t.Context(), value.Null)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Running().Wait(t.Context()); err == nil || !strings.Contains(err.Error(), "25000") {
		t.Error(err)
	}
	history := told.History(e)
	if n := len(history); n != 25_000 || history[n-1].Type != asl.ExecutionFailed {
		t.Errorf("%d events, %s", n, history[n-1].Type)
	}
}

// A machine's own time is over also for one that never waits, and for one that waits longer (R4).
func TestMachineTimeout(t *testing.T) {
	slow := call(func(ctx context.Context) (asl.Value, error) { return value.Null, clock.Sleep(ctx, time.Second) })
	slow.Next, slow.End = "Again", false
	e := runToEnd(t, `{}`, table.Definition{StartAt: "Work", TimeoutSeconds: 10, States: []table.State{slow, &table.Pass{Name: "Again", Next: "Work"}}})
	if e.status != asl.StatusTimedOut || e.took != 10*time.Second {
		t.Error(e)
	}
	e = runToEnd(t, `{}`, table.Definition{StartAt: "W", TimeoutSeconds: 10, States: []table.State{&table.Wait{Name: "W", Seconds: 11, End: true}}})
	if e.status != asl.StatusTimedOut || e.took != 10*time.Second {
		t.Error(e)
	}
	e = runToEnd(t, `{}`, table.Definition{StartAt: "W", TimeoutSeconds: 10, States: []table.State{&table.Wait{Name: "W", Seconds: 10, Next: "P"}, &table.Pass{Name: "P", End: true}}})
	if e.status != asl.StatusTimedOut || e.took != 10*time.Second || slices.Contains(e.types, "PassStateEntered") {
		t.Error("no state begins at the end of the time:", e)
	}
	loop := []table.State{&table.Wait{Name: "W", Seconds: 1, Next: "P"}, &table.Pass{Name: "P", Next: "W"}}
	for _, cut := range []bool{false, true} {
		e = runToEnd(t, `{}`, table.Definition{StartAt: "W", TimeoutSeconds: 10, States: loop}, memory.WithCuts(func(int) bool { return cut }))
		if e.status != asl.StatusTimedOut || e.took != 10*time.Second || len(e.types) > 100 {
			t.Errorf("cut %t: %s, %v, %d events", cut, e.status, e.took, len(e.types))
		}
	}
}

// filled is a string whose document has so many bytes.
func filled(bytes int) string { return `"` + strings.Repeat("x", bytes-2) + `"` }

// TestDataLimit: an output, a result or variables of 262,144 bytes are taken, and not a byte more (1.20).
func TestDataLimit(t *testing.T) {
	pass := []table.State{&table.Pass{Name: "P", End: true}}
	parameters := &table.Parallel{Name: "P", End: true, Branches: []table.Branch{{StartAt: "In", States: []table.State{&table.Pass{Name: "In", End: true, ResultPath: "null", InputPath: "null", OutputPath: "null"}}}}, Parameters: table.Document(
		func(_ *asl.Context, r *table.Reader) asl.Value { return value.Array(r.Value("$", "")) })}
	assign := &table.Pass{Name: "P", End: true, InputPath: "null", Assign: table.Document(
		func(_ *asl.Context, r *table.Reader) asl.Value {
			return value.Object(value.Field("v", r.Value("$$.Execution.Input", "/v.$")))
		})}
	result := func(bytes int) []table.State {
		return []table.State{call(func(context.Context) (asl.Value, error) { return value.MustParse(filled(bytes)), nil })}
	}
	for _, row := range []struct {
		name   string
		states []table.State
		bytes  int
		taken  bool
	}{
		{"output", pass, asl.DataLimit, true},
		{"result", result(asl.DataLimit), 2, true},
		{"result", result(asl.DataLimit + 1), 2, false},
		{"parameters", []table.State{parameters}, asl.DataLimit - 2, true},
		{"parameters", []table.State{parameters}, asl.DataLimit - 1, false},
		{"variables", []table.State{assign}, asl.DataLimit - len(`{"v":}`), true},
		{"variables", []table.State{assign}, asl.DataLimit - len(`{"v":}`) + 1, false},
	} {
		start := "P"
		if row.name == "result" {
			start = "Work"
		}
		e := runToEnd(t, filled(row.bytes), table.Definition{StartAt: start, States: row.states})
		if taken := e.status == asl.StatusSucceeded; taken != row.taken || !taken && e.err.Name != asl.ErrorDataLimitExceeded {
			t.Errorf("%s of %d bytes: %s, %v", row.name, row.bytes, e.status, e.err)
		}
	}
}

// A result over the limit is caught (X4), a state's output over it is not, nor the end of the machine's time.
func TestTerminal(t *testing.T) {
	everything := []table.Catcher{{ErrorEquals: []string{asl.ErrorAll}, Next: "Caught"}}
	large := call(func(context.Context) (asl.Value, error) { return value.MustParse(filled(asl.DataLimit + 1)), nil })
	large.Catch = everything
	caught := &table.Pass{Name: "Caught", End: true, ResultPath: "null"}
	if e := runToEnd(t, `{}`, table.Definition{StartAt: "Work", States: []table.State{large, caught}}); e.status != asl.StatusSucceeded {
		t.Error(e.status, e.err)
	}
	half := call(func(context.Context) (asl.Value, error) { return value.MustParse(filled(asl.DataLimit / 2)), nil })
	half.ResultPath, half.Catch = "$.more", everything
	around := &table.Parallel{Name: "P", End: true, Catch: everything, Branches: []table.Branch{{StartAt: "Work", States: []table.State{half, caught}}}}
	e := runToEnd(t, `{"had":`+filled(asl.DataLimit/2)+`}`, table.Definition{StartAt: "P", States: []table.State{around, caught}})
	if e.status != asl.StatusFailed || e.err.Name != asl.ErrorDataLimitExceeded {
		t.Error(e.status, e.err)
	}
	if slices.Contains(e.types, "ParallelStateFailed") && slices.Contains(e.types, "PassStateEntered") {
		t.Error("it is caught:", e.types)
	}
}

// Errors without a name are caught by States.ALL alone (R175), and those with one by it.
func TestUnnamedErrors(t *testing.T) {
	for _, row := range []struct {
		failed asl.Error
		equals string
		caught bool
	}{
		{asl.Error{Unnamed: true, Causeless: true}, asl.ErrorAll, true},
		{asl.Error{Unnamed: true, Causeless: true}, asl.ErrorTaskFailed, false},
		{asl.Error{Unnamed: true, Causeless: true}, "", false},
		{asl.Error{Name: "A"}, "A", true},
		{asl.Error{Name: "A"}, "B", false},
		{asl.Error{Name: "A"}, asl.ErrorTaskFailed, true},
		{*asl.TimeoutError(), asl.ErrorTaskFailed, false},
		{*asl.TimeoutError(), asl.ErrorHeartbeatTimeout, false},
		{*asl.HeartbeatError(), asl.ErrorHeartbeatTimeout, true},
		{*asl.HeartbeatError(), asl.ErrorTimeout, true},
		{*asl.HeartbeatError(), asl.ErrorTaskFailed, true},
		{asl.Error{Name: asl.ErrorRuntime}, asl.ErrorRuntime, false},
		{asl.Error{Name: asl.ErrorRuntime}, asl.ErrorAll, false},
	} {
		s := call(func(context.Context) (asl.Value, error) { return asl.Value{}, &row.failed })
		s.Catch = []table.Catcher{{ErrorEquals: []string{row.equals}, Next: "Caught"}}
		e := runToEnd(t, `{}`, table.Definition{StartAt: "Work", States: []table.State{s, &table.Pass{Name: "Caught", End: true}}})
		if caught := e.status == asl.StatusSucceeded; caught != row.caught {
			t.Errorf("%q for %+v: caught %t", row.equals, row.failed, caught)
		}
	}
}

// States.Runtime inside a Parallel ends the execution at once: nothing is said of the Parallel (3.2).
func TestRuntimeInside(t *testing.T) {
	broken := table.Branch{StartAt: "In", States: []table.State{&table.Pass{Name: "In", InputPath: "$.nothing", End: true}}}
	for _, s := range []table.State{
		&table.Parallel{Name: "P", Branches: []table.Branch{broken}, End: true},
		&table.Map{Name: "P", ItemProcessor: broken, End: true},
	} {
		e := runToEnd(t, `[1]`, table.Definition{StartAt: "P", States: []table.State{s}})
		if e.status != asl.StatusFailed || e.err.Name != asl.ErrorRuntime || slices.Contains(e.types, asl.ParallelStateFailed) || slices.Contains(e.types, asl.MapStateFailed) {
			t.Error(e)
		}
	}
}
