// Code generated to register a machine. DO NOT EDIT.

package compiled

import (
	"github.com/r-seed-632eed22/aslgen/internal/runner"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

func init() {
	runner.Register("seed_run_job", func(r *runner.Run) (runner.Machine, error) {
		return runner.Wrap(NewRunJob(r.Engine, RunJobTasks{
			RunECSTask: runner.Effect[*ecs.RunTaskInput, *types.Task]{Run: r, Activity: false},
		}))
	})
}
