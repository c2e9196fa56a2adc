// Package memory runs state machines in this process. What runs has a goroutine; what waits for a time, a token, a job that is watched or
// branches that wait has none ([Engine.Parked]), but for a distributed Map and what is around it, and takes about a kilobyte if it has no branches. Nothing outlives the process. What Run of a machine carries out where it is called is in no list of
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
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
)

// Engine is an [asl.Engine] and takes the answers to its tasks' tokens ([asl.Callbacks]).
type Engine struct {
	clock   clock.Clock
	looking sync.Mutex // held by who looks at what is parked
	account asl.Account
	tokens  tokens
	alarms  alarms
	cuts    func(place int) bool // nil for none
	stored  bool                 // attempts are
	asked   atomic.Bool          // somebody asks for programs and executions, so all are to be known

	mu       sync.Mutex
	source   *rand.ChaCha8
	programs map[string]asl.Program           // by names
	keep     int                              // how many executions are known after their end
	known    map[string]map[string]*execution // running or kept, by the names of their machines and the ends of their ARNs
	over     []*execution                     // those kept after their end, in that order
	started  int                              // executions so far
	ends     ends
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
	e := &Engine{clock: c, account: asl.Account{Region: "us-east-1", ID: "123456789012"}, source: rand.NewChaCha8(seed), programs: map[string]asl.Program{}, known: map[string]map[string]*execution{}}
	for _, o := range options {
		o(e)
	}
	e.tokens.init(e.random(32))
	e.alarms.clock, e.alarms.from = c, e.now()
	return e
}

// Clock returns the clock that executions run on: what a poller or a test's script must use too.
func (e *Engine) Clock() clock.Clock { return e.clock }

// Driven returns the clock of an engine that [NewDriven] made, nil otherwise.
func (e *Engine) Driven() *clock.Driven {
	d, _ := e.clock.(*clock.Driven)
	return d
}

// now returns the time by the clock on the wall, without the monotonic one that Go adds to it: alarms do not have that, nor has what was put
// away. Where the two clocks drift apart, or a computer has slept, a frame that was woken by the one would not have waited long enough by the
// other, and be woken again and again.
func (e *Engine) now() time.Time { return e.clock.Now().Round(0).UTC() }

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

// Start implements [asl.Engine]. Of the executions of a STANDARD machine that run at a time, no two have the same name.
func (e *Engine) Start(ctx context.Context, p asl.Program, s asl.StartRequest) (asl.Running, error) {
	f, err := e.account.NewFrame(p, s, e.now(), e.random)
	if err != nil {
		return nil, err
	}
	if e.asked.Load() {
		f.Recorder.KeepChildren()
	}
	of := f.Context.Execution
	x := &execution{engine: e, program: p, name: of.Name, unique: of.Unique, of: of, recorder: f.Recorder}
	x.mu.Lock() // whoever finds it from here on waits until it has begun
	defer x.mu.Unlock()
	if !e.add(x) {
		return nil, &asl.APIError{Code: asl.CodeExecutionAlreadyExists, Message: fmt.Sprintf("%s has a running execution named %q", p.Name(), x.Name())}
	}
	x.begin(ctx, &host{begins: f}, nil)
	return x, nil
}

// key is what an execution is known by among those of its machine: the end of its ARN.
func (x *execution) key() string { return cmp.Or(x.unique, x.name) }

// add has the engine know an execution, unless another runs that is known by the same.
func (e *Engine) add(x *execution) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	of := e.known[x.program.Name()]
	if of == nil {
		of = map[string]*execution{}
		e.known[x.program.Name()] = of
	}
	if was := of[x.key()]; was != nil && !was.kept {
		return false
	}
	e.started++
	x.number = e.started
	of[x.key()] = x
	return true
}

// ended has the engine know an execution no longer than it keeps those that have ended.
func (e *Engine) ended(x *execution) {
	e.mu.Lock()
	defer e.mu.Unlock()
	x.kept = true
	if e.over = append(e.over, x); len(e.over) <= e.keep {
		return
	}
	oldest := e.over[0]
	e.over = slices.Delete(e.over, 0, 1)
	if of := e.known[oldest.program.Name()]; of[oldest.key()] == oldest {
		delete(of, oldest.key())
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
	newest := slices.SortedFunc(maps.Values(e.known[machine]), func(a, b *execution) int { return cmp.Compare(b.number, a.number) })
	for _, x := range newest {
		all = append(all, x)
	}
	return all
}

// Execution returns the execution with the ARN, if the engine knows it ([WithEnded]).
func (e *Engine) Execution(arn string) (asl.Running, error) {
	e.asked.Store(true)
	e.mu.Lock()
	defer e.mu.Unlock()
	if parts := strings.Split(arn, ":"); len(parts) > 7 {
		if x := e.known[parts[6]][parts[len(parts)-1]]; x != nil && x.ID() == arn {
			return x, nil
		}
	}
	return nil, &asl.APIError{Code: asl.CodeExecutionDoesNotExist, Message: "Execution Does Not Exist: '" + arn + "'"}
}
