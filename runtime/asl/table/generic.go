package table

import (
	"context"
	"reflect"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/awsshape"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/query"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/states"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// RequestResponse returns the effect of a task that is over when its call is answered. The effect is a field of the machine's
// Tasks, which errors name.
//
//go:noinline
func RequestResponse[P, R any](field string, parameters func(*asl.Context, *Reader) P, call asl.Call[P, R], unset ...Unset) *Effect {
	e := states.NewEffect(field, asl.RequestResponsePattern, call.Caller, unset)
	e.Template = func(c *asl.Context, r *Reader) any { return parameters(c, r) }
	e.Decode = decodeAs[P]
	e.MakeCall = func(ctx context.Context, a *asl.Attempt, p any) (value.Value, error) { return call.Call(ctx, a, p.(P)) }
	return e
}

// Sync returns the effect of a task that runs a job. The field is as for [RequestResponse].
//
//go:noinline
func Sync[P, R any](field string, parameters func(*asl.Context, *Reader) P, job asl.Job[P, R], unset ...Unset) *Effect {
	e := states.NewEffect(field, asl.SyncPattern, job.Runner, unset)
	e.Template = func(c *asl.Context, r *Reader) any { return parameters(c, r) }
	e.Decode = decodeAs[P]
	e.StartJob = func(ctx context.Context, a *asl.Attempt, p any) (asl.Started, error) { return job.Start(ctx, a, p.(P)) }
	if job.Runner != nil {
		e.WaitForJob, e.StopJob = job.Wait, job.Stop
		e.Watcher, _ = job.Runner.(asl.Watcher)
	}
	return e
}

// WaitForTaskToken returns the effect of a task that ends when its token comes back. The field is as for [RequestResponse].
//
//go:noinline
func WaitForTaskToken[P any](field string, parameters func(*asl.Context, *Reader) P, send asl.Send[P], unset ...Unset) *Effect {
	e := states.NewEffect(field, asl.WaitForTaskTokenPattern, send.Sender, unset)
	e.Template = func(c *asl.Context, r *Reader) any { return parameters(c, r) }
	e.Decode = decodeAs[P]
	e.MakeCall = func(ctx context.Context, a *asl.Attempt, p any) (value.Value, error) { return send.Send(ctx, a, p.(P)) }
	return e
}

// decodeAs reads parameters in their type.
func decodeAs[P any](parameters value.Value) (any, error) {
	var p P
	err := awsshape.Store(parameters, &p)
	return p, err
}

// TypeOf returns a type of the user's with its sum.
func TypeOf[T any](sum string) UserType { return UserType{Type: reflect.TypeFor[T](), Sum: sum} }

// Read returns what an expression gives in any type that parameters have in the AWS SDK. The names without are those of
// members that an object must not have.
func Read[T any](r *Reader, text, to string, without ...string) T {
	return query.Read[T](r, text, to, without...)
}

// NewMachine returns the machine of a definition, to run on an engine. Its error names every state that lacks something.
func NewMachine[In, Out any](engine asl.Engine, d Definition, options ...asl.Option) (*asl.Machine[In, Out], error) {
	p, err := states.NewProgram(d, options...)
	if err != nil {
		return nil, err
	}
	return asl.NewMachine[In, Out](engine, p)
}
