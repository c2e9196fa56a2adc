package asl_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// TestLongCauses wants an execution to end with no more of an error and a cause than AWS's event has room for.
func TestLongCauses(t *testing.T) {
	long := strings.Repeat("é", 40_000)
	for name, state := range map[string]table.State{
		"a Fail state": &table.Fail{Name: "End", ErrorPath: "$.text", CausePath: "$.text"},
		"a fault":      &table.Pass{Name: "End", InputPath: "$.text[0]", End: true},
	} {
		m, err := table.NewMachine[value.Value, value.Value](memory.NewDriven(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)),
			table.Definition{Name: "m", StartAt: "End", States: []table.State{state}})
		if err != nil {
			t.Fatal(err)
		}
		_, err = m.Run(t.Context(), value.Object(value.Field("text", value.String(long))))
		failed, _ := errors.AsType[*asl.Error](err)
		if failed == nil {
			t.Fatalf("%s: %v", name, err)
		}
		if n := len([]rune(failed.Name)); n > 256 || name == "a Fail state" && n != 256 {
			t.Errorf("%s: the error has %d characters", name, n)
		}
		if n := len([]rune(failed.Cause)); n != 32768 || !strings.HasSuffix(failed.Cause, "éé") {
			t.Errorf("%s: the cause has %d characters", name, n)
		}
	}
}
