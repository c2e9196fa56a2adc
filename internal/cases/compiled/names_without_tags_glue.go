// Code generated to register a machine. DO NOT EDIT.

package compiled

import (
	"github.com/r-seed-632eed22/aslgen/internal/runner"
	asl "github.com/r-seed-632eed22/aslgen/runtime"
)

func init() {
	runner.Register("names_without_tags", func(r *runner.Run) (runner.Machine, error) {
		return runner.Wrap(NewNamesWithoutTags(r.Engine, NamesWithoutTagsTasks{
			Send: runner.Effect[*NamesWithoutTagsSendParameters, *NamesWithoutTagsSendResult]{Run: r, Activity: false},
			Again: runner.Effect[asl.Value, asl.Value]{Run: r, Activity: false},
		}))
	})
}
