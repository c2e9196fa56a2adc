// Code generated to register a machine. DO NOT EDIT.

package compiled

import (
	"github.com/r-seed-632eed22/aslgen/internal/runner"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
)

func init() {
	runner.Register("shared_handlers", func(r *runner.Run) (runner.Machine, error) {
		return runner.Wrap(NewSharedHandlers(r.Engine, SharedHandlersConfig{Place: "Place"}, SharedHandlersTasks{
			First:  asl.Call[*SharedHandlersFirstParameters, *SharedHandlersFirstResult]{Caller: runner.Effect[*SharedHandlersFirstParameters]{Run: r, Activity: false}},
			Second: asl.Call[*SharedHandlersFirstParameters, *SharedHandlersFirstResult]{Caller: runner.Effect[*SharedHandlersFirstParameters]{Run: r, Activity: false}},
			Third:  asl.Call[*SharedHandlersFirstParameters, asl.Value]{Caller: runner.Effect[*SharedHandlersFirstParameters]{Run: r, Activity: false}},
		}))
	})
}
