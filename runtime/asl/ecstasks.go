package asl

import (
	"strings"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// ecsTask returns the ARN of the ECS task that an event of a task is about, so that a line of a log leads to it; "" if there
// is none. RunTask's answer has a list of tasks, and the outcome of .sync is a task.
func ecsTask(e Event) string {
	if e.Task == nil || e.Task.ResourceType != "ecs" {
		return ""
	}
	v := e.Output
	if e.Err != nil && strings.HasPrefix(e.Err.Cause, "{") {
		v, _ = value.Parse([]byte(e.Err.Cause)) // of what is no JSON there is no ARN
	}
	if tasks := v.Get("Tasks"); tasks.Len() > 0 {
		v = tasks.At(0)
	}
	arn, _ := v.Get("TaskArn").AsString()
	return arn
}
