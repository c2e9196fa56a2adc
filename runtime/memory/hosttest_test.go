package memory_test

import (
	"testing"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/hosttest"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
)

// TestEngine runs the suite of all engines, also with every frame put away wherever it can be and every attempt stored.
func TestEngine(t *testing.T) {
	for name, options := range map[string][]memory.Option{
		"as it is": nil,
		"cut":      {memory.WithCuts(func(int) bool { return true }), memory.WithStoredAttempts()},
	} {
		t.Run(name, func(t *testing.T) {
			hosttest.Run(t, func(_ testing.TB, start time.Time) (hosttest.Engine, clock.Clock) {
				engine := memory.NewDriven(start, options...)
				return engine, engine.Driven()
			})
		})
	}
}
