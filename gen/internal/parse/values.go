package parse

import (
	"fmt"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// is reports whether the value of m has the kind; if not, that is an error.
func (d *decoder) is(m *ast.Member, kind value.Kind) bool {
	if m.Value.Kind == kind {
		return true
	}
	d.wrongType(m, article(kind))
	return false
}

func (d *decoder) wrongType(m *ast.Member, want string) {
	if function := m.Value.CloudFormation(); function != "" {
		d.list.DeployedOnly(d.file, m.Value.Span, function, m.Name)
		return
	}
	if m.Value.Bare {
		d.needsValue(m)
		return
	}
	wrong := d.errorf(m.Value.Span, diag.WrongType, "%q must be %s, not %s", m.Name, want, article(m.Value.Kind))
	if m.Value.Kind == value.StringKind && source.HasPlaceholder(m.Value.Text) {
		wrong.Hint = "inside quotes the placeholder becomes a string"
	}
}

// needsValue reports a placeholder without quotes where the machine's form depends on its value.
func (d *decoder) needsValue(m *ast.Member) {
	name := strings.TrimSuffix(strings.TrimPrefix(m.Value.Text, "${"), "}")
	d.errorf(m.Value.Span, diag.NeedsValue, "${%s} stands where the value of %q must be known", name, m.Name).
		WithHint(fmt.Sprintf("give it one: -set '%s=…'", name))
}

func (d *decoder) string(m *ast.Member) *ast.String {
	if !d.is(m, value.StringKind) {
		return nil
	}
	return &ast.String{Text: m.Value.Text, Span: m.Value.Span}
}

func (d *decoder) boolean(m *ast.Member) *ast.Bool {
	if !d.is(m, value.BoolKind) {
		return nil
	}
	return &ast.Bool{Value: m.Value.Text == "true", Span: m.Value.Span}
}

// number decodes a number. nil stands for an expression in its place, and for one that does not end, which expressionNode
// reports (R71).
func (d *decoder) number(f *ast.Field, m *ast.Member) *ast.Number {
	if f.Expressions && d.jsonata && (ast.IsExpression(m.Value.Text) || ast.IsUnended(m.Value.Text)) {
		return nil
	}
	if m.Value.Bare && f.Placeholder {
		return &ast.Number{Text: m.Value.Text, Span: m.Value.Span, Bare: true}
	}
	if !d.is(m, value.NumberKind) {
		return nil
	}
	return &ast.Number{Text: m.Value.Text, Span: m.Value.Span}
}

// objects returns the elements of an array of objects, without those that are none.
func (d *decoder) objects(m *ast.Member) (objects []*ast.Node) {
	if !d.is(m, value.ArrayKind) {
		return nil
	}
	for i, e := range m.Value.Elements {
		if e.Kind != value.ObjectKind {
			d.errorf(e.Span, diag.WrongType, "element %d of %q must be an object, not %s", i, m.Name, article(e.Kind))
			continue
		}
		objects = append(objects, e)
	}
	return objects
}
