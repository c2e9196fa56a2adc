// Code generated to register a machine. DO NOT EDIT.

package compiled

import (
	"github.com/r-seed-632eed22/aslgen/internal/runner"
	asl "github.com/r-seed-632eed22/aslgen/runtime"
)

func init() {
	runner.Register("jsonpath_faults", func(r *runner.Run) (runner.Machine, error) {
		return runner.Wrap(NewJsonpathFaults(r.Engine, JsonpathFaultsTasks{
			Send: runner.Effect[*JsonpathFaultsSendParameters, any]{Run: r, Activity: false},
			Put: runner.Effect[*JsonpathFaultsPutParameters, asl.Value]{Run: r, Activity: false},
			Submit: runner.Effect[*JsonpathFaultsSubmitParameters, asl.Value]{Run: r, Activity: false},
			Text: runner.Effect[*JsonpathFaultsTextParameters, asl.Value]{Run: r, Activity: false},
		}))
	})
}
