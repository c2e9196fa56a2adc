package gen

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/catalog"
	"github.com/r-seed-632eed22/aslgen/gen/internal/shape"
)

// samples makes JSON of the form that a machine reads, for its first test to run with.
type samples struct {
	waits map[string]bool // states that wait, which read a time
}

func newSamples(m *ast.Machine) samples {
	s := samples{map[string]bool{}}
	for state := range m.AllStates() {
		s.waits[state.Name.Text] = state.Type != nil && state.Type.Text == "Wait"
	}
	return s
}

// document returns a document that has what is read of it.
func (s samples) document(n *shape.Need) string {
	if n == nil || n.Example == "" && n.Type() == nil && !hasParts(n) {
		return "{}"
	}
	return s.of(n)
}

// hasParts reports whether a member or an element of a place is wanted.
func hasParts(n *shape.Need) bool {
	return n.Elem.Wanted() || slices.ContainsFunc(n.Members, (*shape.Need).Wanted)
}

// answer returns a result that has what is read of it, and the texts and numbers that a call answers in any case.
func (s samples) answer(n *shape.Need, r catalog.Resource) string {
	if n != nil && n.Elem.Wanted() {
		return s.document(n)
	}
	var members []string
	if n != nil {
		members = s.members(n)
	}
	for _, f := range r.Result().Fields {
		given := n != nil && slices.ContainsFunc(n.Members, func(m *shape.Need) bool { return m.Name == f.Name && m.Wanted() })
		switch {
		case f.Optional || given:
		case f.JSON.Kinds == shape.StringKind:
			members = append(members, quoteJSON(f.Name)+": "+quoteJSON(f.Name))
		case f.JSON.Kinds == shape.NumberKind:
			members = append(members, quoteJSON(f.Name)+": 1")
		}
	}
	if len(members) == 0 {
		return s.document(n)
	}
	return "{" + strings.Join(members, ", ") + "}"
}

// members returns the members that are wanted of an object.
func (s samples) members(n *shape.Need) (members []string) {
	for _, m := range n.Members {
		if m.Wanted() && (!m.Unwanted || m.Required()) {
			members = append(members, quoteJSON(m.Name)+": "+s.of(m))
		}
	}
	return members
}

func (s samples) of(n *shape.Need) string {
	switch {
	case n.Elem.Wanted():
		return "[" + s.of(n.Elem) + "]"
	case hasParts(n):
		return "{" + strings.Join(s.members(n), ", ") + "}"
	case n.Example != "":
		return n.Example
	}
	for _, r := range n.Reads {
		if s.waits[r.State] && (r.Sink == nil || r.Sink.Kind == shape.String) {
			return `"2025-01-01T00:00:00Z"`
		}
	}
	if t := n.Type(); t != nil {
		return ofType(t, n.Name)
	}
	return quoteJSON(n.Name)
}

// ofType returns a value of a type, for a member of the name.
func ofType(t *shape.Type, name string) string {
	switch t.Kind {
	case shape.String:
		return quoteJSON(name)
	case shape.Integer, shape.Float:
		return "1"
	case shape.Boolean:
		return "true"
	case shape.Enum:
		return quoteJSON(t.Constants[0].Value)
	case shape.List:
		if t.Elem == nil {
			return "[" + quoteJSON(name) + "]"
		}
		return "[" + ofType(t.Elem, name) + "]"
	}
	return "{}"
}

func quoteJSON(text string) string {
	quoted, _ := json.Marshal(text) // a string always can be
	return string(quoted)
}
