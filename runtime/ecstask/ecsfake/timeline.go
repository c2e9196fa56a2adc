package ecsfake

import (
	"container/heap"
	"context"
	"errors"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/clock"
)

// timeline is what is going to happen to tasks. One goroutine carries it out, however many tasks there are.
type timeline struct {
	events events
	serial int
	gate   clock.Gate // opened to have the goroutine look again
}

// event is something that happens to a task at a time, with the server locked.
type event struct {
	at     time.Time
	serial int // events of one time happen in the order they were planned
	happen func()
	index  int // in the heap, -1 outside
}

// after plans what happens d from now. The server is locked.
func (s *Server) after(d time.Duration, happen func()) *event {
	s.timeline.serial++
	e := &event{at: s.clock.Now().Add(d), serial: s.timeline.serial, happen: happen}
	heap.Push(&s.timeline.events, e)
	if e.index == 0 {
		s.timeline.gate.Open()
	}
	return e
}

// dismiss takes an event that was planned, or nil, off the timeline. The server is locked.
func (s *Server) dismiss(e *event) {
	if e != nil && e.index >= 0 {
		heap.Remove(&s.timeline.events, e.index)
	}
}

func (s *Server) runTimeline(ctx context.Context) {
	defer s.running.Done()
	for {
		gate, until := s.happenDue()
		if err := gate.Wait(ctx, until); err != nil && !errors.Is(err, clock.ErrTimeout) {
			return
		}
	}
}

// happenDue carries out what is due. It returns what to wait for then.
func (s *Server) happenDue() (clock.Gate, time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for !s.closed && len(s.timeline.events) > 0 && !s.timeline.events[0].at.After(s.clock.Now()) {
		heap.Pop(&s.timeline.events).(*event).happen()
	}
	s.timeline.gate = s.clock.NewGate()
	if len(s.timeline.events) == 0 {
		return s.timeline.gate, time.Time{}
	}
	return s.timeline.gate, s.timeline.events[0].at
}

type events []*event

func (h events) Len() int { return len(h) }
func (h events) Less(i, j int) bool {
	if !h[i].at.Equal(h[j].at) {
		return h[i].at.Before(h[j].at)
	}
	return h[i].serial < h[j].serial
}
func (h events) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}
func (h *events) Push(x any) {
	e := x.(*event)
	e.index = len(*h)
	*h = append(*h, e)
}
func (h *events) Pop() any {
	last := len(*h) - 1
	e := (*h)[last]
	(*h)[last] = nil
	*h = (*h)[:last]
	e.index = -1
	return e
}
