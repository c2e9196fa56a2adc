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
	e.add("IntervalSeconds", orDefault(r.IntervalSeconds, "1"))
	e.add("MaxAttempts", orDefault(r.MaxAttempts, "3"))
	rate := ir.Number{Text: "2"}
	if r.BackoffRate != nil {
		rate.Text = r.BackoffRate.Text
	}
	e.add("BackoffRate", rate)
	if r.MaxDelaySeconds != nil {
		e.add("MaxDelaySeconds", integer(r.MaxDelaySeconds))
	}
	e.text(w, "JitterStrategy", r.JitterStrategy)
	return ir.Composite{Elems: e, Lines: true}
}

func orDefault(n *ast.Number, text string) ir.Expr {
	if n == nil {
		return ir.Number{Text: text}
	}
	return integer(n)
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
