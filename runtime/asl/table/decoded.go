package table

import (
	"context"
	"fmt"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/awsshape"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// DecodedCall returns a [asl.Call] that takes the parameters as a document and reads them into call's own type, which is the
// user's. Parameters that do not have the type fail the task with States.Runtime (R165).
func DecodedCall[P, R any](call asl.Call[P, R]) asl.Call[value.Value, R] {
	if call.Caller == nil {
		return asl.Call[value.Value, R]{}
	}
	return asl.Call[value.Value, R]{Caller: decodedCall[P]{call.Caller}}
}

type decodedCall[P any] struct{ call asl.Caller[P] }

func (d decodedCall[P]) Call(ctx context.Context, a *asl.Attempt, document value.Value) (value.Value, error) {
	p, err := decoded[P](a, document)
	if err != nil {
		return value.Value{}, err
	}
	return d.call.Call(ctx, a, p)
}

// Exists implements [asl.Existing].
func (d decodedCall[P]) Exists(state string) bool {
	e, ok := d.call.(asl.Existing)
	return !ok || e.Exists(state)
}

// DecodedJob is [DecodedCall] for a [asl.Job].
func DecodedJob[P, R any](job asl.Job[P, R]) asl.Job[value.Value, R] {
	if job.Runner == nil {
		return asl.Job[value.Value, R]{}
	}
	return asl.Job[value.Value, R]{Runner: decodedJob[P]{job.Runner}}
}

type decodedJob[P any] struct{ job asl.Runner[P] }

func (d decodedJob[P]) Start(ctx context.Context, a *asl.Attempt, document value.Value) (asl.Started, error) {
	p, err := decoded[P](a, document)
	if err != nil {
		return asl.Started{}, err
	}
	return d.job.Start(ctx, a, p)
}

func (d decodedJob[P]) Wait(ctx context.Context, handle string) (value.Value, error) {
	return d.job.Wait(ctx, handle)
}

func (d decodedJob[P]) Stop(ctx context.Context, handle, reason string) error {
	return d.job.Stop(ctx, handle, reason)
}

// DecodedSend is [DecodedCall] for a [asl.Send].
func DecodedSend[P any](send asl.Send[P]) asl.Send[value.Value] {
	if send.Sender == nil {
		return asl.Send[value.Value]{}
	}
	return asl.Send[value.Value]{Sender: decodedSend[P]{send.Sender}}
}

type decodedSend[P any] struct{ send asl.Sender[P] }

func (d decodedSend[P]) Send(ctx context.Context, a *asl.Attempt, document value.Value) (value.Value, error) {
	p, err := decoded[P](a, document)
	if err != nil {
		return value.Value{}, err
	}
	return d.send.Send(ctx, a, p)
}

// decoded reads parameters into a type of the user's.
func decoded[P any](a *asl.Attempt, document value.Value) (p P, err error) {
	if err := awsshape.Store(document, &p); err != nil {
		return p, &asl.Error{Name: asl.ErrorRuntime, Cause: fmt.Sprintf("The Parameters '%s' could not be used to start the Task %s: [%v]", document, a.State, err)}
	}
	return p, nil
}
