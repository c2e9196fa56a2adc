// Package memory runs state machines in this process: executions are goroutines, and what they wait for are timers, Go
// calls and answers to task tokens. Nothing outlives the process. What Run of a machine carries out where it is called is in no list of
// the engine: it does that only until somebody asks the engine for anything, as the Step Functions API does when it is made.
//
// [New] runs on the machine's own clock. [NewDriven] is for tests: time moves by itself, and everything happens in the
// same order, with the same ids, on every run.
package memory

import (
	"cmp"
	"context"
	crypto "crypto/rand"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
)

// Engine is an [asl.Engine] and takes the answers to its tasks' tokens ([asl.Callbacks]).
type Engine struct {
	clock   clock.Clock
	account asl.Account
	tokens  tokens
	alarms  alarms
	cuts    func(place int) bool // nil for none
	stored  bool                 // attempts are
	asked   atomic.Bool          // somebody asks for programs and executions, so all are to be known

	mu       sync.Mutex
	source   *rand.ChaCha8
	running  map[string]bool        // names of running executions, with their machine's
	programs map[string]asl.Program // by names
	keep     int                    // how many executions are known after their end
	known    map[string]*execution  // running or kept, by their ARNs
	over     []*execution           // those kept after their end, in that order
	started  int                    // executions so far
}

// Option changes how an engine is made.
type Option func(*Engine)

// WithRegion sets the region and the account number that ARNs show; they are us-east-1 and 123456789012 otherwise.
func WithRegion(region, account string) Option {
	return func(e *Engine) { e.account = asl.Account{Region: region, ID: account} }
}

// WithEnded sets how many executions the engine knows after their end, the newest ones, for who asks for them by their ARNs. It is
// none otherwise: only those who have started an execution know it then.
func WithEnded(most int) Option { return func(e *Engine) { e.keep = most } }

// New returns an engine on the machine's own clock.
func New(options ...Option) *Engine {
	var seed [32]byte
	_, _ = crypto.Read(seed[:]) // never fails: the process ends first
	return newEngine(clock.Wall, seed, options)
}

// NewDriven returns an engine for tests, on a clock that starts at start and drives itself. Its ids and tokens are the
// same on every run, so they are no secret.
func NewDriven(start time.Time, options ...Option) *Engine {
	return newEngine(clock.NewDriven(start), [32]byte{}, options)
}

func newEngine(c clock.Clock, seed [32]byte, options []Option) *Engine {
	e := &Engine{clock: c, account: asl.Account{Region: "us-east-1", ID: "123456789012"}, source: rand.NewChaCha8(seed), running: map[string]bool{}, programs: map[string]asl.Program{}, known: map[string]*execution{}}
	for _, o := range options {
		o(e)
	}
	e.tokens.init(e.random(32))
	e.alarms.clock = c
	return e
}

// Clock returns the clock that executions run on: what a poller or a test's script must use too.
func (e *Engine) Clock() clock.Clock { return e.clock }

// Driven returns the clock of an engine that [NewDriven] made, nil otherwise.
func (e *Engine) Driven() *clock.Driven {
	d, _ := e.clock.(*clock.Driven)
	return d
}

func (e *Engine) random(n int) []byte {
	b := make([]byte, n)
	e.mu.Lock()
	defer e.mu.Unlock()
	_, _ = e.source.Read(b) // never fails
	return b
}

// Register implements [asl.Engine]: nothing is kept that could go on.
func (e *Engine) Register(p asl.Program) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.programs[p.Name()] = p
	return nil
}

// Start implements [asl.Engine]. Of the executions of one machine that run at a time, no two have the same name.
func (e *Engine) Start(ctx context.Context, p asl.Program, s asl.StartRequest) (asl.Running, error) {
	now := e.clock.Now()
	f, err := e.account.NewFrame(p, s, now, e.random)
	if err != nil {
		return nil, err
	}
	name, id := f.Context.Execution.Name, f.Context.Execution.ID()
	if !e.claim(p, name) {
		return nil, &asl.APIError{Code: asl.CodeExecutionAlreadyExists, Message: fmt.Sprintf("%s has a running execution named %q", p.Name(), name)}
	}
	x := &execution{
		engine: e, program: p, name: name, id: id, recorder: f.Recorder, status: asl.StatusRunning, input: f.Document, started: now,
	}
	e.mu.Lock()
	e.started++
	x.number = e.started
	e.known[x.id] = x
	e.mu.Unlock()
	x.mu.Lock()
	defer x.mu.Unlock()
	x.begin(ctx, &host{begins: f}, nil)
	return x, nil
}

func (e *Engine) claim(p asl.Program, name string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	key := p.Name() + "/" + name
	if e.running[key] {
		return false
	}
	e.running[key] = true
	return true
}

func (e *Engine) release(p asl.Program, name string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.running, p.Name()+"/"+name)
}

// ended has the engine know an execution no longer than it keeps those that have ended.
func (e *Engine) ended(x *execution) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.over = append(e.over, x); len(e.over) > e.keep {
		delete(e.known, e.over[0].id)
		e.over = slices.Delete(e.over, 0, 1)
	}
}

// Account returns where executions are said to run.
func (e *Engine) Account() asl.Account { return e.account }

// Programs returns the programs that machines were made of, by their names.
func (e *Engine) Programs() (all []asl.Program) {
	e.asked.Store(true)
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, name := range slices.Sorted(maps.Keys(e.programs)) {
		all = append(all, e.programs[name])
	}
	return all
}

// Executions returns the executions of a machine that the engine knows ([WithEnded]), the newest first.
func (e *Engine) Executions(machine string) (all []asl.Running) {
	e.asked.Store(true)
	e.mu.Lock()
	defer e.mu.Unlock()
	newest := slices.SortedFunc(maps.Values(e.known), func(a, b *execution) int { return cmp.Compare(b.number, a.number) })
	for _, x := range newest {
		if x.program.Name() == machine {
			all = append(all, x)
		}
	}
	return all
}

// Execution returns the execution with the ARN, if the engine knows it ([WithEnded]).
func (e *Engine) Execution(arn string) (asl.Running, error) {
	e.asked.Store(true)
	e.mu.Lock()
	defer e.mu.Unlock()
	if x := e.known[arn]; x != nil {
		return x, nil
	}
	return nil, &asl.APIError{Code: asl.CodeExecutionDoesNotExist, Message: "Execution Does Not Exist: '" + arn + "'"}
}

// execution is one execution, an [asl.Running].
type execution struct {
	engine   *Engine
	program  asl.Program
	id, name string
	recorder *asl.Recorder
	number   int // of the engine, in the order of starts
	input    asl.Value
	started  time.Time

	mu       sync.Mutex
	ctx      context.Context // that it was started with
	cancel   context.CancelCauseFunc
	root     *host  // that carries it out; nil if it has ended
	watched  bool   // what is parked goes on when ctx ends
	unwatch  func() // ends that
	done     clock.Gate
	failed   *host  // with which it has ended, if a redrive can go on with it
	redrive  string // token of the last redrive
	redrives int
	redriven time.Time
	status   asl.Status
	stopped  time.Time
	output   asl.Value
	err      error
}

// begin carries the execution out, from its beginning or from where its frame stands. It is called with the lock held.
func (x *execution) begin(ctx context.Context, h *host, at *asl.Frame) {
	c := x.engine.clock
	if clock.From(ctx) != c {
		ctx = clock.NewContext(ctx, c)
	}
	x.ctx, x.done, x.root, x.watched = ctx, c.NewGate(), h, false
	h.engine, h.program, h.execution, h.stops = x.engine, x.program, x, &stops{}
	h.base, x.cancel = c.WithDeadline(ctx, time.Time{})
	c.Go(h.base, func(ctx context.Context) { h.carry(ctx, at) })
}

// watch has what is parked go on when the context ends that the execution was started with.
func (x *execution) watch() {
	x.mu.Lock()
	defer x.mu.Unlock()
	if !x.watched && x.ctx.Done() != nil {
		x.unwatch = clock.AfterEnd(x.ctx, x.engine.clock, x.root.wakeAll)
	}
	x.watched = true
}

// end notes how the execution has ended, and waits for the jobs that are being stopped.
func (x *execution) end(ctx context.Context, h *host, o asl.Outcome) {
	x.mu.Lock()
	x.status, x.output, x.err = asl.StatusOf(o.Err), o.Output, o.Err
	if x.status != asl.StatusRunning {
		x.stopped = x.engine.clock.Now()
	}
	if o.Err != nil && h.frame != nil && x.program.Type() != asl.Express {
		x.failed = h
	}
	done, cancel := x.done, x.cancel
	if x.unwatch != nil {
		x.unwatch()
	}
	x.ctx, x.root, x.unwatch = nil, nil, nil
	x.mu.Unlock()
	x.engine.release(x.program, x.name)
	x.engine.ended(x)
	cancel(nil)
	h.stops.wait(ctx)
	done.Open()
}

func (x *execution) ID() string   { return x.id }
func (x *execution) Name() string { return x.name }

func (x *execution) Describe(context.Context) (asl.Description, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.describe(), nil
}

func (x *execution) Wait(ctx context.Context) (asl.Value, error) {
	x.mu.Lock()
	done := x.done
	x.mu.Unlock()
	if err := done.Wait(ctx, time.Time{}); err != nil {
		return asl.Value{}, err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.output, x.err
}

func (x *execution) Stop(_ context.Context, name, cause string) error {
	x.mu.Lock()
	cancel, root := x.cancel, x.root
	x.mu.Unlock()
	if root != nil {
		cancel(&asl.Aborted{Name: name, Cause: cause})
		root.wakeAll()
	}
	return nil
}

func (x *execution) History(context.Context) ([]asl.Event, error) { return x.recorder.Events(), nil }

// MapRuns implements [asl.MapRunner].
func (x *execution) MapRuns(context.Context) ([]asl.MapRun, error) { return x.recorder.MapRuns(), nil }
