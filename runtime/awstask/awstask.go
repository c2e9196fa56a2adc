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
	"fmt"
	"reflect"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/awsshape"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// CallOption changes how calls are made.
type CallOption func(*calls)

// calls is how calls are made.
type calls struct{ roles Roles }

// Roles gives the credentials of a role by its ARN, as what [awsrole.New] returns does.
//
// [awsrole.New]: https://pkg.go.dev/github.com/r-seed-632eed22/aslgen/runtime/awsrole#New
type Roles = func(roleARN string) aws.CredentialsProvider

// AsRole has the calls of states that have Credentials be made as their role (R164). Without it such a call fails.
func AsRole(roles Roles) CallOption { return func(c *calls) { c.roles = roles } }

// Call returns the effect of a request-response task that calls a method of an SDK's client.
func Call[In, Out, O any](method func(context.Context, *In, ...func(*O)) (*Out, error), options ...CallOption) asl.Call[*In, *Out] {
	return asl.Call[*In, *Out]{Caller: newCaller(method, options)}
}

// Send returns the effect of a task that waits for its token, which a method of an SDK's client hands out.
func Send[In, Out, O any](method func(context.Context, *In, ...func(*O)) (*Out, error), options ...CallOption) asl.Send[*In] {
	return asl.Send[*In]{Sender: newCaller(method, options)}
}

// caller calls a method of the SDK, as a role unless that is nil.
type caller[In, Out any] struct {
	calls
	call func(ctx context.Context, in *In, role aws.CredentialsProvider) (*Out, error)
}

func newCaller[In, Out, O any](method func(context.Context, *In, ...func(*O)) (*Out, error), options []CallOption) caller[In, Out] {
	c := caller[In, Out]{call: func(ctx context.Context, in *In, role aws.CredentialsProvider) (*Out, error) {
		if role == nil {
			return method(ctx, in)
		}
		return method(ctx, in, func(o *O) { reflect.ValueOf(o).Elem().FieldByName("Credentials").Set(reflect.ValueOf(role)) })
	}}
	for _, o := range options {
		o(&c.calls)
	}
	return c
}

// role returns the credentials that an attempt is made with, nil for the client's own.
func (c *calls) role(a *asl.Attempt) (aws.CredentialsProvider, error) {
	switch {
	case a.RoleARN == "":
		return nil, nil
	case c.roles == nil:
		return nil, &asl.Error{Name: asl.ErrorRuntime, Cause: fmt.Sprintf("The task is to be done as the role %s, and its effect does not say how", a.RoleARN)}
	}
	return c.roles(a.RoleARN), nil
}

// Answer implements answerer.
func (c caller[In, Out]) Answer(ctx context.Context, a *asl.Attempt, in any) (any, error) {
	role, err := c.role(a)
	if err != nil {
		return nil, err
	}
	setToken(reflect.ValueOf(in).Elem(), a)
	return c.call(ctx, in.(*In), role)
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
