package hosts

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/names"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Child is an execution that a Map Run has begun, as its history tells of it. It ends with the execution that the Map is in: by itself it
// cannot be stopped, waited for or redriven.
type Child struct {
	arn    string
	begun  *asl.Event
	events func() []asl.Event
}

// NewChild returns the child with an ARN whose history begins with an event. events gives the history so far, which is asked for once it is
// needed, and then once.
func NewChild(arn string, begun *asl.Event, events func() []asl.Event) *Child {
	return &Child{arn, begun, sync.OnceValue(events)}
}

// MapRun returns the ARN of the Map Run, Items how many items the child has.
func (c *Child) MapRun() string { return c.begun.Map.RunARN }
func (c *Child) Items() int     { return c.begun.Map.Items }

// ID implements [asl.Running].
func (c *Child) ID() string { return c.arn }

// Name implements [asl.Running].
func (c *Child) Name() string {
	_, name := names.Execution(c.arn)
	return name
}

// Describe implements [asl.Running].
func (c *Child) Describe(context.Context) (asl.Description, error) {
	events := c.events()
	d := asl.Description{Status: asl.StatusRunning, Started: c.begun.Time, Input: c.begun.Input}
	d.Machine, _ = names.Execution(c.arn)
	for i := range events {
		describe(&events[i], &d)
	}
	if d.Status == asl.StatusRunning || d.Status == asl.StatusSucceeded {
		d.NotRedrivable = "Execution is " + string(d.Status) + " and cannot be redriven"
	}
	return d, nil
}

// describe takes in what an event says of how far its execution is.
func describe(e *asl.Event, d *asl.Description) {
	switch e.Type {
	case asl.ExecutionSucceeded:
		d.Status, d.Output, d.Err = asl.StatusSucceeded, e.Output, nil
	case asl.ExecutionFailed:
		d.Status, d.Err = asl.StatusFailed, e.Err
	case asl.ExecutionTimedOut:
		d.Status, d.Err = asl.StatusTimedOut, asl.ExecutionTimeout(e.Err)
	case asl.ExecutionAborted:
		d.Status, d.Err = asl.StatusAborted, &asl.Aborted{}
		if e.Err != nil {
			d.Err = &asl.Aborted{Name: e.Err.Name, Cause: e.Err.Cause}
		}
	case asl.ExecutionRedriven:
		d.Status, d.Stopped, d.Output, d.Err = asl.StatusRunning, time.Time{}, value.Value{}, nil
		d.RedriveCount, d.Redriven = e.Redrives, e.Time
		return
	default:
		return
	}
	d.Stopped = e.Time
}

// Wait implements [asl.Running].
func (c *Child) Wait(context.Context) (value.Value, error) {
	return value.Value{}, c.apart("waited for")
}

// Stop implements [asl.Running].
func (c *Child) Stop(context.Context, string, string) error { return c.apart("stopped") }

func (c *Child) apart(done string) error {
	return &asl.APIError{Code: "ValidationException", Message: fmt.Sprintf("%s was started by a Map Run: it is %s with the execution that began it", c.arn, done)}
}

// History implements [asl.Running].
func (c *Child) History(context.Context) ([]asl.Event, error) { return slices.Clone(c.events()), nil }
