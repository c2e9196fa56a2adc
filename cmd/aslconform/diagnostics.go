package main

import (
	"fmt"
	"slices"

	"github.com/r-seed-632eed22/aslgen/gen"
	"github.com/r-seed-632eed22/aslgen/internal/runner"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// The levels at which it is compared whether a finding stands where AWS has one, and whether one there carries AWS's code.
const (
	place   = "place"
	awsCode = "awsCode"
)

// diagnosticLevels are the levels at which findings are compared with AWS's, in the order of the scoreboard.
var diagnosticLevels = []string{refused, place, awsCode}

// diagnosticRow is a definition with the diagnostics that AWS gives it: a line of a file. Its group, and what -trust selects,
// is the evidence for it.
type diagnosticRow struct {
	ID         string      `json:"id"`
	Evidence   string      `json:"evidence"`
	Type       string      `json:"type"` // STANDARD or EXPRESS
	Definition value.Value `json:"definition"`
	Text       *string     `json:"text"` // in place of a definition: what is not JSON
	AWS        struct {
		Accepted    bool            `json:"accepted"`
		Diagnostics []awsDiagnostic `json:"diagnostics"`
	} `json:"aws"`
}

// awsDiagnostic is an element of what ValidateStateMachineDefinition answers.
type awsDiagnostic struct {
	Code     string `json:"code"`
	Severity string `json:"severity"` // ERROR or WARNING
	Message  string `json:"message"`
	Location string `json:"location"` // /States/A/Choices[0]/Next; "" if it has none
}

func (r *diagnosticRow) header() header {
	return header{ID: r.ID, Group: r.Evidence, Trust: r.Evidence}
}

func (r *diagnosticRow) text() []byte {
	if r.Text != nil {
		return []byte(*r.Text)
	}
	return []byte(r.Definition.String())
}

// doubted are rows that are believed wrong, with the reason. They are skipped.
var doubted = map[string]string{
	"map/reader-on-inline": "AWS documents ItemReader for distributed Maps alone, and the row's source does not say that AWS was asked",
}

func (r *diagnosticRow) compare() *outcome {
	o := newOutcome(r.header(), &runner.Result{ID: r.ID})
	if reason, ok := doubted[r.ID]; ok {
		o.skipped, o.diffs = true, []string{reason}
		return o
	}
	a := gen.Analyze("machine.asl.json", r.text(), r.Type == "EXPRESS")
	found := &a.Findings
	o.levels[refused] = found.HasErrors() != r.AWS.Accepted
	for _, d := range r.AWS.Diagnostics {
		if d.Severity != "ERROR" {
			continue
		}
		node, err := a.Locate(d.Location)
		if err != nil {
			o.diffs = append(o.diffs, err.Error())
		}
		there, named := false, false
		for _, f := range found.All() {
			if f.Severity == gen.SeverityError && node.Start <= f.Span.Start && f.Span.Start < node.End {
				there = true
				named = named || slices.ContainsFunc(f.Finding().AWS, func(aws gen.AWSDiagnostic) bool { return aws.Code == d.Code })
			}
		}
		if d.Location != "" {
			o.note(place, there)
		}
		if there {
			o.note(awsCode, named)
		}
	}
	if slices.ContainsFunc(diagnosticLevels, func(level string) bool { same, ok := o.levels[level]; return ok && !same }) {
		o.diffs = append(o.diffs, r.difference(found)...)
	}
	return o
}

// note notes whether a row agrees in one more point at a level.
func (o *outcome) note(level string, agrees bool) {
	before, noted := o.levels[level]
	o.levels[level] = agrees && (before || !noted)
}

// difference shows what AWS says and what is found.
func (r *diagnosticRow) difference(found *gen.Findings) (lines []string) {
	for _, d := range r.AWS.Diagnostics {
		lines = append(lines, fmt.Sprintf("AWS: %s %s: %s at %s", d.Severity, d.Code, d.Message, d.Location))
	}
	if len(lines) == 0 {
		lines = []string{"AWS accepts it"}
	}
	for _, d := range found.All() {
		lines = append(lines, "found: "+d.Error())
	}
	return lines
}
