package temporal

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/hosttest"
)

// TestEngine runs the suite of all engines, in real time.
func TestEngine(t *testing.T) {
	server(t)
	hosttest.Run(t, func(t testing.TB, _ time.Time) (hosttest.Engine, clock.Clock) {
		return &workshop{place: newPlace(t), engines: map[asl.Program]*Engine{}}, clock.Wall
	})
}

// workshop is an engine whose programs, which the suite gives one name and no checksum, have a task queue and a worker each.
type workshop struct {
	*place
	mu      sync.Mutex
	engines map[asl.Program]*Engine
}

// Register implements [asl.Engine].
func (w *workshop) Register(p asl.Program) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.engines[p] != nil {
		return errors.New("the program is registered twice")
	}
	own := *w.place
	own.queue = unique(w.queue)
	own.Engine = New(w.client, own.queue, WithLease(2*time.Second))
	w.engines[p] = own.Engine
	own.work(p)
	return own.Register(p)
}

// Start implements [asl.Engine].
func (w *workshop) Start(ctx context.Context, p asl.Program, r asl.StartRequest) (asl.Running, error) {
	w.mu.Lock()
	e := w.engines[p]
	w.mu.Unlock()
	return e.Start(ctx, p, r)
}
