package gen

import (
	"fmt"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/parse"
)

// DefinitionDiagnostic is a finding in the form of AWS's ValidateStateMachineDefinition.
type DefinitionDiagnostic struct {
	Severity string // ERROR or WARNING
	Code     string // AWS's, or that of the finding where AWS has none
	Message  string
	Location string // such as /States/A/Choices[0]/Next, "" of the whole definition
}

// ValidateDefinition checks a definition as ValidateStateMachineDefinition does: that of an EXPRESS machine if it is one.
func ValidateDefinition(definition string, express bool) (all []DefinitionDiagnostic) {
	a := Analyze("definition", []byte(definition), express)
	m := parse.File(a.file, &Findings{})
	for _, f := range a.Findings.All() {
		d := DefinitionDiagnostic{Severity: "WARNING", Code: f.Code.ID, Message: f.Message, Location: location(m, f.Span)}
		if f.Severity == SeverityError {
			d.Severity = "ERROR"
		}
		if aws := f.Finding().AWS; len(aws) > 0 {
			d.Code = aws[0].Code
		}
		all = append(all, d)
	}
	return all
}

// location returns AWS's way to the smallest node that has a place in it.
func location(m *ast.Machine, at Span) (location string) {
	if m == nil {
		return ""
	}
	members := m.Fields
	for {
		within := false
		for _, member := range members {
			if at.Start < member.Span.Start || at.Start >= member.Value.Span.End {
				continue
			}
			var steps string
			steps, members = inside(member.Value, at)
			location += "/" + member.Name + steps
			within = true
			break
		}
		if !within {
			return location
		}
	}
}

// inside returns the indices of the elements of a node that have a place in them, and the members of the innermost.
func inside(n *ast.Node, at Span) (steps string, members []ast.Member) {
	for i := 0; i < len(n.Elements); i++ {
		if e := n.Elements[i]; e.Span.Start <= at.Start && at.Start < e.Span.End {
			steps += fmt.Sprintf("[%d]", i)
			n, i = e, -1
		}
	}
	return steps, n.Members
}
