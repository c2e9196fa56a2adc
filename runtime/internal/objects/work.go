package objects

import (
	"context"
	"errors"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// objectsWork is the work of a DISTRIBUTED Map with objects: reading items, writing results.
type objectsWork func(ctx context.Context, parameters value.Value) (value.Value, error)

// Call implements [asl.Work].
func (w objectsWork) Call(ctx context.Context, a *asl.Attempt) (value.Value, error) {
	return w(ctx, a.Parameters)
}

// Start implements [asl.Work].
func (w objectsWork) Start(context.Context, *asl.Attempt) (asl.Started, error) {
	return asl.Started{}, errNoJobs
}

// Wait implements [asl.Work].
func (w objectsWork) Wait(context.Context, string) (value.Value, error) {
	return value.Value{}, errNoJobs
}

// Stop implements [asl.Work].
func (w objectsWork) Stop(context.Context, string, string) error { return errNoJobs }

var errNoJobs = errors.New("asl: objects have no jobs")
