package memory

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	asl "github.com/r-seed-632eed22/aslgen/runtime"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
)

// host is the [asl.Host] of one execution.
type host struct {
	engine *Engine
	ctx    context.Context // ends when the execution is stopped or detached
	rand   *rand.Rand
}

func (h *host) Now() time.Time { return h.engine.clock.Now() }

func (h *host) Enter(*asl.Frame) error { return h.cancelled() }

// cancelled returns what the execution ends with if its context has ended.
func (h *host) cancelled() error {
	if h.ctx.Err() == nil {
		return nil
	}
	cause := context.Cause(h.ctx)
	if aborted, ok := errors.AsType[*asl.Aborted](cause); ok {
		return aborted
	}
	return fmt.Errorf("%w: %w", asl.ErrDetached, cause)
}

func (h *host) SleepUntil(t time.Time) error {
	if err := clock.SleepUntil(h.ctx, h.engine.clock, t); err != nil {
		return h.cancelled()
	}
	return nil
}

func (h *host) Random() *rand.Rand {
	if h.rand == nil {
		seed := h.engine.random(16)
		h.rand = rand.New(rand.NewPCG(binary.LittleEndian.Uint64(seed), binary.LittleEndian.Uint64(seed[8:])))
	}
	return h.rand
}

func (h *host) Token(string) string { return h.engine.tokens.make(h.engine.random(16)) }

// Do carries out one attempt.
func (h *host) Do(a *asl.Attempt) (asl.Value, error) {
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

// outcome replaces the error of an effect by the reason for which its context has ended, if it has.
func (h *host) outcome(ctx context.Context, err error) error {
	if err == nil || ctx.Err() == nil {
		return err
	}
	if ended := h.cancelled(); ended != nil {
		return ended
	}
	return asl.TimeoutError()
}

// job runs a .sync attempt. Its token, if somebody uses it, ends the task before the job does, which then is nobody's
// concern any more (E39c).
func (h *host) job(ctx context.Context, a *asl.Attempt) (asl.Value, error) {
	waiting, stopWaiting := h.engine.clock.WithDeadline(ctx, time.Time{})
	defer stopWaiting(nil)
	w := h.engine.tokens.open(a.Token, h.engine.clock, func() { stopWaiting(errAnswered) })
	defer h.engine.tokens.close(a.Token)
	started, err := a.Start(ctx)
	if uncertain, ok := errors.AsType[*asl.Uncertain](err); ok {
		return asl.Value{}, h.giveUp(ctx, a, uncertain.Handle, err)
	}
	if err != nil {
		return asl.Value{}, h.outcome(ctx, err)
	}
	a.Submitted(started.Submitted)
	result, err := a.Wait(waiting, started.Handle)
	if err == nil {
		return result, nil
	}
	if w.answered() {
		return w.result()
	}
	return asl.Value{}, h.giveUp(ctx, a, started.Handle, err)
}

// giveUp returns what an attempt ends with whose job gave err. The job is stopped if the attempt's time is over or the
// execution was aborted: not if it only goes on elsewhere.
func (h *host) giveUp(ctx context.Context, a *asl.Attempt, handle string, err error) error {
	ended := h.outcome(ctx, err)
	if ctx.Err() != nil && !errors.Is(ended, asl.ErrDetached) {
		h.stop(a, handle, ended)
	}
	return ended
}

var errAnswered = errors.New("memory: the task's token was answered")

// stopTime is how long a job that is not wanted any more may take to be stopped.
const stopTime = time.Minute

// stop stops a job as well as it can be; that it could not changes nothing (E39).
func (h *host) stop(a *asl.Attempt, handle string, why error) {
	c := h.engine.clock
	ctx, cancel := c.WithDeadline(context.WithoutCancel(h.ctx), c.Now().Add(stopTime))
	defer cancel(nil)
	reason := "was aborted"
	if asl.IsTimeout(why) {
		reason = "timed out"
	}
	_ = a.Stop(ctx, handle, fmt.Sprintf("The state %q of the Step Functions execution %s %s.", a.State, a.Execution, reason))
}

// callback runs a .waitForTaskToken attempt. The heartbeat's time begins when the token is out.
func (h *host) callback(ctx context.Context, a *asl.Attempt) (asl.Value, error) {
	w := h.engine.tokens.open(a.Token, h.engine.clock, nil)
	defer h.engine.tokens.close(a.Token)
	answer, err := a.Send(ctx)
	if err != nil {
		return asl.Value{}, h.outcome(ctx, err)
	}
	a.Submitted(answer)
	w.startHeartbeat(a.Heartbeat)
	for {
		by := w.heartbeatBy()
		err := w.gate.Wait(ctx, by)
		switch {
		case err == nil:
			return w.result()
		case !errors.Is(err, clock.ErrTimeout):
			return asl.Value{}, h.outcome(ctx, err)
		case !w.heartbeatBy().After(by):
			return asl.Value{}, asl.HeartbeatError()
		}
	}
}
