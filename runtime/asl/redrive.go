package asl

import (
	"context"
	"time"
)

// Redrivable is a [Running] whose engine can redrive it (RedriveExecution of the API, 3.3).
type Redrivable interface {
	Running
	// Redrive has an execution go on that has failed, timed out or was stopped: with the states that it has not left. An [*APIError] says
	// that it cannot be, and why. Asked twice with the same token, other than "", it is redriven once.
	Redrive(ctx context.Context, token string) error
}

// redrivePeriod is how long after its end an execution can be redriven.
const redrivePeriod = 14 * 24 * time.Hour

// WhyNotRedrivable returns why an execution cannot be redriven, in AWS's words (redriveStatusReason of DescribeExecution), "" if it can be:
// one of the type whose history has so many events.
func (d Description) WhyNotRedrivable(t Type, events int, now time.Time) string {
	switch {
	case t == Express:
		return "Execution is of type EXPRESS and cannot be redriven"
	case d.Status == StatusRunning || d.Status == StatusSucceeded:
		return "Execution is " + string(d.Status) + " and cannot be redriven"
	case events >= historyLimit-1:
		return "Execution history event limit exceeded"
	case now.Sub(d.Started) > 365*24*time.Hour:
		return "Execution has exceeded the max execution time"
	case now.Sub(d.Stopped) > redrivePeriod:
		return "Execution redrivable period exceeded"
	}
	return ""
}

// Redrive makes of the frame with which an execution has ended, or a branch or an iteration of it, one that goes on with its state: its
// retries begin anew, and its waits. A host calls it for the execution's own frame and for those inside that have not succeeded, whose
// paths change with their number of retries: as is the frame's path now.
func (f *Frame) Redrive(as string, at time.Time) {
	f.Path, f.Retries, f.Wake, f.Redriven = as, nil, time.Time{}, true
	again := *f.Context.Execution
	again.RedriveCount++
	again.Redriven = at
	f.Context.Execution = &again
	if f.MapRun != "" {
		f.MapRedrives++
	}
}
