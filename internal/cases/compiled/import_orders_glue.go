// Code generated to register a machine. DO NOT EDIT.

package compiled

import (
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/r-seed-632eed22/aslgen/internal/runner"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
)

func init() {
	runner.Register("import_orders", func(r *runner.Run) (runner.Machine, error) {
		return runner.Wrap(NewImportOrders(r.Engine, ImportOrdersTasks{
			FindFiles: asl.Call[*ImportOrdersFindFilesParameters, asl.Value]{Caller: runner.Effect[*ImportOrdersFindFilesParameters]{Run: r, Activity: false}},
			Import:    asl.Job[*ecs.RunTaskInput, *types.Task]{Runner: runner.Effect[*ecs.RunTaskInput]{Run: r, Activity: false}},
			Remember:  asl.Call[*ImportOrdersRememberParameters, asl.Value]{Caller: runner.Effect[*ImportOrdersRememberParameters]{Run: r, Activity: false}},
			Check:     asl.Call[asl.Value, asl.Value]{Caller: runner.Effect[asl.Value]{Run: r, Activity: false}},
			Tell:      asl.Call[*ImportOrdersTellParameters, asl.Value]{Caller: runner.Effect[*ImportOrdersTellParameters]{Run: r, Activity: false}},
		}))
	})
}
