// Code generated to register a machine. DO NOT EDIT.

package compiled

import (
	"github.com/r-seed-632eed22/aslgen/internal/runner"
	asl "github.com/r-seed-632eed22/aslgen/runtime"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
)

func init() {
	runner.Register("poll_with_sdk", func(r *runner.Run) (runner.Machine, error) {
		return runner.Wrap(NewPollWithSDK(r.Engine, PollWithSDKTasks{
			RunTask: runner.Effect[*ecs.RunTaskInput, *ecs.RunTaskOutput]{Run: r, Activity: false},
			DescribeTasks: runner.Effect[*PollWithSDKDescribeTasksParameters, *PollWithSDKDescribeTasksResult]{Run: r, Activity: false},
			StopTask: runner.Effect[*PollWithSDKStopTaskParameters, asl.Value]{Run: r, Activity: false},
		}))
	})
}
