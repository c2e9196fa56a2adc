package durable

import (
	"log/slog"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
)

// Option changes how an engine is opened.
type Option func(*Engine)

// WithRegion sets the region and the account number that ARNs show; they are us-east-1 and 123456789012 otherwise.
func WithRegion(region, account string) Option {
	return func(e *Engine) { e.account = asl.Account{Region: region, ID: account} }
}

// WithRetention sets for how long an execution is known after its end, and its name taken: 90 days otherwise.
func WithRetention(d time.Duration) Option { return func(e *Engine) { e.retention = d } }

// WithParkAfter sets how long an execution must have to wait to leave memory: a second otherwise.
func WithParkAfter(d time.Duration) Option { return func(e *Engine) { e.parkAfter = d } }

// WithClock has the engine go by a clock: that of a test.
func WithClock(c clock.Clock) Option { return func(e *Engine) { e.clock = c } }

// WithLogger sets where the engine reports what nobody else is told: executions whose machine is not there, jobs that could not be
// stopped. It is slog's default otherwise.
func WithLogger(l *slog.Logger) Option { return func(e *Engine) { e.logger = l } }

// OnFatal sets what happens when the log cannot be written any more. Nothing of what came after the last write is acknowledged, and
// nothing goes on. Otherwise the process ends with the exit code 1: the next one recovers.
func OnFatal(f func(error)) Option { return func(e *Engine) { e.onFatal = f } }

// AtMostOnce has the calls of a state not be made again if the process has ended while one was made. Such an attempt fails with
// [ErrorOutcomeUnknown], which Retry and Catch see. It is for calls that have no idempotency token; a .sync attempt has one.
func AtMostOnce(machine, state string) Option {
	return func(e *Engine) { e.atMost[machine+"\x00"+state] = true }
}
