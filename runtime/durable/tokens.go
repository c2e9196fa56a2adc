package durable

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"strings"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/hosts"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// A token names the execution and the attempt, with their keyed hash: nothing about it has to be remembered, and the token of an
// attempt that goes on in another process is the same.
const (
	serialBytes  = 8
	attemptBytes = sha256.Size
	hashBytes    = 16
)

var (
	tokenEncoding   = base64.RawURLEncoding
	attemptEncoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)
)

// token returns the token of an attempt of an execution.
func (e *Engine) token(serial uint64, attempt string) string {
	b := binary.BigEndian.AppendUint64(make([]byte, 0, serialBytes+attemptBytes+hashBytes), serial)
	id, err := attemptEncoding.DecodeString(attempt)
	if err != nil { // an attempt's id is always one
		sum := sha256.Sum256([]byte(attempt))
		id = sum[:]
	}
	b = append(b, id...)
	return asl.TaskToken(tokenEncoding.EncodeToString(append(b, e.hash(b)...)))
}

func (e *Engine) hash(b []byte) []byte {
	m := hmac.New(sha256.New, e.key)
	m.Write(b)
	return m.Sum(nil)[:hashBytes]
}

// find returns whose token it is; the error says that it is nobody's (E48).
func (e *Engine) find(token string) (i *indexed, attempt string, err error) {
	secret, ok := strings.CutPrefix(token, asl.TaskToken(""))
	b, bad := tokenEncoding.DecodeString(secret)
	if !ok || bad != nil || len(b) != serialBytes+attemptBytes+hashBytes || tokenEncoding.EncodeToString(b) != secret {
		return nil, "", hosts.InvalidToken(token)
	}
	named, hash := b[:serialBytes+attemptBytes], b[serialBytes+attemptBytes:]
	if !hmac.Equal(e.hash(named), hash) {
		return nil, "", hosts.NoTask(token)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if i = e.entries[binary.BigEndian.Uint64(named)]; i == nil { // it was over so long ago that it is not known any more
		return nil, "", hosts.TaskOver()
	}
	return i, attemptEncoding.EncodeToString(named[serialBytes:]), nil
}

// ofToken does something with the execution whose attempt waits for the token.
func (e *Engine) ofToken(token string, do func(x *execution, attempt string) error) error {
	i, attempt, err := e.find(token)
	if err != nil {
		return err
	}
	done, err := e.with(i, func(x *execution) error {
		if _, answered := x.state.answers[attempt]; answered || !x.state.waits(attempt) {
			return hosts.TaskOver()
		}
		return do(x, attempt)
	})
	if err == nil && !done {
		return hosts.TaskOver()
	}
	return err
}

// answer ends a task; the first answer wins (E49).
func (e *Engine) answer(token string, a answer) error {
	return e.ofToken(token, func(x *execution, attempt string) error {
		x.note(entry{kind: answerOf, text: attempt, value: a.output, err: a.err})
		x.woken = true
		if w := x.tokens[attempt]; w != nil {
			w.answered = &a
			w.gate.Open()
			if w.onAnswer != nil {
				w.onAnswer()
			}
		}
		return x.commit()
	})
}

// SendTaskSuccess implements [asl.Callbacks]. When it returns nil, the answer is on disk.
func (e *Engine) SendTaskSuccess(_ context.Context, token string, output value.Value) error {
	if output.IsAbsent() {
		return &asl.APIError{Code: asl.CodeInvalidOutput, Message: "Invalid Output: there is none"}
	}
	return e.answer(token, answer{output: output})
}

// SendTaskFailure implements [asl.Callbacks]. Without a failure the task fails with neither error nor cause.
func (e *Engine) SendTaskFailure(_ context.Context, token string, failure *asl.Error) error {
	if failure == nil {
		failure = &asl.Error{Unnamed: true, Causeless: true}
	}
	return e.answer(token, answer{err: failure})
}

// SendTaskHeartbeat implements [asl.Callbacks]. Heartbeats are not written down: after the process has ended a task has its whole
// interval again.
func (e *Engine) SendTaskHeartbeat(_ context.Context, token string) error {
	return e.ofToken(token, func(x *execution, attempt string) error {
		x.woken = true
		w := x.tokens[attempt]
		if w == nil {
			delete(x.beats, attempt) // what goes on begins its interval
			return nil
		}
		w.beats = true
		if w.heartbeat > 0 {
			w.until = x.engine.clock.Now().Add(w.heartbeat)
		}
		w.gate.Open()
		return nil
	})
}

// CheckTaskToken implements [asl.Callbacks].
func (e *Engine) CheckTaskToken(_ context.Context, token string) error {
	i, attempt, err := e.find(token)
	if err != nil {
		return err
	}
	e.mu.Lock()
	x, over := i.x, i.status != asl.StatusRunning
	e.mu.Unlock()
	if over {
		return hosts.TaskOver()
	}
	s := (*state)(nil)
	if x != nil {
		x.mu.Lock()
		defer x.mu.Unlock()
		s = x.state
	}
	if s == nil {
		if s, _, err = e.read(i, false); err != nil {
			return err
		}
	}
	if _, answered := s.answers[attempt]; answered || !s.waits(attempt) {
		return hosts.TaskOver()
	}
	return nil
}
