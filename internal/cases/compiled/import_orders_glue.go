// Code generated to register a machine. DO NOT EDIT.

package compiled

import (
	"github.com/r-seed-632eed22/aslgen/internal/runner"
	asl "github.com/r-seed-632eed22/aslgen/runtime"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

func init() {
	runner.Register("import_orders", func(r *runner.Run) (runner.Machine, error) {
		return runner.Wrap(NewImportOrders(r.Engine, ImportOrdersTasks{
			FindFiles: runner.Effect[*ImportOrdersFindFilesParameters, *ImportOrdersFindFilesResult]{Run: r, Activity: false},
			Import: runner.Effect[*ecs.RunTaskInput, *types.Task]{Run: r, Activity: false},
			Remember: runner.Effect[*ImportOrdersRememberParameters, asl.Value]{Run: r, Activity: false},
			Check: runner.Effect[asl.Value, asl.Value]{Run: r, Activity: false},
			Tell: runner.Effect[*ImportOrdersTellParameters, asl.Value]{Run: r, Activity: false},
		}))
	})
}
