// Code generated to register a machine. DO NOT EDIT.

package compiled

import (
	"github.com/r-seed-632eed22/aslgen/internal/runner"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
)

func init() {
	runner.Register("shared_handlers", func(r *runner.Run) (runner.Machine, error) {
		return runner.Wrap(NewSharedHandlers(r.Engine, SharedHandlersConfig{Place: "Place"}, SharedHandlersTasks{
			First:  asl.Call[asl.Value, *SharedHandlersFirstResult]{Caller: runner.Effect[asl.Value]{Run: r, Activity: false}},
			Second: asl.Call[asl.Value, *SharedHandlersFirstResult]{Caller: runner.Effect[asl.Value]{Run: r, Activity: false}},
			Third:  asl.Call[asl.Value, asl.Value]{Caller: runner.Effect[asl.Value]{Run: r, Activity: false}},
		}))
	})
}
