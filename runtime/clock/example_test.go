package clock_test

import (
	"context"
	"fmt"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/clock"
)

// Code that sleeps on the clock of its context sleeps on any: here on one whose time moves when all of its goroutines wait.
func ExampleDriven() {
	newYear := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	driven := clock.NewDriven(newYear)
	remind := func(ctx context.Context, of string, in time.Duration) {
		if clock.Sleep(ctx, in) == nil {
			fmt.Println(clock.From(ctx).Now().Format(time.DateOnly), of)
		}
	}
	driven.Run(clock.NewContext(context.Background(), driven), func(ctx context.Context) {
		driven.Go(ctx, func(ctx context.Context) { remind(ctx, "spring", 78*24*time.Hour) })
		driven.Go(ctx, func(ctx context.Context) { remind(ctx, "valentine", 44*24*time.Hour) })
		remind(ctx, "summer", 171*24*time.Hour)
	})
	// Output:
	// 2026-02-14 valentine
	// 2026-03-20 spring
	// 2026-06-21 summer
}

// Who waits at a gate goes on when it is opened, or when the time is over.
func ExampleGate() {
	begin := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	driven := clock.NewDriven(begin)
	driven.Run(clock.NewContext(context.Background(), driven), func(ctx context.Context) {
		done := driven.NewGate()
		driven.Go(ctx, func(ctx context.Context) {
			if clock.Sleep(ctx, time.Hour) == nil {
				done.Open()
			}
		})
		fmt.Println(done.Wait(ctx, begin.Add(time.Minute)))
		fmt.Println(done.Wait(ctx, time.Time{}), driven.Now().Sub(begin))
	})
	// Output:
	// clock: the time has come
	// <nil> 1h0m0s
}
