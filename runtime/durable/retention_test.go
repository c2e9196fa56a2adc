package durable

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// An execution is known, and its name taken, for as long after its end as the retention is: also over restarts.
func TestRetention(t *testing.T) {
	c := clock.NewDriven(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	folder := t.TempDir()
	open := func() (*Engine, *asl.Machine[asl.Value, asl.Value]) {
		e := onDriven(t, c, folder, WithRetention(time.Hour))
		m, err := table.NewMachine[asl.Value, asl.Value](e, table.Definition{Name: "M", StartAt: "P", States: []table.State{&table.Pass{Name: "P", End: true}}})
		if err != nil {
			t.Fatal(err)
		}
		return e, m
	}
	c.Run(t.Context(), func(ctx context.Context) {
		e, m := open()
		start := func() error {
			x, err := m.StartDocument(ctx, value.True, asl.Named("one"))
			if err == nil {
				_, err = x.Running().Wait(ctx)
			}
			return err
		}
		if err := start(); err != nil {
			t.Fatal(err)
		}
		for _, hours := range []time.Duration{0, 1} {
			_ = clock.SleepUntil(ctx, c, c.Now().Add(hours*time.Hour+time.Second))
			if err := e.Close(); err != nil {
				t.Fatal(err)
			}
			e, m = open()
			err := start()
			if refused, ok := errors.AsType[*asl.APIError](err); ok == (hours > 0) || ok && refused.Code != asl.CodeExecutionAlreadyExists {
				t.Errorf("after %d hours: %v", hours, err)
			}
		}
	})
}

// Two processes cannot have a folder open.
func TestTwoProcesses(t *testing.T) {
	folder := t.TempDir()
	e, err := Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(folder); err == nil {
		t.Error("it is open twice")
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	if e, err = Open(folder); err != nil {
		t.Fatalf("after it was closed: %v", err)
	}
	if err := e.Close(); err != nil {
		t.Error(err)
	}
}

// An execution whose machine is another one by now waits, and is listed; it goes on when there is its own again.
func TestVersions(t *testing.T) {
	c := clock.NewDriven(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	folder := t.TempDir()
	machine := func(e *Engine, version string) *asl.Machine[asl.Value, asl.Value] {
		m, err := table.NewMachine[asl.Value, asl.Value](e, table.Definition{Name: "M", StartAt: "W", Checksum: version,
			States: []table.State{&table.Wait{Name: "W", Seconds: 60, End: true}}})
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	c.Run(t.Context(), func(ctx context.Context) {
		e := onDriven(t, c, folder)
		x, err := machine(e, "1").StartDocument(ctx, value.EmptyObject)
		if err != nil {
			t.Fatal(err)
		}
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
		e = onDriven(t, c, folder)
		machine(e, "2")
		if orphans := e.Orphans(); len(orphans) != 1 || orphans[0].ID() != x.Running().ID() {
			t.Errorf("orphans: %v", orphans)
		}
		again, err := e.Execution(x.Running().ID())
		if err != nil {
			t.Fatal(err)
		}
		if err := again.Stop(ctx, "", ""); err == nil {
			t.Error("it is stopped without its machine")
		}
		machine(e, "1")
		if _, err := again.Wait(ctx); err != nil || len(e.Orphans()) != 0 {
			t.Errorf("with its machine again: %v", err)
		}
	})
}

// A call that the end of the process has cut off is made again under the same id, or at most once where that is asked for.
func TestCutOff(t *testing.T) {
	for name, row := range map[string]struct {
		options []Option
		calls   int
		want    string
	}{
		"at least once": {nil, 2, ""},
		"at most once":  {[]Option{AtMostOnce("M", "Call")}, 1, ErrorOutcomeUnknown},
	} {
		t.Run(name, func(t *testing.T) {
			c := clock.NewDriven(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
			folder := t.TempDir()
			var ids []string
			open := func() (*Engine, *asl.Machine[asl.Value, asl.Value]) {
				e := onDriven(t, c, folder, row.options...)
				call := asl.Call[asl.Value, asl.Value]{Caller: caller(func(ctx context.Context, a *asl.Attempt) (asl.Value, error) {
					ids = append(ids, a.ID())
					return value.True, clock.Sleep(ctx, time.Minute)
				})}
				m, err := table.NewMachine[asl.Value, asl.Value](e, table.Definition{Name: "M", StartAt: "Call", States: []table.State{&table.Task{
					Name: "Call", Resource: "arn:aws:states:::sns:publish", Run: table.RequestResponse("Call", table.Input, call), End: true,
				}}})
				if err != nil {
					t.Fatal(err)
				}
				return e, m
			}
			c.Run(t.Context(), func(ctx context.Context) {
				e, m := open()
				x, err := m.StartDocument(ctx, value.EmptyObject)
				if err != nil {
					t.Fatal(err)
				}
				_ = clock.SleepUntil(ctx, c, c.Now().Add(time.Second))
				if err := e.Close(); err != nil {
					t.Fatal(err)
				}
				e, _ = open()
				again, err := e.Execution(x.Running().ID())
				if err != nil {
					t.Fatal(err)
				}
				_, err = again.Wait(ctx)
				failed, _ := errors.AsType[*asl.Error](err)
				if len(ids) != row.calls || ids[0] != ids[len(ids)-1] || (failed == nil) != (row.want == "") || failed != nil && failed.Name != row.want {
					t.Errorf("calls %v, %v", ids, err)
				}
			})
		})
	}
}

type caller func(ctx context.Context, a *asl.Attempt) (asl.Value, error)

// Call implements [asl.Caller].
func (f caller) Call(ctx context.Context, a *asl.Attempt, _ asl.Value) (asl.Value, error) {
	return f(ctx, a)
}
