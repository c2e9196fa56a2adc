package states

import (
	"context"
	"fmt"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/query"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Effect is what a Task state does: how its parameters are made and what is done with them. It has no type parameters, so
// that a machine of a hundred tasks has one of its code: Template returns the parameters in a type that Decode reads, and that
// the functions behind it take.
type Effect struct {
	Template   func(*asl.Context, *query.Reader) any
	Decode     func(parameters value.Value) (any, error)
	MakeCall   func(ctx context.Context, a *asl.Attempt, p any) (value.Value, error)
	StartJob   func(ctx context.Context, a *asl.Attempt, p any) (asl.Started, error)
	WaitForJob func(ctx context.Context, handle string) (value.Value, error)
	StopJob    func(ctx context.Context, handle, reason string) error
	Watcher    asl.Watcher // nil if there is no way but WaitForJob

	field    string // of the machine's Tasks
	with     asl.Pattern
	unset    []query.Unset
	missing  bool
	existing asl.Existing // nil if the effect does not say
	made     *query.Parameters
}

// NewEffect returns an effect without its functions; does is what carries it out, nil if there is nothing. The field is that of
// the machine's Tasks, which errors name.
func NewEffect(field string, with asl.Pattern, does any, unset []query.Unset) *Effect {
	existing, _ := does.(asl.Existing)
	return &Effect{field: field, with: with, unset: unset, missing: does == nil, existing: existing}
}

// prepare checks the effect once, when the machine is made.
func (e *Effect) prepare() (err error) {
	if e.missing {
		return fmt.Errorf("its effect, the field %s of the machine's Tasks, is nil", e.field)
	}
	e.made, err = query.PlanParameters(e.Template, e.unset)
	return err
}

// exists reports whether what the state calls is there: an activity may have been deleted.
func (e *Effect) exists(state string) bool {
	return e.existing == nil || e.existing.Exists(state)
}

// bind makes the parameters for one attempt. Its error is a [*query.TemplateError], a [*query.QueryError] or a [*query.ParameterError].
func (e *Effect) bind(s *query.Scope) (document value.Value, w asl.Work, err error) {
	document, p, err := e.made.Bind(s)
	return document, effectWork{e, p}, err
}

// restore makes the work of an attempt again, of the parameters that bind has returned.
func (e *Effect) restore(parameters value.Value) (asl.Work, error) {
	given, err := e.Decode(parameters)
	return effectWork{e, given}, err
}

// effectWork is the work of a task.
type effectWork struct {
	*Effect
	given any // the parameters, in the type that the effect takes
}

func (w effectWork) Call(ctx context.Context, a *asl.Attempt) (value.Value, error) {
	return w.MakeCall(ctx, a, w.given)
}

func (w effectWork) Start(ctx context.Context, a *asl.Attempt) (asl.Started, error) {
	return w.StartJob(ctx, a, w.given)
}

func (w effectWork) Wait(ctx context.Context, handle string) (value.Value, error) {
	return w.WaitForJob(ctx, handle)
}

// Watch implements [asl.Watcher], if the effect does.
func (w effectWork) Watch(ctx context.Context, handle string, over func()) (*asl.Watch, error) {
	if w.Watcher == nil {
		return nil, nil
	}
	return w.Watcher.Watch(ctx, handle, over)
}

// Begun returns the work of an attempt that has begun: it is waited for and stopped without its parameters.
func (w effectWork) Begun() asl.Work { return effectWork{Effect: w.Effect} }

func (w effectWork) Stop(ctx context.Context, handle, reason string) error {
	return w.StopJob(ctx, handle, reason)
}
