package runtime

import (
	"errors"
	"slices"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Names of errors that the language itself raises (1.18).
const (
	ErrorAll               = "States.ALL"
	ErrorTaskFailed        = "States.TaskFailed"
	ErrorTimeout           = "States.Timeout"
	ErrorHeartbeatTimeout  = "States.HeartbeatTimeout"
	ErrorRuntime           = "States.Runtime"
	ErrorDataLimitExceeded = "States.DataLimitExceeded"
)

// The longest error and cause that an execution can end with, in characters: AWS's ExecutionFailedEventDetails has no room for
// more, https://docs.aws.amazon.com/step-functions/latest/apireference/API_ExecutionFailedEventDetails.html.
const (
	longestError = 256
	longestCause = 32768
)

// beginning returns the first characters of a text, at most so many.
func beginning(text string, most int) string {
	for i := range text {
		if most--; most < 0 {
			return text[:i]
		}
	}
	return text
}

// Error is an error as a state machine knows it: what Retry and Catch match, what a failed execution ends with.
// An effect fails a task by returning one; any other Go error fails it with States.TaskFailed and its text as the cause.
type Error struct {
	Name  string
	Cause string
	// Unnamed and Causeless tell a name or cause that is not there from one that is empty: a Fail state without Error, a
	// SendTaskFailure without a cause (R122, R175).
	Unnamed, Causeless bool
	// Place is where in the machine's file it lies that the execution failed, as file:line:column: the expression, or else
	// the state, that could not be evaluated. It is "" for errors of tasks and of Fail states.
	Place string

	state     string  // in which the machine itself failed
	at        pointer // where in the state what failed it stands
	heartbeat bool
	terminal  bool // nothing retries or catches it
}

// Error returns "name: cause", and the place if there is one.
func (e *Error) Error() string {
	if e.Place != "" {
		return e.text() + " (" + e.Place + ")"
	}
	return e.text()
}

func (e *Error) text() string {
	switch {
	case e.Unnamed && e.Causeless:
		return "failed without error and cause"
	case e.Unnamed:
		return e.Cause
	case e.Cause == "":
		return e.Name
	}
	return e.Name + ": " + e.Cause
}

// TimeoutError is what a task fails with whose time is over. It has no cause (R163).
func TimeoutError() *Error { return &Error{Name: ErrorTimeout, Causeless: true} }

// HeartbeatError is what a task fails with whose heartbeat did not come. It is reported as States.Timeout, and Retry and
// Catch match it under States.HeartbeatTimeout too (X6).
func HeartbeatError() *Error { return &Error{Name: ErrorTimeout, Causeless: true, heartbeat: true} }

// IsTimeout reports whether err is a task's or an execution's timeout.
func IsTimeout(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Name == ErrorTimeout
}

// Aborted ends an execution that was stopped with [Execution.Stop].
type Aborted struct {
	Name, Cause string // as given to Stop, may be empty
}

// Error returns "aborted" with the name and cause given.
func (a *Aborted) Error() string {
	text := "aborted"
	for _, s := range []string{a.Name, a.Cause} {
		if s != "" {
			text += ": " + s
		}
	}
	return text
}

// Uncertain is what a [Job]'s Start returns if its context ended before it knew whether it had started something. Handle
// names what that may be, for Stop.
type Uncertain struct {
	Handle string
	Err    error
}

// Error returns the text of Err.
func (u *Uncertain) Error() string { return u.Err.Error() }

// Unwrap returns Err.
func (u *Uncertain) Unwrap() error { return u.Err }

// ErrDetached is what an execution that runs in this process ends with when the context it was started with ends:
// nothing was stopped, and an engine that keeps executions can go on with it elsewhere.
var ErrDetached = errors.New("asl: the execution is detached, its context has ended")

// ErrSiblingFailed ends a branch or an iteration because another one has failed.
var ErrSiblingFailed = errors.New("asl: a sibling branch or iteration has failed")

// errorOf returns the ASL error in err; nil if err is the host's own affair (detached, aborted), which no state sees.
func errorOf(err error) *Error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	if _, aborted := errors.AsType[*Aborted](err); aborted || errors.Is(err, ErrDetached) || errors.Is(err, ErrSiblingFailed) {
		return nil
	}
	return &Error{Name: ErrorTaskFailed, Cause: err.Error()}
}

// matches reports whether one of the names in an ErrorEquals stands for e (R174, R175, X3, X4, X6).
func (e *Error) matches(names []string) bool {
	if e.Name == ErrorRuntime || e.terminal {
		return false
	}
	return slices.ContainsFunc(names, func(name string) bool {
		switch name {
		case ErrorAll:
			return true
		case ErrorTaskFailed:
			return !e.Unnamed && (e.Name != ErrorTimeout || e.heartbeat)
		case ErrorHeartbeatTimeout:
			return e.heartbeat || e.Name == name
		}
		return !e.Unnamed && name == e.Name
	})
}

// output is the Error Output that a Catch hands on (R181).
func (e *Error) output() value.Value {
	name, cause := value.String(e.Name), value.String(e.Cause)
	if e.Unnamed {
		name = value.Null
	}
	if e.Causeless && e.Name != ErrorTimeout { // a timeout has no cause in the history, and "" here
		cause = value.Null
	}
	return value.Object(value.Field("Error", name), value.Field("Cause", cause))
}
