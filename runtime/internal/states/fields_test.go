package states_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// TestRules: what a rule of a Choice says of an input (R90–R102).
func TestRules(t *testing.T) {
	at := func(operator table.Operator, v any) table.Rule {
		return table.Rule{Variable: "$.a", Operator: operator, Value: v}
	}
	path := func(operator table.Operator) table.Rule {
		return table.Rule{Variable: "$.a", Operator: operator, Path: "$.b"}
	}
	never, always := at("IsPresent", false), at("IsPresent", true)
	for _, row := range []struct {
		rule  table.Rule
		input string
		holds bool
	}{
		{at("NumericLessThan", 1), `{"a":1}`, false}, {at("NumericLessThan", 1), `{"a":0.9}`, true},
		{at("NumericLessThanEquals", 1), `{"a":1}`, true}, {at("NumericLessThanEquals", 1), `{"a":1.1}`, false},
		{at("NumericGreaterThan", 1), `{"a":1}`, false}, {at("NumericGreaterThan", 1), `{"a":2}`, true},
		{at("NumericGreaterThanEquals", 1), `{"a":1}`, true}, {at("NumericGreaterThanEquals", 1), `{"a":0}`, false},
		{at("NumericEquals", 1), `{"a":1.0}`, true}, {at("NumericEquals", 1), `{"a":"1"}`, false},
		{path("BooleanEqualsPath"), `{"a":true,"b":true}`, true}, {path("BooleanEqualsPath"), `{"a":"x","b":"x"}`, false},
		{path("StringEqualsPath"), `{"a":1,"b":1}`, false}, {path("NumericEqualsPath"), `{"a":"1","b":"1"}`, false},
		{at("StringMatches", "*"), `{"a":1}`, false}, {at("StringMatches", "a*b"), `{"a":"axxb"}`, true},
		{at("StringMatches", `a\*b`), `{"a":"a*b"}`, true}, {at("StringMatches", `a\*b`), `{"a":"axb"}`, false},
		{at("StringMatches", `a\\*`), `{"a":"a\\b"}`, true}, {at("StringMatches", "ab"), `{"a":"abc"}`, false},
		{at("StringMatches", "*ab*ab"), `{"a":"xabab"}`, true}, {at("StringMatches", "*ab*ab"), `{"a":"xab"}`, false},
		// By UTF-16 code units, in which U+1F600 begins with D83D, before U+FF5E.
		{at("StringLessThan", "\uff5e"), `{"a":"😀"}`, true}, {at("StringGreaterThan", "😀"), `{"a":"～"}`, true},
		{at("StringLessThan", "\U0001F601"), `{"a":"😀"}`, true}, {at("StringLessThan", "ab"), `{"a":"a"}`, true},
		{at("TimestampLessThan", "2026-01-02T00:00:00Z"), `{"a":"2026-01-02T00:00:00+01:00"}`, true},
		{path("TimestampEqualsPath"), `{"a":"2026-01-02T00:00:00Z","b":"2026-01-02T01:00:00+01:00"}`, true},
		{path("TimestampEqualsPath"), `{"a":"2026-01-02T00:00:00Z","b":"x"}`, false},
		{at("IsPresent", true), `{"a":null}`, true}, {at("IsPresent", false), `{"a":null}`, false},
		{at("IsPresent", false), `{}`, true}, {at("IsPresent", true), `{}`, false},
		{at("IsTimestamp", true), `{"a":"2026-01-02T00:00:00Z"}`, true}, {at("IsNull", false), `{"a":1}`, true},
		{table.Rule{And: []table.Rule{always, never}}, `{"a":1}`, false}, {table.Rule{And: []table.Rule{always, always}}, `{"a":1}`, true},
		{table.Rule{Or: []table.Rule{never, always}}, `{"a":1}`, true}, {table.Rule{Or: []table.Rule{never, never}}, `{"a":1}`, false},
		{table.Rule{Not: &never}, `{"a":1}`, true}, {table.Rule{Not: &always}, `{"a":1}`, false},
		// No more is looked at than must be (R91): the last would fail.
		{table.Rule{And: []table.Rule{always, at("NumericEquals", 1)}}, `{}`, false},
		{table.Rule{Or: []table.Rule{at("IsPresent", false), at("NumericEquals", 1)}}, `{}`, true},
	} {
		row.rule.Next = "Yes"
		for _, otherwise := range []string{"No", ""} {
			e := runToEnd(t, row.input, table.Definition{StartAt: "C", States: []table.State{
				&table.Choice{Name: "C", Choices: []table.Rule{row.rule}, Default: otherwise}, &table.Succeed{Name: "Yes"}, &table.Pass{Name: "No", End: true},
			}})
			holds := slices.Contains(e.types, "SucceedStateEntered")
			if holds != row.holds {
				t.Errorf("%+v of %s: %t, %v", row.rule, row.input, holds, e.err)
			}
			if want := map[bool]asl.Status{true: asl.StatusFailed, false: asl.StatusSucceeded}[otherwise == "" && !row.holds]; e.status != want { // X2
				t.Errorf("%+v of %s: %s, %v", row.rule, row.input, e.status, e.err)
			}
		}
	}
}

// TestNumbers: the numbers that fields take from paths, to the last one (R112, R145, R161).
func TestNumbers(t *testing.T) {
	inner := table.Branch{StartAt: "In", States: []table.State{&table.Pass{Name: "In", End: true}}}
	fields := map[string]func() table.State{
		"TimeoutSecondsPath": func() table.State {
			s := call(func(context.Context) (asl.Value, error) { return value.Null, nil })
			s.TimeoutSecondsPath = "$.n"
			return s
		},
		"HeartbeatSecondsPath": func() table.State {
			s := call(func(context.Context) (asl.Value, error) { return value.Null, nil })
			s.HeartbeatSecondsPath = "$.n"
			return s
		},
		"SecondsPath": func() table.State { return &table.Wait{Name: "Work", SecondsPath: "$.n", End: true} },
		"MaxConcurrencyPath": func() table.State {
			return &table.Map{Name: "Work", ItemsPath: "$.list", MaxConcurrencyPath: "$.n", ItemProcessor: inner, End: true}
		},
		"ToleratedFailureCountPath": func() table.State {
			return &table.Map{Name: "Work", ItemsPath: "$.list", ItemProcessor: inner, End: true, Distributed: &table.Distributed{ToleratedFailureCountPath: "$.n"}}
		},
		"ToleratedFailurePercentagePath": func() table.State {
			return &table.Map{Name: "Work", ItemsPath: "$.list", ItemProcessor: inner, End: true, Distributed: &table.Distributed{ToleratedFailurePercentagePath: "$.n"}}
		},
		"MaxItemsPerBatchPath": func() table.State {
			return &table.Map{Name: "Work", ItemsPath: "$.list", ItemProcessor: inner, End: true, Distributed: &table.Distributed{ItemBatcher: &table.ItemBatcher{MaxItemsPerBatchPath: "$.n"}}}
		},
	}
	for field, numbers := range map[string]map[string]bool{
		"TimeoutSecondsPath":             {"1": true, "0": false, "-1": false, "99999999": true, "100000000": false, "1.5": false, `"x"`: false},
		"HeartbeatSecondsPath":           {"1": true, "0": false, "99999999": true, "100000000": false},
		"SecondsPath":                    {"0": true, "-1": false, `"3"`: true, "1.5": false, "99999999": true},
		"MaxConcurrencyPath":             {"0": true, "-1": false, "2147483647": true, "2147483648": false, `"7"`: true, `"x"`: false},
		"ToleratedFailureCountPath":      {"0": true, "-1": false, "1.5": false},
		"ToleratedFailurePercentagePath": {"0": true, "-0.1": false, "100": true, "100.1": false, `"12.5"`: true, `"x"`: false},
		"MaxItemsPerBatchPath":           {"1": true, "0": false, "-1": false},
	} {
		for n, taken := range numbers {
			e := runToEnd(t, `{"n":`+n+`,"list":[1]}`, table.Definition{StartAt: "Work", States: []table.State{fields[field]()}})
			ran := e.status == asl.StatusSucceeded || field == "SecondsPath" && e.status == asl.StatusTimedOut
			if ran != taken || !ran && e.err.Name != asl.ErrorRuntime {
				t.Errorf("%s of %s: %s, %v", field, n, e.status, e.err)
			}
			if !ran && slices.Contains(e.types, asl.MapRunStarted) && strings.HasPrefix(field, "Tolerated") {
				t.Errorf("%s of %s: the Map Run begins", field, n)
			}
		}
	}
}

// TestWaits: until when a Wait waits.
func TestWaits(t *testing.T) {
	for _, row := range []struct {
		wait table.Wait
		want time.Duration
	}{
		{table.Wait{Seconds: 90}, 90 * time.Second},
		{table.Wait{Timestamp: "2026-01-02T03:05:05.900Z"}, time.Minute}, // R113
		{table.Wait{TimestampPath: "$.at"}, time.Minute},
		{table.Wait{Timestamp: "2020-01-01T00:00:00Z"}, 0},
		{table.Wait{QueryLanguage: table.JSONata, Timestamp: "{% $states.input.at %}"}, time.Minute},
		{table.Wait{QueryLanguage: table.JSONata, SecondsPath: "{% $states.input.n * 2 %}"}, 6 * time.Second},
	} {
		s := row.wait
		s.Name, s.End = "Work", true
		e := runToEnd(t, `{"at":"2026-01-02T03:05:05.900Z","n":3}`, table.Definition{StartAt: "Work", States: []table.State{&s}})
		if e.status != asl.StatusSucceeded || e.took.Truncate(time.Second) != row.want {
			t.Errorf("%+v: %s, %v, %v", row.wait, e.status, e.took, e.err)
		}
	}
	s := &table.Wait{Name: "Work", QueryLanguage: table.JSONata, Timestamp: "{% 'soon' %}", End: true}
	if e := runToEnd(t, `{}`, table.Definition{StartAt: "Work", States: []table.State{s}}); e.status != asl.StatusFailed || e.err.Name != asl.ErrorQueryEvaluation {
		t.Error(e.status, e.err)
	}
}

// TestTypedParameters: a value that a field of the SDK's cannot hold is not sent (R165).
func TestTypedParameters(t *testing.T) {
	for input, want := range map[string]string{
		`{"weight":2147483647,"command":["a"]}`:  "",
		`{"weight":2147483648,"command":["a"]}`:  "The value for the field 'Weight' must be an integer of at most 2147483647",
		`{"weight":-2147483649,"command":["a"]}`: "The value for the field 'Weight' must be an integer",
		`{"weight":1.5,"command":["a"]}`:         "The value for the field 'Weight' must be an integer",
		`{"weight":1,"command":"a"}`:             "The value for the field 'Command' must be an array",
		`{"weight":1,"command":{}}`:              "The value for the field 'Command' must be an array",
		`{"weight":1,"command":["a",null]}`:      "null",
		`{"weight":1,"command":["a",1]}`:         "must be a STRING",
		`{"weight":null,"command":null}`:         "",
	} {
		s := task("arn:aws:states:::ecs:runTask.sync", table.Sync("Work", func(_ *asl.Context, r *table.Reader) *ecs.RunTaskInput {
			return &ecs.RunTaskInput{
				TaskDefinition:           aws.String("t"),
				CapacityProviderStrategy: []types.CapacityProviderStrategyItem{{CapacityProvider: aws.String("c"), Weight: table.Read[int32](r, "$.weight", "/CapacityProviderStrategy/0/Weight.$")}},
				Overrides:                &types.TaskOverride{ContainerOverrides: []types.ContainerOverride{{Command: r.Strings("$.command", "/Overrides/ContainerOverrides/0/Command.$")}}},
			}
		}, asl.JobFunc(func(context.Context, *ecs.RunTaskInput) (*types.Task, error) { return &types.Task{}, nil })))
		e := runToEnd(t, input, table.Definition{StartAt: "Work", States: []table.State{s}})
		switch {
		case want == "" && e.status != asl.StatusSucceeded:
			t.Errorf("%s: %v", input, e.err)
		case want != "" && (e.status != asl.StatusFailed || e.err.Name != asl.ErrorRuntime || !strings.Contains(e.err.Cause, want)):
			t.Errorf("%s: %s, %v", input, e.status, e.err)
		}
	}
}

// TestBatches: a batch has no more items and bytes than it may have.
func TestBatches(t *testing.T) {
	inner := table.Branch{StartAt: "In", States: []table.State{&table.Pass{Name: "In", End: true}}}
	for _, row := range []struct {
		items, bytes int
		want         string
	}{
		{2, 0, "[2,2,1]"}, {3, 0, "[3,2]"}, {0, len(`{"Items":[1,1]}`), "[2,2,1]"}, {0, len(`{"Items":[1,1]}`) - 1, "[1,1,1,1,1]"}, {0, len(`{"Items":[1,1,1]}`), "[3,2]"},
	} {
		e := runToEnd(t, `[1,1,1,1,1]`, table.Definition{StartAt: "M", States: []table.State{&table.Map{Name: "M", End: true, ItemProcessor: inner, Distributed: &table.Distributed{
			ItemBatcher: &table.ItemBatcher{MaxItemsPerBatch: row.items, MaxInputBytesPerBatch: row.bytes}}}}})
		var lengths []string
		for _, batch := range e.output.Elements() {
			lengths = append(lengths, fmt.Sprint(batch.Get("Items").Len()))
		}
		if got := "[" + strings.Join(lengths, ",") + "]"; got != row.want {
			t.Errorf("%d items, %d bytes: %s, want %s", row.items, row.bytes, got, row.want)
		}
	}
}

// The time of an HTTP task is 60 seconds, or less if the state says so; iterations run forty at a time at most (R141).
func TestMostAtOnce(t *testing.T) {
	wait := table.Branch{StartAt: "W", States: []table.State{&table.Wait{Name: "W", Seconds: 10, End: true}}}
	for limit, want := range map[int]time.Duration{0: 30 * time.Second, 100: 30 * time.Second, 40: 30 * time.Second, 20: 50 * time.Second} {
		e := runToEnd(t, "["+strings.Repeat("0,", 99)+"0]", table.Definition{StartAt: "M", States: []table.State{&table.Map{Name: "M", End: true, MaxConcurrency: limit, ItemProcessor: wait}}})
		if e.took != want {
			t.Errorf("%d at a time: %v", limit, e.took)
		}
	}
	for seconds, want := range map[int]time.Duration{0: time.Minute, 30: 30 * time.Second, 60: time.Minute, 70: time.Minute} {
		s := call(func(ctx context.Context) (asl.Value, error) { return asl.Value{}, clock.Sleep(ctx, time.Hour) })
		s.Resource, s.TimeoutSeconds = "arn:aws:states:::http:invoke", seconds
		if e := runToEnd(t, `{}`, table.Definition{StartAt: "Work", States: []table.State{s}}); e.took != want {
			t.Errorf("TimeoutSeconds %d: %v", seconds, e.took)
		}
	}
}

// The children of a DISTRIBUTED Map have no variables of the machine around them (R63).
func TestChildrenHaveNoVariables(t *testing.T) {
	inner := table.Branch{StartAt: "In", States: []table.State{&table.Pass{Name: "In", End: true, Parameters: table.Document(func(_ *asl.Context, r *table.Reader) asl.Value {
		return r.Value("$x", "/x.$")
	})}}}
	for _, d := range []*table.Distributed{nil, {}} {
		e := runToEnd(t, `[1]`, table.Definition{StartAt: "Set", States: []table.State{
			&table.Pass{Name: "Set", Next: "M", Assign: constant(`{"x":1}`)}, &table.Map{Name: "M", End: true, ItemProcessor: inner, Distributed: d},
		}})
		if sees := e.status == asl.StatusSucceeded; sees != (d == nil) {
			t.Errorf("distributed %t: %v, %v", d != nil, e.output, e.err)
		}
	}
}

// TestPlace: an execution fails at the place of what failed it, whatever its data say.
func TestPlace(t *testing.T) {
	const source = `{
  "StartAt": "P",
  "States": {
    "P": {
      "Type": "Pass",
      "Parameters": {
        "x.$": "$.missing",
        "y.$": "$.present.very.long"
      },
      "End": true
    }
  }
}`
	m := newMachine(t, memory.NewDriven(begin), table.Definition{File: "m.asl.json", Source: source, Checksum: table.Checksum(source)}, []table.State{
		&table.Pass{Name: "P", End: true, Parameters: table.Document(func(_ *asl.Context, r *table.Reader) asl.Value {
			return value.Array(r.Value("$.missing", "/x.$"), r.Value("$.present.very.long", "/y.$"))
		})},
	}, "P")
	for input, want := range map[string]string{
		`{"present":{"very":{"long":1}},"note":"plain"}`:                   "m.asl.json:7:16",
		`{"present":{"very":{"long":1}},"note":"see $.present.very.long"}`: "m.asl.json:7:16",
		`{"missing":"$.missing"}`:                                          "m.asl.json:8:16",
	} {
		_, err := m.Run(t.Context(), value.MustParse(input))
		if failed, ok := errors.AsType[*asl.Error](err); !ok || failed.Place != want {
			t.Errorf("%s: %v, want %s", input, err, want)
		}
	}
}
