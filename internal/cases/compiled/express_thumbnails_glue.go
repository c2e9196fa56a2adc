// Code generated to register a machine. DO NOT EDIT.

package compiled

import (
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/r-seed-632eed22/aslgen/internal/runner"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
)

func init() {
	runner.Register("express_thumbnails", func(r *runner.Run) (runner.Machine, error) {
		return runner.Wrap(NewExpressThumbnails(r.Engine, ExpressThumbnailsTasks{
			MakeThumbnails: asl.Call[*ecs.RunTaskInput, *ecs.RunTaskOutput]{Caller: runner.Effect[*ecs.RunTaskInput]{Run: r, Activity: false}},
		}))
	})
}
