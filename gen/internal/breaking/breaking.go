// Package breaking compares two versions of a state machine: what changes for those who start it and read its output, and
// for executions that are in the middle of it.
package breaking

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/shape/infer"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
)

// Version is a version of a machine.
type Version struct {
	File    *source.File
	Machine *ast.Machine
	Types   *infer.Program
}

// Change is one difference, with its place in both versions. What one of them does not have stands at what is around it.
type Change struct {
	Code     *diag.Code // by which aslgen.yaml silences it
	Breaking bool
	Message  string
	Old, New source.Position
}

// String returns the change on a line: new:line:col: CODE: breaking: sentence (old:line:col).
func (c *Change) String() string {
	kind := "compatible"
	if c.Breaking {
		kind = "breaking"
	}
	return fmt.Sprintf("%s: %s: %s: %s (%s)", c.New, c.Code, kind, c.Message, c.Old)
}

// Finding is the JSON form of a change. Lines and columns count from 1, columns in bytes.
type Finding struct {
	File      string `json:"file"`
	Line      int    `json:"line"`
	Column    int    `json:"column"`
	OldFile   string `json:"oldFile"`
	OldLine   int    `json:"oldLine"`
	OldColumn int    `json:"oldColumn"`
	Code      string `json:"code"`
	Breaking  bool   `json:"breaking"`
	Message   string `json:"message"`
}

// Finding returns the JSON form of the change.
func (c *Change) Finding() Finding {
	return Finding{c.New.File, c.New.Line, c.New.Column, c.Old.File, c.Old.Line, c.Old.Column, c.Code.ID, c.Breaking, c.Message}
}

// Compare returns the changes from one version to another in the order of their places in the new one.
func Compare(from, to Version) []*Change {
	c := &comparison{from: from, to: to, before: index(from.Machine), after: index(to.Machine), renames: map[string]string{}}
	c.states()
	c.machine()
	c.input()
	c.results()
	c.output()
	slices.SortStableFunc(c.changes, func(a, b *Change) int {
		return cmp.Or(cmp.Compare(a.New.Line, b.New.Line), cmp.Compare(a.New.Column, b.New.Column))
	})
	return c.changes
}

type comparison struct {
	from, to      Version
	before, after map[string]*state
	renames       map[string]string // of states states, by the old ones
	changes       []*Change
}

// state is a state and the machine that it is in.
type state struct {
	*ast.State
	in     *ast.Machine
	around string // the state that machine is in; "" if it is the outermost
}

func (c *comparison) add(code *diag.Code, breaking bool, before, after source.Span, format string, args ...any) {
	c.changes = append(c.changes, &Change{
		Code: code, Breaking: breaking, Message: fmt.Sprintf(format, args...),
		Old: c.from.File.Position(before.Start), New: c.to.File.Position(after.Start),
	})
}

// index returns all states by name, nested ones too: their names are unique.
func index(m *ast.Machine) map[string]*state {
	all := map[string]*state{}
	var enter func(m *ast.Machine, around string)
	enter = func(m *ast.Machine, around string) {
		for _, s := range m.States {
			all[s.Name.Text] = &state{s, m, around}
			for _, inner := range s.Machines() {
				enter(inner, s.Name.Text)
			}
		}
	}
	enter(m, "")
	return all
}

// inOrder returns the states in the order written.
func inOrder(states map[string]*state) []*state {
	list := make([]*state, 0, len(states))
	for _, s := range states {
		list = append(list, s)
	}
	slices.SortFunc(list, func(a, b *state) int { return cmp.Compare(a.Span.Start, b.Span.Start) })
	return list
}

// machine compares what the outermost machines say themselves.
func (c *comparison) machine() {
	before, after := c.from.Machine, c.to.Machine
	if c.now(before.StartAt.Text) != after.StartAt.Text {
		c.add(diag.WayChanged, true, before.StartAt.Span, after.StartAt.Span, "executions started at %q, and start at %q", before.StartAt.Text, after.StartAt.Text)
	}
	if x, y := text(before.QueryLanguage, ast.JSONPath), text(after.QueryLanguage, ast.JSONPath); x != y {
		c.add(diag.StateChanged, true, before.Span, after.Span, "the query language was %s, and is %s", x, y)
	}
	c.limit("the execution's TimeoutSeconds", before.TimeoutSeconds, after.TimeoutSeconds, before.Span, after.Span)
}

func text(s *ast.String, otherwise string) string {
	if s == nil {
		return otherwise
	}
	return s.Text
}
