package infer

import (
	"fmt"
	"math"
	"slices"

	"github.com/r-seed-632eed22/aslgen/gen/ast"
	"github.com/r-seed-632eed22/aslgen/gen/diag"
	"github.com/r-seed-632eed22/aslgen/gen/shape"
)

// fieldLimits are the ranges of the numbers that the fields of JSONata states take (R111, R145, R147, R150, R151, R161). All
// but a percentage are whole.
var fieldLimits = map[string]struct{ low, high float64 }{
	"Seconds":                    {0, 99999999},
	"TimeoutSeconds":             {1, 99999999},
	"HeartbeatSeconds":           {1, 99999999},
	"MaxConcurrency":             {0, 99999999},
	"ToleratedFailureCount":      {0, 100000000},
	"ToleratedFailurePercentage": {0, 100},
	"MaxItems":                   {0, 100000000},
	"MaxItemsPerBatch":           {1, 100000000},
	"MaxInputBytesPerBatch":      {1, 262144},
}

// gives reports an expression that never gives what a field takes. Null is nothing that one takes.
func (e *evaluation) gives(n *ast.Node, name string, j *shape.JSON, takes shape.Kinds) {
	if n.Expr == nil || n.Expr.JSONata == nil || j.Kinds&takes != 0 {
		return
	}
	e.misfit(n.Span, wrong{code: diag.WrongData, message: fmt.Sprintf("%s takes %s, but %s is %s", name, takes, n.Expr.Text, describe(j))}, j)
}

// givesNumber reports an expression that never gives a number, or always one that is out of the field's range.
func (e *evaluation) givesNumber(n *ast.Node, name string, j *shape.JSON) {
	e.gives(n, name, j, shape.NumberKind)
	if n.Expr == nil || n.Expr.JSONata == nil {
		return
	}
	v, _ := n.Expr.JSONata.Constant()
	f, ok := v.AsFloat()
	limits, whole := fieldLimits[name], name != "ToleratedFailurePercentage"
	if !ok || limits.low <= f && f <= limits.high && (f == math.Trunc(f) || !whole) {
		return
	}
	what := "a whole number"
	if !whole {
		what = "a number"
	}
	e.finding(n.Span, wrong{code: diag.WrongData, message: fmt.Sprintf("%s takes %s from %.0f to %.0f, not %s", name, what, limits.low, limits.high, v)})
}

// givesNumbers looks at the members of an object in a field that hold numbers.
func (e *evaluation) givesNumbers(fields []ast.Member, field string, names ...string) {
	for _, f := range fields {
		for i := range f.Value.Members {
			m := &f.Value.Members[i]
			if f.Name == field && slices.Contains(names, m.Name) && m.Value.Expr != nil && m.Value.Expr.JSONata != nil {
				e.givesNumber(m.Value, m.Name, ofKind(m.Value.Expr.JSONata.Result()))
			}
		}
	}
}
