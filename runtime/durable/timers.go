package durable

import (
	"container/heap"
	"context"
	"time"
)

// timers say when executions that are not in memory go on.
type timers []timer

type timer struct {
	at     time.Time
	serial uint64
}

// Len implements [heap.Interface].
func (t timers) Len() int { return len(t) }
func (t timers) Less(i, j int) bool {
	return t[i].at.Before(t[j].at) || t[i].at.Equal(t[j].at) && t[i].serial < t[j].serial
}
func (t timers) Swap(i, j int) { t[i], t[j] = t[j], t[i] }

// Push implements [heap.Interface].
func (t *timers) Push(x any) { *t = append(*t, x.(timer)) }

// Pop implements [heap.Interface].
func (t *timers) Pop() any {
	old := *t
	last := old[len(old)-1]
	*t = old[:len(old)-1]
	return last
}

// add has an execution go on at a time; the zero time is never.
func (t *timers) add(at time.Time, serial uint64) {
	if !at.IsZero() {
		heap.Push(t, timer{at, serial})
	}
}

// ring tells the timers that the first of them may be another. It is called with the engine's lock held.
func (e *Engine) ring() {
	e.alarm.Open()
}

// longestSleep is how long the timers sleep at most before they look at the clock: the wall clock may be set.
const longestSleep = 30 * time.Second

// runTimers has executions go on when their time comes, until the engine ends.
func (e *Engine) runTimers(ctx context.Context) {
	for ctx.Err() == nil {
		e.mu.Lock()
		now := e.clock.Now()
		var due []*indexed
		for len(e.timers) > 0 && !e.timers[0].at.After(now) {
			t := heap.Pop(&e.timers).(timer)
			if i := e.entries[t.serial]; i != nil && i.parked && i.x == nil && !i.wake.After(now) {
				due = append(due, i)
			}
		}
		e.alarm = e.clock.NewGate()
		alarm, until := e.alarm, time.Time{}
		if len(e.timers) > 0 {
			until = e.timers[0].at
			if latest := now.Add(longestSleep); e.sliced && latest.Before(until) {
				until = latest
			}
		}
		e.mu.Unlock()
		for _, i := range due {
			if err := e.goOn(i); err != nil {
				e.report(err)
			}
		}
		if len(due) == 0 {
			_ = alarm.Wait(ctx, until) // what it says is seen by the clock
		}
	}
}
