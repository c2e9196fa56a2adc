package clock_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/clock"
)

var start = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)

// TestDrivenOrder runs sleepers and a gate a hundred times and wants one order.
func TestDrivenOrder(t *testing.T) {
	run := func() (log []string) {
		c := clock.NewDriven(start)
		say := func(format string, args ...any) {
			log = append(log, fmt.Sprintf("%v ", c.Now().Sub(start))+fmt.Sprintf(format, args...))
		}
		c.Run(t.Context(), func(ctx context.Context) {
			ctx = clock.NewContext(ctx, c)
			gate, ended := c.NewGate(), c.NewGate()
			left := 5
			for i := range 5 {
				c.Go(ctx, func(ctx context.Context) {
					say("%d starts", i)
					clock.Sleep(ctx, time.Duration(5-i)*time.Hour)
					say("%d slept", i)
					if err := gate.Wait(ctx, start.Add(4*time.Hour)); err != nil {
						say("%d: %v", i, err)
					}
					if left--; left == 0 {
						ended.Open()
					}
				})
			}
			clock.Sleep(ctx, 5*time.Hour)
			say("opens")
			gate.Open()
			ended.Wait(ctx, time.Time{})
			say("ends")
		})
		return log
	}
	want := run()
	for range 100 {
		if got := run(); !slices.Equal(got, want) {
			t.Fatalf("got  %q\nwant %q", got, want)
		}
	}
	if last := want[len(want)-1]; last != "5h0m0s ends" {
		t.Fatal(want)
	}
}

func TestDrivenContexts(t *testing.T) {
	c := clock.NewDriven(start)
	c.Run(t.Context(), func(ctx context.Context) {
		timed, cancel := c.WithDeadline(ctx, start.Add(time.Minute))
		defer cancel(nil)
		child, cancelChild := c.WithDeadline(timed, time.Time{})
		defer cancelChild(nil)
		if err := c.NewGate().Wait(child, time.Time{}); !errors.Is(err, context.DeadlineExceeded) || c.Now() != start.Add(time.Minute) {
			t.Errorf("%v at %v", err, c.Now())
		}
		reason := errors.New("reason")
		other, cancelOther := c.WithDeadline(ctx, time.Time{})
		c.Go(ctx, func(context.Context) { cancelOther(reason) })
		if err := c.NewGate().Wait(other, start.Add(time.Hour)); err != reason || c.Now() != start.Add(time.Minute) {
			t.Errorf("%v at %v", err, c.Now())
		}
		foreign, cancelForeign := context.WithCancel(ctx)
		cancelForeign()
		if err := clock.SleepUntil(foreign, c, start.Add(time.Hour)); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
}

func TestDrivenHold(t *testing.T) {
	c := clock.NewDriven(start)
	release := c.Hold()
	slept := make(chan struct{})
	c.Go(t.Context(), func(ctx context.Context) {
		clock.SleepUntil(ctx, c, start.Add(time.Hour))
		close(slept)
	})
	if c.Run(t.Context(), func(context.Context) {}); c.Now() != start {
		t.Fatal("time moved while held")
	}
	release()
	<-slept
	if c.Now() != start.Add(time.Hour) {
		t.Fatal(c.Now())
	}
}

// TestForeign waits from a goroutine that the driven clock does not know.
func TestForeign(t *testing.T) {
	c := clock.NewDriven(start)
	gate := c.NewGate()
	c.Go(t.Context(), func(ctx context.Context) {
		clock.SleepUntil(ctx, c, start.Add(time.Second))
		gate.Open()
	})
	if err := gate.Wait(t.Context(), time.Time{}); err != nil {
		t.Fatal(err)
	}
}

func TestWall(t *testing.T) {
	ctx, cancel := clock.Wall.WithDeadline(t.Context(), time.Now().Add(time.Hour))
	reason := errors.New("reason")
	cancel(reason)
	if err := clock.Wall.NewGate().Wait(ctx, time.Time{}); err != reason {
		t.Error(err)
	}
	if err := clock.SleepUntil(t.Context(), clock.Wall, time.Now().Add(-time.Second)); err != nil {
		t.Error(err)
	}
	past, cancel := clock.Wall.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer cancel(nil)
	if err := clock.Sleep(past, time.Hour); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	gate := clock.Wall.NewGate()
	clock.Wall.Go(t.Context(), func(context.Context) { gate.Open(); gate.Open() })
	if err := gate.Wait(t.Context(), time.Time{}); err != nil {
		t.Error(err)
	}
	if clock.From(t.Context()) != clock.Wall {
		t.Error("the default clock is not the wall")
	}
}
