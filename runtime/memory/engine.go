// Package memory runs state machines in this process: executions are goroutines, and what they wait for are timers, Go
// calls and answers to task tokens. Nothing outlives the process.
//
// [New] runs on the machine's own clock. [NewDriven] is for tests: time moves by itself, and everything happens in the
// same order, with the same ids, on every run.
package memory

import (
	"context"
	crypto "crypto/rand"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	asl "github.com/r-seed-632eed22/aslgen/runtime"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
)

// Engine is an [asl.Engine] and takes the answers to its tasks' tokens ([asl.Callbacks]).
type Engine struct {
	clock   clock.Clock
	region  string
	account string
	tokens  tokens
	cuts    func(place int) bool // nil for none
	stored  bool                 // attempts are

	mu      sync.Mutex
	source  *rand.ChaCha8
	running map[string]bool // names of running executions, with their machine's
}

// Option changes how an engine is made.
type Option func(*Engine)

// WithRegion sets the region and the account number that ARNs show; they are us-east-1 and 123456789012 otherwise.
func WithRegion(region, account string) Option {
	return func(e *Engine) { e.region, e.account = region, account }
}

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
	e := &Engine{clock: c, region: "us-east-1", account: "123456789012", source: rand.NewChaCha8(seed), running: map[string]bool{}}
	for _, o := range options {
		o(e)
	}
	e.tokens.init(e.random(32))
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

// Start implements [asl.Engine]. Of the executions of one machine that run at a time, no two have the same name.
func (e *Engine) Start(ctx context.Context, p *asl.Program, s asl.StartRequest) (asl.Running, error) {
	if s.Name == "" {
		s.Name = uuid(e.random(16))
	}
	if err := checkName(s.Name); err != nil {
		return nil, fmt.Errorf("memory: %s: %w", p.Name(), err)
	}
	if !e.claim(p, s.Name) {
		return nil, fmt.Errorf("memory: ExecutionAlreadyExists: %s has a running execution named %q", p.Name(), s.Name)
	}
	now := e.clock.Now()
	ctx, cancel := e.clock.WithDeadline(clock.NewContext(ctx, e.clock), time.Time{})
	x := &execution{engine: e, program: p, name: s.Name, id: e.executionARN(p, s.Name), cancel: cancel, done: e.clock.NewGate(), status: asl.StatusRunning}
	x.recorder = asl.NewRecorder(x.id, p.Observers()...)
	x.frame = &asl.Frame{
		Execution: fmt.Sprintf("%x", e.random(16)),
		State:     p.StartAt(),
		Document:  s.Input,
		Recorder:  x.recorder,
	}
	x.frame.Context.Execution = asl.ContextExecution{
		ID: x.id, Name: x.name, Input: s.Input, StartTime: asl.Timestamp(now),
		RoleARN: fmt.Sprintf("arn:aws:iam::%s:role/aslgen", e.account), Synchronous: s.Synchronous,
	}
	x.frame.Context.StateMachine = asl.ContextStateMachine{
		ID: fmt.Sprintf("arn:aws:states:%s:%s:stateMachine:%s", e.region, e.account, p.Name()), Name: p.Name(),
	}
	e.clock.Go(ctx, x.run)
	return x, nil
}

func (e *Engine) executionARN(p *asl.Program, name string) string {
	if p.Type() == asl.Express {
		return fmt.Sprintf("arn:aws:states:%s:%s:express:%s:%s:%s", e.region, e.account, p.Name(), name, uuid(e.random(16)))
	}
	return fmt.Sprintf("arn:aws:states:%s:%s:execution:%s:%s", e.region, e.account, p.Name(), name)
}

func (e *Engine) claim(p *asl.Program, name string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	key := p.Name() + "/" + name
	if e.running[key] {
		return false
	}
	e.running[key] = true
	return true
}

func (e *Engine) release(p *asl.Program, name string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.running, p.Name()+"/"+name)
}

// checkName holds the name of an execution against the quotas (1.20).
func checkName(name string) error {
	if n := utf8.RuneCountInString(name); n > 80 {
		return fmt.Errorf("the execution's name has %d characters, more than 80", n)
	}
	if !utf8.ValidString(name) {
		return fmt.Errorf("the execution's name %q is not UTF-8", name)
	}
	for _, c := range name {
		if unicode.IsSpace(c) || unicode.IsControl(c) || strings.ContainsRune("?*<>{}[]\"#%\\^|~`$&,;:/", c) {
			return fmt.Errorf("the execution's name %q has a %q, which is not allowed", name, c)
		}
	}
	return nil
}

func uuid(b []byte) string {
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// execution is one execution, an [asl.Running].
type execution struct {
	engine   *Engine
	program  *asl.Program
	id, name string
	frame    *asl.Frame
	recorder *asl.Recorder
	cancel   context.CancelCauseFunc
	done     clock.Gate

	mu     sync.Mutex
	status asl.Status
	output asl.Value
	err    error
}

func (x *execution) run(ctx context.Context) {
	h := &host{engine: x.engine, program: x.program, ctx: ctx, stops: &stops{}}
	o := h.carry(func(h *host, at *asl.Frame) (o asl.Outcome) {
		if at == nil {
			o.Output, o.Err = x.program.Run(h, x.frame)
		} else {
			o.Output, o.Err = x.program.Resume(h, at)
		}
		return o
	})
	output, err := o.Output, o.Err
	x.mu.Lock()
	x.status, x.output, x.err = statusOf(err), output, err
	x.mu.Unlock()
	x.frame = nil // what it holds is not needed any more
	x.engine.release(x.program, x.name)
	x.cancel(nil)
	h.stops.wait(ctx)
	x.done.Open()
}

func statusOf(err error) asl.Status {
	_, aborted := errors.AsType[*asl.Aborted](err)
	switch {
	case err == nil:
		return asl.StatusSucceeded
	case errors.Is(err, asl.ErrDetached):
		return asl.StatusRunning
	case aborted:
		return asl.StatusAborted
	case asl.TimedOut(err):
		return asl.StatusTimedOut
	}
	return asl.StatusFailed
}

func (x *execution) ID() string   { return x.id }
func (x *execution) Name() string { return x.name }

func (x *execution) Status() asl.Status {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.status
}

func (x *execution) Wait(ctx context.Context) (asl.Value, error) {
	if err := x.done.Wait(ctx, time.Time{}); err != nil {
		return asl.Value{}, err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.output, x.err
}

func (x *execution) Stop(name, cause string) { x.cancel(&asl.Aborted{Name: name, Cause: cause}) }

func (x *execution) History() []asl.Event { return x.recorder.Events() }
