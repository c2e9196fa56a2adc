package durable

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// A new version goes on with executions in states that it has as they were, also after another restart. In a state that has changed they wait.
func TestTakeOver(t *testing.T) {
	c := clock.NewDriven(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	folder := t.TempDir()
	machine := func(e *Engine, seconds int, state, result string) *asl.Machine[asl.Value, asl.Value] {
		source := fmt.Sprintf(`{"StartAt": %q, "States": {%[1]q: {"Type": "Wait", "Seconds": %d, "Next": "P"}, "P": {"Type": "Pass", "Result": %q, "End": true}}}`, state, seconds, result)
		m, err := table.NewMachine[asl.Value, asl.Value](e, table.Definition{Name: "M", StartAt: state, File: "m.asl.json", Source: source, Checksum: table.Checksum(source),
			States: []table.State{&table.Wait{Name: state, Seconds: seconds, Next: "P"}, &table.Pass{Name: "P", Result: value.String(result), End: true}}})
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	var said strings.Builder
	logs := WithLogger(slog.New(slog.NewTextHandler(&said, nil)))
	c.Run(t.Context(), func(ctx context.Context) {
		e := onDriven(t, c, folder)
		x, err := machine(e, 60, "W", "one").StartDocument(ctx, value.EmptyObject, asl.Named("n"))
		if err != nil {
			t.Fatal(err)
		}
		_ = clock.Sleep(ctx, 10*time.Second)
		reopen := func(options ...Option) {
			t.Helper()
			if err := e.Close(); err != nil {
				t.Fatal(err)
			}
			e = onDriven(t, c, folder, append(options, logs)...)
		}
		for _, row := range []struct {
			seconds     int
			state, want string
		}{{61, "W", `in the state \"W\", which has changed`}, {60, "V", `in the state \"W\", which the new version does not have`}} {
			said.Reset()
			reopen(WithTakeOver())
			if machine(e, row.seconds, row.state, "two"); len(e.Orphans()) != 1 || !strings.Contains(said.String(), row.want) {
				t.Errorf("%d orphans; it says %s", len(e.Orphans()), said.String())
			}
		}
		reopen() // without the option
		if machine(e, 60, "W", "two"); len(e.Orphans()) != 1 {
			t.Error("it is taken over unasked")
		}
		reopen(WithTakeOver())
		if machine(e, 60, "W", "two"); len(e.Orphans()) != 0 {
			t.Errorf("it is not taken over: %s", said.String())
		}
		reopen()
		machine(e, 60, "W", "two")
		again, err := e.Execution(x.Running().ID())
		if err != nil {
			t.Fatal(err)
		}
		if output, err := again.Wait(ctx); err != nil || output.String() != `"two"` {
			t.Errorf("it ends with %s, %v", output, err)
		}
		if took := c.Now().Sub(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)); took != time.Minute {
			t.Errorf("it takes %v", took)
		}
	})
}
