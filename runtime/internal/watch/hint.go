package watch

import (
	"container/heap"
	"time"
)

const (
	// hintDelay is for how long a hint waits for others, so that one call looks at all their things.
	hintDelay = 200 * time.Millisecond
	// hintedEvery is how often a thing is looked at of which there was a hint, and which has not ended yet for the service.
	hintedEvery = 500 * time.Millisecond
	// mostHints is how many hints are kept of things that nobody waits for yet.
	mostHints = 10_000
)

// Hint says that a thing has ended, as far as somebody knows: it is looked at soon, whatever the budget says, and often until the service says
// so too. A hint of a thing that nobody waits for yet is kept for a while.
func (w *Watcher[T]) Hint(name string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	t := w.watched[name]
	if t == nil {
		w.early.add(name)
		return
	}
	t.hinted = true
	if t.index < 0 { // it is being looked at
		return
	}
	if soon := w.Clock.Now().Add(hintDelay); soon.Before(t.next) {
		t.next = soon
		heap.Fix(&w.planned, t.index)
		w.change.Open()
	}
}

// hintedFirst reports whether what is looked at next is a thing of which there was a hint.
func (w *Watcher[T]) hintedFirst() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.planned) > 0 && w.planned[0].hinted && !w.rest.After(w.Clock.Now())
}

// hints are the newest names of which there was a hint.
type hints struct {
	there map[string]bool
	names []string
	next  int // of names, once there are as many as are kept
}

func (h *hints) add(name string) {
	if h.there == nil {
		h.there = map[string]bool{}
	}
	if h.there[name] {
		return
	}
	h.there[name] = true
	if len(h.names) < mostHints {
		h.names = append(h.names, name)
		return
	}
	delete(h.there, h.names[h.next])
	h.names[h.next] = name
	h.next = (h.next + 1) % mostHints
}

// take reports whether there was a hint of a name, and forgets it.
func (h *hints) take(name string) bool {
	was := h.there[name]
	delete(h.there, name)
	return was
}
