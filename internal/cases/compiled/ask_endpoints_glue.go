// Code generated to register a machine. DO NOT EDIT.

package compiled

import (
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/r-seed-632eed22/aslgen/internal/runner"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/httptask"
)

func init() {
	runner.Register("ask_endpoints", func(r *runner.Run) (runner.Machine, error) {
		return runner.Wrap(NewAskEndpoints(r.Engine, AskEndpointsConfig{Connection: "Connection"}, AskEndpointsTasks{
			Find:    asl.Call[*httptask.APIRequest, *httptask.Response]{Caller: runner.Effect[*httptask.APIRequest]{Run: r, Activity: false}},
			Charge:  asl.Call[*httptask.Request, *httptask.Response]{Caller: runner.Effect[*httptask.Request]{Run: r, Activity: false}},
			Approve: asl.Send[*httptask.APIRequest]{Sender: runner.Effect[*httptask.APIRequest]{Run: r, Activity: false}},
			Ship:    asl.Job[*ecs.RunTaskInput, *types.Task]{Runner: runner.Effect[*ecs.RunTaskInput]{Run: r, Activity: false}},
		}))
	})
}
