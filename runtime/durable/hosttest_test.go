package durable

import (
	"errors"
	"testing"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/hosttest"
)

// eagerly has what is submitted be on disk at once, so that everything happens in the same order each time.
func eagerly(e *Engine) { e.eager = true }

// onDriven opens a folder with an engine on a driven clock.
func onDriven(t testing.TB, c *clock.Driven, folder string, options ...Option) *Engine {
	t.Helper()
	n := byte(0)
	same := func(e *Engine) { // ids are those of every other run
		e.random = func(size int) []byte {
			b := make([]byte, size)
			n++
			b[0] = n
			return b
		}
	}
	e, err := Open(folder, append([]Option{WithClock(c), eagerly, same, OnFatal(func(err error) { t.Error(err) })}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil && !errors.Is(err, errStopped) {
			t.Error(err)
		}
	})
	return e
}

// The suite passes with executions in memory, and with each put away whenever all of it waits.
func TestHost(t *testing.T) {
	for name, after := range map[string]time.Duration{"in memory": -1, "put away": 0} {
		t.Run(name, func(t *testing.T) {
			hosttest.Run(t, func(t testing.TB, start time.Time) (hosttest.Engine, clock.Clock) {
				c, folder := clock.NewDriven(start), t.TempDir()
				return &restartable{onDriven(t, c, folder, WithParkAfter(after)), c, folder, after}, c
			})
		})
	}
}

// restartable is an engine that is closed, and opened again.
type restartable struct {
	*Engine
	clock  *clock.Driven
	folder string
	after  time.Duration
}

// Restart implements [hosttest.Restarter].
func (r *restartable) Restart(t testing.TB) hosttest.Restarter {
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	return &restartable{onDriven(t, r.clock, r.folder, WithParkAfter(r.after)), r.clock, r.folder, r.after}
}
