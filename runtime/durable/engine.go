// Package durable runs state machines whose executions outlive the process: what happens is written to a folder before it counts,
// and the next process that opens the folder goes on.
//
//	engine, err := durable.Open("state")
//	machine, err := NewRunJob(engine, tasks) // its open executions go on
//
// What is acknowledged (a start, an answer to a token, a stop) is on disk. Before a service is called, all that has led to the call
// is on disk, and a call that was cut off is made again under the same attempt id. Timers go by the wall clock's stored times.
// Executions that wait longer than [WithParkAfter] says leave memory.
package durable

import (
	"cmp"
	"context"
	crypto "crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"os"
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

// ErrorOutcomeUnknown is what a call fails with that may have been made before the process ended, if [AtMostOnce] says that it is
// not to be made again.
const ErrorOutcomeUnknown = "Aslgen.OutcomeUnknown"

// Engine is an [asl.Engine] and takes the answers to its tasks' tokens ([asl.Callbacks]).
type Engine struct {
	log       recordlog.Log
	key       []byte // of tokens
	clock     clock.Clock
	account   asl.Account
	parkAfter time.Duration
	retention time.Duration
	atMost    map[string]bool // names of states, with their machine's
	onFatal   func(error)
	logger    *slog.Logger
	eager     bool   // of a test: what is submitted is on disk at once
	folder    string // "" if there is none
	takesOver bool
	sliced    bool // the clock may be set, so it is looked at now and then
	random    func(n int) []byte
	unlock    func() error // of the folder

	closed   atomic.Bool // or failed
	telling  telling
	families families

	mu       sync.Mutex
	failure  error
	serial   uint64 // of the newest execution
	programs map[version]asl.Program
	versions map[version]*version   // each once
	newest   map[string]asl.Program // by names
	entries  map[uint64]*indexed
	names    map[string]map[string]*indexed // by machine and execution
	oldest   uint32                         // segment of the log
	timers   timers
	alarm    clock.Gate // opens when the timers have changed
	waiters  map[uint64]*waiters
	live     map[*execution]bool
	stopAll  context.CancelCauseFunc
	ctx      context.Context
}

// waiters wait for the end of an execution.
type waiters struct {
	gate clock.Gate
	end  *entry // how it has ended, once the gate is open; nil if the engine has ended instead
}

// Open opens the folder, which is made if there is none. Of two processes that open it the second is refused.
func Open(folder string, options ...Option) (*Engine, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("durable: %w", err)
	}
	unlock, err := lock(folder)
	if err != nil {
		return nil, fmt.Errorf("durable: %w", err)
	}
	key, err := readKey(folder)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("durable: %w", err), unlock())
	}
	e, err := open(recordlog.Open(folder), key, options)
	if err != nil {
		return nil, errors.Join(err, unlock())
	}
	e.unlock, e.folder = unlock, folder
	return e, nil
}

// OpenLog opens an engine on a log, for tests of what survives a crash: what is submitted is in the log at once, and ids are the same
// on every run. The key is that of tokens.
func OpenLog(l recordlog.Log, key []byte, options ...Option) (*Engine, error) {
	source := rand.NewChaCha8([32]byte{})
	return open(l, key, append(options, func(e *Engine) {
		e.eager = true
		e.random = func(n int) []byte {
			b := make([]byte, n)
			_, _ = source.Read(b) // never fails
			return b
		}
	}))
}

func open(l recordlog.Log, key []byte, options []Option) (*Engine, error) {
	e := &Engine{
		log: l, key: key, clock: clock.Wall, account: asl.Account{Region: "us-east-1", ID: "123456789012"},
		parkAfter: time.Second, retention: 90 * 24 * time.Hour, atMost: map[string]bool{}, logger: slog.Default(),
		onFatal: exit, random: random, unlock: func() error { return nil },
		programs: map[version]asl.Program{}, versions: map[version]*version{}, newest: map[string]asl.Program{}, entries: map[uint64]*indexed{}, names: map[string]map[string]*indexed{},
		waiters: map[uint64]*waiters{}, live: map[*execution]bool{},
	}
	for _, o := range options {
		o(e)
	}
	e.sliced = e.clock == clock.Wall
	e.ctx, e.stopAll = e.clock.WithDeadline(clock.NewContext(context.Background(), e.clock), time.Time{})
	if err := l.Scan(e.index); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	if err := e.Compact(); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	e.alarm = e.clock.NewGate()
	e.clock.Go(e.ctx, e.runTimers)
	if e.sliced { // a clock that drives itself would go on for ever
		e.clock.Go(e.ctx, e.compactDaily)
	}
	return e, nil
}

func exit(err error) {
	fmt.Fprintln(os.Stderr, "durable: the log cannot be written, so this process ends:", err)
	os.Exit(1)
}

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = crypto.Read(b) // never fails: the process ends first
	return b
}

func (e *Engine) stopped() bool { return e.closed.Load() }

// fail ends the engine: nothing that is not on disk yet counts.
func (e *Engine) fail(err error) {
	if e.closed.Swap(true) {
		return
	}
	e.mu.Lock()
	e.failure = err
	e.mu.Unlock()
	e.stopAll(errStopped)
	e.wakeWaiters()
	e.onFatal(err)
}

// wakeWaiters has whoever waits for the end of an execution see that the engine has ended.
func (e *Engine) wakeWaiters() {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, w := range e.waiters {
		w.gate.Open()
	}
	clear(e.waiters)
}

func (e *Engine) report(err error) { e.logger.Error(err.Error()) }

// Close ends the engine without stopping anything: executions go on when the folder is opened again. What they wait for outside, a
// call or a job, is told that its context has ended.
func (e *Engine) Close() error {
	if e.closed.Swap(true) {
		return nil
	}
	e.stopAll(errStopped)
	e.mu.Lock()
	live := slices.Collect(maps.Keys(e.live))
	e.mu.Unlock()
	e.wakeWaiters()
	for _, x := range live {
		x.mu.Lock()
		if x.cancel != nil {
			x.cancel(errStopped)
		}
		t, told := x.record(), x.takeUntold()
		x.mu.Unlock()
		_ = x.committed(t, told) // what is not on disk is done again
	}
	e.telling.wait()
	return errors.Join(e.log.Close(), e.unlock())
}

// Register implements [asl.Engine]: open executions that were started with the program go on.
func (e *Engine) Register(p asl.Program) error {
	v := version{p.Name(), p.Checksum()}
	if err := e.keepDefinition(p); err != nil {
		return fmt.Errorf("durable: %w", err)
	}
	e.mu.Lock()
	e.programs[v], e.newest[p.Name()] = p, p
	e.mu.Unlock()
	if err := e.takeOver(p); err != nil {
		return err
	}
	e.mu.Lock()
	var awake []*indexed
	for _, i := range e.entries {
		if *i.of != v || i.x != nil {
			continue
		}
		switch {
		case i.status != asl.StatusRunning && !i.stops:
		case i.parked && i.status == asl.StatusRunning:
			e.timers.add(i.wake, i.serial)
		default:
			awake = append(awake, i)
		}
	}
	e.ring()
	e.mu.Unlock()
	slices.SortFunc(awake, func(a, b *indexed) int { return cmp.Compare(a.serial, b.serial) })
	for _, i := range awake {
		if err := e.goOn(i); err != nil {
			return err
		}
	}
	return nil
}

// goOn has an execution go on that is not in memory.
func (e *Engine) goOn(i *indexed) error {
	x, err := e.load(i)
	if err != nil || x == nil {
		return err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	switch {
	case x.state.end == nil:
		x.begin()
	case len(x.state.stops) == 0:
		x.leave()
		e.over(i, x.state.end)
	}
	x.stopSoon()
	return nil
}

// load brings an execution into memory. It is nil if it is there already.
func (e *Engine) load(i *indexed) (*execution, error) {
	e.mu.Lock()
	p := e.programOf(i)
	if i.x != nil || p == nil {
		e.mu.Unlock()
		return nil, nil
	}
	x := &execution{engine: e, entry: i, program: p, status: i.status, next: coder.New(), forgets: true}
	i.x, i.parked = x, false
	x.beats, i.beats = i.beats, nil
	e.live[x] = true
	x.mu.Lock() // so that nobody sees it before it is whole
	e.mu.Unlock()
	defer x.mu.Unlock()
	s, events, err := e.read(i, len(p.Observers()) > 0)
	if err != nil {
		x.leaving = true
		e.forget(x)
		return nil, err
	}
	x.state = s
	x.recorder = asl.NewRecorder(s.root.Context.Execution.ID(), s.events, x, p.Observers()...)
	for _, event := range events {
		x.recorder.Learn(event.path, *event.event) // what is secret
	}
	return x, nil
}

// programOf returns the program that an execution goes on with, nil if it is not there. It is called with the lock held.
func (e *Engine) programOf(i *indexed) asl.Program {
	if i.program == nil {
		i.program = e.programs[*i.of]
	}
	return i.program
}

// forget notes that an execution is not in memory any more.
func (e *Engine) forget(x *execution) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.live, x)
	if x.entry.x == x {
		x.entry.x = nil
	}
}

// parked notes that an execution has left memory until a time. Whoever comes then finds it either there or put away.
func (e *Engine) parked(x *execution, wake time.Time, beats map[string]time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	i := x.entry
	delete(e.live, x)
	i.x = nil
	i.parked, i.wake, i.beats = true, wake, beats
	e.timers.add(wake, i.serial)
	e.ring()
}

// ended notes how an execution has ended.
func (e *Engine) ended(i *indexed, s asl.Status, at time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	i.status, i.stopped = s, at
}

// over tells whoever waits for the end of an execution.
func (e *Engine) over(i *indexed, end *entry) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if w := e.waiters[i.serial]; w != nil {
		w.end = end
		w.gate.Open()
		delete(e.waiters, i.serial)
	}
}

// once reports whether the calls of an attempt's state are made at most once.
func (e *Engine) once(a *asl.Attempt) bool { return e.atMost[a.Machine+"\x00"+a.State] }

// Start implements [asl.Engine]. An execution with the name and the input that runs already is returned as it is.
func (e *Engine) Start(_ context.Context, p asl.Program, s asl.StartRequest) (asl.Running, error) {
	now := e.clock.Now()
	f, err := e.account.NewFrame(p, s, now, e.random)
	if err != nil {
		return nil, err
	}
	begins := started{program: p.Name(), checksum: p.Checksum(), context: f.Context, secret: f.Execution}
	begins.input = digest(f.Document)
	e.mu.Lock()
	if e.stopped() {
		e.mu.Unlock()
		return nil, e.ending()
	}
	if had := e.names[p.Name()][begins.context.Execution.Name]; had != nil {
		same := had.status == asl.StatusRunning && had.input == begins.input && s.Name != ""
		e.mu.Unlock()
		if same {
			r := &running{e, had}
			return r, r.flush() // it is on disk too
		}
		return nil, &asl.APIError{Code: asl.CodeExecutionAlreadyExists, Message: fmt.Sprintf("%s has an execution named %q", p.Name(), begins.context.Execution.Name)}
	}
	e.serial++
	i := e.newIndexed(e.serial, &begins)
	i.program = p
	x := &execution{
		engine: e, entry: i, program: p, status: asl.StatusRunning, flags: flagStart, start: &begins, state: newState(begins.root(), now),
		next: coder.New(),
	}
	i.x = x
	x.recorder = asl.NewRecorder(begins.context.Execution.ID(), 0, x, p.Observers()...)
	e.add(i)
	e.live[x] = true
	x.mu.Lock()
	e.mu.Unlock()
	defer x.mu.Unlock()
	if err := x.commit(); err != nil {
		return nil, e.ending()
	}
	x.start = nil // it is on disk
	x.begin()
	return &running{e, i}, nil
}

// rooms are of *[]byte, for what is encoded and not kept.
var rooms = sync.Pool{New: func() any { return new([]byte) }}

// digest returns the beginning of the hash of a document.
func digest(v value.Value) (beginning [16]byte) {
	room := rooms.Get().(*[]byte)
	*room = v.AppendJSON((*room)[:0])
	sum := sha256.Sum256(*room)
	rooms.Put(room)
	copy(beginning[:], sum[:])
	return beginning
}

// ending is the error of what is asked of an engine that has ended.
func (e *Engine) ending() error {
	e.mu.Lock()
	failure := e.failure
	e.mu.Unlock()
	if failure != nil {
		return fmt.Errorf("durable: the engine has ended: %w", failure)
	}
	return errors.New("durable: the engine is closed")
}

// stopTime is how long a job that is not wanted any more may take to be stopped.
const stopTime = time.Minute

// stopJob stops a job and reports whether it is known that it stops.
func (e *Engine) stopJob(ctx context.Context, p asl.Program, handle string, text value.Value) bool {
	attempt := &asl.Attempt{}
	err := json.Unmarshal(text.Get("attempt").AppendJSON(nil), attempt)
	if err == nil {
		err = p.Restore(attempt)
	}
	if err == nil {
		ctx, cancel := e.clock.WithDeadline(context.WithoutCancel(ctx), e.clock.Now().Add(stopTime))
		defer cancel(nil)
		reason, _ := text.Get("reason").AsString()
		err = attempt.Stop(ctx, handle, reason)
	}
	if err != nil && !e.stopped() {
		e.report(fmt.Errorf("durable: the job %s could not be stopped, which is tried again when the engine is opened: %w", handle, err))
	}
	return err == nil
}
