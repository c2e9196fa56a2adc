package runtime_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	asl "github.com/r-seed-632eed22/aslgen/runtime"
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
func call(f func(ctx context.Context) (asl.Value, error)) *asl.Task {
	return task("arn:aws:lambda:us-east-1:123456789012:function:f", asl.RequestResponse("Work", asl.Input, asl.CallFunc(
		func(ctx context.Context, _ asl.Value) (asl.Value, error) { return f(ctx) })))
}

func runToEnd(t *testing.T, input string, d asl.Definition, options ...memory.Option) (e end) {
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
		e.status, e.took = x.Status(), engine.Clock().Now().Sub(begin)
		for _, event := range x.History() {
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
	wait := func(name string, seconds int, next string) *asl.Wait {
		return &asl.Wait{Name: name, Seconds: seconds, Next: next, End: next == ""}
	}
	const year = 365 * 24 * time.Hour

	e := runToEnd(t, `{}`, asl.Definition{Type: asl.Express, StartAt: "W", States: []asl.State{wait("W", 400, "")}})
	if e.status != asl.StatusTimedOut || e.err.Name != asl.ErrorTimeout || e.took != 5*time.Minute {
		t.Error("an Express execution:", e)
	}
	e = runToEnd(t, `{}`, asl.Definition{StartAt: "W", States: []asl.State{wait("W", 99999999, "")}})
	if e.status != asl.StatusTimedOut || e.took != year {
		t.Error("a Standard execution:", e)
	}
	e = runToEnd(t, `{}`, asl.Definition{StartAt: "A", States: []asl.State{
		&asl.Pass{Name: "A", Next: "B"}, &asl.Choice{Name: "B", Default: "A"},
	}})
	if e.status != asl.StatusFailed || !strings.Contains(e.err.Cause, "25000") || len(e.types) > 25000 || len(e.types) < 24998 {
		t.Error("a loop:", e.status, e.err, len(e.types))
	}
}

// TestExpressChildren: the time of an Express child is its own, and only the child is over with it.
func TestExpressChildren(t *testing.T) {
	all := 100.0
	e := runToEnd(t, `[1]`, asl.Definition{StartAt: "M", States: []asl.State{&asl.Map{
		Name: "M", Next: "After",
		ItemProcessor: asl.Branch{StartAt: "W", States: []asl.State{&asl.Wait{Name: "W", Seconds: 400, End: true}}},
		Distributed:   &asl.Distributed{ExecutionType: asl.Express, ToleratedFailurePercentage: &all},
	}, &asl.Wait{Name: "After", Seconds: 1, End: true}}})
	if e.status != asl.StatusSucceeded || e.took != 5*time.Minute+time.Second {
		t.Error(e)
	}
}

// TestVariablesLimit: all variables together have 10 MiB (R65).
func TestVariablesLimit(t *testing.T) {
	var states []asl.State
	for i := range 45 {
		name := "S" + string(rune('A'+i/26)) + string(rune('a'+i%26))
		s := &asl.Pass{Name: name, End: i == 44, Assign: asl.Document(func(_ *asl.Context, r *asl.Reader) asl.Value {
			return value.Object(value.Field(name, r.Value("$.p", "/v.$")))
		})}
		if i > 0 {
			states[i-1].(*asl.Pass).Next = name
		}
		states = append(states, s)
	}
	e := runToEnd(t, `{"p":"`+strings.Repeat("x", 250_000)+`"}`, asl.Definition{StartAt: "SAa", States: states})
	if e.err == nil || e.err.Name != asl.ErrorDataLimitExceeded {
		t.Error(e.status, e.err)
	}
}

// TestStateOutputTooLarge: what a state puts out that is too large is nothing that a Parallel around it catches (X4).
func TestStateOutputTooLarge(t *testing.T) {
	twice := asl.Document(func(_ *asl.Context, r *asl.Reader) asl.Value {
		return value.Object(value.Field("a", r.Value("$.x", "/a.$")), value.Field("b", r.Value("$.x", "/b.$")))
	})
	e := runToEnd(t, `{"x":"`+strings.Repeat("x", 200_000)+`"}`, asl.Definition{StartAt: "P", States: []asl.State{
		&asl.Parallel{Name: "P", End: true, Branches: []asl.Branch{
			{StartAt: "Twice", States: []asl.State{&asl.Pass{Name: "Twice", Parameters: twice, End: true}}},
		}, Catch: []asl.Catcher{{ErrorEquals: []string{asl.ErrorAll}, Next: "Caught"}}},
		&asl.Pass{Name: "Caught", End: true},
	}})
	if e.status != asl.StatusFailed || e.err.Name != asl.ErrorDataLimitExceeded {
		t.Error(e.status, e.err)
	}
}

// TestHTTPTime: the call of an HTTP task has 60 seconds, whatever its TimeoutSeconds say (P4).
func TestHTTPTime(t *testing.T) {
	task := call(func(ctx context.Context) (asl.Value, error) { return asl.Value{}, clock.Sleep(ctx, time.Hour) })
	task.Resource, task.TimeoutSeconds = "arn:aws:states:::http:invoke", 70
	e := runToEnd(t, `{}`, asl.Definition{StartAt: "Work", States: []asl.State{task}})
	if e.took != time.Minute || e.err.Name != "States.Http.Socket" {
		t.Error(e)
	}
}

// TestInlineMapAtOnce: 40 iterations of an INLINE Map run at a time, if it does not say less (R141).
func TestInlineMapAtOnce(t *testing.T) {
	e := runToEnd(t, "["+strings.Repeat("0,", 99)+"0]", asl.Definition{StartAt: "M", States: []asl.State{&asl.Map{
		Name: "M", End: true,
		ItemProcessor: asl.Branch{StartAt: "W", States: []asl.State{&asl.Wait{Name: "W", Seconds: 10, End: true}}},
	}}})
	if e.took != 30*time.Second {
		t.Error(e.took)
	}
}

// The limit of a history holds however many write it at a time.
func TestHistoryLimitAtOnce(t *testing.T) {
	loop := asl.Branch{StartAt: "P", States: []asl.State{&asl.Pass{Name: "P", Next: "Q"}, &asl.Pass{Name: "Q", Next: "P"}}}
	m := newMachine(t, memory.New(), asl.Definition{}, []asl.State{&asl.Parallel{Name: "Fan", End: true, Branches: []asl.Branch{loop, loop, loop, loop}}}, "Fan")
	e, err := m.Start(t.Context(), value.Null)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Document(t.Context()); err == nil || !strings.Contains(err.Error(), "25000") {
		t.Error(err)
	}
	history := e.History()
	if n := len(history); n != 25_000 || history[n-1].Type != asl.ExecutionFailed {
		t.Errorf("%d events, %s", n, history[n-1].Type)
	}
}

// A machine's own time is over also for one that never waits, and for one that waits longer (R4).
func TestMachineTimeout(t *testing.T) {
	slow := call(func(ctx context.Context) (asl.Value, error) { return value.Null, clock.Sleep(ctx, time.Second) })
	slow.Next, slow.End = "Again", false
	e := runToEnd(t, `{}`, asl.Definition{StartAt: "Work", TimeoutSeconds: 10, States: []asl.State{slow, &asl.Pass{Name: "Again", Next: "Work"}}})
	if e.status != asl.StatusTimedOut || e.took != 10*time.Second {
		t.Error(e)
	}
	e = runToEnd(t, `{}`, asl.Definition{StartAt: "W", TimeoutSeconds: 10, States: []asl.State{&asl.Wait{Name: "W", Seconds: 11, End: true}}})
	if e.status != asl.StatusTimedOut || e.took != 10*time.Second {
		t.Error(e)
	}
	e = runToEnd(t, `{}`, asl.Definition{StartAt: "W", TimeoutSeconds: 10, States: []asl.State{&asl.Wait{Name: "W", Seconds: 10, Next: "P"}, &asl.Pass{Name: "P", End: true}}})
	if e.status != asl.StatusTimedOut || e.took != 10*time.Second || slices.Contains(e.types, "PassStateEntered") {
		t.Error("no state begins at the end of the time:", e)
	}
	loop := []asl.State{&asl.Wait{Name: "W", Seconds: 1, Next: "P"}, &asl.Pass{Name: "P", Next: "W"}}
	for _, cut := range []bool{false, true} {
		e = runToEnd(t, `{}`, asl.Definition{StartAt: "W", TimeoutSeconds: 10, States: loop}, memory.WithCuts(func(int) bool { return cut }))
		if e.status != asl.StatusTimedOut || e.took != 10*time.Second || len(e.types) > 100 {
			t.Errorf("cut %t: %s, %v, %d events", cut, e.status, e.took, len(e.types))
		}
	}
}

// filled is a string whose document has so many bytes.
func filled(bytes int) string { return `"` + strings.Repeat("x", bytes-2) + `"` }

// TestDataLimit: an output, a result or variables of 262,144 bytes are taken, and not a byte more (1.20).
func TestDataLimit(t *testing.T) {
	pass := []asl.State{&asl.Pass{Name: "P", End: true}}
	parameters := &asl.Parallel{Name: "P", End: true, Branches: []asl.Branch{{StartAt: "In", States: []asl.State{&asl.Pass{Name: "In", End: true, ResultPath: "null", InputPath: "null", OutputPath: "null"}}}}, Parameters: asl.Document(
		func(_ *asl.Context, r *asl.Reader) asl.Value { return value.Array(r.Value("$", "")) })}
	assign := &asl.Pass{Name: "P", End: true, InputPath: "null", Assign: asl.Document(
		func(_ *asl.Context, r *asl.Reader) asl.Value {
			return value.Object(value.Field("v", r.Value("$$.Execution.Input", "/v.$")))
		})}
	result := func(bytes int) []asl.State {
		return []asl.State{call(func(context.Context) (asl.Value, error) { return value.MustParse(filled(bytes)), nil })}
	}
	for _, row := range []struct {
		name   string
		states []asl.State
		bytes  int
		taken  bool
	}{
		{"output", pass, asl.DataLimit, true},
		{"result", result(asl.DataLimit), 2, true},
		{"result", result(asl.DataLimit + 1), 2, false},
		{"parameters", []asl.State{parameters}, asl.DataLimit - 2, true},
		{"parameters", []asl.State{parameters}, asl.DataLimit - 1, false},
		{"variables", []asl.State{assign}, asl.DataLimit - len(`{"v":}`), true},
		{"variables", []asl.State{assign}, asl.DataLimit - len(`{"v":}`) + 1, false},
	} {
		start := "P"
		if row.name == "result" {
			start = "Work"
		}
		e := runToEnd(t, filled(row.bytes), asl.Definition{StartAt: start, States: row.states})
		if taken := e.status == asl.StatusSucceeded; taken != row.taken || !taken && e.err.Name != asl.ErrorDataLimitExceeded {
			t.Errorf("%s of %d bytes: %s, %v", row.name, row.bytes, e.status, e.err)
		}
	}
}

// A result over the limit is caught (X4), a state's output over it is not, nor the end of the machine's time.
func TestTerminal(t *testing.T) {
	everything := []asl.Catcher{{ErrorEquals: []string{asl.ErrorAll}, Next: "Caught"}}
	large := call(func(context.Context) (asl.Value, error) { return value.MustParse(filled(asl.DataLimit + 1)), nil })
	large.Catch = everything
	caught := &asl.Pass{Name: "Caught", End: true, ResultPath: "null"}
	if e := runToEnd(t, `{}`, asl.Definition{StartAt: "Work", States: []asl.State{large, caught}}); e.status != asl.StatusSucceeded {
		t.Error(e.status, e.err)
	}
	half := call(func(context.Context) (asl.Value, error) { return value.MustParse(filled(asl.DataLimit / 2)), nil })
	half.ResultPath, half.Catch = "$.more", everything
	around := &asl.Parallel{Name: "P", End: true, Catch: everything, Branches: []asl.Branch{{StartAt: "Work", States: []asl.State{half, caught}}}}
	e := runToEnd(t, `{"had":`+filled(asl.DataLimit/2)+`}`, asl.Definition{StartAt: "P", States: []asl.State{around, caught}})
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
		s.Catch = []asl.Catcher{{ErrorEquals: []string{row.equals}, Next: "Caught"}}
		e := runToEnd(t, `{}`, asl.Definition{StartAt: "Work", States: []asl.State{s, &asl.Pass{Name: "Caught", End: true}}})
		if caught := e.status == asl.StatusSucceeded; caught != row.caught {
			t.Errorf("%q for %+v: caught %t", row.equals, row.failed, caught)
		}
	}
}

// States.Runtime inside a Parallel ends the execution at once: nothing is said of the Parallel (3.2).
func TestRuntimeInside(t *testing.T) {
	broken := asl.Branch{StartAt: "In", States: []asl.State{&asl.Pass{Name: "In", InputPath: "$.nothing", End: true}}}
	for _, s := range []asl.State{
		&asl.Parallel{Name: "P", Branches: []asl.Branch{broken}, End: true},
		&asl.Map{Name: "P", ItemProcessor: broken, End: true},
	} {
		e := runToEnd(t, `[1]`, asl.Definition{StartAt: "P", States: []asl.State{s}})
		if e.status != asl.StatusFailed || e.err.Name != asl.ErrorRuntime || slices.Contains(e.types, asl.ParallelStateFailed) || slices.Contains(e.types, asl.MapStateFailed) {
			t.Error(e)
		}
	}
}
