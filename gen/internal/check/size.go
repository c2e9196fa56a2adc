package check

import (
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// documents are the fields that make an input, a result, an output or variables.
var documents = []string{"Result", "Parameters", "ResultSelector", "Arguments", "Output", "Assign"}

// sizes reports documents that are too large whatever the data is (1.20).
func (c *checker) sizes(s *ast.State) {
	for _, name := range documents {
		if m := s.Field(name); m != nil {
			if n := leastSize(m.Value); n > ast.MaxDocument {
				c.warnf(m.Span, diag.DataTooLarge, "%s has at least %d bytes; a document of an execution has at most %d", name, n, ast.MaxDocument)
			}
		}
	}
}

// leastSize returns how many bytes a document has at least, once its expressions are evaluated.
func leastSize(n *ast.Node) (size int) {
	switch n.Kind {
	case value.StringKind:
		if n.Expr != nil || ast.IsExpression(n.Text) || source.HasPlaceholder(n.Text) {
			return 0
		}
		return 2 + len(n.Text)
	case value.ArrayKind:
		size = 2 + max(0, len(n.Elements)-1)
		for _, e := range n.Elements {
			size += leastSize(e)
		}
		return size
	case value.ObjectKind:
		size = 2 + max(0, len(n.Members)-1)
		for i := range n.Members {
			name := strings.TrimSuffix(n.Members[i].Name, ".$")
			size += 3 + len(name) + leastSize(n.Members[i].Value)
		}
		return size
	}
	return 1
}
