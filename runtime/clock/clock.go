// Package clock is how everything beside a state machine tells the time and waits: hosts, pollers, the ECS endpoint for
// tests. [Wall] is the machine's own time. [Driven] is for tests: time moves by itself, at once, to the next moment that
// somebody waits for, and goroutines run one at a time in an order that is the same on every run.
package clock

import (
	"context"
	"errors"
	"time"
)

// ErrTimeout is what [Gate.Wait] returns when its time has come before the gate was opened.
var ErrTimeout = errors.New("clock: the time has come")

// Clock tells the time and makes what goroutines wait with.
type Clock interface {
	// Now returns the time.
	Now() time.Time
	// NewGate returns a closed gate.
	NewGate() Gate
	// Go runs f in a goroutine that the clock knows. f must do its waiting with the clock and the context it is given.
	Go(ctx context.Context, f func(ctx context.Context))
	// WithDeadline returns a context that ends when cancel is called or at t, then with the cause [context.DeadlineExceeded].
	// The zero t is never. Only contexts made here wake those who wait on a driven clock in a fixed order.
	WithDeadline(ctx context.Context, t time.Time) (context.Context, context.CancelCauseFunc)
	// Hold keeps time from moving, where the clock moves it, until release is called: for work that takes real time.
	Hold() (release func())
}

// Gate is something that happens once and that goroutines wait for.
type Gate interface {
	// Open lets everybody pass, those who wait and those who come later. Opening twice does nothing.
	Open()
	// Wait returns nil once the gate is open, [ErrTimeout] at the time until (the zero time is never), and the cause of ctx
	// when that ends. An open gate comes first, then the context.
	Wait(ctx context.Context, until time.Time) error
}

type contextKey struct{}

// NewContext returns a context that carries c, for [From].
func NewContext(ctx context.Context, c Clock) context.Context {
	return context.WithValue(ctx, contextKey{}, c)
}

// From returns the clock that ctx carries, [Wall] if it carries none.
func From(ctx context.Context) Clock {
	if c, ok := ctx.Value(contextKey{}).(Clock); ok {
		return c
	}
	return Wall
}

// Sleep waits for d on the clock that ctx carries. It returns the cause of ctx if that ends first.
func Sleep(ctx context.Context, d time.Duration) error {
	c := From(ctx)
	return SleepUntil(ctx, c, c.Now().Add(d))
}

// SleepUntil waits on c until t; the zero t is never. It returns the cause of ctx if that ends first.
func SleepUntil(ctx context.Context, c Clock, t time.Time) error {
	if err := c.NewGate().Wait(ctx, t); !errors.Is(err, ErrTimeout) {
		return err
	}
	return nil
}

// AfterEnd has f called once ctx has ended, on c, unless stop is called before.
func AfterEnd(ctx context.Context, c Clock, f func()) (stop func()) {
	if c == Wall {
		unset := context.AfterFunc(ctx, f)
		return func() { unset() }
	}
	stopped := c.NewGate()
	c.Go(ctx, func(ctx context.Context) {
		if stopped.Wait(ctx, time.Time{}) != nil {
			f()
		}
	})
	return stopped.Open
}
