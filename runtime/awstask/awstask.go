// Package awstask makes calls of AWS services with the methods of the AWS SDK for Go, as the integrations of Step Functions make them.
// Generated code wires it:
//
//	tasks.Send = awstask.Call(clients.SQS.SendMessage)
//
// It knows no service: the SDK's types say what they take, and the Resource by which names. [DecodedCall] and its like stand between a
// machine, which has documents, and what carries out its tasks, which has the SDK's types: the method of a client, or a mock. So both
// have parameters, results and errors in the form that Step Functions gives them: the names of the integration (I5), JSON for texts
// (I5b), metadata (I1), the names of errors (I2, I3, I5c), Lambda's payload and its function's errors (L1, L2), the failed entries of
// EventBridge (M3).
package awstask

import (
	"context"
	"reflect"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/awsshape"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Call returns the effect of a request-response task that calls a method of an SDK's client.
func Call[In, Out, O any](method func(context.Context, *In, ...func(*O)) (*Out, error)) asl.Call[*In, *Out] {
	return asl.Call[*In, *Out]{Caller: caller[In, Out](func(ctx context.Context, in *In) (*Out, error) { return method(ctx, in) })}
}

// Send returns the effect of a task that waits for its token, which a method of an SDK's client hands out.
func Send[In, Out, O any](method func(context.Context, *In, ...func(*O)) (*Out, error)) asl.Send[*In] {
	return asl.Send[*In]{Sender: caller[In, Out](func(ctx context.Context, in *In) (*Out, error) { return method(ctx, in) })}
}

// caller calls a method of the SDK.
type caller[In, Out any] func(context.Context, *In) (*Out, error)

// Answer implements answerer.
func (c caller[In, Out]) Answer(ctx context.Context, a *asl.Attempt, in any) (any, error) {
	setToken(reflect.ValueOf(in).Elem(), a)
	return c(ctx, in.(*In))
}

func (c caller[In, Out]) Call(ctx context.Context, a *asl.Attempt, in *In) (value.Value, error) {
	out, err := c.Answer(ctx, a, in)
	if err != nil {
		return value.Value{}, err
	}
	return awsshape.Document(out)
}

func (c caller[In, Out]) Send(ctx context.Context, a *asl.Attempt, in *In) (value.Value, error) {
	return c.Call(ctx, a, in)
}

// setToken gives a call that has an idempotency token the attempt's id, so that it happens once however often it is made.
func setToken(input reflect.Value, a *asl.Attempt) {
	for _, name := range []string{"ClientToken", "ClientRequestToken", "IdempotencyToken"} {
		f := input.FieldByName(name)
		if f.IsValid() && f.Kind() == reflect.Pointer && f.Type().Elem().Kind() == reflect.String && f.IsNil() {
			id := a.ID()
			f.Set(reflect.New(f.Type().Elem()))
			f.Elem().SetString(id)
		}
	}
}

// method is a method of a client without its types.
type method struct {
	input reflect.Type
	call  func(ctx context.Context, input any) (any, error)
}

func untyped[In, Out, O any](m func(context.Context, *In, ...func(*O)) (*Out, error)) method {
	return method{reflect.TypeFor[In](), func(ctx context.Context, input any) (any, error) { return m(ctx, input.(*In)) }}
}

// poll is how often it is asked how a job is, unless PollEvery says otherwise.
const poll = 5 * time.Second
