// Code generated to register a machine. DO NOT EDIT.

package cases

import (
	"github.com/r-seed-632eed22/aslgen/internal/runner"
	asl "github.com/r-seed-632eed22/aslgen/runtime"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
)

func init() {
	runner.Register("import_orders", func(r *runner.Run) (runner.Machine, error) {
		return runner.Wrap(NewImportOrders(r.Engine, ImportOrdersTasks{
			FindFiles: runner.Effect[*ImportOrdersFindFilesParameters]{Run: r, Activity: false},
			Import: runner.Effect[*ecs.RunTaskInput]{Run: r, Activity: false},
			Remember: runner.Effect[*ImportOrdersRememberParameters]{Run: r, Activity: false},
			Check: runner.Effect[asl.Value]{Run: r, Activity: false},
			Tell: runner.Effect[*ImportOrdersTellParameters]{Run: r, Activity: false},
		}))
	})
}
