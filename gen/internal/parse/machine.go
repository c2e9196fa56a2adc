package parse

import (
	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// machine decodes an object that is a machine: the outermost one, a branch, or an item processor.
func (d *decoder) machine(n *ast.Node) *ast.Machine {
	m := &ast.Machine{}
	m.Begin(n)
	if d.outermost == nil {
		d.outermost = m
	}
	if language := m.Field("QueryLanguage"); language != nil { // before the states, which follow it
		m.QueryLanguage = d.string(language)
	}
	d.fields(ast.MachineFields, m.Fields, m)
	if states := m.Field("States"); states != nil {
		m.StatesSpan = states.Span
	}
	return m
}

func (d *decoder) states(m *ast.Member) (states []*ast.State) {
	if d.object(m) {
		for i := range m.Value.Members {
			states = append(states, d.state(&m.Value.Members[i]))
		}
	}
	return states
}

// state decodes a member of States. One that is no object still is a state, with a name and nothing else.
func (d *decoder) state(m *ast.Member) *ast.State {
	s := &ast.State{Name: ast.String{Text: m.Name, Span: m.Span}}
	s.Span = m.Value.Span
	if !d.object(m) {
		return s
	}
	s.Fields = append([]ast.Member{}, m.Value.Members...) // {} has fields, none of them written
	if language := s.Field("QueryLanguage"); language != nil {
		s.QueryLanguage = d.string(language)
	}
	around := d.jsonata
	d.jsonata = s.JSONata(d.outermost)
	d.fields(ast.StateFields, s.Fields, s)
	if d.jsonata {
		d.expressions(s)
	}
	d.jsonata = around
	return s
}

// object reports whether the value of m is an object; if not, that is an error.
func (d *decoder) object(m *ast.Member) bool { return d.is(m, value.ObjectKind) }
