package durable

import (
	"sync"
	"time"

	"github.com/r-seed-632eed22/aslgen/internal/recordlog"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
)

// untold are the events of a record, with the recorders whose observers hear of them once it is on disk.
type untold struct {
	events []asl.Event
	to     []*asl.Recorder
	kept   bool
}

// takeUntold has the events that nobody was told of wait for their record. It is called with the lock held.
func (x *execution) takeUntold() *untold {
	if x.untold.events == nil {
		return nil
	}
	u := x.untold
	x.untold, x.queue = untold{}, append(x.queue, &u)
	return &u
}

// committed waits for a record, and tells of its events.
func (x *execution) committed(t recordlog.Ticket, u *untold) error {
	if t != nil {
		if err := t.Wait(); err != nil {
			x.engine.fail(err)
			return errStopped
		}
	}
	if u != nil {
		x.tell(u)
	}
	return nil
}

// tell tells observers of events, those before first. Whoever comes while somebody tells leaves it to them.
func (x *execution) tell(u *untold) {
	x.mu.Lock()
	u.kept = true
	for !x.telling && len(x.queue) > 0 && x.queue[0].kept {
		head := x.queue[0]
		x.queue, x.telling = x.queue[1:], true
		x.mu.Unlock()
		for i, e := range head.events {
			head.to[i].Tell(e)
		}
		x.mu.Lock()
		x.telling = false
	}
	x.mu.Unlock()
}

// telling are goroutines that wait for records and tell of their events. It is no [sync.WaitGroup], because some may begin while it is waited.
type telling struct {
	mu    sync.Mutex
	count int
	none  chan struct{} // is closed when there are none; nil if nobody waits
}

func (t *telling) begin(f func()) {
	t.mu.Lock()
	t.count++
	t.mu.Unlock()
	go func() {
		defer t.end()
		f()
	}()
}

func (t *telling) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.count--; t.count == 0 && t.none != nil {
		close(t.none)
		t.none = nil
	}
}

// closeTime is how long observers may take to hear of what was written last. One that closes the engine waits for itself.
const closeTime = 10 * time.Second

func (t *telling) wait() {
	t.mu.Lock()
	if t.count == 0 {
		t.mu.Unlock()
		return
	}
	if t.none == nil {
		t.none = make(chan struct{})
	}
	none := t.none
	t.mu.Unlock()
	select {
	case <-none:
	case <-time.After(closeTime):
	}
}
