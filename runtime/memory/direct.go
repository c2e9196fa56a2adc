package memory

import (
	"context"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
)

// Direct is an engine that carries executions out where they are started, with events that are counted and not kept.
type Direct struct{ *Engine }

// Direct returns the engine of [NewDriven] as one that carries out every execution as Run of a machine does on the wall clock. It is for tests
// of that way: an execution has ended when it is started.
func (e *Engine) Direct() Direct { return Direct{e} }

// Start implements [asl.Engine].
func (d Direct) Start(ctx context.Context, p asl.Program, s asl.StartRequest) (asl.Running, error) {
	r := ran{name: s.Name}
	d.Driven().Run(ctx, func(ctx context.Context) { r.output, r.err = d.runHere(ctx, p, s) })
	return r, nil
}

// ran is an execution that has ended, of which nothing else is known.
type ran struct {
	name   string
	output asl.Value
	err    error
}

func (r ran) Name() string { return r.name }

func (ran) ID() string { return "" }

func (r ran) Wait(context.Context) (asl.Value, error) { return r.output, r.err }

func (r ran) Describe(context.Context) (asl.Description, error) {
	return asl.Description{Status: asl.StatusOf(r.err), Output: r.output, Err: r.err}, nil
}

func (ran) History(context.Context) ([]asl.Event, error) { return nil, nil }

func (ran) Stop(context.Context, string, string) error { return nil }
