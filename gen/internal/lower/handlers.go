package lower

import (
	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/ir"
)

func (w *lowering) retry(s *state, d *elems) {
	if len(s.Retry) == 0 {
		return
	}
	d.add("Retry", w.handlers(s, "Retry", "Retrier", func() ir.Expr {
		list := ir.Composite{Type: ir.Slice{Elem: tableType("Retrier")}, Lines: true}
		for _, r := range s.Retry {
			list.Elems = append(list.Elems, ir.Elem{Value: w.retrier(r)})
		}
		return list
	}))
}

func (w *lowering) retrier(r *ast.Retrier) ir.Expr {
	e := elems{{Key: "ErrorEquals", Value: texts(r.ErrorEquals)}}
	e.add("IntervalSeconds", w.orDefault("IntervalSeconds", r.IntervalSeconds, "1"))
	e.add("MaxAttempts", w.orDefault("MaxAttempts", r.MaxAttempts, "3"))
	e.add("BackoffRate", w.orDefault("BackoffRate", r.BackoffRate, "2"))
	if r.MaxDelaySeconds != nil {
		e.add("MaxDelaySeconds", w.orDefault("MaxDelaySeconds", r.MaxDelaySeconds, ""))
	}
	e.text(w, "JitterStrategy", r.JitterStrategy)
	return ir.Composite{Elems: e, Lines: true}
}

// orDefault returns the number of a retrier's field, the text if it has none.
func (w *lowering) orDefault(field string, n *ast.Number, text string) ir.Expr {
	f := ast.RetrierFields.Named(field)
	switch {
	case n == nil:
		return ir.Number{Text: text}
	case f.Range.Fraction && n.Bare:
		w.config.number(n.Text, f)
		return w.bare(&ast.Node{Text: n.Text, Span: n.Span}, ir.Named{Name: "float64"})
	case f.Range.Fraction:
		return ir.Number{Text: n.Text}
	}
	return w.seconds(f, n)
}

func texts(list []ast.String) ir.Expr {
	c := ir.Composite{Type: ir.Slice{Elem: ir.Named{Name: "string"}}}
	for _, s := range list {
		c.Elems = append(c.Elems, ir.Elem{Value: ir.Text{Value: s.Text}})
	}
	c.Lines = tooLong(c)
	return c
}

func (w *lowering) catch(s *state, d *elems) {
	if len(s.Catch) == 0 {
		return
	}
	d.add("Catch", w.handlers(s, "Catch", "Catcher", func() ir.Expr {
		list := ir.Composite{Type: ir.Slice{Elem: tableType("Catcher")}, Lines: true}
		for _, c := range s.Catch {
			list.Elems = append(list.Elems, ir.Elem{Value: w.catcher(s, c)})
		}
		return list
	}))
}

func (w *lowering) catcher(s *state, c *ast.Catcher) ir.Expr {
	e := elems{{Key: "ErrorEquals", Value: texts(c.ErrorEquals)}}
	e.path(w, "ResultPath", c.ResultPath)
	if c.Output != nil {
		e.add("Output", documentTemplate(w.function(s, "CatchOutput", c.Output, nil)))
	}
	if c.Assign != nil {
		e.add("Assign", documentTemplate(w.function(s, "CatchAssign", c.Assign, nil)))
	}
	e.add("Next", ir.Name{Name: w.byName[c.Next.Text].constant})
	return ir.Composite{Elems: e, Lines: c.Assign != nil || c.Output != nil}
}
