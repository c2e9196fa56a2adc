package gen

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
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

func (s samples) of(n *shape.Need) string {
	switch {
	case n.Elem.Wanted():
		return "[" + s.of(n.Elem) + "]"
	case hasParts(n):
		var members []string
		for _, m := range n.Members {
			if m.Wanted() && (!m.Unwanted || m.Required()) {
				members = append(members, quoteJSON(m.Name)+": "+s.of(m))
			}
		}
		return "{" + strings.Join(members, ", ") + "}"
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
