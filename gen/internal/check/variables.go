package check

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
	"github.com/r-seed-632eed22/aslgen/runtime/jsonpath"
)

// variables checks the variables of a whole machine: their names, and that scopes keep to themselves (R60 to R66).
func (c *checker) variables(m *ast.Machine) {
	everywhere := map[string]source.Span{}
	scopes := c.assignments(m, nil, nil, everywhere)
	c.reads(scopes, nil, everywhere)
}

// variableScope is what the states of one States object assign, and the scopes around and inside it.
type variableScope struct {
	machine     *ast.Machine
	holder      *ast.State // the state that it is inside of, nil for the outermost
	around      *variableScope
	distributed bool // the scope of a distributed Map, which cannot see those around it
	states      map[string]*ast.State
	numbers     variableNumbers // of the whole machine
	assigned    map[string][]assignment
	inside      []*variableScope
}

// assignment is where a state assigns a variable.
type assignment struct {
	state *ast.State
	span  source.Span
}

// assignments collects what the states of a machine assign. Those of a branch or item processor are inside the holder.
func (c *checker) assignments(m *ast.Machine, around *variableScope, holder *ast.State, everywhere map[string]source.Span) *variableScope {
	v := &variableScope{machine: m, holder: holder, around: around, distributed: m.IsDistributed(),
		states: map[string]*ast.State{}, numbers: variableNumbers{}, assigned: map[string][]assignment{}}
	if around != nil {
		v.numbers = around.numbers
	}
	for _, s := range m.States {
		v.states[s.Name.Text] = s
		for _, template := range s.Assigns() {
			c.assign(v, s, template)
		}
	}
	for name, assignments := range v.assigned {
		if _, ok := everywhere[name]; !ok {
			everywhere[name] = assignments[0].span
		}
	}
	for _, s := range m.States {
		for _, inner := range s.Machines() {
			v.inside = append(v.inside, c.assignments(inner, v, s, everywhere))
		}
	}
	return v
}

func (c *checker) assign(v *variableScope, s *ast.State, template *ast.Node) {
	if template == nil {
		return
	}
	for i := range template.Members {
		m := &template.Members[i]
		name := m.Name
		if !c.jsonata(s) {
			name = strings.TrimSuffix(name, ".$")
		}
		if fault := variableFault(name); fault != "" {
			c.errorf(m.Span, diag.BadVariable, "%q cannot be a variable: %s", name, fault)
			continue
		}
		v.assigned[name] = append(v.assigned[name], assignment{s, m.Span})
		c.reassigned(v, name, m.Span)
	}
}

// reassigned reports a name that a state around this scope assigns too (R62). What the holder of a scope assigns does not
// count: it is bound when the states inside have ended.
func (c *checker) reassigned(v *variableScope, name string, span source.Span) {
	for ; v.around != nil && !v.distributed; v = v.around {
		others := slices.DeleteFunc(slices.Clone(v.around.assigned[name]), func(a assignment) bool { return a.state == v.holder })
		if len(others) == 0 {
			continue
		}
		before := slices.IndexFunc(others, func(a assignment) bool { return from(a.state, v.around.target)[v.holder] })
		if before < 0 {
			c.warnf(span, diag.Reassigned, "the machine around this one has another variable %q", name).
				Relate(others[0].span, "it assigns %q here", name)
			return
		}
		c.errorf(span, diag.Reassigned, "variable %q belongs to the machine around this one, which alone can assign it", name).
			Relate(others[before].span, "it assigns %q here", name)
		return
	}
}

// maxVariableName is the longest name of a variable in characters (R61).
const maxVariableName = 80

// variableFault says why a variable cannot have the name, "" if it can (R61).
func variableFault(name string) string {
	if name == "states" {
		return "the name is reserved"
	}
	if n := utf8.RuneCountInString(name); n > maxVariableName {
		return "the name has more than 80 characters"
	}
	for i, r := range name {
		start := unicode.In(r, unicode.Letter, unicode.Nl, unicode.Other_ID_Start)
		if !start && (i == 0 || !unicode.In(r, unicode.Mn, unicode.Mc, unicode.Nd, unicode.Pc, unicode.Other_ID_Continue)) {
			return "a name begins with a letter and goes on with letters, digits and _"
		}
	}
	if name == "" {
		return "the name is empty"
	}
	return ""
}

// reads checks every variable that a state reads. Those that may have a value where the scope begins are begun.
func (c *checker) reads(v *variableScope, begun variableSet, everywhere map[string]source.Span) {
	before := v.before(begun)
	for _, s := range v.machine.States {
		read := func(name string, span source.Span) {
			if first, ok := c.read(v, name, span, everywhere); ok {
				if assigned, reached := before[s]; reached && !assigned.has(v.numbers.of(name)) {
					c.warnf(span, diag.Unassigned, "no state that comes before %q assigns $%s", s.Name.Text, name).
						Relate(first, "%q is assigned here", name)
				}
			}
		}
		for p, span := range s.Paths() {
			if p.Root() == jsonpath.Variable {
				read(p.Variable(), span)
			}
		}
		c.ataVariables(s, read)
	}
	for _, inner := range v.inside {
		var begun variableSet
		if around := before[inner.holder]; around != nil && !inner.distributed {
			begun = *around
		}
		c.reads(inner, begun, everywhere)
	}
}

// VariableReferences returns the variables that each state of a machine reads, sorted, by the state's name. A state that
// reads none is not in it. States of a Map or Parallel state stand for themselves.
func VariableReferences(m *ast.Machine) map[string][]string {
	references := map[string][]string{}
	for s := range m.AllStates() {
		var names []string
		for p := range s.Paths() {
			if p.Root() == jsonpath.Variable {
				names = append(names, p.Variable())
			}
		}
		for e := range s.Expressions() {
			for _, ref := range ataReads(e) {
				names = append(names, ref.Name)
			}
		}
		if names != nil {
			slices.Sort(names)
			references[s.Name.Text] = slices.Compact(names)
		}
	}
	return references
}

// read reports a variable that is in no scope that can be seen. Else it returns where it is assigned.
func (c *checker) read(v *variableScope, name string, span source.Span, everywhere map[string]source.Span) (first source.Span, ok bool) {
	behind := false // a distributed Map
	for at := v; at != nil; at = at.around {
		if assignments := at.assigned[name]; assignments != nil {
			first := assignments[0].span
			if behind {
				c.errorf(span, diag.OuterVariable, "a state of a distributed Map cannot read $%s of the machine around it", name).
					Relate(first, "%q is assigned here", name).WithHint("pass it in ItemSelector")
			}
			return first, !behind
		}
		behind = behind || at.distributed
	}
	if first, ok := everywhere[name]; ok {
		c.warnf(span, diag.OtherScopeVariable, "$%s is a variable of another branch or item processor, and has no value here", name).
			Relate(first, "%q is assigned here", name)
		return first, false
	}
	c.warnf(span, diag.Unassigned, "no state assigns $%s", name)
	return first, false
}
