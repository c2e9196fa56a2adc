package main

import (
	"slices"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen"
	"github.com/r-seed-632eed22/aslgen/internal/runner"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// refused is the level at which it is compared whether a definition, an input or a test was refused.
const refused = "refused"

// validationLevels is the level at which definitions and inputs are compared.
var validationLevels = []string{refused}

// validationRow is a definition or an execution's input with what AWS said of it: a line of a file.
type validationRow struct {
	header         `json:",inline"`
	Op             string      `json:"op"`
	Type           string      `json:"type"` // STANDARD or EXPRESS
	Definition     value.Value `json:"definition"`
	DefinitionText *string     `json:"definitionText"`
	Request        struct {
		Input *string `json:"input"`
	} `json:"request"`
	Expected value.Value `json:"expected"`
}

// refusedByAWS reports whether AWS refused the call: a validation says so by its result, other calls by an error.
func (r *validationRow) refusedByAWS() bool {
	if result, ok := r.Expected.Get("result").AsString(); ok {
		return result != "OK"
	}
	return slices.ContainsFunc([]string{"code", "exception", "text", "error", "apiError"}, func(name string) bool {
		return !r.Expected.Get(name).IsAbsent()
	})
}

func (r *validationRow) compare() *outcome {
	o := newOutcome(r.header, &runner.Result{ID: r.ID})
	reason, skipped := r.refusal()
	if o.skipped = skipped; skipped {
		o.diffs = []string{"it has neither a definition nor an input"}
		return o
	}
	asRecorded := (reason != "") == r.refusedByAWS()
	o.levels[refused] = asRecorded
	switch {
	case asRecorded:
	case reason == "":
		o.diffs = []string{"AWS refused it"}
	default:
		o.diffs = []string{"AWS accepted it: " + reason}
	}
	return o
}

// refusal says why the definition or the input is refused, "" if it is not.
func (r *validationRow) refusal() (reason string, skipped bool) {
	text := ""
	switch {
	case r.Op == "start_execution" && r.Request.Input != nil:
		if _, err := value.Parse([]byte(*r.Request.Input)); err != nil {
			return err.Error(), false
		}
		return "", false
	case r.DefinitionText != nil:
		text = *r.DefinitionText
	case !r.Definition.IsAbsent() && !r.Definition.IsNull():
		text = string(compilable(r.Definition))
	default:
		return "", true
	}
	a := gen.Analyze("machine.asl.json", []byte(text), strings.EqualFold(r.Type, "EXPRESS"))
	if err := a.Findings.Err(); err != nil {
		return err.Error(), false
	}
	return "", false
}
