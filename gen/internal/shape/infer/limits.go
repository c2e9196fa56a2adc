package infer

import (
	"fmt"
	"math"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/shape"
)

// gives reports an expression that never gives what a field takes. Null is nothing that one takes.
func (e *evaluation) gives(n *ast.Node, name string, j *shape.JSON, takes shape.Kinds) {
	if n.Expr == nil || n.Expr.JSONata == nil || j.Kinds&takes != 0 {
		return
	}
	e.misfit(n.Span, wrong{code: diag.WrongData, message: fmt.Sprintf("%s takes %s, but %s is %s", name, takes, n.Expr.Text, j.Describe())}, j)
}

// givesNumber reports an expression that never gives a number, or always one that is out of the field's range.
func (e *evaluation) givesNumber(n *ast.Node, field *ast.Field, j *shape.JSON) {
	e.gives(n, field.Name, j, shape.NumberKind)
	if n.Expr == nil || n.Expr.JSONata == nil {
		return
	}
	v, _ := n.Expr.JSONata.Constant()
	f, ok := v.AsFloat()
	limits := field.Range
	if !ok || limits.Low <= f && f <= limits.High && (f == math.Trunc(f) || limits.Fraction) {
		return
	}
	what := "a whole number"
	if limits.Fraction {
		what = "a number"
	}
	e.finding(n.Span, wrong{code: diag.WrongData, message: fmt.Sprintf("%s takes %s from %.0f to %.0f, not %s", field.Name, what, limits.Low, limits.High, v)})
}

// givesNumbers looks at the numbers among the members of an object with the fields.
func (e *evaluation) givesNumbers(members ast.Members, t *ast.Fields) {
	for i := range members {
		m := &members[i]
		if f := t.Named(m.Name); f != nil && f.Kind == ast.NumberField && m.Value.Expr != nil && m.Value.Expr.JSONata != nil {
			e.givesNumber(m.Value, f, ofKind(m.Value.Expr.JSONata.Result()))
		}
	}
}
