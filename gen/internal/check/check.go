// Package check holds state machines to the rules of Amazon States Language that a definition alone can break
// (docs/rules.md 1.21), one file a family. What AWS refuses, or what must fail at run time, is an error; the rest is a
// warning.
package check

import (
	"cmp"
	"slices"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
)

// Type is the type of a state machine at AWS.
type Type uint8

// The types. An Express machine cannot wait for jobs, tokens or activities (table 4.1).
const (
	Standard Type = iota
	Express
)

// Options are what a definition does not say itself.
type Options struct {
	Type Type
}

// Machine adds to the list every rule that the machine, as parsed from the file, breaks. It reports nothing again that
// parsing already did.
func Machine(f *source.File, m *ast.Machine, o Options, l *diag.List) {
	c := &checker{file: f, list: l, options: o, outermost: m, states: map[string]*ast.State{},
		labels: map[string]source.Span{}}
	c.doubled = slices.ContainsFunc(l.All(), func(d *diag.Diagnostic) bool { return d.File == f && d.Code == diag.DuplicateKey })
	c.collect(m)
	c.machine(m, ast.Outermost)
	c.variables(m)
}

type checker struct {
	file      *source.File
	list      *diag.List
	options   Options
	outermost *ast.Machine
	states    map[string]*ast.State  // all of them, nested ones too
	labels    map[string]source.Span // of Maps
	doubled   bool                   // a key stands twice, so a transition or a state may be left out
	noWord    bool                   // the query language of the state is no such word, so its fields may be of either (R87)
}

func (c *checker) errorf(span source.Span, code *diag.Code, format string, args ...any) *diag.Diagnostic {
	return c.list.Errorf(c.file, span, code, format, args...)
}

func (c *checker) warnf(span source.Span, code *diag.Code, format string, args ...any) *diag.Diagnostic {
	return c.list.Warnf(c.file, span, code, format, args...)
}

func (c *checker) jsonata(s *ast.State) bool { return s.JSONata(c.outermost) }

// state checks one state of a scope.
func (c *checker) state(in *scope, s *ast.State) {
	c.stateName(s)
	if s.Fields == nil {
		return // no object, as parsing has said
	}
	c.stateLanguage(s)
	c.nested(s)
	c.noWord = !isLanguage(cmp.Or(s.QueryLanguage, c.outermost.QueryLanguage))
	kind, known := c.stateType(s)
	if !known {
		return
	}
	c.stateFields(s, kind)
	switch kind {
	case "Task":
		c.task(s)
	case "Pass":
		c.pass(s)
	case "Wait":
		c.wait(s)
	case "Choice":
		c.choice(in, s)
	case "Fail":
		c.fail(s)
	case "Parallel":
		c.parallel(s)
	case "Map":
		c.mapState(s)
	}
	c.nextOrEnd(in, s, kind)
	c.handlers(in, s, kind)
	c.templates(s)
	c.deployedOnly(s)
	c.sizes(s)
	c.expressionsOf(s)
	c.context(s)
}

// list returns words joined by commas, the last by the conjunction.
func list(words []string, conjunction string) string {
	last := len(words) - 1
	if last == 0 {
		return words[0]
	}
	return strings.Join(words[:last], ", ") + " " + conjunction + " " + words[last]
}
