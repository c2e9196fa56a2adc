package memory

import (
	"context"
	"errors"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/hosts"
)

// Do carries out one attempt.
func (h *host) Do(a *asl.Attempt) (asl.Value, error) {
	if h.engine.stored {
		var err error
		if a, err = h.stored(a); err != nil {
			return asl.Value{}, err
		}
	}
	if a.Pattern == asl.RequestResponsePattern && hosts.Distant(h.engine.clock, a.Deadline) {
		call := a.Call
		if h.direct {
			call = a.CallHere
		}
		result, err := call(h.ctx)
		return result, h.outcome(h.ctx, err)
	}
	switch a.Pattern {
	case asl.WaitForTaskTokenPattern:
		return h.callback(a)
	case asl.SyncPattern:
		return h.job(a)
	}
	ctx, cancel := h.engine.clock.WithDeadline(h.ctx, a.Deadline)
	defer cancel(nil)
	result, err := a.Call(ctx)
	return result, h.outcome(ctx, err)
}

// outcome replaces the error of an effect by the reason for which its context has ended, if it has.
func (h *host) outcome(ctx context.Context, err error) error {
	return hosts.Outcome(ctx, err, h.cancelled)
}

var errAnswered = errors.New("memory: the task's token was answered")

// job runs a .sync attempt. Its token, if somebody uses it, ends the task before the job does, which then is nobody's
// concern any more (E39c). The job is stopped if the attempt's time is over or the execution was aborted: not if it only
// goes on elsewhere.
func (h *host) job(a *asl.Attempt) (asl.Value, error) {
	if w := h.waiter; w != nil {
		return h.awaitJob(a, w)
	}
	ctx, cancel := h.engine.clock.WithDeadline(h.ctx, a.Deadline)
	defer cancel(nil)
	waiting, stopWaiting := h.engine.clock.WithDeadline(ctx, time.Time{})
	defer stopWaiting(nil)
	w := h.engine.tokens.open(a, h, func() { stopWaiting(errAnswered) })
	var result asl.Value
	handle, err := start(ctx, a)
	if w.handle = handle; err == nil {
		w.startHeartbeat(a.Heartbeat, a.Deadline)
		if err = h.watch(a, w); w.watch != nil {
			w.heard(nil)
			return h.awaitJob(a, w)
		}
	}
	if err == nil {
		result, err = h.waitForJob(waiting, stopWaiting, a, w)
	}
	return h.endJob(a, w, result, h.outcome(waiting, err), waiting.Err() != nil)
}

// start starts a job. The handle is that of what was started, or may have been.
func start(ctx context.Context, a *asl.Attempt) (handle string, err error) {
	started, err := a.Start(ctx)
	if uncertain, ok := errors.AsType[*asl.Uncertain](err); ok {
		return uncertain.Handle, err
	}
	if err != nil {
		return "", err
	}
	a.Submitted(started.Submitted)
	return started.Handle, nil
}

// watch has the waiter be told of the end of its job, if the frame can be parked until then and there is a way to tell.
func (h *host) watch(a *asl.Attempt, w *waiter) (err error) {
	if !h.here {
		w.watch, err = a.Watch(context.WithoutCancel(h.base), w.handle, w.jobEnds)
	}
	return err
}

// waitForJob waits for a job in this goroutine.
func (h *host) waitForJob(waiting context.Context, stopWaiting context.CancelCauseFunc, a *asl.Attempt, w *waiter) (asl.Value, error) {
	if a.Heartbeat > 0 {
		h.engine.clock.Go(waiting, func(ctx context.Context) {
			if err := w.waitForHeartbeats(ctx); err != nil {
				stopWaiting(err)
			}
		})
	}
	return a.Wait(waiting, w.handle)
}

// awaitJob waits for a job that is watched.
func (h *host) awaitJob(a *asl.Attempt, w *waiter) (asl.Value, error) {
	err := h.await(a, w)
	if errors.Is(err, errParked) {
		return asl.Value{}, err
	}
	h.waiter = nil
	w.watch.Leave()
	if err != nil || w.isAnswered() {
		return h.endJob(a, w, asl.Value{}, err, err != nil)
	}
	ctx, cancel := h.engine.clock.WithDeadline(h.ctx, a.Deadline)
	defer cancel(nil)
	w.heard(func() { cancel(errAnswered) })
	result, err := a.Result(ctx, w.watch)
	return h.endJob(a, w, result, h.outcome(ctx, err), ctx.Err() != nil)
}

// endJob ends a .sync attempt with what came of it, unless its token was answered before; cut says that the job itself may go on. It is stopped
// then, but not if the execution only goes on elsewhere.
func (h *host) endJob(a *asl.Attempt, w *waiter, result asl.Value, err error, cut bool) (asl.Value, error) {
	if h.engine.tokens.close(a.Token) {
		return w.result()
	}
	if w.handle != "" && err != nil && cut && !errors.Is(err, asl.ErrDetached) {
		h.stopping().add(h, a, w.handle, err)
	}
	return result, err
}

// callback runs a .waitForTaskToken attempt. The heartbeat's time begins when the token is out.
func (h *host) callback(a *asl.Attempt) (asl.Value, error) {
	tokens := &h.engine.tokens
	w, err := h.waiter, error(nil)
	if w == nil {
		w = tokens.open(a, h, nil)
		err = h.send(a, w)
	}
	if err == nil {
		err = h.await(a, w)
	}
	if errors.Is(err, errParked) {
		return asl.Value{}, err
	}
	h.waiter = nil
	if tokens.close(a.Token) {
		return w.result()
	}
	return asl.Value{}, err
}

// send makes the call that hands out the token.
func (h *host) send(a *asl.Attempt, w *waiter) error {
	ctx, cancel := h.engine.clock.WithDeadline(h.ctx, a.Deadline)
	defer cancel(nil)
	answer, err := a.Send(ctx)
	if err != nil {
		return h.outcome(ctx, err)
	}
	a.Submitted(answer)
	w.startHeartbeat(a.Heartbeat, a.Deadline)
	return nil
}

// await returns nil once the task is answered or its job has ended, and why it is not waited for any more otherwise.
func (h *host) await(a *asl.Attempt, w *waiter) error {
	for {
		now := h.engine.now()
		switch err := h.cancelled(); {
		case w.isOver():
			return nil
		case err != nil:
			return err
		case !a.Deadline.IsZero() && !now.Before(a.Deadline):
			return asl.TimeoutError()
		case w.missed(now):
			return asl.HeartbeatError()
		}
		if !h.here {
			a.OnSubmitted(nil) // which it was
			h.frame.Attempt, h.waiter = a, w
			return h.park(w.until(), func() bool { return w.isOver() || h.unwanted() })
		}
		_ = w.opens().Wait(h.ctx, w.until()) // what it says is seen above
	}
}
