// Code generated to register a machine. DO NOT EDIT.

package compiled

import (
	"github.com/r-seed-632eed22/aslgen/internal/runner"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

func init() {
	runner.Register("settle_invoices", func(r *runner.Run) (runner.Machine, error) {
		return runner.Wrap(NewSettleInvoices(r.Engine, SettleInvoicesTasks{
			Pay: runner.Effect[*SettleInvoicesPayParameters, *SettleInvoicesPayResult]{Run: r, Activity: false},
			Archive: runner.Effect[*ecs.RunTaskInput, *types.Task]{Run: r, Activity: false},
		}))
	})
}
