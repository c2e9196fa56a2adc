package main

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/r-seed-632eed22/aslgen/cmd/internal/batch"
	"github.com/r-seed-632eed22/aslgen/internal/runner"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// testLevels are the levels at which a test of one state is compared, in the order of the scoreboard.
var testLevels = []string{"output", "error", "cause", "nextState", "inspectionData", refused}

// testRow is a recorded test of one state: a line of a file.
type testRow struct {
	header   `json:",inline"`
	Request  testRequest `json:"request"`
	Expected value.Value `json:"expected"`
}

// testRequest is what the TestState API was called with (T1).
type testRequest struct {
	Definition value.Value `json:"definition"` // a state, or the machine that has it
	StateName  *string     `json:"stateName"`  // of a machine
	Input      value.Value `json:"input"`
	Variables  value.Value `json:"variables"`
	Context    value.Value `json:"context"`
	Mock       *struct {
		FieldValidationMode string `json:"fieldValidationMode"` // "" is STRICT

		Result      *string `json:"result"` // JSON
		ErrorOutput *struct {
			Error *string `json:"error"`
			Cause *string `json:"cause"`
		} `json:"errorOutput"`
	} `json:"mock"`
	StateConfiguration struct {
		RetrierRetryCount        int    `json:"retrierRetryCount"`
		MapIterationFailureCount int    `json:"mapIterationFailureCount"`
		MapItemReaderData        string `json:"mapItemReaderData"`
	} `json:"stateConfiguration"`
}

// loneName is what AWS calls a state that is tested without its machine.
const loneName = "StateName"

// name is that of the state tested. One that is tested without its machine gets a name that no state inside it has.
func (q *testRequest) name() string {
	if q.StateName != nil {
		return *q.StateName
	}
	name := loneName
	for strings.Contains(q.Definition.String(), `"`+name+`"`) {
		name += "'"
	}
	return name
}

// refusal is what the API said instead of testing the state, absent if it tested it.
func (r *testRow) refusal() value.Value { return r.Expected.Get("apiError") }

// machine returns the machine of the state. For a lone one it is made of it and of the states that it names.
func (r *testRow) machine() batch.Machine {
	definition := r.Request.Definition
	if definition.Get("States").IsAbsent() && !definition.Get("Type").IsAbsent() {
		states := value.Object(value.Field(r.Request.name(), definition))
		for name := range targets(definition) {
			if states.Get(name).IsAbsent() {
				states = states.With(name, value.Object(value.Field("Type", value.String("Succeed"))))
			}
		}
		definition = value.Object(value.Field("StartAt", value.String(r.Request.name())), value.Field("States", states))
	}
	return batch.Machine{Definition: compilable(definition)}
}

// targets returns the names of the states that a state goes on to.
func targets(state value.Value) map[string]bool {
	names := map[string]bool{}
	note := func(v value.Value) {
		if name, ok := v.AsString(); ok {
			names[name] = true
		}
	}
	note(state.Get("Next"))
	note(state.Get("Default"))
	for _, field := range []string{"Catch", "Choices"} {
		for _, e := range state.Get(field).Elements() {
			note(e.Get("Next"))
		}
	}
	return names
}

// recordedRole is the beginning of a masked role, and maskedAccount what the recorder put in the place of the account.
const (
	recordedRole  = ":role/<resource"
	maskedAccount = "111111111111"
)

// masked puts the mask of the account into a document of a test, which has no other account than that of [asl.StateTest].
func masked(v value.Value) value.Value {
	if v.IsAbsent() {
		return v
	}
	out, err := value.Parse([]byte(strings.ReplaceAll(v.String(), "123456789012", maskedAccount)))
	if err != nil {
		return v
	}
	return out
}

// spec returns how to run the row.
func (r *testRow) spec() (runner.Spec, error) {
	q := &r.Request
	t := &runner.Test{
		State: q.name(), Variables: q.Variables, Context: q.Context, RetrierRetryCount: q.StateConfiguration.RetrierRetryCount,
		MapIterationFailureCount: q.StateConfiguration.MapIterationFailureCount, MapItemReaderData: q.StateConfiguration.MapItemReaderData,
	}
	if strings.Contains(r.Expected.Get("output").String(), recordedRole) { // which the recorder left out of the request
		t.RoleARN = "arn:aws:iam::" + maskedAccount + ":role/aslconform"
	}
	s := runner.Spec{Input: q.Input, Test: t}
	if s.Input.IsNull() {
		s.Input = value.Value{}
	}
	if q.Mock == nil {
		t.Result = r.carriedOut()
		return s, nil
	}
	if failure := q.Mock.ErrorOutput; failure != nil {
		t.Error = &runner.Mock{Kind: "failure", Error: failure.Error, Cause: failure.Cause}
	}
	t.FieldValidationMode = cmp.Or(q.Mock.FieldValidationMode, "STRICT")
	if q.Mock.Result != nil {
		output, err := value.Parse([]byte(*q.Mock.Result))
		if err != nil {
			return s, fmt.Errorf("the mocked result: %w", err)
		}
		t.Result = output
	}
	return s, nil
}

// carriedOut returns what the call of a Task gave that was tested without a mock, for AWS then carries it out; absent if
// the row does not tell.
func (r *testRow) carriedOut() value.Value {
	state := r.Request.Definition
	if kind, _ := state.Get("Type").AsString(); kind != "Task" || !r.refusal().IsAbsent() {
		return value.Value{}
	}
	if result := r.Expected.Get("inspectionData").Get("result"); !result.IsAbsent() {
		return result
	}
	for _, field := range []string{"ResultSelector", "ResultPath", "OutputPath", "Output"} {
		if !state.Get(field).IsAbsent() {
			return value.Value{}
		}
	}
	return r.Expected.Get("output")
}

// recorded returns the levels that the row records.
func (r *testRow) recorded() []string {
	if !r.refusal().IsAbsent() {
		return []string{refused}
	}
	list := []string{"output"}
	for _, level := range testLevels[1:] {
		if !r.Expected.Get(level).IsAbsent() {
			list = append(list, level)
		}
	}
	return list
}

// failed implements [runnable]. That the test is refused is what is wanted if the API refused it.
func (r *testRow) failed(reason string) *outcome {
	o := failedOutcome(r.header, r.recorded(), reason)
	if !r.refusal().IsAbsent() {
		o.levels[refused], o.diffs = true, nil
	}
	return o
}

// compare holds what happened to what was recorded, at each level that the row records.
func (r *testRow) compare(got *runner.Result) *outcome {
	m := newMatcher()
	got.Output = masked(got.Output)
	o := newOutcome(r.header, got)
	for _, level := range r.recorded() {
		switch level {
		case refused:
			o.levels[level] = m.differ("apiError", r.refusal(), value.Value{})
		case "nextState":
			o.levels[level] = m.value(level, r.Expected.Get(level), value.String(got.Tested.NextState))
		case "inspectionData":
			o.levels[level] = m.inspection(r.Expected.Get(level), got.Tested)
		default:
			o.levels[level] = m.end(level, r.Expected, got)
		}
	}
	o.diffs = m.diffs
	return o
}

// inspection compares the document after each step of the state.
func (m *matcher) inspection(want value.Value, got *runner.Tested) bool {
	v, err := value.Encode(got.Inspection)
	if err != nil {
		return m.differ("inspectionData", want, value.String(fmt.Sprint(err)))
	}
	return m.value("inspectionData", want, v)
}
