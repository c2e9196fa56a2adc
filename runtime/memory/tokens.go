package memory

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/hosts"
)

// tokens knows the tasks that wait for an answer. A token is a random number and its keyed hash: so one that was made
// here is known without being remembered after its task is over.
type tokens struct {
	key []byte

	mu      sync.Mutex
	waiting map[string]*waiter
}

func (t *tokens) init(key []byte) { t.key, t.waiting = key, map[string]*waiter{} }

func (t *tokens) make(random []byte) string {
	return asl.TaskToken(tokenEncoding.EncodeToString(append(random, t.hash(random)...)))
}

var tokenEncoding = base64.RawURLEncoding

const tokenBytes = 16 // of the random number; the hash has as many

func (t *tokens) hash(random []byte) []byte {
	m := hmac.New(sha256.New, t.key)
	m.Write(random)
	return m.Sum(nil)[:tokenBytes]
}

// find returns who waits for the token; the error says why nobody does (E48).
func (t *tokens) find(token string) (*waiter, error) {
	t.mu.Lock()
	w := t.waiting[token]
	t.mu.Unlock()
	if w != nil {
		return w, nil
	}
	secret, ok := strings.CutPrefix(token, asl.TaskToken(""))
	b, err := tokenEncoding.DecodeString(secret)
	switch {
	case !ok || err != nil || len(b) != 2*tokenBytes || tokenEncoding.EncodeToString(b) != secret:
		return nil, hosts.InvalidToken(token)
	case !hmac.Equal(t.hash(b[:tokenBytes]), b[tokenBytes:]):
		return nil, hosts.NoTask(token)
	}
	return nil, hosts.TaskOver()
}

func (t *tokens) open(a *asl.Attempt, h *host, onAnswer func()) *waiter {
	w := &waiter{host: h, onAnswer: onAnswer, token: a.Token, resource: a.Resource}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.waiting[a.Token] = w
	return w
}

// close has the token taken for that of a task that is over. It reports whether the task was answered before.
func (t *tokens) close(token string) (answered bool) {
	t.mu.Lock()
	w := t.waiting[token]
	delete(t.waiting, token)
	t.mu.Unlock()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.over = true
	return w.answered
}

// waiter is a task that waits for an answer.
type waiter struct {
	host     *host
	token    string
	resource string   // that the task calls
	work     asl.Work // of an attempt that is put away, without its parameters

	mu        sync.Mutex
	gate      clock.Gate // opens with the answer; nil if nobody waits at it
	onAnswer  func()
	over      bool // answered, or not waiting any more
	answered  bool
	output    asl.Value
	err       error
	heartbeat time.Duration // 0 is none
	by        moment        // when the next heartbeat is due
	deadline  moment        // of the task

	handle string     // of the task's job
	watch  *asl.Watch // … if that is watched
	ended  bool       // … and has ended
}

// answer ends the task; the first answer wins (E49).
func (w *waiter) answer(output asl.Value, err error) error {
	w.mu.Lock()
	if w.over {
		w.mu.Unlock()
		return hosts.TaskOver()
	}
	w.over, w.answered, w.output, w.err = true, true, output, err
	gate, onAnswer := w.gate, w.onAnswer
	w.mu.Unlock()
	if gate != nil {
		gate.Open()
	}
	if onAnswer != nil {
		onAnswer()
	}
	w.host.wake() // if it is parked
	return nil
}

// heard sets what is called at the answer, at once if it has come.
func (w *waiter) heard(onAnswer func()) {
	w.mu.Lock()
	w.onAnswer = onAnswer
	answered := w.answered
	w.mu.Unlock()
	if answered && onAnswer != nil {
		onAnswer()
	}
}

func (w *waiter) isAnswered() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.answered
}

// opens returns a gate that opens with the answer.
func (w *waiter) opens() clock.Gate {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.gate == nil {
		if w.gate = w.host.engine.clock.NewGate(); w.answered {
			w.gate.Open()
		}
	}
	return w.gate
}

func (w *waiter) result() (asl.Value, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.output, w.err
}

// waitForHeartbeats returns nil once the task is answered, a heartbeat's error once one has not come in time, and the cause of ctx
// when that ends.
func (w *waiter) waitForHeartbeats(ctx context.Context) error {
	for {
		by := w.heartbeatBy()
		err := w.opens().Wait(ctx, by)
		if !errors.Is(err, clock.ErrTimeout) {
			return err
		}
		if w.missed(by) {
			return asl.HeartbeatError()
		}
	}
}

func (w *waiter) startHeartbeat(every time.Duration, deadline time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	alarms := &w.host.engine.alarms
	w.deadline = alarms.moment(deadline)
	if w.heartbeat = every; every > 0 {
		w.by = alarms.moment(w.host.engine.now().Add(every))
	}
}

func (w *waiter) time(m moment) time.Time { return w.host.engine.alarms.time(m) }

// until returns when the task is over, or its next heartbeat is due; zero is never.
func (w *waiter) until() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.next()
}

// next is until with the lock held.
func (w *waiter) next() time.Time {
	if w.by == 0 || w.deadline != 0 && w.deadline < w.by {
		return w.time(w.deadline)
	}
	return w.time(w.by)
}

func (w *waiter) isOver() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.answered || w.ended
}

// jobEnds is called when the task's job has ended.
func (w *waiter) jobEnds() {
	w.mu.Lock()
	w.ended = true
	w.mu.Unlock()
	w.host.wake()
}

// heartbeatBy returns when the next heartbeat is due, zero if none is.
func (w *waiter) heartbeatBy() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.time(w.by)
}

// missed ends the task if the heartbeat that was due then, or before, has not come.
func (w *waiter) missed(by time.Time) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.answered || w.by == 0 || w.by > w.host.engine.alarms.moment(by) {
		return false
	}
	w.over = true
	return true
}

func (w *waiter) beat() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.over {
		return hosts.TaskOver()
	}
	if w.heartbeat > 0 {
		alarms := &w.host.engine.alarms
		w.by = alarms.moment(w.host.engine.now().Add(w.heartbeat))
		alarms.move(w.host, w.next())
	}
	return nil
}

// SendTaskSuccess implements [asl.Callbacks].
func (e *Engine) SendTaskSuccess(_ context.Context, token string, output asl.Value) error {
	if output.IsAbsent() {
		return &asl.APIError{Code: asl.CodeInvalidOutput, Message: "Invalid Output: there is none"}
	}
	w, err := e.tokens.find(token)
	if err != nil {
		return err
	}
	return w.answer(output, nil)
}

// SendTaskFailure implements [asl.Callbacks]. Without a failure the task fails with neither error nor cause.
func (e *Engine) SendTaskFailure(_ context.Context, token string, failure *asl.Error) error {
	w, err := e.tokens.find(token)
	if err != nil {
		return err
	}
	if failure == nil {
		failure = &asl.Error{Unnamed: true, Causeless: true}
	}
	return w.answer(asl.Value{}, failure)
}

// SendTaskHeartbeat implements [asl.Callbacks].
func (e *Engine) SendTaskHeartbeat(_ context.Context, token string) error {
	w, err := e.tokens.find(token)
	if err != nil {
		return err
	}
	return w.beat()
}

// CheckTaskToken implements [asl.Callbacks].
func (e *Engine) CheckTaskToken(_ context.Context, token string) error {
	_, err := e.tokens.find(token)
	return err
}
