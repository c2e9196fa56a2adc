package lower

import (
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/ast"
	"github.com/r-seed-632eed22/aslgen/gen/diag"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// placeholders reports ${Name} in paths and functions: what they will say is not known, so no code can be made of them.
func (w *lowering) placeholders() {
	var machine func(*ast.Machine)
	machine = func(m *ast.Machine) {
		for _, s := range m.States {
			for _, f := range s.Fields {
				if f.Name != "Branches" && f.Name != "ItemProcessor" && f.Name != "Iterator" {
					w.placeholdersIn(f.Name, f.Value)
				}
			}
			for _, inner := range innerMachines(s) {
				machine(inner)
			}
		}
	}
	machine(w.machine)
}

// pathFields are the names of fields that hold a path, besides those that end in Path.
var pathFields = map[string]bool{"Variable": true}

func (w *lowering) placeholdersIn(name string, n *ast.Node) {
	holdsPath := n.Expr != nil || strings.HasSuffix(name, ".$") || strings.HasSuffix(name, "Path") || pathFields[name]
	if holdsPath && n.Kind == value.StringKind && ast.HasPlaceholder(n.Text) {
		w.list.Errorf(w.file, n.Span, diag.NotGenerated, "the placeholder in %q must be replaced before code can be generated", n.Text)
	}
	for _, m := range n.Members {
		w.placeholdersIn(m.Name, m.Value)
	}
	for _, e := range n.Elements {
		w.placeholdersIn(name, e)
	}
}
