// Code generated to register a machine. DO NOT EDIT.

package compiled

import (
	"github.com/r-seed-632eed22/aslgen/internal/runner"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
)

func init() {
	runner.Register("context_as_given", func(r *runner.Run) (runner.Machine, error) {
		return runner.Wrap(NewContextAsGiven(r.Engine, ContextAsGivenTasks{
			Send: asl.Send[*ContextAsGivenSendParameters]{Sender: runner.Effect[*ContextAsGivenSendParameters]{Run: r, Activity: false}},
		}))
	})
}
