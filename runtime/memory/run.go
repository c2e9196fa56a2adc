package memory

import (
	"context"
	"errors"
	"sync"

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
	r := &room{}
	if p, ok := p.(interface{ Instant() bool }); ok && p.Instant() {
		r = rooms.Get().(*room)
		defer r.leave()
	}
	s.Silent, s.Room = true, r.frame
	f, err := e.account.NewFrame(p, s, e.now(), e.random)
	if err != nil {
		return output, err
	}
	r.frame = f
	if clock.From(ctx) != e.clock {
		ctx = clock.NewContext(ctx, e.clock)
	}
	r.host = host{engine: e, program: p, base: ctx, ctx: ctx, stops: &r.stops, here: true, direct: true}
	output, err = p.Run(&r.host, f)
	r.stops.wait(ctx)
	if err != nil && ctx.Err() != nil {
		if _, aborted := errors.AsType[*asl.Aborted](err); aborted {
			err = context.Cause(ctx)
		}
	}
	return output, err
}

// room is the memory of an execution that is carried out where it is called.
type room struct {
	host  host
	stops stops
	frame *asl.Frame
}

// rooms are those of executions of which nobody keeps anything: they have called nobody.
var rooms = sync.Pool{New: func() any { return &room{} }}

// leave gives back the room of an execution that has ended, without what it has held.
func (r *room) leave() {
	if f := r.frame; f != nil {
		*f.Context.Execution = asl.ContextExecution{}
		*f = asl.Frame{Context: asl.Context{Execution: f.Context.Execution}, Recorder: f.Recorder}
	}
	r.host = host{}
	rooms.Put(r)
}
