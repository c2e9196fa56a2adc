// Code generated to register a machine. DO NOT EDIT.

package compiled

import (
	"github.com/r-seed-632eed22/aslgen/internal/runner"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
)

func init() {
	runner.Register("recover_faults", func(r *runner.Run) (runner.Machine, error) {
		return runner.Wrap(NewRecoverFaults(r.Engine, RecoverFaultsTasks{
			Renew: asl.Call[asl.Value, *RecoverFaultsRenewResult]{Caller: runner.Effect[asl.Value]{Run: r, Activity: false}},
		}))
	})
}
