package check

import (
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/runtime/intrinsic"
)

// fail checks a Fail state (R123, R45, R190).
func (c *checker) fail(s *ast.State) {
	c.fieldAndPath(s.Fields, ast.StateFields, diag.FailFieldTwice)
	if s.Error != nil && strings.HasPrefix(s.Error.Text, "States.") {
		c.warnf(s.Error.Span, diag.ReservedErrorName, "%q looks like an error of Step Functions itself", s.Error.Text)
	}
	for _, p := range []*ast.Path{s.ErrorPath, s.CausePath} {
		if p != nil && p.Expr != nil && p.Expr.Call != nil && !intrinsic.StringFunction(p.Expr.Call.Function) {
			c.errorf(p.Span, diag.NotStringFunction, "%s does not return a string, or is not allowed here", p.Expr.Call.Function).
				WithHint("States.Format and States.JsonToString make strings")
		}
	}
}
