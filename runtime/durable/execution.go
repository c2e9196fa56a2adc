package durable

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/r-seed-632eed22/aslgen/internal/recordlog"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/coder"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// execution is an execution in memory. What it does stands in its state at once, and in its records when they are committed: all
// that has happened since the last one, in order, so what is on disk is always what had happened up to some moment.
type execution struct {
	engine   *Engine
	entry    *indexed
	program  asl.Program
	recorder *asl.Recorder
	start    *started // of the first record

	mu      sync.Mutex
	state   *state
	next    *coder.Coder     // the entries of the next record; nil once it has left memory
	before  int              // how many bytes of them a snapshot has before it
	forgets bool             // the next record forgets what those before it have said
	repeats atomic.Bool      // a path may do again what it did
	newest  recordlog.Ticket // of the record before
	event   asl.Event        // that is noted
	op      op               // … likewise
	flags   uint64           // of the next record
	taken   string           // checksum of the version that takes it over, of that record
	wake    time.Time
	status  asl.Status
	failed  error // after which nothing goes on: the log's, or that it went another way than before

	untold  untold    // events that observers are to hear of
	queue   []*untold // … of records that are not on disk yet
	telling bool

	cancel  context.CancelCauseFunc
	running int // paths that do not wait for a time or a token, and who stops jobs meanwhile
	waiting map[*wait]bool
	parking bool                 // all have been told to put their frames away
	beats   map[string]time.Time // when heartbeats had to come when it was put away
	due     map[string]time.Time // when heartbeats have to come, of attempts that are put away
	woken   bool                 // since then something has come that they wait for
	tokens  map[string]*wait     // of attempts that wait for their token
	leaving bool                 // it has left memory, or is about to: whoever wants something of it asks the engine again

	stopping clock.Gate // opens once jobs were stopped that somebody stops now; nil if nobody does
}

var (
	// errParked ends the run of a frame that is put away, since everything in its execution waits.
	errParked = fmt.Errorf("durable: the execution is put away: %w", asl.ErrDetached)
	// errStopped ends the run of frames when the engine is closed, or cannot write.
	errStopped = fmt.Errorf("durable: the engine has ended: %w", asl.ErrDetached)
)

// note adds an entry to the next record, and to the state. It is called with the lock held.
func (x *execution) note(e entry) {
	if x.failed != nil {
		return
	}
	if e.code(x.next, x.state); x.next.Err != nil {
		x.diverged(x.next.Err)
		return
	}
	if err := x.state.fold(&e); err != nil {
		x.diverged(err)
	}
}

// record makes a record of what was noted, and puts it into the log. It is called with the lock held; a nil ticket is of nothing.
func (x *execution) record() recordlog.Ticket {
	if x.failed != nil || x.next == nil || len(x.next.Bytes) == 0 && x.flags == 0 {
		return nil
	}
	h := head{
		serial: x.entry.serial, flags: x.flags, start: x.start, wake: x.wake, status: x.status, taken: x.taken, before: x.before,
	}
	if x.flags&(flagStart|flagEnd|flagRedriven) != 0 {
		h.time = x.engine.clock.Now()
	}
	if len(x.state.stops) > 0 {
		h.flags |= flagStops
	}
	if x.forgets {
		h.flags |= flagForgets
	}
	room := rooms.Get().(*[]byte)
	*room = encode((*room)[:0], &h, x.next.Known, x.next.Bytes)
	x.next.Bytes, x.flags, x.before, x.forgets = x.next.Bytes[:0], 0, 0, false
	x.newest = x.engine.log.Put(*room, &x.entry.last)
	rooms.Put(room)
	return x.newest
}

// commit has all that has happened be on disk. It is called with the lock held, and waits without it.
func (x *execution) commit() error {
	if x.failed != nil {
		return x.failed
	}
	t, told := x.record(), x.takeUntold()
	if t == nil {
		t = x.newest // which may not be on disk yet
	}
	x.mu.Unlock()
	err := x.committed(t, told)
	x.mu.Lock()
	return err
}

// submit has all that has happened be on disk soon. It is called with the lock held.
func (x *execution) submit() {
	if x.failed != nil {
		return
	}
	t, told := x.record(), x.takeUntold()
	if t == nil && told == nil {
		return
	}
	if x.engine.eager {
		x.mu.Unlock()
		_ = x.committed(t, told)
		x.mu.Lock()
		return
	}
	x.engine.telling.begin(func() { _ = x.committed(t, told) })
}

// Repeats implements [asl.Journal].
func (x *execution) Repeats(f *asl.Frame) bool {
	if !x.repeats.Load() {
		return false
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	h := x.hostOf(f)
	return h != nil && h.at < len(h.path.ops)
}

// Record implements [asl.Journal].
func (x *execution) Record(f *asl.Frame, e asl.Event) (id int64) {
	x.mu.Lock()
	defer x.mu.Unlock()
	h, newest := x.hostOf(f), f.Recorder.Newest()
	if h != nil && h.at < len(h.path.ops) {
		if id = x.recorded(h, &e); id > newest { // of a history that begins with the frame
			f.Recorder.Count(e.Type)
		}
		return id
	}
	if e.ID = f.Recorder.Count(e.Type); e.ID == newest {
		return newest // there is no room for it
	}
	x.event = e
	told := entry{kind: eventOf, path: f.Path, event: &x.event, since: x.state.path(f.Path) != nil}
	if f.Recorder != x.recorder {
		told.of = f.Recorder.Execution()
	}
	x.note(told)
	if h != nil {
		h.at = len(h.path.ops)
	}
	if len(x.program.Observers()) > 0 {
		x.untold.events, x.untold.to = append(x.untold.events, e), append(x.untold.to, f.Recorder)
	}
	return e.ID
}

// recorded returns the id which an event had when its path had it before.
func (x *execution) recorded(h *host, e *asl.Event) int64 {
	o := &h.path.ops[h.at]
	if o.deed != hadEvent || o.text != string(e.Type) {
		x.diverged(fmt.Errorf("%s of %q has %s where it had %s", x.entry.id, h.path.key, e.Type, o.text))
		return 0
	}
	h.at++
	return o.id
}

// diverged stops an execution that does not go the way that its records say.
func (x *execution) diverged(err error) {
	if x.failed == nil {
		x.failed = fmt.Errorf("durable: %w", err)
		x.engine.report(x.failed)
	}
}

func (x *execution) hostOf(f *asl.Frame) *host {
	if p := x.state.path(f.Path); p != nil {
		return p.host
	}
	return nil
}

// begin runs the execution from where its state stands, until it has ended or is put away.
func (x *execution) begin() {
	ctx, cancel := x.engine.clock.WithDeadline(clock.NewContext(context.Background(), x.engine.clock), time.Time{})
	x.cancel = cancel
	x.waiting, x.tokens, x.running = nil, nil, 1
	x.parking, x.woken = false, false
	if x.state.aborted != nil {
		cancel(x.state.aborted)
	}
	if x.engine.stopped() {
		cancel(errStopped)
	}
	x.engine.clock.Go(ctx, x.run)
}

// usualStack is about how many bytes of stack a task takes with its call and its record.
const usualStack = 3 << 10

// growStack has the goroutine's stack grow once, while there is little on it that has to be moved.
//
//go:noinline
func growStack() {
	var room [usualStack]byte
	touch(&room)
}

//go:noinline
func touch(*[usualStack]byte) {}

func (x *execution) run(ctx context.Context) {
	growStack()
	returned := false
	defer func() {
		if !returned { // the code of a task has ended the goroutine
			x.engine.clock.Go(ctx, x.run)
		}
	}()
	h := x.host(ctx, x.state.paths[""])
	var output value.Value
	var err error
	if f := h.path.frame; f == nil {
		first := *x.state.root
		first.Recorder = x.recorder
		output, err = x.program.Run(h, &first)
	} else {
		at := h.goOn()
		at.Recorder = x.recorder
		output, err = x.program.Resume(h, at)
	}
	returned = true
	x.mu.Lock()
	defer x.mu.Unlock()
	switch {
	case x.failed != nil, x.engine.stopped():
		x.leave()
	case errors.Is(err, errParked):
		x.park()
	case errors.Is(err, asl.ErrDetached):
		x.leave()
	case asl.StatusOf(err) == asl.StatusFailed && !isASL(err): // such as a state that is not there
		x.diverged(err)
		x.leave()
	default:
		x.finish(ctx, output, err)
	}
}

// over notes that a path has ended, which is inside another. What has not succeeded is kept for a redrive, which EXPRESS executions
// do not have.
func (x *execution) over(p *path, outer string, err error) {
	f := p.host.frame
	p.host = nil
	if err == nil || f == nil || x.program.Type() == asl.Express {
		x.note(entry{kind: goneOf, path: p.key})
		return
	}
	x.note(entry{kind: failedOf, path: p.key, text: outer, frame: copied(f)})
}

func isASL(err error) bool {
	_, is := errors.AsType[*asl.Error](err)
	return is
}

// finish records the end of the execution. The jobs that are not wanted any more are stopped before whoever waits for it hears.
func (x *execution) finish(ctx context.Context, output value.Value, err error) {
	x.status = asl.StatusOf(err)
	x.flags |= flagEnd
	x.over(x.state.paths[""], "", err)
	x.note(entry{kind: endOf, time: x.engine.clock.Now(), value: output, err: err})
	if x.commit() != nil {
		x.leave()
		return
	}
	x.engine.ended(x.entry, x.status, x.state.end.time)
	x.stopJobs(ctx)
	x.leave()
	x.release()
	x.engine.over(x.entry, x.state.end)
}

// leave takes the execution out of memory.
func (x *execution) leave() {
	x.leaving = true
	x.engine.forget(x)
	if x.cancel != nil {
		x.cancel(nil)
	}
}

// release gives back the room for records of an execution that has left memory, if there is nothing more to be noted.
func (x *execution) release() {
	if len(x.state.stops) == 0 {
		x.next.Release()
		x.next = nil
	}
}

// park puts the execution away, unless what it waits for has come meanwhile.
func (x *execution) park() {
	if x.woken || x.state.aborted != nil {
		x.engine.clock.Go(context.Background(), func(context.Context) {
			x.mu.Lock()
			defer x.mu.Unlock()
			x.begin()
		})
		return
	}
	x.before, x.flags = len(x.next.Bytes), x.flags|flagSnapshot|flagParked
	nothing := newState(x.state.root, x.state.born)
	for _, e := range x.state.snapshot() {
		e.code(x.next, nothing)
	}
	if x.commit() != nil {
		x.leave()
		return
	}
	if x.woken { // while it was written
		x.begin()
		return
	}
	x.leaving = true
	x.release()
	x.engine.parked(x, x.wake, x.due)
	x.cancel(nil)
}

// wait is a path that waits for a time or a token.
type wait struct {
	gate      clock.Gate
	until     time.Time // zero is for ever
	parked    bool
	answered  *answer
	onAnswer  func()        // of a job
	heartbeat time.Duration // of a job; 0 is none
	beats     bool          // one has come
	due       time.Time     // when the next one has to come, to an attempt that waits for its token; zero is never
}

// block waits at most until a time. It is called with the lock held, and waits without it.
func (x *execution) block(ctx context.Context, w *wait) error {
	put(&x.waiting, w, true)
	x.running--
	x.considerParking()
	x.mu.Unlock()
	err := w.gate.Wait(ctx, w.until)
	x.mu.Lock()
	delete(x.waiting, w)
	x.running++
	if w.parked {
		return errParked
	}
	return err
}

// considerParking has the execution put away if all of it waits, and longer than it is worth to be kept in memory.
func (x *execution) considerParking() {
	if x.running > 0 || x.parking || len(x.waiting) == 0 {
		return
	}
	x.wake = time.Time{}
	for w := range x.waiting {
		if w.answered != nil {
			return
		}
		if !w.until.IsZero() && (x.wake.IsZero() || w.until.Before(x.wake)) {
			x.wake = w.until
		}
	}
	if !x.wake.IsZero() && x.wake.Sub(x.engine.clock.Now()) < x.engine.parkAfter {
		return
	}
	if x.engine.parkAfter < 0 {
		return
	}
	x.parking, x.due = true, nil
	for attempt, w := range x.tokens {
		if !w.due.IsZero() {
			if x.due == nil {
				x.due = map[string]time.Time{}
			}
			x.due[attempt] = w.due
		}
	}
	for w := range x.waiting {
		w.parked = true
		w.gate.Open()
	}
}

// abort stops the execution, once that is on disk.
func (x *execution) abort(cause *asl.Aborted) error {
	if x.state.end != nil || x.state.aborted != nil {
		return x.commit()
	}
	x.note(entry{kind: abortOf, err: cause})
	x.woken = true
	if err := x.commit(); err != nil {
		return err
	}
	if x.cancel != nil {
		x.cancel(cause)
	}
	return nil
}

// stopSoon has the jobs stopped that are not wanted any more, while the execution goes on. It is not put away meanwhile: what comes of them
// would be written behind what it does once it is in memory again, which is read by other known texts, and they would be stopped twice.
func (x *execution) stopSoon() {
	if len(x.state.stops) == 0 {
		return
	}
	x.running++
	x.engine.clock.Go(clock.NewContext(context.Background(), x.engine.clock), func(ctx context.Context) {
		x.mu.Lock()
		defer x.mu.Unlock()
		x.stopJobs(ctx)
		x.running--
		x.considerParking()
		if x.cancel == nil { // it had ended before, and came into memory for this alone
			x.leave()
			x.engine.over(x.entry, x.state.end)
		}
	})
}

// stopJobs tries to stop the jobs that are not wanted any more. Those of which it is not known afterwards that they stop are tried
// again when the engine is opened again. It is called with the lock held.
func (x *execution) stopJobs(ctx context.Context) {
	for x.stopping != nil { // of several that wait for it one goes on
		gate := x.stopping
		x.mu.Unlock()
		_ = gate.Wait(context.WithoutCancel(ctx), time.Time{})
		x.mu.Lock()
	}
	if len(x.state.stops) == 0 || x.engine.stopped() {
		return
	}
	x.stopping = x.engine.clock.NewGate()
	for _, handle := range slices.Sorted(maps.Keys(x.state.stops)) {
		text := x.state.stops[handle]
		x.mu.Unlock()
		known := x.engine.stopJob(ctx, x.program, handle, text)
		x.mu.Lock()
		if known {
			x.note(entry{kind: stoppedOf, text: handle})
		}
	}
	_ = x.commit() // what is not known is tried again
	x.stopping.Open()
	x.stopping = nil
}
