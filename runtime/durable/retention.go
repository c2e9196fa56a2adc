package durable

import (
	"context"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
)

// Compact forgets the executions that have ended longer ago than [WithRetention] says: their names are free, and files of the folder
// go which have nothing of any other execution. An engine does so when it is opened, and every day.
//
// A file stays as long as an execution that has begun in it, or before it, is known.
func (e *Engine) Compact() error {
	e.mu.Lock()
	oldest := e.clock.Now().Add(-e.retention)
	needed := ^uint32(0)
	for serial, i := range e.entries {
		if i.status != asl.StatusRunning && i.x == nil && !i.stops && i.stopped.Before(oldest) {
			delete(e.entries, serial)
			if named := e.names[i.of.program]; named[i.name] == i {
				delete(named, i.name)
			}
			continue
		}
		needed = min(needed, i.last.First().Segment) // 0 while it starts
	}
	e.mu.Unlock()
	return e.log.Drop(needed)
}

// compactDaily compacts until the engine ends.
func (e *Engine) compactDaily(ctx context.Context) {
	for clock.SleepUntil(ctx, e.clock, e.clock.Now().Add(24*time.Hour)) == nil {
		if err := e.Compact(); err != nil {
			e.report(err)
		}
	}
}
