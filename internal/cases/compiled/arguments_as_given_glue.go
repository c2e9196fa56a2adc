// Code generated to register a machine. DO NOT EDIT.

package compiled

import (
	"github.com/r-seed-632eed22/aslgen/internal/runner"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
)

func init() {
	runner.Register("arguments_as_given", func(r *runner.Run) (runner.Machine, error) {
		return runner.Wrap(NewArgumentsAsGiven(r.Engine, ArgumentsAsGivenTasks{
			Send: asl.Call[*ArgumentsAsGivenSendParameters, asl.Value]{Caller: runner.Effect[*ArgumentsAsGivenSendParameters]{Run: r, Activity: false}},
		}))
	})
}
