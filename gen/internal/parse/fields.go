package parse

import (
	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// fields decodes the members of an object that are fields of it into what keeps them. Whether the object may have them is not
// judged here.
func (d *decoder) fields(t *ast.Fields, members []ast.Member, object any) {
	for i := range members {
		m := &members[i]
		f := t.Named(m.Name)
		switch {
		case f == nil:
		case f.Kind == ast.Comparison:
			d.comparison(object.(*ast.Rule), m)
		default:
			d.field(f, m, f.Keeper(object))
		}
	}
}

// field decodes a field. What is faulty is left out.
func (d *decoder) field(f *ast.Field, m *ast.Member, keeper any) {
	switch into := keeper.(type) {
	case **ast.String:
		*into = d.string(m)
	case **ast.Bool:
		*into = d.boolean(m)
	case **ast.Number:
		*into = d.number(f, m)
	case **ast.Path:
		*into = d.path(f, m)
	case **ast.Node:
		*into = d.node(f, m)
	case *[]ast.String:
		*into = d.strings(f, m)
	default:
		d.structure(f, m, keeper)
	}
}

// structure decodes a field that holds a machine, an object with fields of its own, or an array of such.
func (d *decoder) structure(f *ast.Field, m *ast.Member, keeper any) {
	switch into := keeper.(type) {
	case *[]*ast.State:
		*into = append(*into, d.states(m)...) // of a second member too, which has a finding
	case *[]*ast.Machine:
		*into = nil
		for _, n := range d.objects(m) {
			*into = append(*into, d.machine(n))
		}
	case **ast.Machine:
		if d.object(m) {
			if inner := d.machine(m.Value); f.NewName == "" || *into == nil {
				*into = inner
			}
		}
	case *[]*ast.Retrier:
		*into = list[ast.Retrier](d, ast.RetrierFields, m)
	case *[]*ast.Catcher:
		*into = list[ast.Catcher](d, ast.CatcherFields, m)
	case *[]*ast.Rule:
		*into = list[ast.Rule](d, ast.RuleFields, m)
	case **ast.Rule:
		*into = one[ast.Rule](d, ast.RuleFields, m)
	case **ast.ProcessorConfig:
		*into = one[ast.ProcessorConfig](d, f.Fields, m)
	case **ast.ItemReader:
		*into = one[ast.ItemReader](d, f.Fields, m)
	case **ast.ReaderConfig:
		*into = one[ast.ReaderConfig](d, f.Fields, m)
	case **ast.ItemBatcher:
		*into = one[ast.ItemBatcher](d, f.Fields, m)
	case **ast.ResultWriter:
		*into = one[ast.ResultWriter](d, f.Fields, m)
	case **ast.WriterConfig:
		*into = one[ast.WriterConfig](d, f.Fields, m)
	}
}

// object is a pointer to the Go type of an object with fields.
type object[T any] interface {
	*T
	Begin(n *ast.Node)
}

func decode[T any, P object[T]](d *decoder, t *ast.Fields, n *ast.Node) *T {
	o := P(new(T))
	o.Begin(n)
	d.fields(t, n.Members, o)
	return o
}

// one decodes an object, nil if m holds none.
func one[T any, P object[T]](d *decoder, t *ast.Fields, m *ast.Member) *T {
	if !d.object(m) {
		return nil
	}
	return decode[T, P](d, t, m.Value)
}

// list decodes an array of objects. It is not nil: the field is written.
func list[T any, P object[T]](d *decoder, t *ast.Fields, m *ast.Member) []*T {
	all := []*T{}
	for _, n := range d.objects(m) {
		all = append(all, decode[T, P](d, t, n))
	}
	return all
}

// comparison decodes a comparison operator. Of several in a rule the first is kept.
func (d *decoder) comparison(r *ast.Rule, m *ast.Member) {
	if r.Operator != "" {
		return
	}
	r.Operator, r.OpSpan = m.Name, m.Span
	if ast.Operators[m.Name] == ast.PathOperand {
		r.Path = d.anyPath(m)
	} else {
		r.Operand = m.Value
	}
}

// strings decodes an array of strings: texts, or the names of errors.
func (d *decoder) strings(f *ast.Field, m *ast.Member) (all []ast.String) {
	if f.Kind == ast.ErrorNames && m.Value.Kind != value.ArrayKind {
		d.errorf(m.Value.Span, diag.BadHandler, "%s must be an array of error names, not %s", m.Name, article(m.Value.Kind))
		return nil
	}
	if !d.is(m, value.ArrayKind) {
		return nil
	}
	for i, e := range m.Value.Elements {
		switch {
		case e.Kind == value.StringKind:
			all = append(all, ast.String{Text: e.Text, Span: e.Span})
		case f.Kind == ast.ErrorNames:
			d.errorf(e.Span, diag.BadHandler, "an error name must be a string, not %s", article(e.Kind))
		default:
			d.errorf(e.Span, diag.WrongType, "element %d of %q must be a string, not %s", i, m.Name, article(e.Kind))
		}
	}
	return all
}

// node decodes a field that is kept as it is written. A template may be one expression in a JSONata state (R71).
func (d *decoder) node(f *ast.Field, m *ast.Member) *ast.Node {
	switch {
	case f.Kind == ast.ObjectTemplate:
		return d.template(m)
	case f.Kind == ast.Template && !(f.Expressions && d.jsonata && ast.IsExpression(m.Value.Text)):
		return d.anyTemplate(m)
	}
	return m.Value
}
