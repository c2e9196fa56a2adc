// Code generated to register a machine. DO NOT EDIT.

package compiled

import (
	"github.com/r-seed-632eed22/aslgen/internal/runner"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
)

func init() {
	runner.Register("price_updates", func(r *runner.Run) (runner.Machine, error) {
		return runner.Wrap(NewPriceUpdates(r.Engine, PriceUpdatesTasks{
			Apply:               asl.Call[asl.Value, asl.Value]{Caller: runner.Effect[asl.Value]{Run: r, Activity: false}},
			ApplyUpdatesObjects: runner.Objects{Run: r},
			ApplyQueryObjects:   runner.Objects{Run: r},
		}))
	})
}
