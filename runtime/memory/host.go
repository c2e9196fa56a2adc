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
	stops     *stops
	of        *fork // whose branch it is; nil of the execution itself
	number    int   // of the branch
	begins    *asl.Frame
	frame     *asl.Frame // which it runs, once it has entered a state
	fork      *fork      // that has failed or was cut off, of the frame's state
	before    *fork      // whose branches that have not succeeded go on, after a redrive
	here      bool       // the caller carries the execution out, so the end of its context aborts it, and nothing is parked
	direct    bool       // … and this part of it in its own goroutine
	resumed   bool       // the frame was just gone on with

	phase   atomic.Int32
	joining atomic.Pointer[fork] // what the frame waits for, if that is branches
	waiter  *waiter              // … or a token
	alarm   alarm

	// Of an engine with cuts: how many places there were, and where the frame's history is.
	places   int
	recorder *asl.Recorder
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
		h.resumed = at != nil
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
		return h.of.run(h, h.number, at)
	case at == nil:
		at, h.begins = h.begins, nil // what it holds is not needed any more
		return ended(h.program.Run(h, at))
	}
	return ended(h.program.Resume(h, at))
}

func ended(output asl.Value, err error) asl.Outcome { return asl.Outcome{Output: output, Err: err} }

func (h *host) Now() time.Time { return h.engine.clock.Now() }

func (h *host) Enter(f *asl.Frame) error {
	h.frame = f
	if h.resumed { // here it goes on, and what has ended meanwhile is seen by what it waited for
		h.resumed = false
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
	if h.here && errors.Is(err, asl.ErrDetached) {
		return &asl.Aborted{Cause: context.Cause(h.ctx).Error()}
	}
	return err
}

func (h *host) SleepUntil(t time.Time) error {
	if err := h.cancelled(); err != nil || !h.engine.clock.Now().Before(t) {
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

// Do carries out one attempt.
func (h *host) Do(a *asl.Attempt) (asl.Value, error) {
	if h.engine.stored {
		var err error
		if a, err = h.stored(a); err != nil {
			return asl.Value{}, err
		}
	}
	if a.Pattern == asl.RequestResponsePattern && h.engine.distant(a.Deadline) {
		call := a.Call
		if h.direct {
			call = a.CallHere
		}
		result, err := call(h.ctx)
		return result, h.outcome(h.ctx, err)
	}
	if a.Pattern == asl.WaitForTaskTokenPattern {
		return h.callback(a)
	}
	ctx, cancel := h.engine.clock.WithDeadline(h.ctx, a.Deadline)
	defer cancel(nil)
	if a.Pattern == asl.SyncPattern {
		return h.job(ctx, a)
	}
	result, err := a.Call(ctx)
	return result, h.outcome(ctx, err)
}

// distantTime is from when on a deadline is so far away that no call on the wall clock is given it: the year that a STANDARD execution may take.
const distantTime = 30 * 24 * time.Hour

func (e *Engine) distant(t time.Time) bool {
	return e.clock == clock.Wall && (t.IsZero() || time.Until(t) > distantTime)
}

// outcome replaces the error of an effect by the reason for which its context has ended, if it has.
func (h *host) outcome(ctx context.Context, err error) error {
	return hosts.Outcome(ctx, err, h.cancelled)
}

var errAnswered = errors.New("memory: the task's token was answered")

// job runs a .sync attempt. Its token, if somebody uses it, ends the task before the job does, which then is nobody's
// concern any more (E39c). The job is stopped if the attempt's time is over or the execution was aborted: not if it only
// goes on elsewhere.
func (h *host) job(ctx context.Context, a *asl.Attempt) (asl.Value, error) {
	waiting, stopWaiting := h.engine.clock.WithDeadline(ctx, time.Time{})
	defer stopWaiting(nil)
	tokens := &h.engine.tokens
	w := tokens.open(a.Token, h, func() { stopWaiting(errAnswered) })
	result, handle, err := startAndWait(ctx, a, func(handle string) (asl.Value, error) {
		if a.Heartbeat > 0 {
			w.startHeartbeat(a.Heartbeat, time.Time{})
			h.engine.clock.Go(waiting, func(ctx context.Context) {
				if err := w.wait(ctx); err != nil {
					stopWaiting(err)
				}
			})
		}
		return a.Wait(waiting, handle)
	})
	if tokens.close(a.Token) {
		return w.result()
	}
	err = h.outcome(waiting, err)
	if handle != "" && err != nil && waiting.Err() != nil && !errors.Is(err, asl.ErrDetached) {
		h.stops.add(h, a, handle, err)
	}
	return result, err
}

// startAndWait starts a job and waits for it. handle is that of what was started, or may have been.
func startAndWait(ctx context.Context, a *asl.Attempt, wait func(handle string) (asl.Value, error)) (result asl.Value, handle string, err error) {
	started, err := a.Start(ctx)
	if uncertain, ok := errors.AsType[*asl.Uncertain](err); ok {
		return result, uncertain.Handle, err
	}
	if err != nil {
		return result, "", err
	}
	a.Submitted(started.Submitted)
	result, err = wait(started.Handle)
	return result, started.Handle, err
}

// callback runs a .waitForTaskToken attempt. The heartbeat's time begins when the token is out.
func (h *host) callback(a *asl.Attempt) (asl.Value, error) {
	tokens := &h.engine.tokens
	w, err := h.waiter, error(nil)
	if w == nil {
		w = tokens.open(a.Token, h, nil)
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

// await returns nil once the task is answered, and why it is not waited for any more otherwise.
func (h *host) await(a *asl.Attempt, w *waiter) error {
	for {
		now := h.engine.clock.Now()
		switch err := h.cancelled(); {
		case w.isAnswered():
			return nil
		case err != nil:
			return err
		case !a.Deadline.IsZero() && !now.Before(a.Deadline):
			return asl.TimeoutError()
		case w.missed(now):
			return asl.HeartbeatError()
		}
		if !h.here {
			h.frame.Attempt, h.waiter = a, w
			return h.park(w.until(), func() bool { return w.isAnswered() || h.unwanted() })
		}
		_ = w.gate.Wait(h.ctx, w.until()) // what it says is seen above
	}
}
