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
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// definition is the text of the machine of these tests.
const definition = `{
  "StartAt": "Each",
  "States": {
    "Each": {
      "Type": "Map",
      "ItemsPath": "$.items",
      "ItemProcessor": {
        "StartAt": "Call",
        "States": {
          "Call": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": "f", "Payload": {"n.$": "$"}},
            "Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 3, "MaxAttempts": 1}],
            "Catch": [{"ErrorEquals": ["Gone"], "Next": "Skip"}],
            "End": true
          },
          "Skip": {"Type": "Pass", "End": true}
        }
      },
      "Next": "Which"
    },
    "Which": {
      "Type": "Choice",
      "Choices": [
        {"Variable": "$[0].ok", "BooleanEquals": true, "Next": "Done"},
        {"Variable": "$[1].ok", "BooleanEquals": true, "Next": "Done"}
      ],
      "Default": "Odd"
    },
    "Odd": {"Type": "Fail", "Error": "Odd"},
    "Done": {"Type": "Succeed"}
  }
}`

// machine returns the machine of the definition, whose function is given the parameters with a name.
func machine(t *testing.T, engine asl.Engine, function string, call func(context.Context, asl.Value) (asl.Value, error)) *asl.Machine[asl.Value, asl.Value] {
	t.Helper()
	parameters := func(_ *asl.Context, r *table.Reader) asl.Value {
		return value.Object(value.Field("FunctionName", value.String(function)), value.Field("Payload", value.Object(value.Field("n", r.Value("$", "/Payload/n.$")))))
	}
	m, err := table.NewMachine[asl.Value, asl.Value](engine, table.Definition{
		Name: "Calls", StartAt: "Each", File: "calls.asl.json", Source: definition, Checksum: table.Checksum(definition),
		States: []table.State{
			&table.Map{Name: "Each", ItemsPath: "$.items", Next: "Which", ItemProcessor: table.Branch{StartAt: "Call", States: []table.State{
				&table.Task{
					Name: "Call", Resource: "arn:aws:states:::lambda:invoke", Run: table.RequestResponse("Call", parameters, asl.CallFunc(call)), End: true,
					Retry: []table.Retrier{{ErrorEquals: []string{"Busy"}, IntervalSeconds: 3, MaxAttempts: 1, BackoffRate: 2}},
					Catch: []table.Catcher{{ErrorEquals: []string{"Gone"}, Next: "Skip"}},
				},
				&table.Pass{Name: "Skip", End: true},
			}}},
			&table.Choice{Name: "Which", Choices: []table.Rule{
				{Variable: "$[0].ok", Operator: "BooleanEquals", Value: true, Next: "Done"},
				{Variable: "$[1].ok", Operator: "BooleanEquals", Value: true, Next: "Done"},
			}, Default: "Odd"},
			&table.Fail{Name: "Odd", Error: "Odd"},
			&table.Succeed{Name: "Done"},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// items is what the tests give the machine: a call that succeeds, one that succeeds the second time, and one that does not.
const items = `{"items": [1, 2, 3]}`

// function is what the machine's calls do.
func function() func(context.Context, asl.Value) (asl.Value, error) {
	busy := false
	return func(_ context.Context, p asl.Value) (asl.Value, error) {
		switch n, _ := p.Get("Payload").Get("n").AsInt(); {
		case n == 2 && !busy:
			busy = true
			return asl.Value{}, &asl.Error{Name: "Busy"}
		case n == 3:
			return asl.Value{}, &asl.Error{Name: "Gone", Cause: "for ever"}
		}
		return value.MustParse(`{"ok": true}`), nil
	}
}

// recorded returns the history of an execution as AWS has it.
func recorded(t *testing.T) []byte {
	t.Helper()
	engine := memory.NewDriven(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	execution, err := machine(t, engine, "f", function()).StartDocument(t.Context(), value.MustParse(items))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := execution.Running().Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	events, err := execution.Running().History(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(map[string]any{"events": events})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func unreachable(context.Context, asl.Value) (asl.Value, error) { panic("the replay calls a task") }

func TestReplay(t *testing.T) {
	h, err := asltest.ReadHistory("history.json", recorded(t))
	if err != nil {
		t.Fatal(err)
	}
	same := machine(t, memory.NewDriven(time.Time{}), "f", unreachable)
	if differences, err := h.Replay(t.Context(), same.Program()); err != nil || len(differences) > 0 {
		t.Error(differences, err)
	}
	other := machine(t, memory.NewDriven(time.Time{}), "g", unreachable)
	differences, err := h.Replay(t.Context(), other.Program())
	if err != nil || len(differences) != 4 {
		t.Fatal(differences, err)
	}
	const want = "calls.asl.json:10: Call: the parameters of attempt 1\n\tAWS:  {\"FunctionName\":\"f\",\"Payload\":{\"n\":1}}\n\there: {\"FunctionName\":\"g\",\"Payload\":{\"n\":1}}"
	if got := differences[0].String(); got != want {
		t.Errorf("%s\nnot\n%s", got, want)
	}
}

// A redacted difference says which parts differ, and shows none of them.
func TestReplayRedacted(t *testing.T) {
	h, err := asltest.ReadHistory("history.json", recorded(t))
	if err != nil {
		t.Fatal(err)
	}
	h.Redact = true
	differences, err := h.Replay(t.Context(), machine(t, memory.NewDriven(time.Time{}), "g", unreachable).Program())
	if err != nil || len(differences) != 4 {
		t.Fatal(differences, err)
	}
	const marked = `{"FunctionName":"≠","Payload":{"n":"…"}}`
	if d := differences[0]; d.Want != marked || d.Got != marked {
		t.Errorf("%s\nnot\n%s", d, marked)
	}
}

// What was redriven is redriven in the replay: the task that had failed is called again, those that had not are not.
func TestReplayRedriven(t *testing.T) {
	engine := memory.NewDriven(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	down := true
	execution, err := machine(t, engine, "f", func(ctx context.Context, p asl.Value) (asl.Value, error) {
		n, _ := p.Get("Payload").Get("n").AsInt()
		if err := clock.Sleep(ctx, time.Duration(n)*time.Second); err != nil {
			return asl.Value{}, err
		}
		if n == 2 && down {
			return asl.Value{}, &asl.Error{Name: "Down"}
		}
		return value.MustParse(`{"ok": true}`), nil
	}).StartDocument(t.Context(), value.MustParse(items))
	if err != nil {
		t.Fatal(err)
	}
	running := execution.Running()
	if _, err := running.Wait(t.Context()); err == nil {
		t.Fatal("it does not fail")
	}
	down = false
	if err := running.(asl.Redrivable).Redrive(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	if _, err := running.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	events, err := running.History(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(events)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct{ old, new, want string }{
		{`"error":"Down"`, `"error":"Down"`, ""},
		{`"error":"Down"`, `"error":"Gone"`, "AWS:  FAILED: Gone"}, // which the machine catches
	} {
		h, err := asltest.ReadHistory("history.json", []byte(strings.ReplaceAll(string(text), row.old, row.new)))
		if err != nil {
			t.Fatal(err)
		}
		differences, err := h.Replay(t.Context(), machine(t, memory.NewDriven(time.Time{}), "f", unreachable).Program())
		if got := fmt.Sprint(differences); err != nil || (row.want == "") != (len(differences) == 0) || !strings.Contains(got, row.want) {
			t.Errorf("%s: %v", got, err)
		}
	}
}

func TestReplayOtherResult(t *testing.T) {
	text := strings.Replace(string(recorded(t)), `{\"ok\":true}`, `{\"ok\":false}`, 1) // the first result of a task
	h, err := asltest.ReadHistory("history.json", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	differences, err := h.Replay(t.Context(), machine(t, memory.NewDriven(time.Time{}), "f", unreachable).Program())
	if err != nil || len(differences) == 0 || differences[0].State != "Call" || differences[0].What != "the output" {
		t.Error(differences, err)
	}
}

func TestNoHistory(t *testing.T) {
	for text, want := range map[string]string{
		`{}`:             "h: it has no events: it must be what aws stepfunctions get-execution-history prints",
		`{"events": [`:   "h: ",
		`[{"id": 1}]`:    `h: an event has no id or no type: {"id":1}`,
		`{"events": []}`: "h: it does not begin with ExecutionStarted: it must be the whole history, the oldest events first",
	} {
		if _, err := asltest.ReadHistory("h", []byte(text)); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// A recording is replayed, though its secrets are redacted.
func TestRecord(t *testing.T) {
	engine := memory.NewDriven(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	folder := filepath.Join(t.TempDir(), "histories")
	recording := asltest.Record(folder)
	m := secretMachine(t, engine, func(_ context.Context, p asl.Value) (asl.Value, error) { return p, nil }, asl.Observe(recording))
	if _, err := m.Run(t.Context(), value.MustParse(`{"password": "hunter22"}`)); err != nil {
		t.Fatal(err)
	}
	if err := recording.Err(); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	text, err := os.ReadFile(files[0])
	if err != nil || strings.Count(string(text), "hunter22") != 2 { // the input, which nothing says is secret
		t.Errorf("%s, %v", text, err)
	}
	asltest.Replay(t, secretMachine(t, engine, unreachable), folder)
}

// secretMachine gives a task an environment.
func secretMachine(t *testing.T, engine asl.Engine, call func(context.Context, asl.Value) (asl.Value, error), options ...asl.Option) *asl.Machine[asl.Value, asl.Value] {
	t.Helper()
	parameters := func(_ *asl.Context, r *table.Reader) asl.Value {
		return value.Object(value.Field("Environment", value.Object(value.Field("PASSWORD", r.Value("$.password", "/Environment/PASSWORD.$")))))
	}
	m, err := table.NewMachine[asl.Value, asl.Value](engine, table.Definition{Name: "Secret", StartAt: "Call", States: []table.State{
		&table.Task{Name: "Call", Resource: "arn:aws:lambda:us-east-1:123456789012:function:f", Run: table.RequestResponse("Call", parameters, asl.CallFunc(call)), End: true},
	}}, options...)
	if err != nil {
		t.Fatal(err)
	}
	return m
}
