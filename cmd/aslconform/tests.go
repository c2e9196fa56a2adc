package main

import (
	"fmt"
	"strings"

	"github.com/r-seed-632eed22/aslgen/cmd/internal/batch"
	"github.com/r-seed-632eed22/aslgen/cmd/internal/batch/runner"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// testLevels are the levels at which a test of one state is compared, in the order of the scoreboard.
var testLevels = []string{"output", "error", "cause", "nextState", "inspectionData"}

// testRow is a recorded test of one state: a line of a file.
type testRow struct {
	header   `json:",inline"`
	Request  testRequest `json:"request"`
	Expected value.Value `json:"expected"`
}

// testRequest is what the TestState API was called with (T1).
type testRequest struct {
	Definition value.Value `json:"definition"` // a state, or the machine that has it
	StateName  string      `json:"stateName"`  // of a machine
	Input      value.Value `json:"input"`
	Variables  value.Value `json:"variables"`
	Context    value.Value `json:"context"`
	Mock       *struct {
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

// name is that of the state tested. A state without its machine gets one that no state inside it has.
func (q *testRequest) name() string {
	if q.StateName != "" {
		return q.StateName
	}
	name := "TestState"
	for strings.Contains(q.Definition.String(), `"`+name+`"`) {
		name += "'"
	}
	return name
}

// skipped implements [runnable]: what the API refuses to run is not compared.
func (r *testRow) skipped() string {
	if refusal := r.Expected.Get("apiError"); !refusal.IsAbsent() {
		return "the API refused the request: " + refusal.String()
	}
	return ""
}

// machine returns the machine of the state. For a lone one it is made of it and of the states that it names.
func (r *testRow) machine() batch.Machine {
	definition := r.Request.Definition
	if definition.Get("States").IsAbsent() {
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

// spec returns how to run the row.
func (r *testRow) spec() runner.Spec {
	q := &r.Request
	t := &runner.Test{
		State: q.name(), Variables: q.Variables, Context: q.Context, RetrierRetryCount: q.StateConfiguration.RetrierRetryCount,
		MapIterationFailureCount: q.StateConfiguration.MapIterationFailureCount, MapItemReaderData: q.StateConfiguration.MapItemReaderData,
	}
	if m := q.Mock; m != nil && m.ErrorOutput != nil {
		t.Mock = &runner.Mock{Kind: "failure", Error: m.ErrorOutput.Error, Cause: m.ErrorOutput.Cause}
	} else if m != nil && m.Result != nil {
		output, err := value.Parse([]byte(*m.Result))
		if err != nil { // as the API has it: a result that is not JSON is a text
			output = value.String(*m.Result)
		}
		t.Mock = &runner.Mock{Kind: "success", Output: output}
	}
	s := runner.Spec{Input: q.Input, Test: t}
	if s.Input.IsNull() {
		s.Input = value.Value{}
	}
	return s
}

// recorded returns the levels that the row records.
func (r *testRow) recorded() []string {
	list := []string{"output"}
	for _, level := range testLevels[1:] {
		if !r.Expected.Get(level).IsAbsent() {
			list = append(list, level)
		}
	}
	return list
}

// failed implements [runnable].
func (r *testRow) failed(reason string) *outcome {
	return failedOutcome(r.header, r.recorded(), reason)
}

// compare holds what happened to what was recorded, at each level that the row records.
func (r *testRow) compare(got *runner.Result) *outcome {
	m := newMatcher()
	o := newOutcome(r.header, got)
	for _, level := range r.recorded() {
		switch level {
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
