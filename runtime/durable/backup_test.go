package durable

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// A backup that is made while executions start has all that was acknowledged before, and an engine goes on with it.
func TestBackup(t *testing.T) {
	c := clock.NewDriven(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	copied := filepath.Join(t.TempDir(), "copy")
	machine := func(e *Engine) *asl.Machine[asl.Value, asl.Value] {
		m, err := table.NewMachine[asl.Value, asl.Value](e, table.Definition{Name: "M", StartAt: "W", Checksum: "1",
			States: []table.State{&table.Wait{Name: "W", Seconds: 60, Next: "P"}, &table.Pass{Name: "P", Result: value.String("done"), End: true}}})
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	var ids []string
	c.Run(t.Context(), func(ctx context.Context) {
		e := onDriven(t, c, t.TempDir())
		m := machine(e)
		for i := range 20 {
			x, err := m.StartDocument(ctx, value.EmptyObject, asl.Named(fmt.Sprint("n", i)))
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, x.Running().ID())
		}
		if err := e.Backup(copied); err != nil {
			t.Fatal(err)
		}
		if err := e.Backup(copied); err == nil {
			t.Error("a folder that is not empty is taken")
		}
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
	})
	if err := Verify(copied); err != nil {
		t.Fatal(err)
	}
	c.Run(t.Context(), func(ctx context.Context) {
		e := onDriven(t, c, copied)
		machine(e)
		for _, id := range ids {
			x, err := e.Execution(id)
			if err != nil {
				t.Fatal(err)
			}
			if output, err := x.Wait(ctx); err != nil || output.String() != `"done"` {
				t.Errorf("%s: %s, %v", id, output, err)
			}
		}
	})
}
