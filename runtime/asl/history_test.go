package asl_test

import (
	"runtime"
	"strings"
	"testing"

	"github.com/r-seed-632eed22/aslgen/internal/told"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// spin is two states that go round until a count is reached, with a new document each time.
func spin(t testing.TB, engine asl.Engine, kind asl.Type, rounds, size int) *asl.Execution[asl.Value] {
	t.Helper()
	n := -1 // the template runs once when the machine is made
	m := newMachine(t, engine, table.Definition{Type: kind}, []table.State{
		&table.Pass{Name: "A", Next: "B", Parameters: table.Document(func(*asl.Context, *table.Reader) asl.Value {
			n++
			return value.Object(value.Field("n", value.Int(int64(n))), value.Field("text", value.String(strings.Repeat(string(rune('a'+n%26)), size))))
		})},
		&table.Choice{Name: "B", Default: "A", Choices: []table.Rule{{Variable: "$.n", Operator: "NumericEquals", Value: rounds, Next: "End"}}},
		&table.Succeed{Name: "End"},
	}, "A")
	e, err := m.Start(t.Context(), value.EmptyObject)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = e.Running().Wait(t.Context())
	return e
}

// Of an Express execution the newest events are kept, with the ids they always had: it may go on for millions.
func TestExpressHistory(t *testing.T) {
	e := spin(t, memory.NewDriven(begin), asl.Express, 20_000, 1)
	history := told.History(e)
	if told.Status(e) != asl.StatusSucceeded || len(history) < 25_000 || len(history) > 26_000 {
		t.Fatalf("%s, %d events", told.Status(e), len(history))
	}
	for i, event := range history {
		if event.ID != history[0].ID+int64(i) {
			t.Fatalf("event %d is %d", i, event.ID)
		}
	}
	if last := history[len(history)-1]; last.Type != asl.ExecutionSucceeded || last.ID != 80_004 || last.Output.Get("n").String() != "20000" {
		t.Errorf("the last: %+v", last)
	}
}

// A history of large documents is compressed, and is what it was when it is asked for.
func TestLargeHistory(t *testing.T) {
	const size = 200_000
	e := spin(t, memory.NewDriven(begin), "", 1_000, size)
	var heap runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&heap)
	if held := heap.HeapAlloc >> 20; held > 60 { // of 190 MiB of documents
		t.Errorf("%d MiB are held", held)
	}
	history := told.History(e)
	if len(history) != 4_004 || told.Status(e) != asl.StatusSucceeded {
		t.Fatalf("%d events, %s", len(history), told.Status(e))
	}
	exited := 0
	for i, event := range history {
		if event.Type == "PassStateExited" {
			exited++
			text, _ := event.Output.Get("text").AsString()
			if n, _ := event.Output.Get("n").AsInt(); n != int64(exited) || len(text) != size || text[0] != byte('a'+n%26) {
				t.Fatalf("event %d: %d, %d bytes", event.ID, n, len(text))
			}
		}
		if event.ID != int64(i+1) {
			t.Fatalf("event %d is %d", i, event.ID)
		}
	}
}
