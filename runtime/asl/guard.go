package asl

import (
	"fmt"
	"runtime/debug"
)

// guarded calls f, a task's code, and returns what it returns. If f panics, or ends its goroutine as the FailNow of a test
// does, the error is one that nothing catches: the execution ends with it, and other executions go on. f has a goroutine of
// its own, for one that ends cannot be kept.
func guarded[T any](a *Attempt, f func() (T, error)) (result T, err error) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		returned := false
		defer func() {
			if !returned {
				err = a.crash(recover(), debug.Stack())
			}
		}()
		result, err = f()
		returned = true
	}()
	<-done
	return result, err
}

// guardedHere is guarded in the goroutine of the caller, which f may end.
func guardedHere[T any](a *Attempt, f func() (T, error)) (result T, err error) {
	returned := false
	defer func() {
		if returned {
			return
		}
		if panicked := recover(); panicked != nil { // or the goroutine ends
			err = a.crash(panicked, debug.Stack())
		}
	}()
	result, err = f()
	returned = true
	return result, err
}

// Ended is the error of an attempt whose code has ended the goroutine of [Attempt.CallHere]: its caller asks in a deferred function.
func (a *Attempt) Ended() *Error { return a.crash(nil, debug.Stack()) }

// crash is the error of an attempt whose code did not return: it panicked with a value, nil if it ended its goroutine.
func (a *Attempt) crash(panicked any, stack []byte) *Error {
	how := fmt.Sprintf("panicked: %v", panicked)
	if panicked == nil {
		how = "ended its goroutine (runtime.Goexit, which FailNow and Fatal of a test call)"
	}
	return &Error{Name: ErrorRuntime, Cause: fmt.Sprintf("The Go code of the state '%s' of %s %s\n\n%s", a.State, a.Machine, how, stack)}
}
