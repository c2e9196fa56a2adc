package asl

import (
	"slices"
	"sync"
)

// historyLimit is how many events a Standard execution may have, and how many of an Express one are kept (1.20).
const historyLimit = 25_000

// Recorder is the history of one execution. It may be used by several goroutines.
type Recorder struct {
	execution string
	observers []Observer
	secrets   *secrets // of the execution and those inside it

	telling sync.Mutex // held while an event is appended and told of, so that observers hear in order

	mu      sync.Mutex
	history history
	count   int
	limit   int  // the most events there may be; 0 is any number
	rolling bool // only the newest events are kept
}

// NewRecorder returns the empty history of an execution; the observers are told of each event in order.
func NewRecorder(execution string, observers ...Observer) *Recorder {
	return &Recorder{execution: execution, observers: observers, secrets: &secrets{}}
}

// Inside returns the empty history of an execution that is part of this one. What is secret in one is secret in both.
func (r *Recorder) Inside(execution string) *Recorder {
	return &Recorder{execution: execution, observers: r.observers, secrets: r.secrets}
}

// Append adds an event and returns its id. The last event that there is room for is the one that ends the execution: of
// others nothing is kept and the id is that of the newest event.
func (r *Recorder) Append(e Event) int64 {
	if len(r.observers) == 0 {
		e.ID, _ = r.keep(e)
		return e.ID
	}
	r.telling.Lock()
	defer r.telling.Unlock()
	id, kept := r.keep(e)
	if e.ID = id; kept {
		r.tell(e)
	}
	return id
}

func (r *Recorder) keep(e Event) (id int64, kept bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.limit > 0 && r.count >= r.limit-1 && !e.Type.ends() {
		return int64(r.count), false
	}
	r.count++
	e.ID = int64(r.count)
	r.history.append(e)
	if r.rolling {
		r.history.forget(historyLimit)
	}
	return e.ID, true
}

// tell tells the observers of an event, without secrets unless they want them.
func (r *Recorder) tell(e Event) {
	var clean Event
	for _, o := range r.observers {
		if _, as := o.(unredacted); as {
			o.Event(r.execution, e)
			continue
		}
		if clean.ID == 0 {
			clean = r.secrets.redact(e)
		}
		o.Event(r.execution, clean)
	}
}

// Full reports whether there is room for the event of the execution's end, and for no other.
func (r *Recorder) Full() bool {
	if r.limit == 0 {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.count >= r.limit-1
}

// Events returns a copy of the history so far.
func (r *Recorder) Events() []Event {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.history.events()
}

// ends reports whether an event of this type is the last one of its execution.
func (t EventType) ends() bool {
	return slices.Contains([]EventType{ExecutionSucceeded, ExecutionFailed, ExecutionAborted, ExecutionTimedOut}, t)
}

// Bound gives the history the events that one of an execution of the type may have.
func (r *Recorder) Bound(t Type) {
	if t == Express {
		r.rolling = true
	} else {
		r.limit = historyLimit
	}
}
