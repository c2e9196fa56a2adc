package parse

import (
	"github.com/r-seed-632eed22/aslgen/gen/ast"
	"github.com/r-seed-632eed22/aslgen/gen/diag"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

func (d *decoder) retriers(m *ast.Member) (retriers []*ast.Retrier) {
	for _, n := range d.objects(m) {
		r := &ast.Retrier{Span: n.Span, Fields: n.Members}
		for i := range r.Fields {
			d.retrierField(r, &r.Fields[i])
		}
		retriers = append(retriers, r)
	}
	return retriers
}

func (d *decoder) retrierField(r *ast.Retrier, m *ast.Member) {
	switch m.Name {
	case "Comment":
		d.string(m)
	case "ErrorEquals":
		r.ErrorEquals = d.errorNames(m)
	case "IntervalSeconds":
		r.IntervalSeconds = d.number(m)
	case "MaxAttempts":
		r.MaxAttempts = d.number(m)
	case "BackoffRate":
		r.BackoffRate = d.number(m)
	case "MaxDelaySeconds":
		r.MaxDelaySeconds = d.number(m)
	case "JitterStrategy":
		r.JitterStrategy = d.string(m)
	}
}

func (d *decoder) catchers(m *ast.Member) (catchers []*ast.Catcher) {
	for _, n := range d.objects(m) {
		c := &ast.Catcher{Span: n.Span, Fields: n.Members}
		for i := range c.Fields {
			d.catcherField(c, &c.Fields[i])
		}
		catchers = append(catchers, c)
	}
	return catchers
}

func (d *decoder) catcherField(c *ast.Catcher, m *ast.Member) {
	switch m.Name {
	case "Comment":
		d.string(m)
	case "ErrorEquals":
		c.ErrorEquals = d.errorNames(m)
	case "Next":
		c.Next = d.string(m)
	case "ResultPath":
		c.ResultPath = d.nullablePath(m, resultPath)
	case "Output":
		c.Output = m.Value
	case "Assign":
		c.Assign = d.template(m)
	}
}

func (d *decoder) errorNames(m *ast.Member) (names []ast.String) {
	if m.Value.Kind != value.ArrayKind {
		d.errorf(m.Value.Span, diag.BadHandler, "ErrorEquals must be an array of error names, not %s", article(m.Value.Kind))
		return nil
	}
	for _, e := range m.Value.Elements {
		if e.Kind != value.StringKind {
			d.errorf(e.Span, diag.BadHandler, "an error name must be a string, not %s", article(e.Kind))
			continue
		}
		names = append(names, ast.String{Text: e.Text, Span: e.Span})
	}
	return names
}
