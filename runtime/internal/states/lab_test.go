package states_test

import (
	"testing"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
)

var begin = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

type machine = asl.Machine[asl.Value, asl.Value]

// newMachine returns a machine named Lab that starts with the named state.
func newMachine(t testing.TB, engine asl.Engine, d table.Definition, states []table.State, start string, options ...asl.Option) *machine {
	t.Helper()
	d.Name, d.StartAt, d.States = "Lab", start, states
	m, err := table.NewMachine[asl.Value, asl.Value](engine, d, options...)
	if err != nil {
		t.Fatal(err)
	}
	return m
}
