package awstask

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Option says more of an integration than its name does.
type Option func(*form)

// Union tells of the members of a union among the parameters, by the SDK's types for them, for their union alone does not:
//
//	awstask.Union[types.AttributeValue](&types.AttributeValueMemberS{}, &types.AttributeValueMemberN{})
func Union[U any](members ...U) Option {
	return func(f *form) {
		wrappers := map[string]reflect.Type{}
		for _, m := range members {
			t := reflect.TypeOf(m).Elem()
			_, name, _ := strings.Cut(t.Name(), "Member")
			wrappers[f.codec.nameOf(name)] = t
			wrappers[name] = t // in the service's own letters too (I5)
		}
		f.codec.unions[reflect.TypeFor[U]()] = wrappers
	}
}

// form is the form that an integration gives to parameters, results and errors.
type form struct {
	integration
	codec codec
}

// decode reads the parameters of a state into the SDK's type for those of the operation.
func (f *form) decode(parameters value.Value, into reflect.Value, state string) error {
	parameters, err := f.change.Parameters(parameters)
	if err != nil {
		return mismatch(err.Error())
	}
	return f.codec.decode(parameters, into, state)
}

func newForm(name string, options []Option) *form {
	i := integrationOf(name)
	f := &form{i, codec{sdk: i.sdk, strict: i.service == "dynamodb", unions: map[reflect.Type]map[string]reflect.Type{}}}
	for _, o := range options {
		o(f)
	}
	return f
}

// answerer is what carries out a task and gives the answer in its own type, as what [asl.CallFunc] and [Call] return does.
type answerer interface {
	Answer(ctx context.Context, a *asl.Attempt, parameters any) (any, error)
}

// decoded stands between documents and the types of the SDK.
type decoded struct {
	*form
	input   reflect.Type
	call    func(ctx context.Context, a *asl.Attempt, in any) (value.Value, error)
	answers answerer // nil if what is behind has documents for answers
}

// DecodedCall returns a [asl.Call] that takes the parameters of an integration as a document, and reads them into the SDK's type for
// call: [Call] of a client's method, or a mock. Its results and errors, which are the SDK's too, get the form of the integration. That is
// what a Resource ends in, such as sqs:sendMessage or aws-sdk:dynamodb:query. Parameters that cannot be read fail the task with
// States.Runtime (R165).
func DecodedCall[In, Out any](integration string, call asl.Call[*In, *Out], options ...Option) asl.Call[value.Value, *Out] {
	if call.Caller == nil {
		return asl.Call[value.Value, *Out]{}
	}
	return asl.Call[value.Value, *Out]{Caller: newDecoded[In](newForm(integration, options), call.Caller, call.Call)}
}

// DecodedSend is [DecodedCall] for a [asl.Send]. The integration is without its suffix.
func DecodedSend[In any](integration string, send asl.Send[*In], options ...Option) asl.Send[value.Value] {
	if send.Sender == nil {
		return asl.Send[value.Value]{}
	}
	return asl.Send[value.Value]{Sender: newDecoded[In](newForm(integration, options), send.Sender, send.Send)}
}

func newDecoded[In any](f *form, does any, call func(context.Context, *asl.Attempt, *In) (value.Value, error)) decoded {
	answers, _ := does.(answerer)
	return decoded{f, reflect.TypeFor[In](), func(ctx context.Context, a *asl.Attempt, in any) (value.Value, error) { return call(ctx, a, in.(*In)) }, answers}
}

func (d decoded) Call(ctx context.Context, a *asl.Attempt, parameters value.Value) (value.Value, error) {
	in := reflect.New(d.input)
	if err := d.decode(parameters, in.Elem(), a.State); err != nil {
		return value.Value{}, unusable(parameters, err)
	}
	if d.answers == nil {
		result, err := d.call(ctx, a, in.Interface())
		return result, d.failed(ctx, parameters, err)
	}
	output, err := d.answers.Answer(ctx, a, in.Interface())
	if err != nil {
		return value.Value{}, d.failed(ctx, parameters, err)
	}
	if document, ok := output.(value.Value); ok { // of a mock, as the state shows it
		return document, nil
	}
	result, err := d.codec.result(output)
	if err != nil {
		return value.Value{}, d.failure(ctx, err)
	}
	return d.present(parameters, result, metadataOf(output))
}

func (d decoded) Send(ctx context.Context, a *asl.Attempt, parameters value.Value) (value.Value, error) {
	return d.Call(ctx, a, parameters)
}

// failed turns the error of a call with parameters into the one that Step Functions raises.
func (f *form) failed(ctx context.Context, parameters value.Value, err error) error {
	if invalid, ok := errors.AsType[smithy.InvalidParamsError](err); ok {
		return unusable(parameters, f.missing(invalid))
	}
	if err != nil {
		return f.failure(ctx, err)
	}
	return nil
}

// metadataOf returns what the SDK knows of the HTTP answer.
func metadataOf(output any) middleware.Metadata {
	v := reflect.Indirect(reflect.ValueOf(output))
	if !v.IsValid() {
		return middleware.Metadata{}
	}
	f := v.FieldByName("ResultMetadata")
	if !f.IsValid() {
		return middleware.Metadata{}
	}
	m, _ := f.Interface().(middleware.Metadata)
	return m
}

// unusable is the error for parameters that the service does not have or the SDK does not take (R165): nothing catches it.
func unusable(parameters value.Value, reason error) error {
	return &asl.Error{Name: asl.ErrorRuntime, Cause: fmt.Sprintf("The Parameters '%s' could not be used to start the Task: [%v]", parameters, reason)}
}

// missing says which parameters the SDK misses.
func (f *form) missing(invalid smithy.InvalidParamsError) error {
	var reasons []string
	for _, err := range invalid.Errs() {
		reason := err.Error()
		if required, ok := errors.AsType[*smithy.ParamRequiredError](err); ok {
			_, field, _ := strings.Cut(required.Field(), ".")
			reason = fmt.Sprintf("The field '%s' is required but was missing", f.change.NameOf(f.codec.nameOf(field[strings.LastIndexByte(field, '.')+1:])))
		}
		reasons = append(reasons, reason)
	}
	return mismatch(strings.Join(reasons, ", "))
}
