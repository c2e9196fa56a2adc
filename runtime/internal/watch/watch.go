// Package watch waits for the end of what runs elsewhere, in a service that can be asked for many things in one call. That a
// call fails says nothing of what it asks for: it is logged and made again for as long as anybody waits.
package watch

import (
	"container/heap"
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/clock"
)

// Service is what is asked.
type Service[T any] struct {
	Name  string // in log lines, such as "Amazon ECS"
	Thing string // what log lines call the name of a thing, such as "task"
	Batch int    // how many names one call may have
	// Shown is what log lines have in place of a name; nil leaves it as it is.
	Shown func(name string) string
	// Look asks for things by their names.
	Look func(ctx context.Context, names []string) (Answer[T], error)
	// Ended reports whether a thing will not change any more.
	Ended func(T) bool
	// Throttled reports whether a call failed because there were too many.
	Throttled func(error) bool
}

// Answer is what a service says of the things it was asked for.
type Answer[T any] struct {
	Found  map[string]T
	Failed map[string]error // why others could not be seen: an ErrMissing if there is nothing of that name
}

// ErrMissing is that there is nothing of a name.
var ErrMissing = errors.New("watch: missing")

// leastMissing is how many answers in a row must say that a thing is missing.
const leastMissing = 3

// Options are common to all watchers of one client.
type Options struct {
	Clock  clock.Clock
	Budget *Budget
	Every  time.Duration                     // how often a thing is looked at, if the budget allows it
	Grace  time.Duration                     // for how long a thing must be missing until that is believed
	Jitter func(time.Duration) time.Duration // returns a time that is a little shorter; nil takes up to a quarter off
	Logger *slog.Logger
}

// Watcher watches things of one service. Its goroutine lives while somebody waits. Every thing has a time of its own at
// which it is looked at next; a call that is due takes along those that are due soonest, so that calls are full.
type Watcher[T any] struct {
	service Service[T]
	Options

	mu       sync.Mutex
	watched  map[string]*thing[T]
	planned  queue[T] // those of watched that are not being looked at
	early    hints    // of things that nobody waited for
	running  bool
	failures int           // calls that failed, since the last that did not
	failing  time.Time     // since when
	said     bool          // that they fail was logged
	pause    time.Duration // the last one
	rest     time.Time     // until when nothing is asked
	change   clock.Gate    // opened to have the goroutine plan again
}

// New returns a watcher of a service.
func New[T any](s Service[T], o Options) *Watcher[T] {
	if o.Jitter == nil {
		o.Jitter = func(d time.Duration) time.Duration { return d - time.Duration(rand.Int64N(int64(d)/4+1)) }
	}
	return &Watcher[T]{service: s, Options: o, watched: map[string]*thing[T]{}, change: o.Clock.NewGate()}
}

// Sight is what is known of a thing that is not watched any more.
type Sight[T any] struct {
	Last T
	Seen bool // Last was seen
	Err  error
}

// Watching is what somebody waits for: things of a watcher.
type Watching[T any] struct {
	watcher *Watcher[T]
	things  []*thing[T]
	left    int // that are not over
	over    func()
}

// Wait returns when all the things of some names have ended, or are missing for good, which is the Err of a Sight. The error
// is the cause of ctx, if that ends first. Log lines about the things have the attributes of about, as of [slog.Logger.Log]; nil has none.
func (w *Watcher[T]) Wait(ctx context.Context, names []string, about func() []any) ([]Sight[T], error) {
	over := w.Clock.NewGate()
	all := w.Watch(names, about, over.Open)
	if err := over.Wait(ctx, time.Time{}); err != nil {
		all.Leave()
		return nil, err
	}
	return all.Sights(), nil
}

// Watch is Wait for who has no goroutine to wait with: over is called once, in one of the watcher's, unless Leave is called before.
func (w *Watcher[T]) Watch(names []string, about func() []any, over func()) *Watching[T] {
	all := &Watching[T]{watcher: w, things: make([]*thing[T], len(names)), left: len(names), over: over}
	w.mu.Lock()
	defer w.mu.Unlock()
	for i, name := range names {
		all.things[i] = w.watch(name, about)
		all.things[i].watched = append(all.things[i].watched, all)
	}
	return all
}

// Sights returns what is known of the things, once all are over.
func (all *Watching[T]) Sights() []Sight[T] {
	sights := make([]Sight[T], len(all.things))
	for i, t := range all.things {
		sights[i] = t.Sight
	}
	return sights
}

// Leave ends the watching. Things that nobody watches any more are not asked for.
func (all *Watching[T]) Leave() {
	w := all.watcher
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, t := range all.things {
		t.watched = slices.DeleteFunc(t.watched, func(other *Watching[T]) bool { return other == all })
		if len(t.watched) == 0 {
			w.forget(t)
		}
	}
}

// watch is called with the watcher locked.
func (w *Watcher[T]) watch(name string, about func() []any) *thing[T] {
	t := w.watched[name]
	if t == nil {
		t = &thing[T]{name: name, about: about, hinted: w.early.take(name)}
		w.watched[name] = t
		w.plan(t)
	}
	if !w.running {
		w.running = true
		w.Clock.Go(context.Background(), w.run)
	}
	return t
}

// plan sets when a thing is looked at next. The watcher is locked.
func (w *Watcher[T]) plan(t *thing[T]) {
	after := w.Jitter(w.Every)
	if t.hinted {
		after = min(after, hintedEvery)
	}
	t.next = w.Clock.Now().Add(after)
	w.push(t)
}

// push has a thing looked at when it is due. The watcher is locked.
func (w *Watcher[T]) push(t *thing[T]) {
	heap.Push(&w.planned, t)
	if t.index == 0 {
		w.change.Open()
	}
}

// forget is called with the watcher locked.
func (w *Watcher[T]) forget(t *thing[T]) {
	if w.watched[t.name] == t {
		delete(w.watched, t.name)
	}
	if t.index >= 0 {
		heap.Remove(&w.planned, t.index)
	}
	if len(w.watched) == 0 {
		w.change.Open()
	}
}

// run makes a call whenever one is due and the budget has one, without waiting for the answer of the one before.
func (w *Watcher[T]) run(ctx context.Context) {
	for {
		due, change, more := w.due()
		if !more {
			return
		}
		if change.Wait(ctx, due) == nil {
			continue
		}
		if at := w.Budget.reserve(w.Clock.Now().Sub(due)); !w.hintedFirst() {
			_ = clock.SleepUntil(ctx, w.Clock, at) // ctx does not end
		}
		if taken := w.take(); len(taken) > 0 {
			w.Clock.Go(ctx, func(ctx context.Context) { w.look(ctx, taken) })
		}
	}
}

// due says when the next call is due, zero if never. more is false if nobody waits any more, and the goroutine then ends.
func (w *Watcher[T]) due() (at time.Time, change clock.Gate, more bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.watched) == 0 {
		w.running = false
		return at, nil, false
	}
	w.change = w.Clock.NewGate()
	if len(w.planned) > 0 {
		if at = w.planned[0].next; w.rest.After(at) {
			at = w.rest
		}
	}
	return at, w.change, true
}

// take returns the things that are due soonest, none while the service is left alone.
func (w *Watcher[T]) take() (taken []*thing[T]) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.rest.After(w.Clock.Now()) {
		return nil
	}
	for len(taken) < w.service.Batch && len(w.planned) > 0 {
		taken = append(taken, heap.Pop(&w.planned).(*thing[T]))
	}
	return taken
}

func (w *Watcher[T]) look(ctx context.Context, taken []*thing[T]) {
	names := make([]string, len(taken))
	for i, t := range taken {
		names[i] = t.name
	}
	began := w.Clock.Now()
	answer, err := w.service.Look(ctx, names)
	for _, all := range w.learn(taken, began, answer, err) {
		all.over()
	}
}

// learn takes in the answer to a call for things, and returns what is over with it.
func (w *Watcher[T]) learn(taken []*thing[T], began time.Time, answer Answer[T], err error) (over []*Watching[T]) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err != nil {
		w.fail(taken, began, err)
	} else {
		w.succeed()
	}
	for _, t := range taken {
		switch {
		case w.watched[t.name] != t: // nobody waits for it any more
		case err != nil:
			w.push(t) // it is the first to be looked at again
		case w.note(t, answer):
			w.forget(t)
			over = append(over, t.end()...)
		default:
			w.plan(t)
		}
	}
	return over
}

// note takes in what is said of a thing and reports whether it is over. The watcher is locked.
func (w *Watcher[T]) note(t *thing[T], answer Answer[T]) (over bool) {
	if last, found := answer.Found[t.name]; found {
		t.Last, t.Seen, t.failures, t.missing = last, true, 0, 0
		return w.service.Ended(last)
	}
	err := answer.Failed[t.name]
	t.failures++
	if t.failures&(t.failures-1) == 0 && (t.Seen || !errors.Is(err, ErrMissing)) { // new things may not be visible yet
		w.log(slog.LevelWarn, w.service.Name+" does not show a "+w.service.Thing+", which is looked for again", t, 0, "error", err)
	}
	if !errors.Is(err, ErrMissing) {
		t.missing = 0
		return false
	}
	now := w.Clock.Now()
	if t.missing++; t.missing == 1 {
		t.since = now
	}
	if t.missing < leastMissing || now.Sub(t.since) < w.Grace {
		return false
	}
	t.Err = err
	return true
}

// thing is something that is waited for.
type thing[T any] struct {
	Sight[T]
	name     string
	about    func() []any
	next     time.Time // when to look at it
	hinted   bool      // somebody says that it has ended
	index    int       // in planned, -1 outside
	watched  []*Watching[T]
	failures int       // answers that did not show it, since the last that did
	missing  int       // of these, those in a row that said that there is none
	since    time.Time // the first of them
}

// end returns the watchings that are over with the thing. The watcher is locked.
func (t *thing[T]) end() (over []*Watching[T]) {
	for _, all := range t.watched {
		if all.left--; all.left == 0 {
			over = append(over, all)
		}
	}
	t.watched = nil
	return over
}

// queue is a heap: the thing to look at next comes first.
type queue[T any] []*thing[T]

func (q queue[T]) Len() int           { return len(q) }
func (q queue[T]) Less(i, j int) bool { return q[i].next.Before(q[j].next) }
func (q queue[T]) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].index, q[j].index = i, j
}
func (q *queue[T]) Push(x any) {
	t := x.(*thing[T])
	t.index = len(*q)
	*q = append(*q, t)
}
func (q *queue[T]) Pop() any {
	last := len(*q) - 1
	t := (*q)[last]
	(*q)[last] = nil
	*q = (*q)[:last]
	t.index = -1
	return t
}
