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
			DescribeTasks: asl.Call[*PollWithSDKDescribeTasksParameters, *PollWithSDKDescribeTasksResult]{Caller: runner.Effect[*PollWithSDKDescribeTasksParameters]{Run: r, Activity: false}},
			StopTask:      asl.Call[*PollWithSDKStopTaskParameters, asl.Value]{Caller: runner.Effect[*PollWithSDKStopTaskParameters]{Run: r, Activity: false}},
		}))
	})
}
