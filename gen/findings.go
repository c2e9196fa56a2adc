package gen

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/breaking"
	"github.com/r-seed-632eed22/aslgen/gen/internal/catalog"
	"github.com/r-seed-632eed22/aslgen/gen/internal/check"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/lower"
	"github.com/r-seed-632eed22/aslgen/gen/internal/parse"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
)

// What is found in machines.
type (
	Findings      = diag.List // all that is found, by files and places
	Diagnostic    = diag.Diagnostic
	Code          = diag.Code          // of findings of a kind
	AWSDiagnostic = diag.AWSDiagnostic // what AWS says where there is such a finding
	Change        = breaking.Change
	Span          = source.Span // bytes of a file
)

// SeverityError is the severity of what AWS refuses, or what fails every execution. Other findings are warnings.
const SeverityError = diag.Error

// Codes of changes that reach the callers of a machine.
var (
	InputChanged  = diag.InputChanged
	ResultChanged = diag.ResultChanged
	WorkChanged   = diag.WorkChanged
)

// Codes returns the codes that findings can have, in the order of their ids.
func Codes() []*Code { return diag.Codes() }

// LookupCodes returns the codes that a text names: that of the id, or those that stand for what AWS calls by a code or says in a
// message.
func LookupCodes(text string) []*Code {
	if c := diag.Lookup(strings.ToUpper(text)); c != nil {
		return []*Code{c}
	}
	return diag.FromAWS(text)
}

// Nearest returns the word that a misspelt one may mean; ok is false if none is near.
func Nearest(word string, words []string) (name string, ok bool) { return diag.Nearest(word, words) }

// Identifier returns the exported Go name that a text is made into; without letters in it that is otherwise.
func Identifier(text, otherwise string) string { return lower.Identifier(text, otherwise) }

// IsIdentifier reports whether a text is an exported Go name.
func IsIdentifier(text string) bool { return lower.IsIdentifier(text) }

// Analysis is what is known of one definition that stands alone, without a file of settings.
type Analysis struct {
	Findings Findings

	file    *source.File
	machine *ast.Machine // nil if the text is no machine
}

// Analyze parses and checks a definition, as that of an EXPRESS machine if it is one. The name is that of its file in findings.
func Analyze(name string, definition []byte, express bool) *Analysis {
	a := &Analysis{file: source.New(name, definition)}
	a.machine = checked(a.file, express, &a.Findings)
	return a
}

// VariableReferences returns the variables that each state of the machine reads, sorted, by the state's name; states that read
// none are left out. It is nil if the definition is refused.
func (a *Analysis) VariableReferences() map[string][]string {
	if a.machine == nil {
		return nil
	}
	return check.VariableReferences(a.machine)
}

// step is a step of AWS's way to a node: a name, with the indices of elements behind it.
var step = regexp.MustCompile(`^(.*?)((?:\[\d+\])*)$`)

// Locate returns the place of the node that a location of ValidateStateMachineDefinition names, such as /States/A/Choices[0]/Next:
// from its key to the end of its value.
func (a *Analysis) Locate(location string) (Span, error) {
	at := Span{Start: 0, End: int32(len(a.file.Data))}
	m := parse.File(a.file, &Findings{})
	if m == nil || location == "" || location == "/" {
		return at, nil
	}
	members, elements := m.Fields, []*ast.Node(nil)
	for part := range strings.SplitSeq(strings.TrimPrefix(location, "/"), "/") {
		match := step.FindStringSubmatch(part)
		i := slices.IndexFunc(members, func(m ast.Member) bool { return m.Name == match[1] })
		if i < 0 {
			return Span{}, fmt.Errorf("%s: there is no %s", location, part)
		}
		node := members[i].Value
		at = Span{Start: members[i].Span.Start, End: node.Span.End}
		members, elements = node.Members, node.Elements
		for index := range strings.FieldsFuncSeq(match[2], func(r rune) bool { return r == '[' || r == ']' }) {
			n, err := strconv.Atoi(index)
			if err != nil || n >= len(elements) {
				return Span{}, errors.New(location + ": there is no element " + index)
			}
			at, members, elements = elements[n].Span, elements[n].Members, elements[n].Elements
		}
	}
	return at, nil
}

// ExplainResource says what a task with a Resource does, what it is given, what it can fail with, what it becomes in Go, and how all this is
// known. The text is a Resource or what one ends in: sqs:sendMessage, batch:submitJob.sync, aws-sdk:s3:getObject.
func ExplainResource(text string) (string, error) { return catalog.Explain(text) }
