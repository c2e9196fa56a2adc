package durable

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
)

// fork are the branches or iterations that a path runs.
type fork struct {
	h        *host
	keys     string // the beginning of their paths' keys
	frame    *asl.Frame
	run      func(asl.Host, int, *asl.Frame) asl.Outcome
	ended    func(int, asl.Outcome) bool
	outcomes []asl.Outcome
	done     []bool
	cancel   context.CancelCauseFunc
	next     int
	left     int        // goroutines
	over     clock.Gate // opens when there are none
	away     error      // why some have neither ended nor go on here
	failure  error      // the one that was not tolerated
}

// Fork implements [asl.Host]: each branch is a path of its own.
func (h *host) Fork(f *asl.Frame, n, limit int, run func(asl.Host, int, *asl.Frame) asl.Outcome, ended func(int, asl.Outcome) bool) ([]asl.Outcome, error) {
	if n == 0 {
		return nil, nil
	}
	x := h.x
	x.mu.Lock()
	defer x.mu.Unlock()
	ctx, cancel := x.engine.clock.WithDeadline(h.ctx, time.Time{})
	defer cancel(nil)
	k := &fork{
		h: h, keys: f.Inner(), frame: f, run: run, ended: ended, cancel: cancel,
		outcomes: make([]asl.Outcome, n), done: make([]bool, n),
	}
	for o, is := h.keeps(branched); is; o, is = h.keeps(branched) {
		if o.index < n {
			k.end(o.index, *o.outcome)
		}
	}
	for o, is := h.repeat(branched); is; o, is = h.repeat(branched) {
		if o.index >= n {
			x.diverged(errors.New("a fork has fewer branches than it had"))
			return nil, errStopped
		}
		k.end(o.index, *o.outcome)
	}
	if _, is := h.repeat(joined); is {
		return k.outcomes, k.failure
	}
	if limit <= 0 || limit > n {
		limit = n
	}
	k.begin(ctx, limit)
	switch {
	case x.failed != nil:
		return nil, errStopped
	case k.away != nil:
		return nil, k.away
	}
	if err := h.cancelled(); err != nil {
		return nil, err
	}
	h.did(op{deed: joined, time: h.later()})
	return k.outcomes, k.failure
}

// begin runs the branches that have not ended, and waits for them. It is called with the lock held.
func (k *fork) begin(ctx context.Context, limit int) {
	x := k.h.x
	k.left, k.over = limit, x.engine.clock.NewGate()
	x.running += limit - 1 // this path waits for them
	for range limit {
		x.engine.clock.Go(ctx, func(ctx context.Context) { k.work(ctx, -1) })
	}
	x.mu.Unlock()
	// The branches see the end of the path's context themselves; this waits until all have.
	_ = k.over.Wait(context.WithoutCancel(ctx), time.Time{})
	x.mu.Lock()
}

// work runs a branch, if i is the number of one, and then others as long as there are any.
func (k *fork) work(ctx context.Context, i int) {
	x, returned := k.h.x, false
	defer func() {
		if !returned { // the code of a task has ended the goroutine
			x.engine.clock.Go(ctx, func(ctx context.Context) { k.work(ctx, i) })
		}
	}()
	x.mu.Lock()
	for more := true; more; i, more = k.take(ctx) {
		if i >= 0 {
			k.branch(ctx, i)
		}
	}
	if k.left--; k.left == 0 {
		k.over.Open() // and the path around runs on in place of this one
	} else {
		x.running--
		x.considerParking()
	}
	x.mu.Unlock()
	returned = true
}

// take gives out the numbers of the branches that have not ended, in order, until no more are to begin. Those that were under way
// before go on even if they are not wanted any more: they are told so.
func (k *fork) take(ctx context.Context) (i int, more bool) {
	for ; k.next < len(k.done); k.next++ {
		under := k.h.x.state.paths[k.key(k.next)] != nil
		if k.done[k.next] || !under && (ctx.Err() != nil || k.away != nil) {
			continue
		}
		k.next++
		return k.next - 1, true
	}
	return 0, false
}

func (k *fork) key(i int) string { return k.keys + strconv.Itoa(i) }

// branch runs a branch to its end, or until it is put away. It is called with the lock held.
func (k *fork) branch(ctx context.Context, i int) {
	x, key := k.h.x, k.key(i)
	p := x.state.paths[key]
	if p == nil {
		x.note(entry{kind: bornOf, path: key, time: k.h.now})
		if p = x.state.paths[key]; p == nil { // the execution has failed
			return
		}
	}
	h := x.host(ctx, p)
	var at *asl.Frame
	if p.frame != nil {
		at = h.goOn()
		at.Recorder = k.frame.Recorder
		if child := at.Context.Execution.ID(); child != k.frame.Context.Execution.ID() {
			at.Recorder = at.Recorder.Inside(child, x.state.inside[child])
		}
	}
	x.mu.Unlock()
	o := k.run(h, i, at)
	x.mu.Lock()
	switch {
	case x.failed != nil || x.engine.stopped():
		k.away = errStopped
	case errors.Is(o.Err, asl.ErrDetached):
		k.away = o.Err
	default:
		o.Err = saved(o.Err)
		x.note(entry{kind: didOf, path: k.h.path.key, op: &op{deed: branched, index: i, outcome: &o}})
		k.h.at = len(k.h.path.ops)
		x.over(p, k.h.path.key, o.Err)
		k.end(i, o)
	}
}

// end takes in how a branch has ended. It is called with the lock held.
func (k *fork) end(i int, o asl.Outcome) {
	k.outcomes[i], k.done[i] = o, true
	if tolerated := k.ended(i, o); o.Err != nil && k.failure == nil && (asl.TimedOut(o.Err) || !tolerated) {
		k.failure = o.Err
		k.h.x.woken = true // those that wait are told of it before anything is put away
		k.cancel(asl.ErrSiblingFailed)
	}
}
