// Code generated to register a machine. DO NOT EDIT.

package compiled

import (
	"github.com/r-seed-632eed22/aslgen/internal/runner"
)

func init() {
	runner.Register("select_by_expression", func(r *runner.Run) (runner.Machine, error) {
		return runner.Wrap(NewSelectByExpression(r.Engine, SelectByExpressionTasks{}))
	})
}
