// Code generated to register a machine. DO NOT EDIT.

package compiled

import (
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/r-seed-632eed22/aslgen/internal/runner"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
)

func init() {
	runner.Register("unprefixed", func(r *runner.Run) (runner.Machine, error) {
		return runner.Wrap(New(r.Engine, Config{Definition: "Definition"}, Tasks{
			Run:    asl.Job[*ecs.RunTaskInput, *types.Task]{Runner: runner.Effect[*ecs.RunTaskInput]{Run: r, Activity: false}},
			Notify: asl.Call[*NotifyParameters, asl.Value]{Caller: runner.Effect[*NotifyParameters]{Run: r, Activity: false}},
		}))
	})
}
