// Package awstask makes calls of AWS services with the methods of the AWS SDK for Go, as the integrations of Step Functions make them.
// Generated code wires it:
//
//	tasks.Send = awstask.Call(clients.SQS.SendMessage)
//
// It knows no service: the SDK's types say what they take, and the Resource by which names. [DecodedCall] and its like stand between a
// machine, which has documents, and what carries out its tasks, which has the SDK's types: the method of a client, or a mock. So both
// have parameters, results and errors in the form that Step Functions gives them: the names of the integration (I5), JSON for texts
// (I5b), metadata (I1), the names of errors (I2, I3, I5c), Lambda's payload and its function's errors (L1, L2), the failed entries of
// EventBridge (M3), what actions of Amazon EMR call by names of their own (D6).
package awstask

import (
	"context"
	"reflect"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/awsshape"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/roles"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// CallOption changes how calls are made.
type CallOption interface{ setCall(*calls) }

// calls is how calls are made.
type calls struct{ roles Roles }

// Roles gives the credentials of a role by its ARN, as what [awsrole.New] returns does.
//
// [awsrole.New]: https://pkg.go.dev/github.com/r-seed-632eed22/aslgen/runtime/awsrole#New
type Roles = roles.Roles

// RoleOption is an option of calls and of jobs.
type RoleOption struct{ roles Roles }

// AsRole has the tasks of states that have Credentials be done as their role (R164). Without it such a task fails.
func AsRole(roles Roles) RoleOption { return RoleOption{roles} }

func (o RoleOption) setCall(c *calls) { c.roles = o.roles }

func (o RoleOption) setJob(j *job) { j.roles = o.roles }

// Call returns the effect of a request-response task that calls a method of an SDK's client. The client's retries repeat the call as they are
// set to, but for one that may have been carried out: it is repeated only if it has an idempotency token (ClientToken, ClientRequestToken,
// IdempotencyToken), which is the attempt's, or only reads. Otherwise the attempt fails with the prefix's SdkClientException (I4) or the
// service's own error. The same goes for the start of a job.
func Call[In, Out, O any](method func(context.Context, *In, ...func(*O)) (*Out, error), options ...CallOption) asl.Call[*In, *Out] {
	return asl.Call[*In, *Out]{Caller: newCaller(method, options)}
}

// Send returns the effect of a task that waits for its token, which a method of an SDK's client hands out.
func Send[In, Out, O any](method func(context.Context, *In, ...func(*O)) (*Out, error), options ...CallOption) asl.Send[*In] {
	return asl.Send[*In]{Sender: newCaller(method, options)}
}

// caller calls a method of the SDK.
type caller[In, Out any] struct {
	calls
	method[In, Out]
}

func newCaller[In, Out, O any](m func(context.Context, *In, ...func(*O)) (*Out, error), options []CallOption) caller[In, Out] {
	c := caller[In, Out]{method: methodOf(m)}
	for _, o := range options {
		o.setCall(&c.calls)
	}
	return c
}

// manner is how a method of a client is called.
type manner struct {
	role aws.CredentialsProvider // that it is called as, nil for the client's own
	once bool                    // it is not called again where it may have been done
}

// method is a method of a client that is called in a manner, with the client's options otherwise.
type method[In, Out any] func(ctx context.Context, in *In, how manner) (*Out, error)

func methodOf[In, Out, O any](m func(context.Context, *In, ...func(*O)) (*Out, error)) method[In, Out] {
	return func(ctx context.Context, in *In, how manner) (*Out, error) {
		var options []func(*O)
		if how.role != nil {
			options = append(options, func(o *O) { reflect.ValueOf(o).Elem().FieldByName("Credentials").Set(reflect.ValueOf(how.role)) })
		}
		if how.once {
			o := new(once)
			ctx, options = o.traced(ctx), append(options, func(all *O) { o.within(reflect.ValueOf(all).Elem()) })
		}
		return m(ctx, in, options...)
	}
}

// Answer implements answerer.
func (c caller[In, Out]) Answer(ctx context.Context, a *asl.Attempt, in any) (any, error) {
	role, err := roles.Credentials(c.roles, a.RoleARN)
	if err != nil {
		return nil, err
	}
	named := setToken(reflect.ValueOf(in).Elem(), a)
	return c.method(ctx, in.(*In), manner{role, !named && !reads(reflect.TypeFor[In]())})
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

// setToken gives a call that has an idempotency token the attempt's id, so that it happens once however often it is made. It reports whether
// the call has one.
func setToken(input reflect.Value, a *asl.Attempt) (has bool) {
	for _, name := range []string{"ClientToken", "ClientRequestToken", "IdempotencyToken"} {
		f := input.FieldByName(name)
		if !f.IsValid() || f.Kind() != reflect.Pointer || f.Type().Elem().Kind() != reflect.String {
			continue
		}
		has = true
		if f.IsNil() {
			id := a.ID()
			f.Set(reflect.New(f.Type().Elem()))
			f.Elem().SetString(id)
		}
	}
	return has
}

// untypedMethod is a method of a client without its types.
type untypedMethod struct {
	input reflect.Type
	call  func(ctx context.Context, input any, how manner) (any, error)
}

func untyped[In, Out, O any](m func(context.Context, *In, ...func(*O)) (*Out, error)) untypedMethod {
	call := methodOf(m)
	return untypedMethod{reflect.TypeFor[In](), func(ctx context.Context, input any, how manner) (any, error) {
		return call(ctx, input.(*In), how)
	}}
}
