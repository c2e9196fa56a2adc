package asl

import (
	"context"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Callbacks takes the answers of tasks that wait for their token (E47–E49). Engines implement it; package sfnapi serves
// it over the Step Functions API's protocol. Its errors are [*APIError].
type Callbacks interface {
	// SendTaskSuccess ends the task with a result.
	SendTaskSuccess(ctx context.Context, token string, output value.Value) error
	// SendTaskFailure fails the task.
	SendTaskFailure(ctx context.Context, token string, failure *Error) error
	// CheckTaskToken returns the error with which an answer with the token would be refused now, for whoever wants to know
	// before the work of reading the answer. It changes nothing.
	CheckTaskToken(ctx context.Context, token string) error
	// SendTaskHeartbeat puts off the task's heartbeat timeout by HeartbeatSeconds. It does not extend TimeoutSeconds.
	SendTaskHeartbeat(ctx context.Context, token string) error
}

// APIError is what an engine refuses, by the name of the Step Functions API's exception: an answer that no task takes (E48), the
// start of an execution whose name is taken.
type APIError struct{ Code, Message string }

// Error returns the code and the message.
func (e *APIError) Error() string { return e.Code + ": " + e.Message }

// The codes of a [APIError].
const (
	CodeInvalidToken     = "InvalidToken"     // it has not the form of a token
	CodeTaskDoesNotExist = "TaskDoesNotExist" // no task here ever had the token
	CodeTaskTimedOut     = "TaskTimedOut"     // the task is over: answered, timed out or aborted
	CodeInvalidOutput    = "InvalidOutput"    // the output is not JSON

	CodeExecutionAlreadyExists   = "ExecutionAlreadyExists"
	CodeExecutionNotRedrivable   = "ExecutionNotRedrivable"
	CodeExecutionDoesNotExist    = "ExecutionDoesNotExist"
	CodeStateMachineDoesNotExist = "StateMachineDoesNotExist"
	CodeInvalidName              = "InvalidName"
	CodeInvalidArn               = "InvalidArn"
	CodeInvalidExecutionInput    = "InvalidExecutionInput"
)
