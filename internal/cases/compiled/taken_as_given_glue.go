// Code generated to register a machine. DO NOT EDIT.

package compiled

import (
	"github.com/r-seed-632eed22/aslgen/internal/runner"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
)

func init() {
	runner.Register("taken_as_given", func(r *runner.Run) (runner.Machine, error) {
		return runner.Wrap(NewTakenAsGiven(r.Engine, TakenAsGivenTasks{
			Ask: asl.Call[asl.Value, asl.Value]{Caller: runner.Effect[asl.Value]{Run: r, Activity: false}},
		}))
	})
}
