// Code generated to register a machine. DO NOT EDIT.

package compiled

import (
	"github.com/r-seed-632eed22/aslgen/internal/runner"
)

func init() {
	runner.Register("expressions_apart", func(r *runner.Run) (runner.Machine, error) {
		return runner.Wrap(NewExpressionsApart(r.Engine, ExpressionsApartTasks{}))
	})
}
