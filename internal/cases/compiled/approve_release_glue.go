// Code generated to register a machine. DO NOT EDIT.

package compiled

import (
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/r-seed-632eed22/aslgen/internal/runner"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
)

func init() {
	runner.Register("approve_release", func(r *runner.Run) (runner.Machine, error) {
		return runner.Wrap(NewApproveRelease(r.Engine, ApproveReleaseConfig{ClusterARN: "ClusterArn", SubnetA: "SubnetA", SubnetB: "SubnetB"}, ApproveReleaseTasks{
			Ask: asl.Send[*ecs.RunTaskInput]{Sender: runner.Effect[*ecs.RunTaskInput]{Run: r, Activity: false}},
		}))
	})
}
