package asl

import (
	"context"
	"fmt"
	"sync"

	"github.com/r-seed-632eed22/aslgen/runtime/awsshape"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Call is an effect that is over when it is answered (Request Response). P is a task's parameters, R the Go view of its
// result; the exact result is a document. It is a struct so that the compiler holds a mock to both types.
type Call[P, R any] struct{ Caller[P] }

// Caller is what a [Call] does, whatever the view of its result.
type Caller[P any] interface {
	// Call makes the call. It returns soon after ctx ends, which it may do once the call has returned.
	Call(ctx context.Context, a *Attempt, p P) (value.Value, error)
}

// Existing is a [Call] of an activity that may have been deleted: AWS then does not schedule the task but ends the
// execution with States.Runtime (V1).
type Existing interface {
	// Exists reports whether the activity of the state exists.
	Exists(state string) bool
}

// Job is an effect that is started, waited for, and can be stopped (Run a Job, .sync). P and R are as for [Call].
type Job[P, R any] struct{ Runner[P] }

// Runner is what a [Job] does, whatever the view of its result.
type Runner[P any] interface {
	// Start starts the job. The same attempt started again is the same job. If ctx ends before it is known whether the job
	// was started, the error is an [*Uncertain].
	Start(ctx context.Context, a *Attempt, p P) (Started, error)
	// Wait returns the job's result, or an error if it failed. It returns soon after ctx ends; the job goes on.
	Wait(ctx context.Context, handle string) (value.Value, error)
	// Stop stops the job. A job that is over stays as it is.
	Stop(ctx context.Context, handle, reason string) error
}

// Watcher is a [Runner] that tells of the end of a job to who has no goroutine to wait with. What it waits for happens on the clock of the
// engine: on a driven one nobody holds time back for it, as a goroutine in Wait would.
type Watcher interface {
	// Watch returns at once. It has over called when the job has ended, however it has: once, perhaps before Watch returns, and perhaps
	// after the watch was left. The end of ctx says nothing. The watch is nil if a job cannot be watched here, and waited for only.
	Watch(ctx context.Context, handle string, over func()) (*Watch, error)
}

// Watch is the waiting for a job.
type Watch struct {
	// Result returns what [Runner].Wait would, once the job is over. It may be called after Leave, and returns soon after ctx ends, at the
	// latest when the attempt's time is over.
	Result func(ctx context.Context) (value.Value, error)
	Leave  func() // ends the waiting; the job goes on
}

// Started is a job that was started.
type Started struct {
	Handle    string      // names the job for Wait and Stop, also in another process
	Submitted value.Value // the service's answer, for the history
}

// Send is the sending half of a task that ends with its token (Wait for a Callback, .waitForTaskToken). P is as for [Call].
type Send[P any] struct{ Sender[P] }

// Sender is what a [Send] does.
type Sender[P any] interface {
	// Send makes the call that hands out the token and returns the service's answer, for the history.
	Send(ctx context.Context, a *Attempt, p P) (value.Value, error)
}

// CallFunc returns f as a Call: a Go function in place of a service.
func CallFunc[P, R any](f func(context.Context, P) (R, error)) Call[P, R] {
	return Call[P, R]{callFunc[P, R](f)}
}

// OrElse returns the effect, or, if there is none, one that fails with the error that f gives.
func (c Call[P, R]) OrElse(f func(*Attempt) error) Call[P, R] {
	if c.Caller == nil {
		c.Caller = failingCall[P](f)
	}
	return c
}

// OrElse is [Call.OrElse] for a job.
func (j Job[P, R]) OrElse(f func(*Attempt) error) Job[P, R] {
	if j.Runner == nil {
		j.Runner = failingJob[P](f)
	}
	return j
}

// OrElse is [Call.OrElse] for a task that waits for its token.
func (s Send[P]) OrElse(f func(*Attempt) error) Send[P] {
	if s.Sender == nil {
		s.Sender = failingSend[P](f)
	}
	return s
}

// failingCall, failingJob and failingSend are effects that always fail: one for each kind, since a compiler makes every method again for
// every machine.
type failingCall[P any] func(*Attempt) error

func (f failingCall[P]) Call(_ context.Context, a *Attempt, _ P) (value.Value, error) {
	return value.Value{}, f(a)
}

type failingJob[P any] func(*Attempt) error

func (f failingJob[P]) Start(_ context.Context, a *Attempt, _ P) (Started, error) {
	return Started{}, f(a)
}

func (f failingJob[P]) Wait(context.Context, string) (value.Value, error) { return value.Value{}, nil }

func (f failingJob[P]) Stop(context.Context, string, string) error { return nil }

type failingSend[P any] func(*Attempt) error

func (f failingSend[P]) Send(_ context.Context, a *Attempt, _ P) (value.Value, error) {
	return value.Value{}, f(a)
}

type callFunc[P, R any] func(context.Context, P) (R, error)

func (f callFunc[P, R]) Call(ctx context.Context, _ *Attempt, p P) (value.Value, error) {
	r, err := f(ctx, p)
	if err != nil {
		return value.Value{}, err
	}
	return awsshape.Document(r)
}

// Answer is Call for who gives the result another form than that of [awsshape.Document].
func (f callFunc[P, R]) Answer(ctx context.Context, _ *Attempt, p any) (any, error) {
	return f(ctx, p.(P))
}

// JobFunc returns f as a Job that lasts as long as f runs. Stopping it is the end of f's context.
func JobFunc[P, R any](f func(context.Context, P) (R, error)) Job[P, R] {
	return Job[P, R]{&jobFunc[P, R]{f: f}}
}

type jobFunc[P, R any] struct {
	f       func(context.Context, P) (R, error)
	started sync.Map // of P, by handle
}

func (j *jobFunc[P, R]) Start(_ context.Context, a *Attempt, p P) (Started, error) {
	id := a.ID()
	j.started.Store(id, p)
	return Started{Handle: id}, nil
}

func (j *jobFunc[P, R]) Wait(ctx context.Context, handle string) (value.Value, error) {
	r, err := j.Outcome(ctx, handle)
	if err != nil {
		return value.Value{}, err
	}
	return awsshape.Document(r)
}

// Outcome is Wait for who gives the result another form than that of [awsshape.Document].
func (j *jobFunc[P, R]) Outcome(ctx context.Context, handle string) (any, error) {
	p, ok := j.started.LoadAndDelete(handle)
	if !ok {
		return nil, fmt.Errorf("asl: job %s was not started in this process", handle)
	}
	return j.f(ctx, p.(P))
}

func (j *jobFunc[P, R]) Stop(_ context.Context, handle, _ string) error {
	j.started.Delete(handle)
	return nil
}

// SendFunc returns f as a Send. f is given the token beside the parameters, where the machine puts it.
func SendFunc[P any](f func(ctx context.Context, token string, p P) error) Send[P] {
	return Send[P]{sendFunc[P](f)}
}

type sendFunc[P any] func(context.Context, string, P) error

func (f sendFunc[P]) Send(ctx context.Context, a *Attempt, p P) (value.Value, error) {
	return value.Value{}, f(ctx, a.Token, p)
}
