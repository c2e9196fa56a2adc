package main

import (
	"fmt"
	"slices"

	"github.com/r-seed-632eed22/aslgen/internal/runner"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// executionLevels are the levels at which an execution is compared, in the order of the scoreboard.
var executionLevels = []string{"output", "error", "cause", "parameters", "historyTypes", "historyDetails"}

// outcome is a row compared with what happened. A level that the row does not record is not in levels.
type outcome struct {
	header
	levels  map[string]bool
	skipped bool // the row is not compared; diffs says why
	result  *runner.Result
	diffs   []string
}

func newOutcome(h header, got *runner.Result) *outcome {
	return &outcome{header: h, levels: map[string]bool{}, result: got}
}

// failedOutcome is the outcome of a row that could not be run, which agrees at no level.
func failedOutcome(h header, levels []string, reason string) *outcome {
	o := newOutcome(h, &runner.Result{ID: h.ID})
	o.diffs = []string{reason}
	for _, level := range levels {
		o.levels[level] = false
	}
	return o
}

// recorded returns the levels that a row records.
func (r *row) recorded() (list []string) {
	list = []string{"output"}
	for _, level := range []string{"error", "cause"} {
		if !r.Expected.Get(level).IsAbsent() {
			list = append(list, level)
		}
	}
	if slices.ContainsFunc(r.Mocks, func(m mock) bool { return !m.sent().IsAbsent() }) {
		list = append(list, "parameters")
	}
	if len(r.History) > 0 {
		list = append(list, "historyTypes", "historyDetails")
	}
	return list
}

// failed implements [runnable].
func (r *row) failed(reason string) *outcome { return failedOutcome(r.header, r.recorded(), reason) }

// compare holds what happened to what was recorded, at each level that the row records.
func (r *row) compare(got *runner.Result) *outcome {
	m := newMatcher()
	m.withoutRedrive = r.AWSValidated != "" && r.AWSValidated < "2023-11-15"
	o := newOutcome(r.header, got)
	for _, level := range r.recorded() {
		o.levels[level] = compareLevel(m, level, r, got)
	}
	o.diffs = m.diffs
	return o
}

func compareLevel(m *matcher, level string, r *row, got *runner.Result) bool {
	switch level {
	case "output", "error", "cause":
		return m.end(level, r.Expected, got)
	case "parameters":
		return m.parameters(r, got)
	case "historyTypes":
		return m.types(r, got)
	}
	return m.history(r, got)
}

// end compares how an execution or a state ended: its status and output, its error, or its cause.
func (m *matcher) end(level string, expected value.Value, got *runner.Result) bool {
	switch level {
	case "error":
		return m.value("error", expected.Get("error"), textValue(got.Error))
	case "cause":
		return m.cause("cause", expected.Get("cause"), textValue(got.Cause))
	}
	same := m.value("status", expected.Get("status"), value.String(got.Status))
	if want := expected.Get("output"); !want.IsAbsent() || !got.Output.IsAbsent() {
		same = m.value("output", want, got.Output) && same
	}
	for name, text := range map[string]*string{"error": got.Error, "cause": got.Cause} {
		if expected.Get(name).IsAbsent() && text != nil { // where it is recorded it is a level of its own
			same = m.differ(name, value.Value{}, textValue(text))
		}
	}
	return same
}

func textValue(s *string) value.Value {
	if s == nil {
		return value.Value{}
	}
	return value.String(*s)
}

// cause compares a cause, which is JSON text where the recorder shows it parsed.
func (m *matcher) cause(place string, want, got value.Value) bool {
	if want.Kind() == value.StringKind || want.IsAbsent() || want.IsNull() {
		return m.value(place, want, got)
	}
	text, _ := got.AsString()
	parsed, err := value.Parse([]byte(text))
	if err != nil || parsed.String() != text { // it is compact on the wire
		return m.differ(place, want, got)
	}
	return m.value(place, want, parsed)
}

// sentTo returns what a task was called with, if the event tells.
func sentTo(e *runner.Event) (value.Value, bool) {
	switch e.Type {
	case "TaskScheduled":
		return e.Parameters, true
	case "LambdaFunctionScheduled", "ActivityScheduled":
		return e.Input, true
	}
	return value.Value{}, false
}

// parameters compares what the tasks were called with: in order, or in any order where several run at once.
func (m *matcher) parameters(r *row, got *runner.Result) bool {
	sent := calls(got)
	same := true
	if len(sent) != len(r.Mocks) {
		m.diffs = append(m.diffs, fmt.Sprintf("mocks: want %d calls, got %d", len(r.Mocks), len(sent)))
		same = false
	}
	for i := range r.Mocks {
		want, place := r.Mocks[i].sent(), fmt.Sprintf("mocks[%d].parameters", i)
		if want.IsAbsent() {
			continue
		}
		if r.unordered() {
			same = m.among(place, want, &sent) && same
			continue
		}
		have := value.Value{}
		if i < len(sent) {
			have = sent[i]
		}
		same = m.value(place, want, have) && same
	}
	return same
}

// calls returns what the tasks were called with, in the order of the history.
func calls(got *runner.Result) (sent []value.Value) {
	for i := range got.History {
		if v, ok := sentTo(&got.History[i]); ok {
			sent = append(sent, v)
		}
	}
	return sent
}

// among takes what was recorded out of a list in any order.
func (m *matcher) among(place string, want value.Value, list *[]value.Value) bool {
	k := slices.IndexFunc(*list, func(v value.Value) bool {
		return m.trial(func(t *matcher) bool { return t.value(place, want, v) })
	})
	if k < 0 {
		m.diffs = append(m.diffs, fmt.Sprintf("%s: nothing like %s", place, shown(want)))
		return false
	}
	*list = slices.Delete(*list, k, k+1)
	return true
}
