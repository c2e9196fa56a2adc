// Code generated to register a machine. DO NOT EDIT.

package compiled

import (
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/r-seed-632eed22/aslgen/internal/runner"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

func init() {
	runner.Register("placeholders_bare", func(r *runner.Run) (runner.Machine, error) {
		return runner.Wrap(NewPlaceholdersBare(r.Engine, PlaceholdersBareConfig{Timeout: 1, Cluster: "cluster", Family: "family", Revision: "revision", Debug: true, LaunchType: types.LaunchType("EC2"), Subnets: []string{"jsonencode(var.subnets)"}, Group: "group", Overrides: &types.TaskOverride{}, TaskTimeout: 1, Interval: 1, Attempts: 1, Rate: 1, Delay: 1, Settings: value.EmptyObject, Item: value.EmptyObject, Most: 1, Result: value.EmptyObject}, PlaceholdersBareTasks{
			Run: asl.Job[*ecs.RunTaskInput, *types.Task]{Runner: runner.Effect[*ecs.RunTaskInput]{Run: r, Activity: false}},
		}))
	})
}
