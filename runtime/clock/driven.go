package clock

import (
	"container/heap"
	"context"
	"slices"
	"sync"
	"time"
)

// Driven is a clock for tests. Its goroutines, those started with [Driven.Go] or [Driven.Run], run one at a time: each
// runs until it waits at a gate or ends, then the one that was woken first goes on. When all wait, and nobody holds the
// clock, time moves to the next moment that one of them waits for. A goroutine that does real work, such as a request
// over loopback, simply keeps its turn meanwhile.
//
// Everything that happens on it happens in the same order on every run, unless goroutines that it does not know meddle.
type Driven struct {
	mu     sync.Mutex
	now    time.Time
	busy   bool      // a goroutine has the turn
	ready  []*waiter // woken, in the order of waking
	alarms alarms
	serial int64
	holds  int
}

// NewDriven returns a clock that stands at start.
func NewDriven(start time.Time) *Driven { return &Driven{now: start} }

// Now returns the time that the clock stands at.
func (d *Driven) Now() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.now
}

// NewGate returns a closed gate.
func (d *Driven) NewGate() Gate { return &drivenGate{clock: d} }

// Hold keeps time from moving until release is called. Those who are ready to run still do.
func (d *Driven) Hold() (release func()) {
	d.mu.Lock()
	d.holds++
	d.mu.Unlock()
	return sync.OnceFunc(func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.holds--
		d.dispatch()
	})
}

// Go runs f in a goroutine of the clock, after those that are ready already.
func (d *Driven) Go(ctx context.Context, f func(context.Context)) {
	p := &participant{clock: d}
	w := &waiter{participant: p, turn: make(chan struct{})}
	d.mu.Lock()
	d.wake(w)
	d.mu.Unlock()
	go func() {
		<-w.turn
		defer p.leave()
		f(context.WithValue(ctx, participantKey{}, p))
	}()
}

// Run runs f as a goroutine of the clock and returns when it has ended: the script of a test. Time stands still until f
// waits for something. The context of f has the clock, for [Sleep].
func (d *Driven) Run(ctx context.Context, f func(context.Context)) {
	done := make(chan struct{})
	d.Go(NewContext(ctx, d), func(ctx context.Context) {
		defer close(done)
		f(ctx)
	})
	<-done
}

// WithDeadline implements [Clock]. The context does not tell its deadline: other packages would hold it against the
// machine's own time.
func (d *Driven) WithDeadline(ctx context.Context, t time.Time) (context.Context, context.CancelCauseFunc) {
	parent, _ := ctx.Value(cancellerKey{}).(*canceller)
	std, cancel := context.WithCancelCause(ctx)
	c := &canceller{clock: d, parent: parent, cancel: cancel, done: std.Done()}
	if parent == nil && ctx.Done() != nil {
		context.AfterFunc(ctx, func() {
			d.mu.Lock()
			defer d.mu.Unlock()
			c.end(context.Cause(ctx))
		})
	}
	if !t.IsZero() {
		d.mu.Lock()
		c.alarm = d.setAlarm(t, func() { c.end(context.DeadlineExceeded) })
		d.mu.Unlock()
	}
	return context.WithValue(std, cancellerKey{}, c), func(cause error) {
		d.mu.Lock()
		defer d.mu.Unlock()
		c.end(cause)
	}
}

// participant is a goroutine of the clock.
type participant struct {
	clock   *Driven
	hasTurn bool
}

type participantKey struct{}

func (p *participant) leave() {
	p.clock.mu.Lock()
	defer p.clock.mu.Unlock()
	p.giveUpTurn()
}

// giveUpTurn is called with the clock locked.
func (p *participant) giveUpTurn() {
	p.hasTurn, p.clock.busy = false, false
	p.clock.dispatch()
}

// waiter is one goroutine waiting once.
type waiter struct {
	participant *participant // nil if the goroutine is not the clock's: it then goes on when woken, without a turn
	turn        chan struct{}
	woken       bool
}

// wake is called with the clock locked.
func (d *Driven) wake(w *waiter) {
	if w.woken {
		return
	}
	w.woken = true
	if w.participant == nil {
		close(w.turn)
		return
	}
	d.ready = append(d.ready, w)
	d.dispatch()
}

// dispatch gives the turn to the next one, if nobody has it, and moves time if nobody is ready. It is called with the
// clock locked.
func (d *Driven) dispatch() {
	for !d.busy {
		if len(d.ready) > 0 {
			w := d.ready[0]
			d.ready = slices.Delete(d.ready, 0, 1)
			d.busy, w.participant.hasTurn = true, true
			close(w.turn)
			return
		}
		if d.holds > 0 || len(d.alarms) == 0 {
			return
		}
		a := heap.Pop(&d.alarms).(*alarm)
		if a.at.After(d.now) {
			d.now = a.at
		}
		a.ring()
	}
}

type drivenGate struct {
	clock   *Driven
	open    bool
	waiters []*waiter
}

func (g *drivenGate) Open() {
	g.clock.mu.Lock()
	defer g.clock.mu.Unlock()
	g.open = true
	for _, w := range g.waiters {
		g.clock.wake(w)
	}
	g.waiters = nil
}

func (g *drivenGate) Wait(ctx context.Context, until time.Time) error {
	d := g.clock
	d.mu.Lock()
	defer d.mu.Unlock()
	for {
		if passed, err := g.passed(ctx, until); passed {
			return err
		}
		g.park(ctx, until)
	}
}

// park waits until something may have happened. It is called with the clock locked.
func (g *drivenGate) park(ctx context.Context, until time.Time) {
	d := g.clock
	w := &waiter{turn: make(chan struct{})}
	if p, ok := ctx.Value(participantKey{}).(*participant); ok && p.clock == d && p.hasTurn {
		w.participant = p
	}
	g.waiters = append(g.waiters, w)
	var a *alarm
	if !until.IsZero() {
		a = d.setAlarm(until, func() { d.wake(w) })
	}
	forget := d.wakeWithContext(ctx, w)
	if w.participant != nil {
		w.participant.giveUpTurn()
	}
	d.mu.Unlock()
	<-w.turn
	d.mu.Lock()
	d.clearAlarm(a)
	forget()
	g.waiters = slices.DeleteFunc(g.waiters, func(other *waiter) bool { return other == w })
}

func (g *drivenGate) passed(ctx context.Context, until time.Time) (bool, error) {
	switch {
	case g.open:
		return true, nil
	case ctx.Err() != nil:
		return true, context.Cause(ctx)
	case !until.IsZero() && !until.After(g.clock.now):
		return true, ErrTimeout
	}
	return false, nil
}

// canceller is a context that [Driven.WithDeadline] made. Its end wakes those who wait with it under the clock's lock, so
// that time does not move before they had their turn.
type canceller struct {
	clock   *Driven
	parent  *canceller
	cancel  context.CancelCauseFunc
	done    <-chan struct{}
	alarm   *alarm
	waiters []*waiter
}

type cancellerKey struct{}

// end is called with the clock locked.
func (c *canceller) end(cause error) {
	c.clock.clearAlarm(c.alarm)
	c.cancel(cause)
	for _, w := range c.waiters {
		c.clock.wake(w)
	}
	c.waiters = nil
}

// wakeWithContext has w woken when ctx ends; forget undoes that. Both are called with the clock locked.
func (d *Driven) wakeWithContext(ctx context.Context, w *waiter) (forget func()) {
	if ctx.Done() == nil {
		return func() {}
	}
	nearest, _ := ctx.Value(cancellerKey{}).(*canceller)
	for c := nearest; c != nil; c = c.parent {
		c.waiters = append(c.waiters, w)
	}
	stop := func() bool { return true }
	if nearest == nil || nearest.done != ctx.Done() {
		stop = context.AfterFunc(ctx, func() {
			d.mu.Lock()
			defer d.mu.Unlock()
			d.wake(w)
		})
	}
	return func() {
		stop()
		for c := nearest; c != nil; c = c.parent {
			c.waiters = slices.DeleteFunc(c.waiters, func(other *waiter) bool { return other == w })
		}
	}
}

// alarm is something to do at a time.
type alarm struct {
	at     time.Time
	serial int64 // alarms of one time ring in the order they were set
	ring   func()
	index  int // in the heap, -1 outside
}

func (d *Driven) setAlarm(at time.Time, ring func()) *alarm {
	d.serial++
	a := &alarm{at: at, serial: d.serial, ring: ring}
	heap.Push(&d.alarms, a)
	return a
}

func (d *Driven) clearAlarm(a *alarm) {
	if a != nil && a.index >= 0 {
		heap.Remove(&d.alarms, a.index)
	}
}

type alarms []*alarm

func (h alarms) Len() int { return len(h) }
func (h alarms) Less(i, j int) bool {
	if !h[i].at.Equal(h[j].at) {
		return h[i].at.Before(h[j].at)
	}
	return h[i].serial < h[j].serial
}
func (h alarms) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}
func (h *alarms) Push(x any) {
	a := x.(*alarm)
	a.index = len(*h)
	*h = append(*h, a)
}
func (h *alarms) Pop() any {
	old := *h
	a := old[len(old)-1]
	*h = old[:len(old)-1]
	a.index = -1
	return a
}
