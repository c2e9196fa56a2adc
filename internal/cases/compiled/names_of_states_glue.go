// Code generated to register a machine. DO NOT EDIT.

package compiled

import (
	"github.com/r-seed-632eed22/aslgen/internal/runner"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
)

func init() {
	runner.Register("names_of_states", func(r *runner.Run) (runner.Machine, error) {
		return runner.Wrap(NewNamesOfStates(r.Engine, NamesOfStatesTasks{
			ECSTaskARNToJSON: runner.Effect[*ecs.RunTaskInput, *ecs.RunTaskOutput]{Run: r, Activity: false},
		}))
	})
}
