package durable

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"slices"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/hosts"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// host is the [asl.Host] of one path. A path that is gone on with does again what it did since its frame: each verb gives what it
// gave then, as far as that is recorded.
type host struct {
	x       *execution
	ctx     context.Context // ends when the path is not wanted any more
	path    *path
	at      int // of the path's ops, the next one to be repeated
	atKept  int // … and of what it did before a redrive
	now     time.Time
	resumed bool       // the frame was just gone on with
	frame   *asl.Frame // which it runs, once it has entered a state
}

// host returns the host of a path.
func (x *execution) host(ctx context.Context, p *path) *host {
	if len(p.ops) > 0 {
		x.repeats.Store(true)
	}
	p.host = &host{x: x, ctx: ctx, path: p, now: p.then}
	return p.host
}

// goOn returns a copy of the frame to go on with.
func (h *host) goOn() *asl.Frame {
	h.resumed = true
	return copied(h.path.frame)
}

func copied(f *asl.Frame) *asl.Frame {
	at := *f
	at.Retries = slices.Clone(f.Retries)
	return &at
}

// repeat returns the next deed to be repeated if it is of a kind, and goes past it.
func (h *host) repeat(d deed) (o op, is bool) {
	if h.at >= len(h.path.ops) || h.path.ops[h.at].deed != d {
		return o, false
	}
	o = h.path.ops[h.at]
	h.at++
	if !o.time.IsZero() {
		h.now = o.time
	}
	return o, true
}

// keeps returns what the path did before a redrive if it is of a kind, and goes past it.
func (h *host) keeps(d deed) (o op, is bool) {
	if h.atKept >= len(h.path.kept) || h.path.kept[h.atKept].deed != d {
		return o, false
	}
	h.atKept++
	return h.path.kept[h.atKept-1], true
}

// did notes a deed.
func (h *host) did(o op) {
	h.x.op = o
	h.x.note(entry{kind: didOf, path: h.path.key, op: &h.x.op})
	h.at, h.now = len(h.path.ops), h.path.now
}

// later is the time of what the path did now: it never goes back, whatever the clock does.
func (h *host) later() time.Time {
	now := h.x.engine.clock.Now()
	if now.Before(h.path.now) {
		return h.path.now
	}
	return now
}

// Now implements [asl.Host]. Time moves when a verb returns, so that what a frame does in between does not depend on it.
func (h *host) Now() time.Time { return h.now }

// Enter implements [asl.Host].
func (h *host) Enter(f *asl.Frame) error {
	x := h.x
	x.mu.Lock()
	defer x.mu.Unlock()
	h.frame = f
	if h.resumed { // here it goes on
		h.resumed = false
		return x.failed
	}
	if err := h.cancelled(); err != nil {
		return err
	}
	x.note(entry{kind: frameOf, path: h.path.key, frame: f, time: h.later()})
	h.at, h.now = 0, h.path.now
	return x.failed
}

// cancelled returns what the path ends with if it is not wanted any more.
func (h *host) cancelled() error {
	if h.x.failed != nil || h.x.engine.stopped() {
		return errStopped
	}
	return hosts.Ended(h.ctx)
}

// SleepUntil implements [asl.Host].
func (h *host) SleepUntil(t time.Time) error {
	x := h.x
	x.mu.Lock()
	defer x.mu.Unlock()
	if _, is := h.repeat(slept); is {
		return nil
	}
	if err := h.cancelled(); err != nil {
		return err
	}
	for x.engine.clock.Now().Before(t) {
		x.submit() // so that it is known for what it waits
		err := x.block(h.ctx, &wait{gate: x.engine.clock.NewGate(), until: t})
		if errors.Is(err, errParked) {
			return err
		}
		if !errors.Is(err, clock.ErrTimeout) {
			return h.cancelled()
		}
	}
	h.did(op{deed: slept, time: h.later()})
	return nil
}

// Token implements [asl.Host].
func (h *host) Token(attempt string) string {
	return h.x.engine.token(h.x.entry.serial, attempt)
}

// Do implements [asl.Host]. Before a service is called, all that has led to the call is on disk.
func (h *host) Do(a *asl.Attempt) (value.Value, error) {
	x := h.x
	x.mu.Lock()
	defer x.mu.Unlock()
	if _, kept := h.keeps(begun); kept {
		o, _ := h.keeps(resulted)
		return o.value, nil
	}
	_, again := h.repeat(begun)
	if !again {
		if err := h.cancelled(); err != nil {
			return value.Value{}, err
		}
		h.did(op{deed: begun, text: answerable(a)})
		if err := x.commit(); err != nil {
			return value.Value{}, err
		}
	}
	if x.failed != nil || x.engine.stopped() {
		return value.Value{}, errStopped
	}
	var result value.Value
	var err error
	switch o, done := h.peek(resulted); {
	case a.Pattern == asl.SyncPattern:
		result, err = h.job(a)
	case a.Pattern == asl.WaitForTaskTokenPattern:
		result, err = h.callback(a)
	case done:
		result, err = o.value, o.err
	default:
		result, err = h.call(a, again)
	}
	if errors.Is(err, asl.ErrDetached) {
		return result, err
	}
	if o, is := h.repeat(resulted); is {
		return o.value, o.err
	}
	if x.failed != nil {
		return result, errStopped
	}
	h.did(op{deed: resulted, value: result, err: saved(err), time: h.later()})
	return result, err
}

// answerable returns the id of an attempt that its token can answer, "" of others: nobody asks for it.
func answerable(a *asl.Attempt) string {
	if a.Pattern == asl.RequestResponsePattern {
		return ""
	}
	return a.ID()
}

// peek returns what came of the attempt that is repeated, if that is known.
func (h *host) peek(d deed) (o op, is bool) {
	for i := h.at; i < len(h.path.ops); i++ {
		if h.path.ops[i].deed == d {
			return h.path.ops[i], true
		}
	}
	return o, false
}

// saved returns an error as it is read again.
func saved(err error) error {
	if err == nil {
		return nil
	}
	s, _ := asl.SaveError(err)
	return s.Err()
}

// call makes a request-response call.
func (h *host) call(a *asl.Attempt, again bool) (value.Value, error) {
	if again && h.x.engine.once(a) {
		return value.Value{}, &asl.Error{Name: ErrorOutcomeUnknown, Cause: "The process ended while the call was made, and it is not made twice."}
	}
	ctx := h.ctx
	if !hosts.Distant(h.x.engine.clock, a.Deadline) {
		timed, cancel := h.x.engine.clock.WithDeadline(h.ctx, a.Deadline)
		defer cancel(nil)
		ctx = timed
	}
	result, err := h.callHere(ctx, a)
	return result, h.outcome(ctx, err)
}

// callHere makes a call in the path's goroutine. Code that ends it has that for a result: the path goes on from its frame in another
// goroutine ([execution.run], [fork.work]).
func (h *host) callHere(ctx context.Context, a *asl.Attempt) (value.Value, error) {
	returned := false
	h.x.mu.Unlock()
	defer func() {
		h.x.mu.Lock()
		if !returned && h.x.failed == nil {
			h.did(op{deed: resulted, err: saved(a.Ended()), time: h.later()})
		}
	}()
	result, err := a.CallHere(ctx)
	returned = true
	return result, err
}

// outcome replaces the error of an effect by the reason for which its context has ended, if it has.
func (h *host) outcome(ctx context.Context, err error) error {
	return hosts.Outcome(ctx, err, h.cancelled)
}

var errAnswered = errors.New("durable: the task's token was answered")

// job runs a .sync attempt. Its token, if somebody uses it, ends the task before the job does (E39c). The job is stopped if the
// attempt's time is over or nobody wants it any more: not if it only goes on elsewhere.
func (h *host) job(a *asl.Attempt) (value.Value, error) {
	x := h.x
	ctx, cancel := x.engine.clock.WithDeadline(h.ctx, a.Deadline)
	defer cancel(nil)
	waiting, stopWaiting := x.engine.clock.WithDeadline(ctx, time.Time{})
	defer stopWaiting(nil)
	w := x.listen(a.ID())
	defer x.deafen(a.ID())
	w.onAnswer = func() { stopWaiting(errAnswered) }
	if w.answered != nil {
		stopWaiting(errAnswered)
	}
	handle, err := h.start(ctx, a)
	if o, done := h.peek(resulted); done { // what comes of it is known
		return o.value, o.err
	}
	var result value.Value
	if err == nil {
		result, err = h.await(waiting, stopWaiting, a, w, handle)
	}
	if w.answered != nil {
		return w.answered.output, w.answered.err
	}
	err = h.outcome(waiting, err)
	if handle != "" && err != nil && waiting.Err() != nil && !errors.Is(err, asl.ErrDetached) {
		h.stop(a, handle, err)
	}
	return result, err
}

// start starts the job, unless it was started before, and returns its handle: also that of what may have been started.
func (h *host) start(ctx context.Context, a *asl.Attempt) (handle string, err error) {
	x := h.x
	if o, is := h.repeat(handled); is {
		x.mu.Unlock()
		a.Submitted(o.value)
		x.mu.Lock()
		return o.text, nil
	}
	if _, done := h.peek(resulted); done {
		return "", nil // it could not be started
	}
	x.mu.Unlock()
	started, err := a.Start(ctx)
	x.mu.Lock()
	if uncertain, ok := errors.AsType[*asl.Uncertain](err); ok {
		return uncertain.Handle, err
	}
	if err != nil {
		return "", err
	}
	h.did(op{deed: handled, text: started.Handle, value: started.Submitted, time: h.later()})
	x.mu.Unlock()
	a.Submitted(started.Submitted)
	x.mu.Lock()
	x.submit()
	return started.Handle, nil
}

// await waits for the job. One that is lost with the process that ran it is started again.
func (h *host) await(waiting context.Context, stopWaiting context.CancelCauseFunc, a *asl.Attempt, w *wait, handle string) (result value.Value, err error) {
	x := h.x
	if a.Heartbeat > 0 {
		w.heartbeat, w.until = a.Heartbeat, x.engine.clock.Now().Add(a.Heartbeat)
		x.engine.clock.Go(waiting, func(ctx context.Context) { x.watchHeartbeat(ctx, w, stopWaiting) })
	}
	x.mu.Unlock()
	defer x.mu.Lock()
	if result, err = a.Wait(waiting, handle); !errors.Is(err, fs.ErrNotExist) {
		return result, err
	}
	started, err := a.Start(waiting)
	if err != nil {
		return result, err
	}
	return a.Wait(waiting, started.Handle)
}

// watchHeartbeat ends the waiting for a job once a heartbeat has not come in time.
func (x *execution) watchHeartbeat(ctx context.Context, w *wait, stopWaiting context.CancelCauseFunc) {
	for {
		x.mu.Lock()
		by := w.until
		x.mu.Unlock()
		if err := clock.SleepUntil(ctx, x.engine.clock, by); err != nil {
			return
		}
		x.mu.Lock()
		missed := !w.until.After(by) && w.answered == nil
		x.mu.Unlock()
		if missed {
			stopWaiting(asl.HeartbeatError())
			return
		}
	}
}

// callback runs a .waitForTaskToken attempt. The heartbeat's time begins when the token is out, and again when the process does.
func (h *host) callback(a *asl.Attempt) (value.Value, error) {
	x := h.x
	w := x.listen(a.ID())
	defer x.deafen(a.ID())
	err := h.send(a)
	if o, done := h.peek(resulted); done {
		return o.value, o.err
	}
	if err == nil {
		err = h.awaitToken(a, w)
	}
	if errors.Is(err, errParked) {
		return value.Value{}, err // an answer that has come since then is there when it goes on
	}
	if w.answered != nil {
		return w.answered.output, w.answered.err
	}
	return value.Value{}, err
}

// send makes the call that hands out the token, unless it was made before.
func (h *host) send(a *asl.Attempt) error {
	x := h.x
	o, is := h.repeat(sent)
	if _, done := h.peek(resulted); done && !is {
		return nil // it failed
	}
	if !is {
		ctx, cancel := x.engine.clock.WithDeadline(h.ctx, a.Deadline)
		defer cancel(nil)
		x.mu.Unlock()
		answer, err := a.Send(ctx)
		x.mu.Lock()
		if err != nil {
			return h.outcome(ctx, err)
		}
		o = op{deed: sent, value: answer, time: h.later()}
		h.did(o)
	}
	x.mu.Unlock()
	a.Submitted(o.value)
	x.mu.Lock()
	if !is {
		x.submit()
	}
	return nil
}

// awaitToken waits for the answer to a token.
func (h *host) awaitToken(a *asl.Attempt, w *wait) error {
	x := h.x
	w.due = x.beats[a.ID()]
	delete(x.beats, a.ID()) // from here on it is this one
	if w.due.IsZero() && a.Heartbeat > 0 {
		w.due = x.engine.clock.Now().Add(a.Heartbeat)
	}
	for {
		switch now := x.engine.clock.Now(); {
		case w.answered != nil:
			return nil
		case h.cancelled() != nil:
			return h.cancelled()
		case w.beats:
			w.beats, w.due = false, now.Add(a.Heartbeat)
			continue
		case !a.Deadline.IsZero() && !now.Before(a.Deadline):
			return asl.TimeoutError()
		case a.Heartbeat > 0 && !now.Before(w.due):
			return asl.HeartbeatError()
		}
		w.gate, w.until = x.engine.clock.NewGate(), a.Deadline
		if a.Heartbeat > 0 && (w.until.IsZero() || w.due.Before(w.until)) {
			w.until = w.due
		}
		if err := x.block(h.ctx, w); errors.Is(err, errParked) {
			return err
		}
	}
}

// listen has answers to the token of an attempt be heard.
func (x *execution) listen(attempt string) *wait {
	w := &wait{gate: x.engine.clock.NewGate()}
	if a, is := x.state.answers[attempt]; is {
		w.answered = &a
	}
	put(&x.tokens, attempt, w)
	return w
}

func (x *execution) deafen(attempt string) { delete(x.tokens, attempt) }

// stop has a job stopped that is not wanted any more, while the execution goes on.
func (h *host) stop(a *asl.Attempt, handle string, why error) {
	x := h.x
	text, err := json.Marshal(a)
	if err != nil {
		x.engine.report(err)
		return
	}
	attempt, err := value.Parse(text)
	if err != nil {
		x.engine.report(err)
		return
	}
	x.note(entry{kind: stoppingOf, text: handle, value: value.Object(value.Field("attempt", attempt),
		value.Field("reason", value.String(hosts.StopReason(a, why))))})
	x.submit()
	x.stopSoon()
}
