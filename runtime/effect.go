package runtime

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"sync"

	"github.com/aws/smithy-go"

	"github.com/r-seed-632eed22/aslgen/runtime/awsshape"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Call is an effect that is over when it is answered (Request Response). P is a task's parameters, R the Go view of its
// result; the exact result is a document. It is a struct so that the compiler holds a mock to both types.
type Call[P, R any] struct{ Caller[P] }

// Caller is what a [Call] does, whatever the view of its result.
type Caller[P any] interface {
	// Call makes the call. It returns soon after ctx ends.
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

type callFunc[P, R any] func(context.Context, P) (R, error)

func (f callFunc[P, R]) Call(ctx context.Context, _ *Attempt, p P) (value.Value, error) {
	r, err := f(ctx, p)
	if err != nil {
		return value.Value{}, err
	}
	return encode(r)
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
	j.started.Store(a.ID, p)
	return Started{Handle: a.ID}, nil
}

func (j *jobFunc[P, R]) Wait(ctx context.Context, handle string) (value.Value, error) {
	p, ok := j.started.LoadAndDelete(handle)
	if !ok {
		return value.Value{}, fmt.Errorf("asl: job %s was not started in this process", handle)
	}
	return callFunc[P, R](j.f).Call(ctx, nil, p.(P))
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

// encode returns the document of a parameter or result: AWS's types, wherever they are in it, in AWS's form, the rest by
// the rules of [value.Encode].
func encode(x any) (value.Value, error) {
	switch x := x.(type) {
	case value.Value:
		return x, nil
	case smithy.Serializable:
		return shapeForm(x), nil
	}
	return value.EncodeWith(x, shapeForm)
}

func shapeForm(s smithy.Serializable) value.Value {
	if v := reflect.ValueOf(s); v.Kind() == reflect.Pointer && v.IsNil() {
		return value.Null
	}
	return awsshape.StepFunctions.Encode(s)
}

// decode stores a document in the Go value that into points to.
func decode(v value.Value, into any) error {
	switch into := into.(type) {
	case *value.Value:
		*into = v
		return nil
	case smithy.Serializable:
		return awsshape.StepFunctions.Decode(v, into)
	}
	return value.DecodeWith(v, into, func(v value.Value, s smithy.Serializable) error {
		if v.IsNull() { // as encoding/json has it: it changes nothing that is no pointer
			return nil
		}
		return awsshape.StepFunctions.Decode(v, s)
	})
}

// Marshal returns the JSON of a Go value as documents have it: AWS's types in AWS's form. Generated code calls it.
func Marshal(x any) ([]byte, error) {
	v, err := encode(x)
	if err != nil {
		return nil, err
	}
	return v.AppendJSON(nil), nil
}

// Unmarshal stores what [Marshal] returns in the Go value that into points to. Generated code calls it.
func Unmarshal(data []byte, into any) error {
	v, err := value.Parse(data)
	if err != nil {
		return err
	}
	return decode(v, into)
}

// Effect is what a Task state does: how its parameters are made and what is done with them. [RequestResponse], [Sync]
// and [WaitForTaskToken] make one.
type Effect interface {
	pattern() Pattern
	// prepare checks the effect once, when the machine is made.
	prepare() error
	// exists reports whether what the state calls is there: an activity may have been deleted.
	exists(state string) bool
	// bind makes the parameters for one attempt. Its error is a [*templateError], a [*queryError] or a [*parameterError].
	bind(s *scope) (parameters value.Value, w work, err error)
	// restore makes the work of an attempt again, of the parameters that bind has returned.
	restore(parameters value.Value) (work, error)
}

// RequestResponse returns the effect of a task that is over when its call is answered. The effect is a field of the machine's
// Tasks, which errors name.
//
//go:noinline
func RequestResponse[P, R any](field string, parameters func(*Context, *Reader) P, call Call[P, R], unset ...Unset) Effect {
	e := newEffect(field, RequestResponsePattern, call.Caller, unset)
	e.template = func(c *Context, r *Reader) any { return parameters(c, r) }
	e.decode = decodeAs[P]
	e.makeCall = func(ctx context.Context, a *Attempt, p any) (value.Value, error) { return call.Call(ctx, a, p.(P)) }
	return e
}

// Sync returns the effect of a task that runs a job. The field is as for [RequestResponse].
//
//go:noinline
func Sync[P, R any](field string, parameters func(*Context, *Reader) P, job Job[P, R], unset ...Unset) Effect {
	e := newEffect(field, SyncPattern, job.Runner, unset)
	e.template = func(c *Context, r *Reader) any { return parameters(c, r) }
	e.decode = decodeAs[P]
	e.startJob = func(ctx context.Context, a *Attempt, p any) (Started, error) { return job.Start(ctx, a, p.(P)) }
	if !e.missing {
		e.waitForJob, e.stopJob = job.Wait, job.Stop
	}
	return e
}

// WaitForTaskToken returns the effect of a task that ends when its token comes back. The field is as for [RequestResponse].
//
//go:noinline
func WaitForTaskToken[P any](field string, parameters func(*Context, *Reader) P, send Send[P], unset ...Unset) Effect {
	e := newEffect(field, WaitForTaskTokenPattern, send.Sender, unset)
	e.template = func(c *Context, r *Reader) any { return parameters(c, r) }
	e.decode = decodeAs[P]
	e.makeCall = func(ctx context.Context, a *Attempt, p any) (value.Value, error) { return send.Send(ctx, a, p.(P)) }
	return e
}

// effect is an [Effect] without the types of its parameters and results: a machine of a hundred tasks has one of its code.
type effect struct {
	field    string // of the machine's Tasks
	with     Pattern
	template func(*Context, *Reader) any
	unset    []Unset
	missing  bool
	existing Existing // nil if the effect does not say
	plan     []read
	given    []given // unset, parsed

	// With the parameters in the type that they have, in which decode reads them.
	decode     func(parameters value.Value) (any, error)
	makeCall   func(ctx context.Context, a *Attempt, p any) (value.Value, error)
	startJob   func(ctx context.Context, a *Attempt, p any) (Started, error)
	waitForJob func(ctx context.Context, handle string) (value.Value, error)
	stopJob    func(ctx context.Context, handle, reason string) error
}

// decodeAs reads parameters in their type.
func decodeAs[P any](parameters value.Value) (any, error) {
	var p P
	err := decode(parameters, &p)
	return p, err
}

// newEffect returns an effect without its functions; does is what carries it out, nil if there is nothing.
func newEffect(field string, with Pattern, does any, unset []Unset) *effect {
	existing, _ := does.(Existing)
	return &effect{field: field, with: with, unset: unset, missing: does == nil, existing: existing}
}

func (e *effect) pattern() Pattern { return e.with }

func (e *effect) prepare() (err error) {
	if e.missing {
		return fmt.Errorf("its effect, the field %s of the machine's Tasks, is nil", e.field)
	}
	for _, u := range e.unset {
		v, err := value.Parse([]byte(u.JSON))
		if err != nil {
			return fmt.Errorf("%s: %w", u.To, err)
		}
		e.given = append(e.given, given{parsePointer(u.To), v})
	}
	e.plan, err = planOf(func(c *Context, r *Reader) { e.template(c, r) })
	return err
}

func (e *effect) exists(state string) bool {
	return e.existing == nil || e.existing.Exists(state)
}

func (e *effect) restore(parameters value.Value) (work, error) {
	given, err := e.decode(parameters)
	return effectWork{e, given}, err
}

func (e *effect) bind(s *scope) (parameters value.Value, w work, err error) {
	r := &Reader{scope: s, plan: e.plan}
	p := e.template(s.context, r)
	parameters, err = encode(p)
	if r.err != nil {
		return parameters, nil, inDocument(r.err, parameters)
	}
	if err != nil {
		return parameters, nil, err
	}
	for _, u := range append(r.given, e.given...) {
		parameters = u.to.set(parameters, asGiven(u.to.get(parameters), u.value))
	}
	if wrong := r.wrong; wrong != nil {
		return parameters, nil, &parameterError{parameters: wrong.put(parameters), reason: wrong.reason(parameters), at: wrong.places[0]}
	}
	return parameters, effectWork{e, p}, nil
}

// parameterError says that a task's parameters do not have the types that its service wants (R165).
type parameterError struct {
	parameters value.Value
	reason     string
	at         pointer // where in the template the fault is, if that is known
}

func (e *parameterError) Error() string {
	return fmt.Sprintf("The Parameters '%s' could not be used to start the Task: [%s]", e.parameters, e.reason)
}

// Template makes a document from what it reads: a Pass state's Parameters, a ResultSelector.
type Template interface {
	prepare() error
	document(s *scope) (value.Value, error)
	// expression is the JSONata expression that stands at a member, or in place of the template.
	expression(names ...string) *query
}

// Document returns the template that f makes documents with.
func Document(f func(*Context, *Reader) value.Value) Template { return &template{make: f} }

// Input is the template of a task that has no Parameters: it is given the state's input.
func Input(_ *Context, r *Reader) Value { return r.Value("$", "") }

type template struct {
	make func(*Context, *Reader) value.Value
	plan []read
}

func (t *template) prepare() (err error) {
	t.plan, err = planOf(func(c *Context, r *Reader) { t.make(c, r) })
	return err
}

func (t *template) expression(names ...string) *query {
	for _, r := range t.plan {
		if (len(r.to) == 0 || slices.Equal(r.to, names)) && r.expr.query != nil {
			return r.expr.query
		}
	}
	return &query{}
}

func (t *template) document(s *scope) (value.Value, error) {
	r := &Reader{scope: s, plan: t.plan}
	v := t.make(s.context, r)
	if r.err != nil {
		return value.Value{}, inDocument(r.err, v)
	}
	return v, nil
}
