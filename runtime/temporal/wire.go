package temporal

import (
	"errors"

	"go.temporal.io/sdk/temporal"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
)

// protocol is the number of the commands that workflows give. Executions of another protocol are left to workers that know it.
const protocol = 1

// label is the memo of an execution, as far as whoever started it knew what to say.
type label struct {
	Protocol    int    `json:"protocol"`
	Name        string `json:"name"`
	Unique      string `json:"unique,omitzero"` // of an EXPRESS execution
	Synchronous bool   `json:"synchronous,omitzero"`
	Redrives    int    `json:"redrives,omitzero"`
	Token       string `json:"token,omitzero"`  // of the redrive
	Before      string `json:"before,omitzero"` // the first run before the redrive
}

// onward is the second argument of a workflow that goes on with an execution.
type onward struct {
	Frame  *asl.Frame `json:"frame"`
	Events int64      `json:"events"`         // of its history so far
	Fork   *forked    `json:"fork,omitempty"` // of what is redriven, if its state had branches
}

// forked are the branches, iterations or children that a frame had before it was redriven, by their numbers.
type forked struct {
	Done   map[int]outcome `json:"done,omitempty"`   // those that have succeeded
	Failed map[int]*onward `json:"failed,omitempty"` // those that go on
}

// order is what an activity is told.
type order struct {
	Machine string       `json:"machine"`
	Version string       `json:"version"`
	Attempt *asl.Attempt `json:"attempt"`
	Handle  string       `json:"handle,omitzero"` // of a job that is waited for, or stopped
	Reason  string       `json:"reason,omitzero"` // of one that is stopped
}

// answer is what activities return.
type answer struct {
	Document  asl.Value       `json:"document,omitzero"` // a result, or what a service has answered
	Handle    string          `json:"handle,omitzero"`
	Uncertain *asl.SavedError `json:"uncertain,omitzero"` // Handle may have been started
}

// outcome is an [asl.Outcome].
type outcome struct {
	Output    asl.Value       `json:"output,omitzero"`
	Err       *asl.SavedError `json:"error,omitempty"`
	Last      int64           `json:"last,omitzero"`
	Succeeded int64           `json:"succeeded,omitzero"`
	Child     *asl.ChildEnd   `json:"child,omitempty"`
	Again     *onward         `json:"again,omitempty"` // with which a STANDARD child would be redriven that has failed
}

// failure is an error that Temporal does not repeat: Retry is the machine's affair. One that is no affair of the machine's stays what it is.
func failure(err error) error {
	s, ok := asl.SaveError(err)
	switch {
	case !ok:
		return err
	case s.Status == asl.StatusAborted:
		return temporal.NewCanceledError(s)
	}
	return temporal.NewNonRetryableApplicationError(s.Cause, s.Name, nil, s)
}

// failureOf reads what an activity, a workflow, or somebody who has completed an activity has failed with. It is nil if err tells of no
// failure of the machine's.
func failureOf(err error) error {
	if e, ok := errors.AsType[*temporal.ApplicationError](err); ok {
		var s asl.SavedError
		if e.HasDetails() && e.Details(&s) == nil && s.Status != "" {
			return s.Err()
		}
		name := e.Type() // of somebody who knows nothing of Step Functions
		if name == "" || name == "errorString" || name == "wrapError" {
			name = asl.ErrorTaskFailed
		}
		return &asl.Error{Name: name, Cause: e.Message()}
	}
	if e, ok := errors.AsType[*temporal.CanceledError](err); ok {
		var s asl.SavedError
		if e.HasDetails() && e.Details(&s) == nil && s.Status == asl.StatusAborted {
			return s.Err()
		}
		return &asl.Aborted{}
	}
	if e, ok := errors.AsType[*temporal.TimeoutError](err); ok {
		if isHeartbeat(e) {
			return asl.HeartbeatError()
		}
		return asl.TimeoutError()
	}
	if _, ok := errors.AsType[*temporal.TerminatedError](err); ok {
		return &asl.Aborted{Cause: "the workflow was terminated"}
	}
	return nil
}
