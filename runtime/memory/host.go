package memory

import (
	"context"
	"errors"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/hosts"
)

// host is the [asl.Host] of one execution.
type host struct {
	engine  *Engine
	program asl.Program
	ctx     context.Context // ends when the execution is stopped or detached
	stops   *stops
	frame   *asl.Frame // which it runs, once it has entered a state
	fork    *fork      // that has failed or was cut off, of the frame's state
	before  *fork      // whose branches that have not succeeded go on, after a redrive
	here    bool       // the caller carries the execution out, so the end of its context aborts it
	direct  bool       // … and this part of it in its own goroutine

	// Of an engine with cuts: the frame was just gone on with, how many places there were, and where its history is.
	resumed  bool
	places   int
	recorder *asl.Recorder
}

func (h *host) Now() time.Time { return h.engine.clock.Now() }

func (h *host) Enter(f *asl.Frame) error {
	h.frame, h.fork = f, nil
	if err := h.cancelled(); err != nil {
		return err
	}
	return h.cut(f)
}

// cancelled returns what the execution ends with if its context has ended.
func (h *host) cancelled() error {
	err := hosts.Ended(h.ctx)
	if h.here && errors.Is(err, asl.ErrDetached) {
		return &asl.Aborted{Cause: context.Cause(h.ctx).Error()}
	}
	return err
}

func (h *host) SleepUntil(t time.Time) error {
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
	ctx, cancel := h.engine.clock.WithDeadline(h.ctx, a.Deadline)
	defer cancel(nil)
	switch a.Pattern {
	case asl.SyncPattern:
		return h.job(ctx, a)
	case asl.WaitForTaskTokenPattern:
		return h.callback(ctx, a)
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
	w := tokens.open(a.Token, h.engine.clock, func() { stopWaiting(errAnswered) })
	result, handle, err := startAndWait(ctx, a, func(handle string) (asl.Value, error) {
		if a.Heartbeat > 0 {
			w.startHeartbeat(a.Heartbeat)
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
func (h *host) callback(ctx context.Context, a *asl.Attempt) (asl.Value, error) {
	tokens := &h.engine.tokens
	w := tokens.open(a.Token, h.engine.clock, nil)
	answer, err := a.Send(ctx)
	if err == nil {
		a.Submitted(answer)
		w.startHeartbeat(a.Heartbeat)
		err = w.wait(ctx)
	}
	if tokens.close(a.Token) {
		return w.result()
	}
	return asl.Value{}, h.outcome(ctx, err)
}
