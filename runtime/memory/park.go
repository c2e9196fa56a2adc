package memory

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
)

// errParked ends the run of a frame that is parked: while it waits it has no goroutine, and goes on from the frame.
var errParked = fmt.Errorf("memory: the frame is parked: %w", asl.ErrDetached)

// The phases of a host.
const (
	running       int32 = iota
	parking             // its run is about to end
	woken               // … and is to go on as soon as it has
	parked              // it has no goroutine
	lookedAt            // … and somebody reads its frame
	wokenLookedAt       // … and it is to go on after that
)

// park has the frame be parked until the host is woken, at a time at the latest; the zero time is never. What it waits for may have come
// already, and nobody wakes it for that any more: came says so.
func (h *host) park(until time.Time, came func() bool) error {
	h.phase.Store(parking)
	h.engine.ends.watch(h.execution)
	h.engine.alarms.add(h, until)
	if came() {
		h.wake()
	}
	return errParked
}

// unwanted reports whether the frame is to end: what is parked does not see the end of its context.
func (h *host) unwanted() bool { return h.base.Err() != nil }

// wake has a parked frame go on. That may be for nothing, as when a job ends that is not waited for any more: what goes on looks whether it
// has what it waits for, and is parked again if not.
func (h *host) wake() {
	for {
		switch phase := h.phase.Load(); {
		case phase == parking && h.phase.CompareAndSwap(parking, woken),
			phase == lookedAt && h.phase.CompareAndSwap(lookedAt, wokenLookedAt),
			phase == running, phase == woken, phase == wokenLookedAt:
			return
		case phase == parked && h.phase.CompareAndSwap(parked, running):
			h.engine.alarms.remove(h)
			h.engine.clock.Go(h.reopen(), h.goOn)
			return
		}
	}
}

// goOn carries out what was parked.
func (h *host) goOn(ctx context.Context) {
	at, err := h.rise()
	if err != nil {
		h.execution.end(ctx, h, asl.Outcome{Err: err})
		return
	}
	h.carry(ctx, at)
}

// look has f look at a parked frame, which does not go on meanwhile.
func (h *host) look(f func()) {
	if !h.phase.CompareAndSwap(parked, lookedAt) {
		return
	}
	f()
	if !h.phase.CompareAndSwap(lookedAt, parked) {
		h.phase.Store(parked)
		h.wake()
	}
}

// reopen returns the context of a frame that goes on.
func (h *host) reopen() context.Context {
	if h.of != nil {
		h.of.wakes()
		return h.base
	}
	h.execution.mu.Lock()
	defer h.execution.mu.Unlock()
	if h.base == nil {
		h.execution.open()
	}
	return h.base
}

// wakeAll wakes what waits, the frame or those inside it, because the context of the execution or of a fork has ended. The contexts of
// branches end with it, but in no order, so a branch goes on only once its own has ended.
func (h *host) wakeAll() {
	k := h.joining.Load()
	if k == nil {
		if h.of != nil {
			<-h.base.Done()
		}
		h.wake()
		return
	}
	for _, inside := range k.inside() {
		inside.wakeAll()
	}
}

// parks reports whether the outcome of a run is that the frame is parked now: not if it was woken before that.
func (h *host) parks(o asl.Outcome) bool {
	switch {
	case !errors.Is(o.Err, errParked):
		return false
	case h.phase.CompareAndSwap(woken, running):
		h.engine.alarms.remove(h)
		return false
	case h.of == nil && h.joining.Load() == nil:
		h.ctx = nil
		h.execution.shut()
		h.rest()
	}
	if !h.phase.CompareAndSwap(parking, parked) { // it was woken just now, and its context is gone
		h.phase.Store(parked)
		h.wake()
	}
	return true
}
