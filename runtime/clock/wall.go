package clock

import (
	"context"
	"sync"
	"time"
)

// Wall is the machine's own clock.
var Wall Clock = wall{}

type wall struct{}

func (wall) Now() time.Time { return time.Now() }

func (wall) NewGate() Gate { return &wallGate{open: make(chan struct{})} }

func (wall) Go(ctx context.Context, f func(context.Context)) { go f(ctx) }

func (wall) Hold() func() { return func() {} }

func (wall) WithDeadline(ctx context.Context, t time.Time) (context.Context, context.CancelCauseFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	if t.IsZero() {
		return ctx, cancel
	}
	ctx, stop := context.WithDeadline(ctx, t)
	return ctx, func(cause error) {
		cancel(cause)
		stop()
	}
}

type wallGate struct {
	once sync.Once
	open chan struct{}
}

func (g *wallGate) Open() { g.once.Do(func() { close(g.open) }) }

func (g *wallGate) Wait(ctx context.Context, until time.Time) error {
	select {
	case <-g.open:
		return nil
	default:
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	var at <-chan time.Time
	if !until.IsZero() {
		t := time.NewTimer(time.Until(until))
		defer t.Stop()
		at = t.C
	}
	select {
	case <-g.open:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-at:
		return ErrTimeout
	}
}
