// Package told asks executions of engines in memory, which have no errors to tell.
package told

import (
	"context"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
)

// Status returns the status of an execution.
func Status[Out any](e *asl.Execution[Out]) asl.Status {
	d, err := e.Running().Describe(context.Background())
	if err != nil {
		panic(err)
	}
	return d.Status
}

// History returns the events of an execution.
func History[Out any](e *asl.Execution[Out]) []asl.Event {
	events, err := e.Running().History(context.Background())
	if err != nil {
		panic(err)
	}
	return events
}

// Stop stops an execution.
func Stop[Out any](e *asl.Execution[Out], name, cause string) {
	if err := e.Running().Stop(context.Background(), name, cause); err != nil {
		panic(err)
	}
}
