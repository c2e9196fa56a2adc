// Code generated to register a machine. DO NOT EDIT.

package cases

import (
	"github.com/r-seed-632eed22/aslgen/internal/runner"
)

func init() {
	runner.Register("jsonpath_faults", func(r *runner.Run) (runner.Machine, error) {
		return runner.Wrap(NewJsonpathFaults(r.Engine, JsonpathFaultsTasks{
			Send: runner.Effect[*JsonpathFaultsSendParameters]{Run: r, Activity: false},
			Put: runner.Effect[*JsonpathFaultsPutParameters]{Run: r, Activity: false},
			Submit: runner.Effect[*JsonpathFaultsSubmitParameters]{Run: r, Activity: false},
			Text: runner.Effect[*JsonpathFaultsTextParameters]{Run: r, Activity: false},
		}))
	})
}
