package memory

import (
	"context"
	"sync"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
)

// Fork runs branches or iterations as goroutines of the clock.
func (h *host) Fork(_ *asl.Frame, n, limit int, run func(asl.Host, int, *asl.Frame) asl.Outcome, ended func(int, asl.Outcome) bool) ([]asl.Outcome, error) {
	if n == 0 {
		return nil, nil
	}
	if limit <= 0 || limit > n {
		limit = n
	}
	c := h.engine.clock
	ctx, cancel := c.WithDeadline(h.ctx, time.Time{})
	defer cancel(nil)
	f := &fork{outcomes: make([]asl.Outcome, n), done: make([]bool, n), failed: map[int]*host{}, ended: ended, cancel: cancel, left: limit, over: c.NewGate()}
	before := h.goOn(f)
	for range limit {
		c.Go(ctx, func(ctx context.Context) {
			defer f.leave()
			for i, more := f.next(ctx); more; i, more = f.next(ctx) {
				inside, at := h.inside(ctx, before[i])
				f.end(i, inside, inside.carry(at, func(h *host, at *asl.Frame) asl.Outcome { return run(h, i, at) }))
			}
		})
	}
	// The branches see the end of h.ctx themselves; this waits until all have.
	_ = f.over.Wait(context.WithoutCancel(h.ctx), time.Time{})
	if err := h.cancelled(); err != nil {
		h.fork = f
		return nil, err
	}
	if f.failure != nil {
		h.fork = f
	}
	return f.outcomes, f.failure
}

// inside returns the host of a branch or an iteration, and its frame if it goes on after a redrive with what it was.
func (h *host) inside(ctx context.Context, was *host) (*host, *asl.Frame) {
	inside := &host{engine: h.engine, program: h.program, ctx: ctx, stops: h.stops, here: h.here}
	if was == nil {
		return inside, nil
	}
	inside.before = was.fork
	return inside, was.frame
}

// fork is what the goroutines of one Fork share.
type fork struct {
	outcomes []asl.Outcome
	done     []bool
	failed   map[int]*host // of branches that have not succeeded
	ended    func(i int, o asl.Outcome) (tolerated bool)
	cancel   context.CancelCauseFunc
	over     clock.Gate

	mu      sync.Mutex
	started int
	left    int   // goroutines
	failure error // the one that was not tolerated
}

// next gives out the numbers in order, until ctx ends.
func (f *fork) next(ctx context.Context) (i int, more bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for ctx.Err() == nil && f.started < len(f.outcomes) {
		if f.started++; !f.done[f.started-1] {
			return f.started - 1, true
		}
	}
	return 0, false
}

func (f *fork) end(i int, h *host, o asl.Outcome) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.outcomes[i], f.done[i] = o, true; o.Err != nil && h.frame != nil && h.program.Type() != asl.Express {
		f.failed[i] = h
	}
	if tolerated := f.ended(i, o); o.Err != nil && f.failure == nil && (asl.TimedOut(o.Err) || !tolerated) {
		f.failure = o.Err
		f.cancel(asl.ErrSiblingFailed)
	}
}

func (f *fork) leave() {
	f.mu.Lock()
	f.left--
	over := f.left == 0
	f.mu.Unlock()
	if over {
		f.over.Open()
	}
}
