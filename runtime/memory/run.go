package memory

import (
	"context"
	"errors"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
)

// RunHere carries out an execution in the goroutine of its caller, for Run of a machine: ran is false if somebody else may want to know of
// it: by its name, as an observer, or because the engine keeps those that have ended or was asked for executions. It is aborted if ctx ends;
// the error is the cause then. Its events are counted and not kept.
func (e *Engine) RunHere(ctx context.Context, p asl.Program, s asl.StartRequest) (output asl.Value, ran bool, err error) {
	if e.asked.Load() || e.clock != clock.Wall || e.cuts != nil || e.stored || e.keep > 0 || s.Name != "" || len(p.Observers()) > 0 {
		return output, false, nil
	}
	output, err = e.runHere(ctx, p, s)
	return output, true, err
}

func (e *Engine) runHere(ctx context.Context, p asl.Program, s asl.StartRequest) (output asl.Value, err error) {
	s.Silent = true
	f, err := e.account.NewFrame(p, s, e.clock.Now(), e.random)
	if err != nil {
		return output, err
	}
	if clock.From(ctx) != e.clock {
		ctx = clock.NewContext(ctx, e.clock)
	}
	h := &host{engine: e, program: p, base: ctx, ctx: ctx, stops: &stops{}, here: true, direct: true}
	output, err = p.Run(h, f)
	h.stops.wait(ctx)
	if _, aborted := errors.AsType[*asl.Aborted](err); aborted && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return output, err
}
