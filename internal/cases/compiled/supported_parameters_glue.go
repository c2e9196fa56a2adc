// Code generated to register a machine. DO NOT EDIT.

package compiled

import (
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/r-seed-632eed22/aslgen/internal/runner"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
)

func init() {
	runner.Register("supported_parameters", func(r *runner.Run) (runner.Machine, error) {
		return runner.Wrap(NewSupportedParameters(r.Engine, SupportedParametersTasks{
			Run: asl.Job[*ecs.RunTaskInput, *types.Task]{Runner: runner.Effect[*ecs.RunTaskInput]{Run: r, Activity: false}},
		}))
	})
}
