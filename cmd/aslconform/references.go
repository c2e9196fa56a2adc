package main

import (
	"github.com/r-seed-632eed22/aslgen/gen"
	"github.com/r-seed-632eed22/aslgen/internal/runner"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// referenceLevels is the level at which references to variables are compared.
var referenceLevels = []string{"references"}

// referenceRow is a machine with the variables that its states read, as AWS tells: a line of a file.
type referenceRow struct {
	header             `json:",inline"`
	Definition         value.Value `json:"definition"`
	VariableReferences value.Value `json:"variableReferences"`
}

func (r *referenceRow) compare() *outcome {
	a := gen.Analyze("machine.asl.json", compilable(r.Definition), false)
	if err := a.Findings.Err(); err != nil {
		return failedOutcome(r.header, referenceLevels, err.Error())
	}
	got, err := value.Encode(a.VariableReferences())
	if err != nil {
		return failedOutcome(r.header, referenceLevels, err.Error())
	}
	m := newMatcher()
	o := newOutcome(r.header, &runner.Result{ID: r.ID, Output: got})
	o.levels[referenceLevels[0]] = m.value("variableReferences", r.VariableReferences, got)
	o.diffs = m.diffs
	return o
}
