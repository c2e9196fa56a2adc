package memory_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	asl "github.com/r-seed-632eed22/aslgen/runtime"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// ended is how an execution on a driven engine has ended, and after what time.
type ended struct {
	output asl.Value
	err    *asl.Error
	status asl.Status
	took   time.Duration
	types  []asl.EventType
}

func runToEnd(t *testing.T, input string, d asl.Definition) (e ended) {
	t.Helper()
	engine := memory.NewDriven(begin)
	m := newMachine(t, engine, d.StartAt, d)
	drive(engine, func(ctx context.Context) {
		x, err := m.Start(ctx, value.MustParse(input))
		if err != nil {
			t.Fatal(err)
		}
		e.output, err = x.Wait(ctx)
		if err != nil && !errors.As(err, &e.err) {
			t.Fatal(err)
		}
		e.status, e.took = x.Status(), elapsed(engine)
		for _, event := range x.History() {
			e.types = append(e.types, event.Type)
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
	type view struct {
		Text asl.Value `asl:"$.p" to:"/v.$"`
	}
	var states []asl.State
	for i := range 45 {
		name := "S" + string(rune('A'+i/26)) + string(rune('a'+i%26))
		s := &asl.Pass{Name: name, End: i == 44, Assign: asl.Document(func(_ *asl.Context, v *view) asl.Value {
			return value.Object(value.Field(name, v.Text))
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
	type view struct {
		Text asl.Value `asl:"$.x" to:"/a.$"`
	}
	twice := asl.Document(func(_ *asl.Context, v *view) asl.Value {
		return value.Object(value.Field("a", v.Text), value.Field("b", v.Text))
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
	task := call("T", func(ctx context.Context, _ string) (asl.Value, error) {
		return asl.Value{}, clock.Sleep(ctx, time.Hour)
	})
	task.Resource, task.TimeoutSeconds, task.End = "arn:aws:states:::http:invoke", 70, true
	e := runToEnd(t, `{}`, asl.Definition{StartAt: "T", States: []asl.State{task}})
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
	m := newMachine(t, memory.New(), "Fan", asl.Definition{States: []asl.State{&asl.Parallel{Name: "Fan", End: true, Branches: []asl.Branch{loop, loop, loop, loop}}}})
	e := start(t, t.Context(), m)
	if _, err := e.Document(t.Context()); err == nil || !strings.Contains(err.Error(), "25000") {
		t.Error(err)
	}
	history := e.History()
	if n := len(history); n != 25_000 || history[n-1].Type != asl.ExecutionFailed {
		t.Errorf("%d events, %s", n, history[n-1].Type)
	}
}
