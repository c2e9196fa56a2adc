package memory

import (
	"context"
	"sync"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/hosts"
)

// execution is one execution, an [asl.Running].
type execution struct {
	engine  *Engine
	program asl.Program
	name    string
	unique  string // as [asl.ContextExecution] has it
	number  int    // of the engine, in the order of starts
	kept    bool   // it has ended, and the engine knows it still
	watched bool   // it is woken at the end of ctx; of mu

	mu       sync.Mutex
	of       *asl.ContextExecution
	recorder *asl.Recorder
	rested   string                  // what is in place of these while the execution rests, "" if it does not
	ctx      context.Context         // that it was started with, until it ends
	cancel   context.CancelCauseFunc // ends that of its root; nil while that has none
	aborted  *asl.Aborted            // it was stopped
	root     *host                   // that carries it out, until it ends
	done     clock.Gate              // opens when nothing of it runs any more; nil until somebody waits
	ending   *ending                 // nil while it runs
	redriven *redriven               // nil if it was not
	stops    *stops                  // nil if there are none
}

// ending is how an execution has ended.
type ending struct {
	failed  *host // with which it has, if a redrive can go on with it
	status  asl.Status
	stopped time.Time
	output  asl.Value
	err     error
	over    bool // nothing of it runs any more
}

// redriven is what is known of the last redrive.
type redriven struct {
	token string
	count int
	at    time.Time
}

// begin carries the execution out, from its beginning or from where its frame stands. It is called with the lock held.
func (x *execution) begin(ctx context.Context, h *host, at *asl.Frame) {
	c := x.engine.clock
	if clock.From(ctx) != c {
		ctx = clock.NewContext(ctx, c)
	}
	x.ctx, x.root, x.aborted, x.done, x.ending, x.stops = ctx, h, nil, nil, nil, nil
	h.engine, h.program, h.execution = x.engine, x.program, x
	x.open()
	c.Go(h.base, func(ctx context.Context) { h.carry(ctx, at) })
}

// open gives the root a context. It is called with the lock held.
func (x *execution) open() {
	x.root.base, x.cancel = x.engine.clock.WithDeadline(x.ctx, time.Time{})
	if x.aborted != nil {
		x.cancel(x.aborted)
	}
}

// shut takes the root's context away: while it is parked, nothing runs that sees it.
func (x *execution) shut() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.cancel(nil)
	x.root.base, x.cancel = nil, nil
}

// end notes how the execution has ended, and waits for the jobs that are being stopped.
func (x *execution) end(ctx context.Context, h *host, o asl.Outcome) {
	e := &ending{status: asl.StatusOf(o.Err), output: o.Output, err: o.Err}
	if e.status != asl.StatusRunning {
		e.stopped = x.engine.now()
	}
	if o.Err != nil && h.frame != nil && x.program.Type() != asl.Express {
		e.failed = h
	}
	x.mu.Lock()
	x.ending = e
	cancel, stops := x.cancel, x.stops
	if x.watched {
		x.engine.ends.forget(x)
	}
	x.ctx, x.root, x.watched = nil, nil, false
	x.mu.Unlock()
	x.engine.ended(x)
	cancel(nil)
	stops.wait(ctx)
	x.mu.Lock()
	e.over = true
	done := x.done
	x.mu.Unlock()
	if done != nil {
		done.Open()
	}
}

// ID implements [asl.Running].
func (x *execution) ID() string {
	of := asl.ContextExecution{Account: x.engine.account, Machine: x.program.Name(), Type: x.program.Type(), Name: x.name, Unique: x.unique}
	return of.ID()
}

// Name implements [asl.Running].
func (x *execution) Name() string { return x.name }

// record returns what the execution's context object says of it, and its history.
func (x *execution) record() (*asl.ContextExecution, *asl.Recorder, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.known()
}

// known is record with the lock held.
func (x *execution) known() (*asl.ContextExecution, *asl.Recorder, error) {
	if x.rested == "" {
		return x.of, x.recorder, nil
	}
	s, err := x.read()
	if err != nil {
		return nil, nil, err
	}
	return s.frame.Context.Execution, s.frame.Recorder, nil
}

// Describe implements [asl.Running].
func (x *execution) Describe(context.Context) (asl.Description, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.describe()
}

// describe is called with the lock held.
func (x *execution) describe() (d asl.Description, err error) {
	of, recorder, err := x.known()
	if err != nil {
		return d, err
	}
	d = asl.Description{Machine: x.program.Name(), Status: asl.StatusRunning, Started: of.Started, Input: of.Input}
	if e := x.ending; e != nil {
		d.Status, d.Stopped, d.Output, d.Err = e.status, e.stopped, e.output, e.err
	}
	if r := x.redriven; r != nil {
		d.RedriveCount, d.Redriven = r.count, r.at
	}
	d.NotRedrivable = d.WhyNotRedrivable(x.program.Type(), int(recorder.Newest()), x.engine.now())
	if d.NotRedrivable == "" && x.ending.failed == nil {
		d.NotRedrivable = hosts.NothingToRedrive
	}
	return d, nil
}

// Wait implements [asl.Running].
func (x *execution) Wait(ctx context.Context) (asl.Value, error) {
	for {
		if err := x.wait(ctx); err != nil {
			return asl.Value{}, err
		}
		x.mu.Lock()
		e := x.ending
		x.mu.Unlock()
		if e != nil { // or it was redriven meanwhile
			return e.output, e.err
		}
	}
}

// wait returns when nothing of the execution runs any more.
func (x *execution) wait(ctx context.Context) error {
	x.mu.Lock()
	if x.ending != nil && x.ending.over {
		x.mu.Unlock()
		return nil
	}
	if x.done == nil {
		x.done = x.engine.clock.NewGate()
	}
	done := x.done
	x.mu.Unlock()
	return done.Wait(ctx, time.Time{})
}

// Stop implements [asl.Running].
func (x *execution) Stop(_ context.Context, name, cause string) error {
	x.mu.Lock()
	root, cancel := x.root, x.cancel
	if root != nil && x.aborted == nil {
		x.aborted = &asl.Aborted{Name: name, Cause: cause}
	}
	aborted := x.aborted
	x.mu.Unlock()
	if root == nil {
		return nil
	}
	if cancel != nil {
		cancel(aborted)
	}
	root.wakeAll()
	return nil
}

// History implements [asl.Running].
func (x *execution) History(context.Context) ([]asl.Event, error) {
	_, recorder, err := x.record()
	if err != nil {
		return nil, err
	}
	return recorder.Events(), nil
}

// MapRuns implements [asl.MapRunner].
func (x *execution) MapRuns(context.Context) ([]asl.MapRun, error) {
	_, recorder, err := x.record()
	if err != nil {
		return nil, err
	}
	return recorder.MapRuns(), nil
}

// Children implements [asl.MapRunner]: of executions that were started after somebody asked the engine for executions, as the Step Functions
// API does, the children that run and the last 1,000 that have ended.
func (x *execution) Children(_ context.Context, mapRun string) (all []asl.Running, err error) {
	_, recorder, err := x.record()
	if err != nil {
		return nil, err
	}
	for _, r := range recorder.Children(mapRun) {
		all = append(all, hosts.NewChild(r.Execution(), r.Begun(), r.Events))
	}
	return all, nil
}

// Child implements [asl.MapRunner].
func (x *execution) Child(_ context.Context, arn string) (asl.Running, error) {
	_, recorder, err := x.record()
	if err != nil {
		return nil, err
	}
	if r := recorder.Child(arn); r != nil {
		return hosts.NewChild(arn, r.Begun(), r.Events), nil
	}
	return nil, nil
}
