// Package awstask makes calls of AWS services with the methods of the AWS SDK for Go, as the integrations of Step Functions make them:
//
//	tasks.Send = awstask.Call[*OrderSendParameters, *OrderSendResult]("sqs:sendMessage", sqsClient.SendMessage)
//
// It knows no service: the SDK's types say what they take, and the Resource by which names. Parameters, results and errors have the
// form that Step Functions gives them: the names of the integration (I5), JSON for texts (I5b), metadata (I1), the names of errors
// (I2, I3, I5c), Lambda's payload and its function's errors (L1, L2), the failed entries of EventBridge (M3).
package awstask

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/awsshape"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Option changes how a call is made.
type Option func(*caller)

// Union tells of the members of a union among the parameters, by the SDK's types for them, for their union alone does not:
//
//	awstask.Union[types.AttributeValue](&types.AttributeValueMemberS{}, &types.AttributeValueMemberN{})
func Union[U any](members ...U) Option {
	return func(c *caller) {
		wrappers := map[string]reflect.Type{}
		for _, m := range members {
			t := reflect.TypeOf(m).Elem()
			_, name, _ := strings.Cut(t.Name(), "Member")
			wrappers[c.codec.nameOf(name)] = t
			wrappers[name] = t // in the service's own letters too (I5)
		}
		c.codec.unions[reflect.TypeFor[U]()] = wrappers
	}
}

// Call returns the effect of a request-response task that calls a method of an SDK's client. The integration is what the task's
// Resource ends in, such as sqs:sendMessage or aws-sdk:dynamodb:query.
func Call[P, R, In, Out, O any](integration string, method func(context.Context, *In, ...func(*O)) (*Out, error), options ...Option) asl.Call[P, R] {
	return asl.Call[P, R]{Caller: typed[P]{newCaller(integration, call(method), options)}}
}

// Send returns the effect of a task that waits for its token, which a method of an SDK's client hands out. The integration is as for
// [Call], without its suffix.
func Send[P, In, Out, O any](integration string, method func(context.Context, *In, ...func(*O)) (*Out, error), options ...Option) asl.Send[P] {
	return asl.Send[P]{Sender: typed[P]{newCaller(integration, call(method), options)}}
}

// caller makes calls, whatever their types.
type caller struct {
	integration integration
	codec       codec
	input       reflect.Type
	call        func(ctx context.Context, input any) (output any, err error)
	clock       clock.Clock
	every       time.Duration
}

// made is a method without its types.
type made struct {
	input reflect.Type
	call  func(ctx context.Context, input any) (any, error)
}

func call[In, Out, O any](method func(context.Context, *In, ...func(*O)) (*Out, error)) made {
	return made{reflect.TypeFor[In](), func(ctx context.Context, input any) (any, error) { return method(ctx, input.(*In)) }}
}

func newCaller(name string, m made, options []Option) *caller {
	i := integrationOf(name)
	c := &caller{
		integration: i, codec: codec{sdk: i.sdk, strict: i.service == "dynamodb", unions: map[reflect.Type]map[string]reflect.Type{}},
		input: m.input, call: m.call, clock: clock.Wall, every: 5 * time.Second,
	}
	for _, o := range options {
		o(c)
	}
	return c
}

// typed is a caller whose parameters have a type.
type typed[P any] struct{ *caller }

func (t typed[P]) Call(ctx context.Context, a *asl.Attempt, p P) (value.Value, error) {
	parameters, err := document(a, p)
	if err != nil {
		return value.Value{}, err
	}
	return t.do(ctx, a, parameters)
}

// document returns parameters of any type as a document.
func document(a *asl.Attempt, p any) (value.Value, error) {
	parameters, err := awsshape.Document(p)
	if err != nil {
		return value.Value{}, fmt.Errorf("awstask: the parameters of %s: %w", a.State, err)
	}
	return parameters, nil
}

func (t typed[P]) Send(ctx context.Context, a *asl.Attempt, p P) (value.Value, error) {
	return t.Call(ctx, a, p)
}

// do makes the call.
func (c *caller) do(ctx context.Context, a *asl.Attempt, parameters value.Value) (value.Value, error) {
	input := reflect.New(c.input)
	if err := c.codec.decode(parameters, input.Elem(), a.State); err != nil {
		return value.Value{}, unusable(parameters, err)
	}
	c.setToken(input.Elem(), a)
	output, err := c.call(ctx, input.Interface())
	if invalid, ok := errors.AsType[smithy.InvalidParamsError](err); ok {
		return value.Value{}, unusable(parameters, missing(c.codec, invalid))
	}
	if err != nil {
		return value.Value{}, c.integration.failure(ctx, err)
	}
	result, err := c.codec.encode(reflect.ValueOf(output))
	if err != nil {
		return value.Value{}, c.integration.failure(ctx, err)
	}
	return c.integration.present(result, metadataOf(output))
}

// metadataOf returns what the SDK knows of the HTTP answer.
func metadataOf(output any) middleware.Metadata {
	f := reflect.ValueOf(output).Elem().FieldByName("ResultMetadata")
	if !f.IsValid() {
		return middleware.Metadata{}
	}
	m, _ := f.Interface().(middleware.Metadata)
	return m
}

// setToken gives a call that has an idempotency token the attempt's id, so that it happens once however often it is made.
func (c *caller) setToken(input reflect.Value, a *asl.Attempt) {
	for _, name := range []string{"ClientToken", "ClientRequestToken", "IdempotencyToken"} {
		f := input.FieldByName(name)
		if f.IsValid() && f.Kind() == reflect.Pointer && f.Type().Elem().Kind() == reflect.String && f.IsNil() {
			id := a.ID()
			f.Set(reflect.New(f.Type().Elem()))
			f.Elem().SetString(id)
		}
	}
}

// unusable is the error for parameters that the service does not have or the SDK does not take (R165): nothing catches it.
func unusable(parameters value.Value, reason error) error {
	return &asl.Error{Name: asl.ErrorRuntime, Cause: fmt.Sprintf("The Parameters '%s' could not be used to start the Task: [%v]", parameters, reason)}
}

// missing says which parameters the SDK misses.
func missing(c codec, invalid smithy.InvalidParamsError) error {
	var reasons []string
	for _, err := range invalid.Errs() {
		reason := err.Error()
		if required, ok := errors.AsType[*smithy.ParamRequiredError](err); ok {
			_, field, _ := strings.Cut(required.Field(), ".")
			reason = fmt.Sprintf("The field '%s' is required but was missing", c.nameOf(field[strings.LastIndexByte(field, '.')+1:]))
		}
		reasons = append(reasons, reason)
	}
	return mismatch(strings.Join(reasons, ", "))
}
