package parse

import (
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/ast"
	"github.com/r-seed-632eed22/aslgen/gen/diag"
	"github.com/r-seed-632eed22/aslgen/gen/source"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// template decodes a payload template: every value whose name ends in .$ gets its Expr (R50). In a JSONata state the node
// stays as it is.
func (d *decoder) template(m *ast.Member) *ast.Node {
	if m.Value.Kind != value.ObjectKind && !d.takesAny(m) {
		d.errorf(m.Value.Span, diag.TemplateNotObject, "%q must be an object, not %s", m.Name, article(m.Value.Kind))
		return nil
	}
	if !d.jsonata {
		d.templateNode(m.Value)
	}
	return m.Value
}

// takesAny reports whether a template may be no object, and warns of it: AWS takes a text as it is, without reading a path or
// a call in it. Assign and Credentials need their members.
func (d *decoder) takesAny(m *ast.Member) bool {
	if d.jsonata || m.Name == "Assign" || m.Name == "Credentials" {
		return false
	}
	w := d.list.Warnf(d.file, m.Value.Span, diag.TemplateNotObject, "%q should be an object, not %s: AWS passes it on as it is",
		m.Name, article(m.Value.Kind))
	if strings.HasPrefix(m.Value.Text, "$") || strings.HasPrefix(m.Value.Text, "States.") {
		w.WithHint("only a value whose name ends in .$ is evaluated")
	}
	return true
}

func (d *decoder) templateNode(n *ast.Node) {
	for _, e := range n.Elements {
		d.templateNode(e)
	}
	seen := make(map[string]source.Span, len(n.Members))
	for i := range n.Members {
		m := &n.Members[i]
		name, dynamic := strings.CutSuffix(m.Name, ".$")
		if dynamic {
			m.Value.Expr = d.dynamicValue(m)
		} else {
			d.templateNode(m.Value)
		}
		if first, twice := seen[name]; twice {
			d.errorf(m.Span, diag.DuplicateDynamic, "this object has both %q and %q: they are one field", name, name+".$").
				Relate(first, "the first of them")
			continue
		}
		seen[name] = m.Span
	}
}

// dynamicValue returns what the value of a member says whose name ends in .$, nil if it is faulty (R50, R53).
func (d *decoder) dynamicValue(m *ast.Member) *ast.Expr {
	n := m.Value
	switch {
	case n.Kind != value.StringKind:
		d.errorf(n.Span, diag.BadDynamicValue, "%q must be a JSONPath or a call of an intrinsic function, in a string, not %s",
			m.Name, article(n.Kind)).WithHint("without .$ the name takes the value as it is")
	case strings.HasPrefix(n.Text, "$"):
		return d.pathExpr(n, fullPath)
	case strings.HasPrefix(n.Text, "States.") || strings.Contains(n.Text, "("):
		return d.call(n)
	case ast.HasPlaceholder(n.Text):
		return unread(n)
	default:
		d.errorf(n.Span, diag.BadDynamicValue, "%q must be a JSONPath or a call of an intrinsic function, not the text %q",
			m.Name, n.Text).WithHint("without .$ the name takes the text as it is")
	}
	return nil
}
