package asl

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Child is an execution that a Map Run has begun, as its history tells of it. It ends with the execution that the Map is in: by itself it
// cannot be stopped, waited for or redriven.
type Child struct {
	MapRun string // ARN
	Items  int    // how many it has

	arn    string
	events []Event
}

// NewChild returns the child with an ARN, whose history so far is given. It is nil if that is none of a child.
func NewChild(arn string, events []Event) *Child {
	if len(events) == 0 || events[0].Type != ExecutionStarted || events[0].Map == nil {
		return nil
	}
	return &Child{MapRun: events[0].Map.RunARN, Items: events[0].Map.Items, arn: arn, events: events}
}

// ID implements [Running].
func (c *Child) ID() string { return c.arn }

// part returns a part of the ARN: arn:aws:states:us-east-1:123456789012:execution:Machine/Label:Name.
func (c *Child) part(i int) string {
	if parts := strings.Split(c.arn, ":"); i < len(parts) {
		return parts[i]
	}
	return ""
}

// Name implements [Running].
func (c *Child) Name() string { return c.part(7) }

// Describe implements [Running].
func (c *Child) Describe(context.Context) (Description, error) {
	begun := &c.events[0]
	d := Description{
		Machine: c.part(6), Status: StatusRunning, Started: begun.Time, Input: begun.Input,
		NotRedrivable: "Execution was started by a Map Run, and is redriven with the execution that began it",
	}
	for i := range c.events {
		c.events[i].describe(&d)
	}
	return d, nil
}

// describe takes in what an event says of how far its execution is.
func (e *Event) describe(d *Description) {
	switch e.Type {
	case ExecutionSucceeded:
		d.Status, d.Output, d.Err = StatusSucceeded, e.Output, nil
	case ExecutionFailed:
		d.Status, d.Err = StatusFailed, e.Err
	case ExecutionTimedOut:
		d.Status, d.Err = StatusTimedOut, ExecutionTimeout(e.Err)
	case ExecutionAborted:
		d.Status, d.Err = StatusAborted, &Aborted{}
		if e.Err != nil {
			d.Err = &Aborted{Name: e.Err.Name, Cause: e.Err.Cause}
		}
	case ExecutionRedriven:
		d.Status, d.Stopped, d.Output, d.Err = StatusRunning, time.Time{}, value.Value{}, nil
		d.RedriveCount, d.Redriven = e.Redrives, e.Time
		return
	default:
		return
	}
	d.Stopped = e.Time
}

// Wait implements [Running].
func (c *Child) Wait(context.Context) (value.Value, error) {
	return value.Value{}, c.apart("waited for")
}

// Stop implements [Running].
func (c *Child) Stop(context.Context, string, string) error { return c.apart("stopped") }

func (c *Child) apart(done string) error {
	return &APIError{Code: "ValidationException", Message: fmt.Sprintf("%s was started by a Map Run: it is %s with the execution that began it", c.arn, done)}
}

// History implements [Running].
func (c *Child) History(context.Context) ([]Event, error) { return c.events, nil }
