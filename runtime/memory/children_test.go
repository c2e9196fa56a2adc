package memory_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// An execution keeps the histories of the last thousand children that have ended, and of those that run.
func TestKeptChildren(t *testing.T) {
	e := memory.NewDriven(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	_ = e.Programs() // as the API asks
	wait := &table.Wait{Name: "Rest", End: true, SecondsPath: "$"}
	m, err := table.NewMachine[asl.Value, asl.Value](e, table.Definition{Name: "Shelf", Checksum: "1", StartAt: "Each", States: []table.State{&table.Map{
		Name: "Each", End: true, ItemProcessor: table.Branch{StartAt: "Rest", States: []table.State{wait}}, Distributed: &table.Distributed{ExecutionType: asl.Standard},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	var items []value.Value
	for i := range 1010 { // the first one runs the longest
		items = append(items, value.Int(int64(3600-i)))
	}
	e.Driven().Run(clock.NewContext(t.Context(), e.Clock()), func(ctx context.Context) {
		x, err := m.StartDocument(ctx, value.Array(items...))
		if err != nil {
			t.Error(err)
			return
		}
		_ = clock.Sleep(ctx, 3595*time.Second+time.Millisecond)
		if got, want := kept(t, x.Running()), "1005 from 3600 RUNNING to 2596 SUCCEEDED"; got != want {
			t.Errorf("there are %s, not %s", got, want)
		}
		_, _ = x.Running().Wait(ctx)
		if got, want := kept(t, x.Running()), "1000 from 3600 SUCCEEDED to 2601 SUCCEEDED"; got != want {
			t.Errorf("there are %s, not %s", got, want)
		}
	})
}

// kept returns how many children of the Map Run of an execution there are, and how the first and the last of them stand.
func kept(t *testing.T, x asl.Running) string {
	t.Helper()
	r := x.(asl.MapRunner)
	runs, err := r.MapRuns(t.Context())
	if err != nil || len(runs) == 0 {
		return fmt.Sprint(runs, err)
	}
	children, err := r.Children(t.Context(), runs[0].ARN)
	if err != nil || len(children) == 0 {
		return fmt.Sprint(children, err)
	}
	text := fmt.Sprint(len(children), " from")
	for i, c := range []asl.Running{children[0], children[len(children)-1]} {
		found, err := r.Child(t.Context(), c.ID())
		if err != nil || found == nil {
			return fmt.Sprint(c.ID(), found, err)
		}
		d, err := found.Describe(t.Context())
		if err != nil {
			return err.Error()
		}
		text += fmt.Sprint([]string{" ", " to "}[i], d.Input, " ", d.Status)
	}
	return text
}
