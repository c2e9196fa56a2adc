package main

import (
	"strings"

	"github.com/r-seed-632eed22/aslgen/cmd/internal/batch"
	"github.com/r-seed-632eed22/aslgen/internal/runner"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// answerLevels are the levels at which an answer of AWS is compared, in the order of the scoreboard.
var answerLevels = []string{"output", "error", "cause"}

// answerRow is a machine with how AWS said that its execution, or the test of its state, ended: a line of a file.
type answerRow struct {
	header      `json:",inline"`
	Family      string      `json:"family"`
	Type        string      `json:"type"` // STANDARD or EXPRESS
	Definition  value.Value `json:"definition"`
	Input       value.Value `json:"input"`
	TaskResults []struct {
		State  string      `json:"state"`
		Kind   string      `json:"kind"` // none: the task never ends
		Output value.Value `json:"output"`
		Error  *string     `json:"error"`
		Cause  *string     `json:"cause"`
	} `json:"taskResults"`
	API string      `json:"api"` // execution or TestState
	AWS value.Value `json:"aws"` // status, output, error, cause or what is in it: causeHas
}

func (r *answerRow) machine() batch.Machine {
	return batch.Machine{Definition: compilable(r.Definition), Express: r.Type == "EXPRESS"}
}

// spec returns how to run the row: a test of a state too as an execution, which ends as the only state of its machine does.
func (r *answerRow) spec() (runner.Spec, error) {
	s := runner.Spec{Input: r.Input}
	for _, t := range r.TaskResults {
		m := runner.Mock{States: []string{t.State}, Kind: t.Kind, Output: t.Output, Error: t.Error, Cause: t.Cause}
		switch {
		case m.Kind != "":
		case t.Error != nil:
			m.Kind = "failure"
		default:
			m.Kind = "success"
		}
		s.Mocks = append(s.Mocks, m)
	}
	return s, nil
}

// expected returns how the execution ends, without the members that say by null that there is nothing.
func (r *answerRow) expected() value.Value {
	var members []value.Member
	for name, m := range r.AWS.Members() {
		if !m.IsNull() || name == "output" {
			members = append(members, value.Field(name, m))
		}
	}
	return value.Object(members...)
}

// recorded returns the levels that the row records.
func (r *answerRow) recorded() []string {
	list := answerLevels[:1:1]
	if !r.expected().Get("error").IsAbsent() {
		list = append(list, "error")
	}
	if want := r.expected(); !want.Get("cause").IsAbsent() || !want.Get("causeHas").IsAbsent() {
		list = append(list, "cause")
	}
	return list
}

func (r *answerRow) failed(reason string) *outcome {
	return failedOutcome(r.group(), r.recorded(), reason)
}

// group is the row's header with its family as the group.
func (r *answerRow) group() header {
	h := r.header
	h.Group = r.Family
	return h
}

func (r *answerRow) compare(got *runner.Result) *outcome {
	if got.Status == "TIMED_OUT" { // only the last event of the history says States.Timeout
		got.Error, got.Cause = nil, nil
	}
	if r.API == "TestState" && got.Cause != nil {
		bare := withoutState(*got.Cause)
		got.Cause = &bare
	}
	m, want := newMatcher(), r.expected()
	if part, ok := want.Get("causeHas").AsString(); ok {
		if got.Cause != nil && strings.Contains(*got.Cause, part) {
			part = *got.Cause
		}
		want = want.With("cause", value.String(part))
	}
	o := newOutcome(r.group(), got)
	for _, level := range r.recorded() {
		o.levels[level] = m.end(level, want, got)
	}
	o.diffs = m.diffs
	return o
}

// withoutState cuts off the words before a cause that name the state, which a test of one state does not have.
func withoutState(cause string) string {
	if !strings.HasPrefix(cause, "An error occurred while executing the state '") {
		return cause
	}
	_, bare, found := strings.Cut(cause, "). ")
	if !found {
		return cause
	}
	return bare
}
