// Code generated to register a machine. DO NOT EDIT.

package compiled

import (
	"github.com/r-seed-632eed22/aslgen/internal/runner"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
)

func init() {
	runner.Register("jsonpath_faults", func(r *runner.Run) (runner.Machine, error) {
		return runner.Wrap(NewJsonpathFaults(r.Engine, JsonpathFaultsTasks{
			Send:   asl.Send[asl.Value]{Sender: runner.Effect[asl.Value]{Run: r, Activity: false}},
			Put:    asl.Call[*JsonpathFaultsPutParameters, asl.Value]{Caller: runner.Effect[*JsonpathFaultsPutParameters]{Run: r, Activity: false}},
			Submit: asl.Job[*JsonpathFaultsSubmitParameters, asl.Value]{Runner: runner.Effect[*JsonpathFaultsSubmitParameters]{Run: r, Activity: false}},
			Text:   asl.Call[asl.Value, asl.Value]{Caller: runner.Effect[asl.Value]{Run: r, Activity: false}},
		}))
	})
}
