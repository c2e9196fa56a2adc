// Package editor answers what an editor asks of a machine that is being written: what stands at a place, what belongs together, what may come
// next. Places are offsets in the file as it was given, whatever the machine is written in.
package editor

import (
	"fmt"
	"slices"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/catalog"
	"github.com/r-seed-632eed22/aslgen/gen/internal/shape"
	"github.com/r-seed-632eed22/aslgen/gen/internal/shape/infer"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
)

// Machine is a machine of a file.
type Machine struct {
	File     *source.File
	Machine  *ast.Machine
	Inferred *infer.Program // nil if the machine has an error
}

// Range is a part of the file.
type Range struct{ Start, End int }

// has reports whether a place is in the range or at its end.
func (r Range) has(offset int) bool { return r.Start <= offset && offset <= r.End }

// given returns where a span stands in the file as given.
func (m *Machine) given(s source.Span) Range {
	start, end := m.File.GivenRange(s)
	return Range{int(start), int(end)}
}

// word returns where a text stands without its quotes.
func (m *Machine) word(s *ast.String) Range {
	if s.Text == "" {
		return m.given(s.Span)
	}
	start := int(m.File.GivenOffset(m.File.InString(s.Span, 0)))
	return Range{start, int(m.File.GivenOffset(m.File.InString(s.Span, len(s.Text)-1))) + 1}
}

// Symbol is a state, with those inside it.
type Symbol struct {
	Name, Type  string
	Whole, Word Range
	Inside      []Symbol
}

// Symbols returns the states of the machine.
func (m *Machine) Symbols() []Symbol { return m.symbols(m.Machine) }

func (m *Machine) symbols(of *ast.Machine) (all []Symbol) {
	for _, s := range of.States {
		symbol := Symbol{Name: s.Name.Text, Whole: m.whole(s), Word: m.word(&s.Name)}
		if s.Type != nil {
			symbol.Type = s.Type.Text
		}
		for _, inner := range s.Machines() {
			symbol.Inside = append(symbol.Inside, m.symbols(inner)...)
		}
		all = append(all, symbol)
	}
	return all
}

// whole returns where a state stands, from its name on.
func (m *Machine) whole(s *ast.State) Range {
	r := m.given(s.Name.Span)
	r.End = max(r.End, m.given(s.Span).End)
	return r
}

// State is a state with the places of its name: the first is where it is declared.
type State struct {
	Name  string
	Type  string
	Words []Range
}

// StateAt returns the state whose name stands at a place, nil if none does.
func (m *Machine) StateAt(offset int) *State {
	var found *State
	m.machines(m.Machine, func(of *ast.Machine) {
		for _, s := range of.States {
			state := &State{Name: s.Name.Text, Words: []Range{m.word(&s.Name)}}
			if s.Type != nil {
				state.Type = s.Type.Text
			}
			m.named(of, s.Name.Text, func(r Range) {
				if !slices.Contains(state.Words, r) {
					state.Words = append(state.Words, r)
				}
			})
			if slices.ContainsFunc(state.Words, func(r Range) bool { return r.has(offset) }) {
				found = state
			}
		}
	})
	return found
}

// named calls f for all places of a machine that name a state.
func (m *Machine) named(of *ast.Machine, name string, f func(Range)) {
	note := func(s *ast.String) {
		if s != nil && s.Text == name {
			f(m.word(s))
		}
	}
	note(of.StartAt)
	for _, s := range of.States {
		for to := range s.Transitions() {
			note(to)
		}
	}
}

// machines calls f for a machine and those inside it.
func (m *Machine) machines(of *ast.Machine, f func(*ast.Machine)) {
	f(of)
	for _, s := range of.States {
		for _, inner := range s.Machines() {
			m.machines(inner, f)
		}
	}
}

// around returns the innermost state that a place is in, and the machine that has it.
func (m *Machine) around(offset int) (found *ast.State, of *ast.Machine) {
	m.machines(m.Machine, func(in *ast.Machine) {
		for _, s := range in.States {
			if m.whole(s).has(offset) {
				found, of = s, in
			}
		}
	})
	return found, of
}

// Hover returns what there is to say of a place, as Markdown; "" if that is nothing.
func (m *Machine) Hover(offset int) string {
	if s := m.StateAt(offset); s != nil {
		return fmt.Sprintf("**%s**, a %s state", s.Name, s.Type)
	}
	s, _ := m.around(offset)
	if s == nil {
		return ""
	}
	if s.Resource != nil && m.given(s.Resource.Span).has(offset) {
		if about, err := catalog.Explain(s.Resource.Text); err == nil {
			return "```text\n" + about + "\n```"
		}
	}
	var said string
	for x := range s.Expressions() {
		if !m.given(x.Span).has(offset) || m.Inferred == nil {
			continue
		}
		if j := m.Inferred.Values[x]; j != nil {
			said = fmt.Sprintf("`%s` is %s", x.Text, describe(j))
		}
	}
	return said
}

// describe says what data is, with the members of an object.
func describe(j *shape.JSON) string {
	text := j.Describe()
	if names := j.FieldNames(); len(names) > 0 {
		text += " with " + strings.Join(names, ", ")
	}
	return text
}
