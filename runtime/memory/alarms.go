package memory

import (
	"container/heap"
	"context"
	"sync"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/clock"
)

// alarms say when parked frames go on by themselves. Their goroutine lives while there are any.
type alarms struct {
	clock clock.Clock
	from  time.Time // from which they count

	mu      sync.Mutex
	queue   alarmQueue
	set     uint64 // alarms so far
	running bool
	change  clock.Gate // opens when another alarm is the first, or none is left
}

// alarm is when a host is woken.
type alarm struct {
	at     moment
	serial uint64 // those of one time ring in the order in which they were set
	index  int    // in the queue, counted from 1; 0 outside
}

// add has a host be woken at a time; the zero time is never.
func (a *alarms) add(h *host, at time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if at.IsZero() {
		return
	}
	a.set++
	h.alarm.at, h.alarm.serial = a.moment(at), a.set
	heap.Push(&a.queue, h)
	a.changed(h.alarm.index == 1)
}

// of returns when the host is woken; the zero time is never.
func (a *alarms) of(h *host) time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	if h.alarm.index == 0 {
		return time.Time{}
	}
	return a.time(h.alarm.at)
}

// move has a host be woken at another time, if it has an alarm.
func (a *alarms) move(h *host, at time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if i := h.alarm.index; i > 0 {
		h.alarm.at = a.moment(at)
		heap.Fix(&a.queue, i-1)
		a.changed(i == 1 || h.alarm.index == 1)
	}
}

// remove takes back the alarm of a host.
func (a *alarms) remove(h *host) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if i := h.alarm.index; i > 0 {
		heap.Remove(&a.queue, i-1)
		a.changed(i == 1)
	}
}

// changed is called with the lock held.
func (a *alarms) changed(first bool) {
	switch {
	case !a.running && len(a.queue) > 0:
		a.running = true
		a.clock.Go(context.Background(), a.run)
	case first && a.change != nil:
		a.change.Open()
	}
}

func (a *alarms) run(ctx context.Context) {
	for {
		due, next, change := a.due()
		for _, h := range due {
			h.wake()
		}
		switch {
		case change == nil:
			return
		case len(due) == 0:
			_ = change.Wait(ctx, next) // what it says is seen by the clock
		}
	}
}

// due takes the hosts whose alarms ring now, and says when the next one does. No change can come when no alarm is left.
func (a *alarms) due() (due []*host, next time.Time, change clock.Gate) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for now := a.moment(a.clock.Now()); len(a.queue) > 0 && a.queue[0].alarm.at <= now; {
		due = append(due, heap.Pop(&a.queue).(*host))
	}
	if len(a.queue) == 0 && len(due) == 0 {
		a.running, a.change = false, nil
		return nil, next, nil
	}
	a.change = a.clock.NewGate()
	if len(a.queue) > 0 {
		next = a.time(a.queue[0].alarm.at)
	}
	return due, next, a.change
}

// alarmQueue is a heap: the alarm that rings first comes first.
type alarmQueue []*host

func (q alarmQueue) Len() int { return len(q) }

func (q alarmQueue) Less(i, j int) bool {
	a, b := &q[i].alarm, &q[j].alarm
	return a.at < b.at || a.at == b.at && a.serial < b.serial
}

func (q alarmQueue) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].alarm.index, q[j].alarm.index = i+1, j+1
}

// Push implements [heap.Interface].
func (q *alarmQueue) Push(x any) {
	h := x.(*host)
	*q = append(*q, h)
	h.alarm.index = len(*q)
}

// Pop implements [heap.Interface].
func (q *alarmQueue) Pop() any {
	last := len(*q) - 1
	h := (*q)[last]
	(*q)[last] = nil
	*q = (*q)[:last]
	h.alarm.index = 0
	return h
}
