package hosts

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Child is an execution that a Map Run has begun, as its history tells of it. It ends with the execution that the Map is in: by itself it
// cannot be stopped, waited for or redriven.
type Child struct {
	MapRun string // ARN
	Items  int    // how many it has

	arn    string
	events []asl.Event
}

// NewChild returns the child with an ARN, whose history so far is given. It is nil if that is none of a child.
func NewChild(arn string, events []asl.Event) *Child {
	if len(events) == 0 || events[0].Type != asl.ExecutionStarted || events[0].Map == nil {
		return nil
	}
	return &Child{MapRun: events[0].Map.RunARN, Items: events[0].Map.Items, arn: arn, events: events}
}

// ID implements [asl.Running].
func (c *Child) ID() string { return c.arn }

// ExecutionNames returns what an execution's ARN says of it: the names of its machine and its own. Those of the machine of a Map's children may
// have any character: arn:aws:states:us-east-1:123456789012:execution:Machine/Label:Name.
func ExecutionNames(arn string) (machine, name string) {
	const before = 6 // parts of every ARN
	parts := strings.Split(arn, ":")
	last := len(parts) - 1
	if last > before && parts[before-1] == "express" {
		last-- // behind the name there is the unique part
	}
	if last <= before {
		return "", ""
	}
	return strings.Join(parts[before:last], ":"), parts[last]
}

// Name implements [asl.Running].
func (c *Child) Name() string {
	_, name := ExecutionNames(c.arn)
	return name
}

// Describe implements [asl.Running].
func (c *Child) Describe(context.Context) (asl.Description, error) {
	begun := &c.events[0]
	d := asl.Description{Status: asl.StatusRunning, Started: begun.Time, Input: begun.Input}
	d.Machine, _ = ExecutionNames(c.arn)
	for i := range c.events {
		describe(&c.events[i], &d)
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
func (c *Child) History(context.Context) ([]asl.Event, error) { return c.events, nil }
