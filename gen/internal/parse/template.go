package parse

import (
	"fmt"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// template decodes a payload template: every value whose name ends in .$ gets its Expr (R50). In a JSONata state the node
// stays as it is.
func (d *decoder) template(m *ast.Member) *ast.Node {
	if m.Value.Kind != value.ObjectKind {
		d.errorf(m.Value.Span, diag.TemplateNotObject, "%q must be an object, not %s", m.Name, article(m.Value.Kind))
		return nil
	}
	if !d.jsonata {
		d.templateNode(m.Value)
	}
	return m.Value
}

// anyTemplate is template for the fields that AWS takes whatever they are: a text or a number stands for itself (R55).
func (d *decoder) anyTemplate(m *ast.Member) *ast.Node {
	if m.Value.Kind == value.ObjectKind {
		return d.template(m)
	}
	unlike := "but does not evaluate it"
	if m.Value.Kind == value.ArrayKind {
		unlike = "which is not documented"
	}
	w := d.list.Warnf(d.file, m.Value.Span, diag.TemplateNotObject,
		"%q should be an object, not %s: AWS takes it, %s", m.Name, article(m.Value.Kind), unlike)
	if text := m.Value.Text; !d.jsonata && strings.HasPrefix(text, "$") {
		w.WithHint(fmt.Sprintf("an object evaluates it: {\"name.$\": %q}", text))
	}
	if !d.jsonata {
		d.templateNode(m.Value)
	}
	return m.Value
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
		return d.pathExpr(n, ast.FullPath)
	case strings.HasPrefix(n.Text, "States.") || strings.Contains(n.Text, "("):
		return d.call(n)
	case source.HasPlaceholder(n.Text):
		return unread(n)
	default:
		d.errorf(n.Span, diag.BadDynamicValue, "%q must be a JSONPath or a call of an intrinsic function, not the text %q",
			m.Name, n.Text).WithHint("without .$ the name takes the text as it is")
	}
	return nil
}
