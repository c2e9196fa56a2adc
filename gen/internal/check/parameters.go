package check

import (
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// written is how the parameters of a task are written: as a template in JSONPath, or as arguments in JSONata.
type written struct{ ata bool }

// unknown reports whether what a node will be is not known: it comes from a path, an expression or a deployment tool.
func (w written) unknown(n *ast.Node) bool {
	return n.Expr != nil || n.Kind == value.StringKind && (w.ata && strings.HasPrefix(n.Text, "{%") || source.HasPlaceholder(n.Text))
}

// nameOf returns the name of the parameter that a member sets.
func (w written) nameOf(m *ast.Member) string {
	if w.ata {
		return m.Name
	}
	return strings.TrimSuffix(m.Name, ".$")
}

// find returns the first member that sets a parameter and is accepted, nil if there is none.
func (w written) find(n *ast.Node, name string, accepted func(*ast.Node) bool) *ast.Member {
	for i := range n.Members {
		if m := &n.Members[i]; w.nameOf(m) == name && accepted(m.Value) {
			return m
		}
	}
	return nil
}
