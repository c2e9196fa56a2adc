package asl

import (
	"slices"
	"sync"
	"sync/atomic"
)

// historyLimit is how many events a Standard execution may have, and how many of an Express one are kept (1.20).
const historyLimit = 25_000

// Recorder is the history of one execution. It may be used by several goroutines.
type Recorder struct {
	execution string            // its ARN, or
	of        *ContextExecution // what that is made of when it is asked for
	observers []Observer
	secrets   *secrets // of the execution and those inside it; nil if nobody is told of them

	telling sync.Mutex // held while an event is appended and told of, so that observers hear in order

	journal Journal  // keeps the events, if it is there
	runs    *mapRuns // of the execution and those inside it; nil where a journal keeps what they are made of, and before there are any

	children bool   // their histories are kept too
	begun    *Event // of the history of a child that is kept, the first event

	silent  bool         // events are counted and not kept, for nobody can ask for them
	alone   bool         // one goroutine at a time counts them, as count
	counted atomic.Int64 // events that are not kept here, and that several count

	mu      sync.Mutex
	history history
	count   int  // … that are
	limit   int  // the most events there may be; 0 is any number
	rolling bool // only the newest events are kept
}

// Journal keeps the events of executions for an engine that outlives its process. It tells observers of them too, with
// [Recorder.Tell], once it has kept them.
type Journal interface {
	// Repeats reports whether f does again what it did before it was put away.
	Repeats(f *Frame) bool
	// Record keeps an event of f, to which [Recorder.Count] gives its id, and returns that; of an event that f had before it was put away
	// it returns the id which it had then.
	Record(f *Frame, e Event) (id int64)
}

// NewRecorder returns the history of an execution of which there are so many events, which a journal keeps; without a journal they
// are kept here, from the first. The observers are told of each event in order.
func NewRecorder(execution string, count int, j Journal, observers ...Observer) *Recorder {
	r := &Recorder{execution: execution, journal: j, observers: observers, secrets: &secrets{}}
	r.counted.Store(int64(count))
	return r
}

// record makes r the history of an execution that begins, for an engine that keeps events here.
func (e *ContextExecution) record(r *Recorder, observers []Observer) {
	r.of, r.observers = e, observers
	if len(observers) > 0 {
		r.execution, r.secrets = e.ID(), &secrets{}
	}
}

// Execution returns the ARN of the execution whose history it is.
func (r *Recorder) Execution() string {
	if r.of != nil {
		return r.of.ID()
	}
	return r.execution
}

// Inside returns the history of an execution that is part of this one, and of which it has so many events. What is secret in one
// is secret in both.
func (r *Recorder) Inside(execution string, count int) *Recorder {
	inside := &Recorder{
		execution: execution, observers: r.observers, secrets: r.secrets, journal: r.journal, runs: r.runs, children: r.children, silent: r.silent,
	}
	inside.counted.Store(int64(count))
	return inside
}

// Append adds an event of a frame and returns its id. The last event that there is room for is the one that ends the execution:
// of others nothing is kept and the id is that of the newest event.
func (r *Recorder) Append(f *Frame, e Event) int64 {
	if r.silent {
		return r.Count(e.Type)
	}
	if e.Err != nil && e.State == "" {
		e.State = f.State
	}
	if r.journal != nil {
		return r.journal.Record(f, e)
	}
	r.noteMapRuns(f.Path, &e)
	if len(r.observers) == 0 {
		id, _ := r.keep(&e)
		return id
	}
	r.telling.Lock()
	defer r.telling.Unlock()
	id, kept := r.keep(&e)
	if kept {
		r.Tell(e)
	}
	return id
}

// Silent reports whether events are counted and not kept.
func (r *Recorder) Silent() bool { return r.silent }

// Alone says that one goroutine at a time counts the events of a silent history.
func (r *Recorder) Alone() { r.alone = true }

// Count gives the next id to an event of a history that is not kept here: one that is silent, or a journal's, which counts one event at a
// time. If there is no room for one of this type it returns the id of the newest.
func (r *Recorder) Count(t EventType) int64 {
	if r.alone {
		if !r.full(r.count) || t.ends() {
			r.count++
		}
		return int64(r.count)
	}
	if n := r.counted.Load(); r.full(int(n)) && !t.ends() {
		return n
	}
	return r.counted.Add(1)
}

func (r *Recorder) keep(e *Event) (id int64, kept bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.number(e) {
		return int64(r.count), false
	}
	r.history.append(e)
	if r.rolling {
		r.history.forget(historyLimit)
	}
	return e.ID, true
}

// number gives an event its id, if there is room for it. It is called with the lock held.
func (r *Recorder) number(e *Event) bool {
	if r.full(r.count) && !e.Type.ends() {
		return false
	}
	r.count++
	e.ID = int64(r.count)
	return true
}

// Newest returns the id of the newest event, 0 if there is none.
func (r *Recorder) Newest() int64 {
	if r.alone {
		return int64(r.count)
	}
	if r.silent || r.journal != nil {
		return r.counted.Load()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return int64(r.count)
}

// Learn takes what stands in the environments of an event of the frame at a path for secrets, and what it says of Map Runs, without telling of
// it.
func (r *Recorder) Learn(path string, e Event) {
	r.noteMapRuns(path, &e)
	r.secrets.mu.Lock()
	defer r.secrets.mu.Unlock()
	r.secrets.learnEvent(e)
}

// Tell tells the observers of an event, without secrets unless they want them.
func (r *Recorder) Tell(e Event) {
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

// Full reports whether there is room for the event of the execution's end, and for no other that f may have.
func (r *Recorder) Full(f *Frame) bool {
	if r.limit == 0 || r.journal != nil && r.journal.Repeats(f) {
		return false
	}
	return r.full(int(r.Newest()))
}

// full reports whether a history of so many events has room for one more, that of the execution's end.
func (r *Recorder) full(events int) bool { return r.limit > 0 && events >= r.limit-1 }

// Events returns a copy of the history so far; of one that a journal keeps it is empty.
func (r *Recorder) Events() []Event {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.history.events(r.count)
}

// MapRuns returns the Map Runs of the execution and of those inside it; where a journal keeps the events there are none.
func (r *Recorder) MapRuns() []MapRun {
	runs := r.mapRuns()
	if runs == nil {
		return nil
	}
	return runs.list()
}

// noteMapRuns takes in what an event of the frame at a path says of Map Runs.
func (r *Recorder) noteMapRuns(path string, e *Event) {
	if r.journal != nil || !concernsMapRuns(e.Type) {
		return
	}
	r.mu.Lock()
	if r.runs == nil && e.Type == MapRunStarted {
		r.runs = &mapRuns{}
	}
	runs := r.runs
	r.mu.Unlock()
	if runs == nil {
		return
	}
	runs.note(r.Execution(), path, e)
	if r.children && path != "" {
		runs.keep(path, r, e)
	}
}

// KeepChildren has the histories of children of Map Runs be kept with that of the execution: of those that run, and of the last 1,000 that have
// ended.
func (r *Recorder) KeepChildren() { r.children = true }

// Children returns the histories of the children of a Map Run, in the order in which they began, those that are kept.
func (r *Recorder) Children(mapRun string) (all []*Recorder) {
	if runs := r.mapRuns(); runs != nil {
		runs.mu.Lock()
		defer runs.mu.Unlock()
		all = runs.kept.of(mapRun)
	}
	return all
}

// Child returns the history of the child with an ARN, nil if it is not kept.
func (r *Recorder) Child(arn string) *Recorder {
	runs := r.mapRuns()
	if runs == nil {
		return nil
	}
	runs.mu.Lock()
	defer runs.mu.Unlock()
	return runs.kept.child(arn)
}

// Begun returns the first event of what [Recorder.Children] and [Recorder.Child] return, which is known though only the newest are kept.
func (r *Recorder) Begun() *Event { return r.begun }

// mapRuns returns what is known of Map Runs, nil if there was none.
func (r *Recorder) mapRuns() *mapRuns {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.runs
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
