package memory

import (
	"context"
	"sync"
	"time"

	asl "github.com/r-seed-632eed22/aslgen/runtime"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
)

// Fork runs branches or iterations as goroutines of the clock.
func (h *host) Fork(_ *asl.Frame, n, limit int, run func(asl.Host, int) (asl.Value, error), tolerate func(int) bool) ([]asl.Outcome, error) {
	if n == 0 {
		return nil, nil
	}
	if limit <= 0 || limit > n {
		limit = n
	}
	c := h.engine.clock
	ctx, cancel := c.WithDeadline(h.ctx, time.Time{})
	defer cancel(nil)
	f := &fork{outcomes: make([]asl.Outcome, n), tolerate: tolerate, cancel: cancel, left: limit, ended: c.NewGate()}
	for range limit {
		c.Go(ctx, func(ctx context.Context) {
			defer f.leave()
			for i, more := f.next(ctx); more; i, more = f.next(ctx) {
				output, err := run(&host{engine: h.engine, ctx: ctx, stops: h.stops}, i)
				f.end(i, asl.Outcome{Output: output, Err: err})
			}
		})
	}
	// The branches see the end of h.ctx themselves; this waits until all have.
	_ = f.ended.Wait(context.WithoutCancel(h.ctx), time.Time{})
	if err := h.cancelled(); err != nil {
		return nil, err
	}
	return f.outcomes, f.failure
}

// fork is what the goroutines of one Fork share.
type fork struct {
	outcomes []asl.Outcome
	tolerate func(failed int) bool
	cancel   context.CancelCauseFunc
	ended    clock.Gate

	mu      sync.Mutex
	started int
	failed  int
	left    int   // goroutines
	failure error // the one that was not tolerated
}

// next gives out the numbers in order, until ctx ends.
func (f *fork) next(ctx context.Context) (i int, more bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if ctx.Err() != nil || f.started == len(f.outcomes) {
		return 0, false
	}
	f.started++
	return f.started - 1, true
}

func (f *fork) end(i int, o asl.Outcome) {
	f.mu.Lock()
	f.outcomes[i] = o
	if o.Err != nil {
		f.failed++
	}
	if o.Err != nil && f.failure == nil && (asl.TimedOut(o.Err) || !f.tolerate(f.failed)) {
		f.failure = o.Err
		f.cancel(asl.ErrSiblingFailed)
	}
	f.mu.Unlock()
}

func (f *fork) leave() {
	f.mu.Lock()
	f.left--
	over := f.left == 0
	f.mu.Unlock()
	if over {
		f.ended.Open()
	}
}
