package parse

import (
	"github.com/r-seed-632eed22/aslgen/gen/ast"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// machine decodes an object that is a machine: the outermost one, a branch, or an item processor.
func (d *decoder) machine(n *ast.Node) *ast.Machine {
	m := &ast.Machine{Span: n.Span, Fields: n.Members}
	if d.outermost == nil {
		d.outermost = m
	}
	if language := m.Field("QueryLanguage"); language != nil { // before the states, which follow it
		m.QueryLanguage = d.string(language)
	}
	for i := range m.Fields {
		d.machineField(m, &m.Fields[i])
	}
	return m
}

func (d *decoder) machineField(m *ast.Machine, f *ast.Member) {
	switch f.Name {
	case "Comment":
		m.Comment = d.string(f)
	case "Version":
		m.Version = d.string(f)
	case "StartAt":
		m.StartAt = d.string(f)
	case "TimeoutSeconds":
		m.TimeoutSeconds = d.number(f)
	case "ProcessorConfig":
		if d.object(f) {
			m.Processor = f.Value
			d.fields(f.Value, processorConfigFields)
		}
	case "States":
		m.StatesSpan = f.Span
		if d.object(f) {
			for i := range f.Value.Members {
				m.States = append(m.States, d.state(&f.Value.Members[i]))
			}
		}
	}
}

// state decodes a member of States. One that is no object still is a state, with a name and nothing else.
func (d *decoder) state(m *ast.Member) *ast.State {
	s := &ast.State{Name: ast.String{Text: m.Name, Span: m.Span}, Span: m.Value.Span}
	if !d.object(m) {
		return s
	}
	s.Fields = append([]ast.Member{}, m.Value.Members...) // {} has fields, none of them written
	if language := s.Field("QueryLanguage"); language != nil {
		s.QueryLanguage = d.string(language)
	}
	around := d.jsonata
	d.jsonata = s.JSONata(d.outermost)
	for i := range s.Fields {
		if decode := stateFields[s.Fields[i].Name]; decode != nil {
			decode(d, s, &s.Fields[i])
		}
	}
	if d.jsonata {
		d.expressions(s)
	}
	d.jsonata = around
	return s
}

// branches decodes an array of machines.
func (d *decoder) branches(m *ast.Member) (machines []*ast.Machine) {
	for _, n := range d.objects(m) {
		machines = append(machines, d.machine(n))
	}
	return machines
}

// processor decodes the machine of a Map.
func (d *decoder) processor(m *ast.Member) *ast.Machine {
	if !d.object(m) {
		return nil
	}
	return d.machine(m.Value)
}

// object reports whether the value of m is an object; if not, that is an error.
func (d *decoder) object(m *ast.Member) bool { return d.is(m, value.ObjectKind) }
