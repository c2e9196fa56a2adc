package asltest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/asltest"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// distributed returns a machine whose Map calls a function in children of their own, with the parameter that a name has.
func distributed(t *testing.T, engine asl.Engine, name string, call func(context.Context, asl.Value) (asl.Value, error)) *asl.Machine[asl.Value, asl.Value] {
	t.Helper()
	parameters := func(_ *asl.Context, r *table.Reader) asl.Value {
		return value.Object(value.Field(name, r.Value("$", "/n.$")))
	}
	m, err := table.NewMachine[asl.Value, asl.Value](engine, table.Definition{Name: "Many", StartAt: "Each", States: []table.State{
		&table.Map{Name: "Each", Distributed: &table.Distributed{}, End: true, ItemProcessor: table.Branch{StartAt: "Call", States: []table.State{
			&table.Task{Name: "Call", Resource: "arn:aws:lambda:us-east-1:123456789012:function:f", Run: table.RequestResponse("Call", parameters, asl.CallFunc(call)), End: true},
		}}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// child is the history of an execution of the Map's processor for an item.
func child(item int) string {
	return fmt.Sprintf(`{"events": [
		{"id": 1, "type": "ExecutionStarted", "timestamp": 1700000000, "executionStartedEventDetails": {"input": "%d"}},
		{"id": 2, "previousEventId": 0, "type": "TaskStateEntered", "timestamp": 1700000000, "stateEnteredEventDetails": {"name": "Call", "input": "%[1]d"}},
		{"id": 3, "previousEventId": 2, "type": "LambdaFunctionScheduled", "timestamp": 1700000000, "lambdaFunctionScheduledEventDetails": {"input": "{\"n\":%[1]d}"}},
		{"id": 4, "previousEventId": 3, "type": "LambdaFunctionSucceeded", "timestamp": 1700000001, "lambdaFunctionSucceededEventDetails": {"output": "%[2]d"}}
	]}`, item, item*item)
}

// The calls in the children of a DISTRIBUTED Map are in the children's histories, in a folder beside that of their parent.
func TestReplayChildren(t *testing.T) {
	engine := memory.NewDriven(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	m := distributed(t, engine, "n", func(_ context.Context, p asl.Value) (asl.Value, error) {
		n, _ := p.Get("n").AsInt()
		return value.Int(n * n), nil
	})
	execution, err := m.StartDocument(t.Context(), value.MustParse(`[2, 3]`))
	if err != nil {
		t.Fatal(err)
	}
	if output, err := execution.Running().Wait(t.Context()); err != nil || output.String() != "[4,9]" {
		t.Fatal(output, err)
	}
	events, err := execution.Running().History(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(events)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	for name, text := range map[string]string{"one.json": string(text), "one/a.json": child(3), "one/b.json": child(2)} {
		name = filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	histories, err := asltest.ReadHistories(folder)
	if err != nil || len(histories) != 1 || len(histories[0].Children) != 2 {
		t.Fatal(histories, err)
	}
	found := func(name string) []asltest.Difference {
		differences, err := histories[0].Replay(t.Context(), distributed(t, memory.New(), name, unreachable).Program())
		if err != nil {
			t.Fatal(err)
		}
		return differences
	}
	if all := found("n"); len(all) > 0 {
		t.Error(all)
	}
	all := found("m")
	if len(all) < 2 || !strings.HasPrefix(all[0].String(), "Call: the parameters of the task in "+filepath.Join(folder, "one")) ||
		!strings.Contains(all[0].String(), "\n\tAWS:  {\"n\":") || !strings.Contains(all[0].String(), "\n\there: {\"m\":") {
		t.Error(all)
	}
}
