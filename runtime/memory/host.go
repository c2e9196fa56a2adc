package memory

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/hosts"
)

// host is the [asl.Host] of one execution, or of a branch or an iteration in it.
type host struct {
	engine    *Engine
	program   asl.Program
	execution *execution      // nil of one that nobody can ask for
	base      context.Context // ends when the frame is not wanted any more
	ctx       context.Context // the same, of the goroutine that carries the frame out
	stops     *stops          // of an execution that nobody can ask for
	of        *fork           // whose branch it is; nil of the execution itself
	begins    *asl.Frame
	frame     *asl.Frame // which it runs, once it has entered a state
	fork      *fork      // that has failed or was cut off, of the frame's state
	before    *fork      // whose branches that have not succeeded go on, after a redrive
	here      bool       // the caller carries the execution out, so the end of its context aborts it, and nothing is parked
	direct    bool       // … and this part of it in its own goroutine
	resumed   bool       // the frame was just gone on with
	redriven  bool       // … after a redrive

	number  int32 // of the branch
	phase   atomic.Int32
	joining atomic.Pointer[fork] // what the frame waits for, if that is branches
	waiter  *waiter              // … or a token
	alarm   alarm
	cuts    *cuts // of an engine that makes some
}

// carry carries the execution, or the branch, out from where its frame stands, from its beginning if that is nil: to its end, or until it is
// parked.
func (h *host) carry(ctx context.Context, at *asl.Frame) {
	if h.of != nil {
		if h.carryBranch(ctx, at) {
			h.of.work(ctx)
		}
		return
	}
	if o, parked := h.carryOut(ctx, at); !parked {
		h.execution.end(ctx, h, o)
	}
}

func (h *host) carryOut(ctx context.Context, at *asl.Frame) (o asl.Outcome, parked bool) {
	for h.ctx = ctx; ; {
		h.resumed, h.redriven = at != nil, at != nil && at.Redriven
		o = h.run(at)
		if cut, is := o.Err.(*errCut); is {
			if at, o.Err = h.restore(cut); o.Err == nil {
				continue
			}
		}
		if h.parks(o) {
			return o, true
		}
		if !errors.Is(o.Err, errParked) {
			return o, false
		}
		at = h.frame // it was woken before it was parked
	}
}

func (h *host) run(at *asl.Frame) asl.Outcome {
	switch {
	case h.of != nil:
		return h.of.run(h, int(h.number), at)
	case at == nil:
		at, h.begins = h.begins, nil // what it holds is not needed any more
		return ended(h.program.Run(h, at))
	}
	return ended(h.program.Resume(h, at))
}

func ended(output asl.Value, err error) asl.Outcome { return asl.Outcome{Output: output, Err: err} }

func (h *host) Now() time.Time { return h.engine.now() }

func (h *host) Enter(f *asl.Frame) error {
	if h.frame = f; f.Entered == 0 {
		h.before = nil // it is of the state that the frame stood in, or the frame begins anew
	}
	if h.resumed { // here it goes on, and what has ended meanwhile is seen by what it waited for
		if h.resumed = false; h.redriven {
			return h.cancelled()
		}
		return nil
	}
	h.fork = nil
	if err := h.cancelled(); err != nil {
		return err
	}
	return h.cut(f)
}

// cancelled returns what the execution ends with if its context has ended.
func (h *host) cancelled() error {
	err := hosts.Ended(h.base)
	if err != nil && h.here && errors.Is(err, asl.ErrDetached) {
		return &asl.Aborted{Cause: context.Cause(h.ctx).Error()}
	}
	return err
}

func (h *host) SleepUntil(t time.Time) error {
	if err := h.cancelled(); err != nil || !h.engine.now().Before(t) {
		return err
	}
	if !h.here {
		return h.park(t, h.unwanted)
	}
	if err := clock.SleepUntil(h.ctx, h.engine.clock, t); err != nil {
		return h.cancelled()
	}
	return nil
}

func (h *host) Token(string) string { return h.engine.tokens.make(h.engine.random(tokenBytes)) }
