// Code generated to register a machine. DO NOT EDIT.

package compiled

import (
	"github.com/r-seed-632eed22/aslgen/internal/runner"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
)

func init() {
	runner.Register("names_without_tags", func(r *runner.Run) (runner.Machine, error) {
		return runner.Wrap(NewNamesWithoutTags(r.Engine, NamesWithoutTagsTasks{
			Send:  asl.Call[*NamesWithoutTagsSendParameters, *NamesWithoutTagsSendResult]{Caller: runner.Effect[*NamesWithoutTagsSendParameters]{Run: r, Activity: false}},
			Again: asl.Call[asl.Value, asl.Value]{Caller: runner.Effect[asl.Value]{Run: r, Activity: false}},
		}))
	})
}
