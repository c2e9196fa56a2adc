package asl

import (
	"errors"
)

// Names of errors that the language itself raises (1.18).
const (
	ErrorAll               = "States.ALL"
	ErrorTaskFailed        = "States.TaskFailed"
	ErrorTimeout           = "States.Timeout"
	ErrorHeartbeatTimeout  = "States.HeartbeatTimeout"
	ErrorRuntime           = "States.Runtime"
	ErrorDataLimitExceeded = "States.DataLimitExceeded"
	ErrorQueryEvaluation   = "States.QueryEvaluationError" // of JSONata (R77)

	// ErrorTaskLost is what a .sync task fails with whose service does not know its job any more, so that it is not known how that has ended:
	// ECS, for one, forgets a task an hour after its end (E36). It is not the name of a start that was refused, so that a Retry for want of
	// capacity does not run a job twice that may have done its work. Step Functions does not have it.
	ErrorTaskLost = "Aslgen.TaskLost"
)

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

	// State is the state in which the machine itself failed, At where in the state it stands what failed it: the tokens of a
	// JSON Pointer. Tasks and Fail states fail without them.
	State string
	At    []string

	Heartbeat bool // a heartbeat did not come: States.HeartbeatTimeout stands for the error too
	Terminal  bool // nothing retries or catches it
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
func HeartbeatError() *Error { return &Error{Name: ErrorTimeout, Causeless: true, Heartbeat: true} }

// IsTimeout reports whether err is a task's or an execution's timeout.
func IsTimeout(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Name == ErrorTimeout
}

// Aborted ends an execution that was stopped with [Running.Stop].
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

// What ends a frame beside an [*Error] and an [*Aborted].
var (
	// ErrDetached is what an execution that runs in this process ends with when the context it was started with ends:
	// nothing was stopped, and an engine that keeps executions can go on with it elsewhere.
	ErrDetached = errors.New("asl: the execution is detached, its context has ended")

	// ErrSiblingFailed ends a branch or an iteration because another one has failed.
	ErrSiblingFailed = errors.New("asl: a sibling branch or iteration has failed")
)

// ErrorOf returns the ASL error in err; nil if err is the host's own affair (detached, aborted), which no state sees.
func ErrorOf(err error) *Error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	if _, aborted := errors.AsType[*Aborted](err); aborted || errors.Is(err, ErrDetached) || errors.Is(err, ErrSiblingFailed) {
		return nil
	}
	return &Error{Name: ErrorTaskFailed, Cause: err.Error()}
}

// timedOut ends an execution whose machine's TimeoutSeconds are over (R4). Nothing catches it.
type timedOut struct{ err *Error }

func (t *timedOut) Error() string { return t.err.Error() }

// Unwrap lets errors.As find the [*Error].
func (t *timedOut) Unwrap() error { return t.err }

// TimedOut reports whether err ended an execution because its time was over, not because a task's was.
func TimedOut(err error) bool {
	_, yes := err.(*timedOut)
	return yes
}

// ExecutionTimeout returns the error that ends an execution whose own time is over.
func ExecutionTimeout(err *Error) error { return &timedOut{err} }
