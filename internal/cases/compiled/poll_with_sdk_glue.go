// Code generated to register a machine. DO NOT EDIT.

package compiled

import (
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/r-seed-632eed22/aslgen/internal/runner"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
)

func init() {
	runner.Register("poll_with_sdk", func(r *runner.Run) (runner.Machine, error) {
		return runner.Wrap(NewPollWithSDK(r.Engine, PollWithSDKTasks{
			RunTask:       asl.Call[*ecs.RunTaskInput, *ecs.RunTaskOutput]{Caller: runner.Effect[*ecs.RunTaskInput]{Run: r, Activity: false}},
			DescribeTasks: asl.Call[*ecs.DescribeTasksInput, *ecs.DescribeTasksOutput]{Caller: runner.Effect[*ecs.DescribeTasksInput]{Run: r, Activity: false}},
			StopTask:      asl.Call[*ecs.StopTaskInput, *ecs.StopTaskOutput]{Caller: runner.Effect[*ecs.StopTaskInput]{Run: r, Activity: false}},
		}))
	})
}
