// Code generated to register a machine. DO NOT EDIT.

package cases

import (
	"github.com/r-seed-632eed22/aslgen/internal/runner"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
)

func init() {
	runner.Register("poll_with_sdk", func(r *runner.Run) (runner.Machine, error) {
		return runner.Wrap(NewPollWithSDK(r.Engine, PollWithSDKTasks{
			RunTask: runner.Effect[*ecs.RunTaskInput]{Run: r, Activity: false},
			DescribeTasks: runner.Effect[*PollWithSDKDescribeTasksParameters]{Run: r, Activity: false},
			StopTask: runner.Effect[*PollWithSDKStopTaskParameters]{Run: r, Activity: false},
		}))
	})
}
