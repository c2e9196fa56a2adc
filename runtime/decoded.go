package runtime

import (
	"context"
	"fmt"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// DecodedCall returns a [Call] that takes the parameters as a document and reads them into call's own type, which is the
// user's. Parameters that do not have the type fail the task with States.Runtime (R165).
func DecodedCall[P, R any](call Call[P, R]) Call[value.Value, R] {
	if call.Caller == nil {
		return Call[value.Value, R]{}
	}
	return Call[value.Value, R]{decodedCall[P]{call.Caller}}
}

type decodedCall[P any] struct{ call Caller[P] }

func (d decodedCall[P]) Call(ctx context.Context, a *Attempt, document value.Value) (value.Value, error) {
	p, err := decoded[P](a, document)
	if err != nil {
		return value.Value{}, err
	}
	return d.call.Call(ctx, a, p)
}

// Exists implements [Existing].
func (d decodedCall[P]) Exists(state string) bool {
	e, ok := d.call.(Existing)
	return !ok || e.Exists(state)
}

// DecodedJob is [DecodedCall] for a [Job].
func DecodedJob[P, R any](job Job[P, R]) Job[value.Value, R] {
	if job.Runner == nil {
		return Job[value.Value, R]{}
	}
	return Job[value.Value, R]{decodedJob[P]{job.Runner}}
}

type decodedJob[P any] struct{ job Runner[P] }

func (d decodedJob[P]) Start(ctx context.Context, a *Attempt, document value.Value) (Started, error) {
	p, err := decoded[P](a, document)
	if err != nil {
		return Started{}, err
	}
	return d.job.Start(ctx, a, p)
}

func (d decodedJob[P]) Wait(ctx context.Context, handle string) (value.Value, error) {
	return d.job.Wait(ctx, handle)
}

func (d decodedJob[P]) Stop(ctx context.Context, handle, reason string) error {
	return d.job.Stop(ctx, handle, reason)
}

// DecodedSend is [DecodedCall] for a [Send].
func DecodedSend[P any](send Send[P]) Send[value.Value] {
	if send.Sender == nil {
		return Send[value.Value]{}
	}
	return Send[value.Value]{decodedSend[P]{send.Sender}}
}

type decodedSend[P any] struct{ send Sender[P] }

func (d decodedSend[P]) Send(ctx context.Context, a *Attempt, document value.Value) (value.Value, error) {
	p, err := decoded[P](a, document)
	if err != nil {
		return value.Value{}, err
	}
	return d.send.Send(ctx, a, p)
}

// decoded reads parameters into a type of the user's.
func decoded[P any](a *Attempt, document value.Value) (p P, err error) {
	if err := decode(document, &p); err != nil {
		return p, &Error{Name: ErrorRuntime, Cause: fmt.Sprintf("The Parameters '%s' could not be used to start the Task %s: [%v]", document, a.State, err)}
	}
	return p, nil
}
