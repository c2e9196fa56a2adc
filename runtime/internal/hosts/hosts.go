// Package hosts has what engines must say and decide alike.
package hosts

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
)

// Ended returns what a frame ends with whose context has ended, nil if it has not.
func Ended(ctx context.Context) error {
	if ctx.Err() == nil {
		return nil
	}
	cause := context.Cause(ctx)
	if aborted, ok := errors.AsType[*asl.Aborted](cause); ok {
		return aborted
	}
	if errors.Is(cause, asl.ErrSiblingFailed) {
		return asl.ErrSiblingFailed
	}
	return fmt.Errorf("%w: %w", asl.ErrDetached, cause)
}

// Outcome replaces the error of an effect by the reason for which the context that it was given has ended, if it has. Ended says what
// the frame ends with, nil if that goes on.
func Outcome(ctx context.Context, err error, ended func() error) error {
	if failed, ok := errors.AsType[*asl.Error](err); err == nil || ctx.Err() == nil || ok && failed.Name == asl.ErrorRuntime {
		return err // a panic is told of, though nobody waits for the result any more
	}
	if err := ended(); err != nil {
		return err
	}
	if missed, ok := errors.AsType[*asl.Error](context.Cause(ctx)); ok {
		return missed
	}
	return asl.TimeoutError()
}

// StopReason is the reason that StopTask is given for a job that is not wanted any more.
func StopReason(a *asl.Attempt, why error) string {
	reason := "Aborted"
	if asl.IsTimeout(why) {
		reason = "Timed out"
	}
	return fmt.Sprintf("%s: the state %q of the Step Functions execution %s", reason, a.State, a.Execution())
}

// InvalidToken, NoTask and TaskOver say why no task takes an answer (E48): it has not the form of a token, no task ever had it, or
// the task does not wait any more.
func InvalidToken(token string) error {
	return &asl.APIError{Code: asl.CodeInvalidToken, Message: "Invalid Token: '" + token + "'"}
}

// NoTask is described at [InvalidToken].
func NoTask(token string) error {
	return &asl.APIError{Code: asl.CodeTaskDoesNotExist, Message: "Task does not exist: '" + token + "'"}
}

// TaskOver is described at [InvalidToken].
func TaskOver() error {
	return &asl.APIError{Code: asl.CodeTaskTimedOut, Message: "Provided task does not exist anymore"}
}

// NothingToRedrive is why an execution cannot be redriven that was never in a state.
const NothingToRedrive = "Execution has ended before its first state"

// NotRedrivable is the error of whoever would redrive an execution that cannot be.
func NotRedrivable(arn, reason string) error {
	return &asl.APIError{Code: asl.CodeExecutionNotRedrivable, Message: "Execution Not Redrivable: '" + arn + "': " + reason}
}

// distantTime is from when on a deadline is so far away that no call on the wall clock is given it: the year that a STANDARD execution may take.
const distantTime = 30 * 24 * time.Hour

// Distant reports whether a call need not be given a deadline.
func Distant(c clock.Clock, t time.Time) bool {
	return c == clock.Wall && (t.IsZero() || time.Until(t) > distantTime)
}
