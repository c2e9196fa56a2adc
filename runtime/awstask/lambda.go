package awstask

import (
	"context"

	"github.com/aws/smithy-go/middleware"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/awsshape"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// invoke is the integration that invokes Lambda functions.
const invoke = "lambda:invoke"

// Function returns the effect that invokes a Lambda function by the method Invoke of a client of AWS Lambda. P is the type of what the
// function is given, R that of its answer: a Go function may stand in its place (L1).
func Function[P, R, In, Out, O any](method func(context.Context, *In, ...func(*O)) (*Out, error), options ...CallOption) asl.Call[P, R] {
	return asl.Call[P, R]{Caller: function[P]{DecodedCall(invoke, Call(method, options...))}}
}

// FunctionSend is [Function] for a task that waits for its token, which the function hands out.
func FunctionSend[P, In, Out, O any](method func(context.Context, *In, ...func(*O)) (*Out, error), options ...CallOption) asl.Send[P] {
	return asl.Send[P]{Sender: function[P]{DecodedCall(invoke, Call(method, options...))}}
}

// function invokes Lambda functions.
type function[P any] struct {
	asl.Caller[value.Value] // takes the parameters of lambda:invoke
}

// Invoke implements invoker.
func (f function[P]) Invoke(ctx context.Context, a *asl.Attempt, parameters value.Value) (value.Value, error) {
	return f.Caller.Call(ctx, a, parameters)
}

// Call invokes the function that the attempt's Resource names, which is its ARN. The result is the function's answer.
func (f function[P]) Call(ctx context.Context, a *asl.Attempt, payload P) (value.Value, error) {
	document, err := awsshape.Document(payload)
	if err != nil {
		return value.Value{}, unusable(value.EmptyObject, err)
	}
	result, err := f.Invoke(ctx, a, value.Object(value.Field("FunctionName", value.String(a.Resource)), value.Field("Payload", document)))
	return result.Get("Payload"), err
}

func (f function[P]) Send(ctx context.Context, a *asl.Attempt, payload P) (value.Value, error) {
	return f.Call(ctx, a, payload)
}

// invoker is what takes the parameters of lambda:invoke whole: [Function] of a client's method does, a Go function does not.
type invoker interface {
	Invoke(ctx context.Context, a *asl.Attempt, parameters value.Value) (value.Value, error)
}

// DecodedFunction returns a [asl.Call] that takes the parameters of lambda:invoke as a document, for call, which takes their Payload
// alone, in a type of its own: [Function] of a client's method, or a Go function. Its answer is the Payload of the result.
func DecodedFunction[P, R any](call asl.Call[P, R]) asl.Call[value.Value, R] {
	if call.Caller == nil {
		return asl.Call[value.Value, R]{}
	}
	return asl.Call[value.Value, R]{Caller: newDecodedFunction(call.Caller, call.Call)}
}

// DecodedFunctionSend is [DecodedFunction] for a [asl.Send].
func DecodedFunctionSend[P any](send asl.Send[P]) asl.Send[value.Value] {
	if send.Sender == nil {
		return asl.Send[value.Value]{}
	}
	return asl.Send[value.Value]{Sender: newDecodedFunction(send.Sender, send.Send)}
}

// decodedFunction has no type parameters, so that a compiler makes its methods once and not for every machine.
type decodedFunction struct {
	invoker            // nil for a Go function
	payload func() any // returns a pointer to one
	call    func(ctx context.Context, a *asl.Attempt, payload any) (value.Value, error)
}

func newDecodedFunction[P any](does any, call func(context.Context, *asl.Attempt, P) (value.Value, error)) decodedFunction {
	whole, _ := does.(invoker)
	return decodedFunction{whole, func() any { return new(P) }, func(ctx context.Context, a *asl.Attempt, payload any) (value.Value, error) {
		return call(ctx, a, *payload.(*P))
	}}
}

func (d decodedFunction) Call(ctx context.Context, a *asl.Attempt, parameters value.Value) (value.Value, error) {
	if d.invoker != nil {
		return d.Invoke(ctx, a, parameters)
	}
	payload := parameters.Get("Payload")
	if payload.IsAbsent() {
		payload = value.EmptyObject
	}
	p := d.payload()
	if err := awsshape.Store(payload, p); err != nil {
		return value.Value{}, unusable(parameters, err)
	}
	result, err := d.call(ctx, a, p)
	if err != nil {
		return value.Value{}, err
	}
	if result.IsAbsent() {
		result = value.Null
	}
	return envelope(result), nil
}

func (d decodedFunction) Send(ctx context.Context, a *asl.Attempt, parameters value.Value) (value.Value, error) {
	return d.Call(ctx, a, parameters)
}

// envelope returns the result of lambda:invoke for an answer that no service has given (L1).
func envelope(payload value.Value) value.Value {
	return withMetadata(value.Object(
		value.Field("ExecutedVersion", value.String("$LATEST")), value.Field("Payload", payload), value.Field("StatusCode", value.Int(200)),
	), middleware.Metadata{})
}
