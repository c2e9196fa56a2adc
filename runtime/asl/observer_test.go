package asl_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/r-seed-632eed22/aslgen/internal/told"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

var begin = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

type machine = asl.Machine[asl.Value, asl.Value]

// newMachine returns a machine named Lab that starts with the first of the states.
func newMachine(t testing.TB, engine asl.Engine, d table.Definition, states []table.State, start string, options ...asl.Option) *machine {
	t.Helper()
	d.Name, d.StartAt, d.States = "Lab", start, states
	m, err := table.NewMachine[asl.Value, asl.Value](engine, d, options...)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// deploy is a Task with an environment, in which the input's secret and the task's token stand.
func deploy(next string, f func(ctx context.Context, token string, p asl.Value) error) *table.Task {
	return &table.Task{Name: "Deploy", Resource: "arn:aws:states:::ecs:runTask.waitForTaskToken", ResultPath: "$.task", Next: next, End: next == "", HeartbeatSeconds: 5,
		Catch: []table.Catcher{{ErrorEquals: []string{asl.ErrorAll}, ResultPath: "$.caught", Next: next}},
		Run: table.WaitForTaskToken("Deploy", func(c *asl.Context, r *table.Reader) asl.Value {
			return value.Object(value.Field("Environment", value.Array(
				value.Object(value.Field("Name", value.String("PASSWORD")), value.Field("Value", r.Value("$.secret", "/Environment/0/Value.$"))),
				value.Object(value.Field("Name", value.String("TOKEN")), value.Field("Value", value.String(c.Task.Token))))))
		}, asl.SendFunc(f))}
}

// TestSecretsNowhere lets a password and a token, once they have been in a container's environment, flow through every kind
// of state, failure and log.
func TestSecretsNowhere(t *testing.T) {
	const secret = "hunter2-\"S3CR3T\""
	const jsonata = table.JSONata
	pass := func(name, next string) *table.Pass { return &table.Pass{Name: name, Next: next, End: next == ""} }
	inner := table.Branch{StartAt: "In", States: []table.State{&table.Pass{Name: "In", End: true, Assign: table.Document(func(c *asl.Context, r *table.Reader) asl.Value {
		return value.Object(value.Field("copy", r.Value("$", "")))
	})}}}
	broken := table.Branch{StartAt: "In", States: []table.State{&table.Pass{Name: "In", End: true, InputPath: "$.nothing"}}}
	for name, states := range map[string][]table.State{
		"Pass": {&table.Pass{Name: "Next", End: true, Assign: table.Document(func(_ *asl.Context, r *table.Reader) asl.Value {
			return value.Object(value.Field("all", r.Value("$", "")))
		})}},
		"template": {&table.Pass{Name: "Next", End: true, Parameters: table.Document(func(_ *asl.Context, r *table.Reader) asl.Value {
			return r.Value("$.nothing", "/x.$")
		})}},
		"Parallel":  {&table.Parallel{Name: "Next", End: true, Branches: []table.Branch{inner}}},
		"fan":       {&table.Parallel{Name: "Next", End: true, Branches: []table.Branch{broken}}},
		"Map":       {&table.Map{Name: "Next", End: true, ItemsPath: "$.list", ItemProcessor: inner}},
		"children":  {&table.Map{Name: "Next", End: true, ItemsPath: "$.list", ItemProcessor: inner, Distributed: &table.Distributed{}}},
		"no array":  {&table.Map{Name: "Next", End: true, ItemsPath: "$.secret", ItemProcessor: inner}},
		"no number": {&table.Map{Name: "Next", End: true, ItemsPath: "$.list", MaxConcurrencyPath: "$.secret", ItemProcessor: inner}},
		"Choice":    {&table.Choice{Name: "Next", Choices: []table.Rule{{Variable: "$.secret", Operator: "StringEquals", Value: "x", Next: "Next"}}}},
		"Wait":      {&table.Wait{Name: "Next", End: true, TimestampPath: "$.secret"}},
		"seconds":   {&table.Wait{Name: "Next", End: true, SecondsPath: "$.secret"}},
		"Succeed":   {&table.Succeed{Name: "Next"}},
		"Fail":      {&table.Fail{Name: "Next", ErrorPath: "$.secret", CausePath: "States.Format('{} and {}', $.secret, $.token)"}},
		"no text":   {&table.Fail{Name: "Next", ErrorPath: "$.list", CausePath: "$"}},
		"JSONata":   {&table.Wait{Name: "Next", QueryLanguage: jsonata, End: true, Seconds: 0, SecondsPath: "{% $states.input.secret %}"}},
		"text":      {&table.Fail{Name: "Next", QueryLanguage: jsonata, Error: "{% $states.input.secret %}", Cause: "{% $string($states.input) %}"}},
		"items":     {&table.Map{Name: "Next", QueryLanguage: jsonata, End: true, ItemProcessor: inner}},
		"task fails": {&table.Task{Name: "Next", End: true, Resource: "arn:aws:lambda:us-east-1:123456789012:function:f", Run: table.RequestResponse("Next", table.Input, asl.CallFunc(func(_ context.Context, in asl.Value) (asl.Value, error) {
			return in, &asl.Error{Name: secret, Cause: in.String()}
		}))}},
		"panic": {&table.Task{Name: "Next", End: true, Resource: "arn:aws:lambda:us-east-1:123456789012:function:f", Run: table.RequestResponse("Next", table.Input, asl.CallFunc(func(_ context.Context, in asl.Value) (asl.Value, error) {
			panic(in.Get("secret"))
		}))}},
	} {
		t.Run(name, func(t *testing.T) {
			engine := memory.NewDriven(begin)
			var told, logged bytes.Buffer
			var token string
			first := deploy("Again", func(ctx context.Context, given string, _ asl.Value) error {
				token = given
				return engine.SendTaskSuccess(ctx, given, value.Object(value.Field("token", value.String(given))))
			})
			again := pass("Again", "Next")
			again.Parameters = table.Document(func(_ *asl.Context, r *table.Reader) asl.Value {
				return value.Object(value.Field("secret", r.Value("$.secret", "/secret.$")), value.Field("token", r.Value("$.task.token", "/token.$")), value.Field("list", value.Array(r.Value("$.secret", "/secret.$"), r.Value("$.task.token", "/token.$"))))
			})
			m := newMachine(t, engine, table.Definition{}, append([]table.State{first, again}, states...), "Deploy",
				asl.Observe(asl.LogTo(slog.New(slog.NewJSONHandler(&logged, nil)))),
				asl.Observe(asl.ObserverFunc(func(_ string, e asl.Event) {
					if e.Type == asl.ExecutionStarted || e.ID == 2 {
						return // nothing has said yet that it is a secret
					}
					if err := json.NewEncoder(&told).Encode(e); err != nil {
						t.Error(err)
					}
				})))
			_, err := m.Run(t.Context(), value.Object(value.Field("secret", value.String(secret))))
			if failed := new(asl.Error); err != nil && !errors.As(err, &failed) {
				t.Fatal(err)
			}
			for what, text := range map[string]string{"observer": told.String(), "log": logged.String()} {
				for _, hot := range []string{"S3CR3T", "hunter2", token} {
					if at := strings.Index(text, hot); at >= 0 {
						t.Errorf("%s: %q in %s", what, hot, text[max(0, at-300):at+20])
					}
				}
			}
			if told.Len() == 0 || logged.Len() == 0 || token == "" {
				t.Error("nothing was told")
			}
		})
	}
}

// An observer may ask the execution that it is told of anything, and stop it.
func TestObserverAsks(t *testing.T) {
	engine := memory.New()
	var e *asl.Execution[asl.Value]
	ready := make(chan bool)
	seen := 0
	m := newMachine(t, engine, table.Definition{}, []table.State{
		&table.Task{Name: "Call", Resource: "arn:aws:states:::lambda:invoke", Next: "Sleep", Run: table.RequestResponse("Call", table.Input, asl.CallFunc(func(context.Context, asl.Value) (asl.Value, error) {
			<-ready
			return value.True, nil
		}))},
		&table.Wait{Name: "Sleep", Seconds: 3600, End: true},
	}, "Call", asl.Observe(asl.ObserverFunc(func(_ string, event asl.Event) {
		if event.ID < 5 {
			return // before Start has returned
		}
		if history := told.History(e); int64(len(history)) < event.ID || history[event.ID-1].Type != event.Type {
			t.Errorf("event %d is not in the history", event.ID)
		}
		seen++
		if event.Type == "WaitStateEntered" && told.Status(e) == asl.StatusRunning {
			told.Stop(e, "Enough", "seen")
		}
	})))
	e, err := m.Start(t.Context(), value.EmptyObject)
	if err != nil {
		t.Fatal(err)
	}
	close(ready)
	if _, err := e.Wait(t.Context()); err == nil || err.Error() != "aborted: Enough: seen" {
		t.Error(err)
	}
	if want := len(told.History(e)) - 4; seen != want {
		t.Errorf("seen %d events of %d", seen, want)
	}
}
