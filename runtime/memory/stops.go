package memory

import (
	"context"
	"sync"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/hosts"
)

// stops are the jobs of an execution, its branches' included, that are not wanted any more. They are stopped while the
// execution goes on; its end waits for them, so that a program that ends then leaves nothing behind.
type stops struct {
	mu   sync.Mutex
	done []clock.Gate
}

// stopping returns the stops of the execution.
func (h *host) stopping() *stops {
	x := h.execution
	if x == nil {
		return h.stops
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.stops == nil {
		x.stops = &stops{}
	}
	return x.stops
}

// stopTime is how long a job that is not wanted any more may take to be stopped.
const stopTime = time.Minute

// add has a job stopped as well as it can be; that it cannot be changes nothing (E39).
func (s *stops) add(h *host, a *asl.Attempt, handle string, why error) {
	reason := hosts.StopReason(a, why)
	c := h.engine.clock
	done := c.NewGate()
	s.mu.Lock()
	s.done = append(s.done, done)
	s.mu.Unlock()
	ctx, cancel := c.WithDeadline(context.WithoutCancel(h.ctx), c.Now().Add(stopTime))
	c.Go(ctx, func(ctx context.Context) {
		defer done.Open()
		defer cancel(nil)
		_ = a.Stop(ctx, handle, reason)
	})
}

// wait returns when all jobs have been stopped, or that was given up.
func (s *stops) wait(ctx context.Context) {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, done := range s.done {
		_ = done.Wait(context.WithoutCancel(ctx), time.Time{}) // without an end there is no error
	}
}
