package watch

import (
	"sync"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/clock"
)

const (
	longestGap  = 30 * time.Second // between two calls, however little a service wants to be asked
	longestLate = 5 * time.Second  // after which it is time to make twice as many
)

// Budget says when calls may be made, for all watchers that share it: so many a second, and twice as many while things are
// looked at more than five seconds late. A call that is throttled halves the rate, and each that is not gives back a
// twentieth of the whole.
type Budget struct {
	clock clock.Clock
	most  float64 // calls a second

	mu      sync.Mutex
	rate    float64
	next    time.Time // when a call may be made again
	lowered time.Time
}

// NewBudget returns a budget of so many calls a second.
func NewBudget(c clock.Clock, perSecond float64) *Budget {
	return &Budget{clock: c, most: perSecond, rate: perSecond}
}

// reserve returns the time of the caller's next call, for a thing that was to be looked at so long ago.
func (b *Budget) reserve(late time.Duration) time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	gap := time.Duration(float64(time.Second) / b.rate)
	if late > longestLate {
		gap /= 2
	}
	at := b.clock.Now()
	if b.next.After(at) {
		at = b.next
	}
	b.next = at.Add(gap)
	return at
}

// lower is called when a call that began then was throttled. Calls that began before the rate was lowered last say nothing
// of the rate it has now.
func (b *Budget) lower(began time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if began.Before(b.lowered) {
		return
	}
	b.lowered = b.clock.Now()
	b.rate = max(b.rate/2, min(b.most, 1/longestGap.Seconds()))
	if next := b.lowered.Add(time.Duration(float64(time.Second) / b.rate)); next.After(b.next) {
		b.next = next
	}
}

func (b *Budget) raise() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.rate = min(b.rate+b.most/20, b.most)
}
