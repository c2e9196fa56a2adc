package durable

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/r-seed-632eed22/aslgen/internal/recordlog"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/coder"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/hosts"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// running is an execution, whether it is in memory or not.
type running struct {
	engine *Engine
	entry  *indexed
}

// Execution returns the execution with the ARN.
func (e *Engine) Execution(arn string) (asl.Running, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if parts := strings.Split(arn, ":"); len(parts) >= 8 { // arn:aws:states:us-east-1:123456789012:execution:Machine:Name
		if i := e.names[parts[6]][parts[7]]; i != nil && i.id == arn {
			return &running{e, i}, nil
		}
	}
	return nil, &asl.APIError{Code: asl.CodeExecutionDoesNotExist, Message: "Execution Does Not Exist: '" + arn + "'"}
}

// Account returns where executions are said to run.
func (e *Engine) Account() asl.Account { return e.account }

// Programs returns the programs that machines were made of, the newest version of each name.
func (e *Engine) Programs() (all []asl.Program) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, name := range slices.Sorted(maps.Keys(e.newest)) {
		all = append(all, e.newest[name])
	}
	return all
}

// Executions returns the executions of a machine, the newest first.
func (e *Engine) Executions(machine string) (all []asl.Running) {
	e.mu.Lock()
	defer e.mu.Unlock()
	of := slices.SortedFunc(maps.Values(e.names[machine]), func(a, b *indexed) int { return cmp.Compare(b.serial, a.serial) })
	for _, i := range of {
		all = append(all, &running{e, i})
	}
	return all
}

// Orphans returns the executions that wait for a machine in the version that they were started with, since none was made.
func (e *Engine) Orphans() (all []asl.Running) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, serial := range slices.Sorted(maps.Keys(e.entries)) {
		if i := e.entries[serial]; i.status == asl.StatusRunning && e.programOf(i) == nil {
			all = append(all, &running{e, i})
		}
	}
	return all
}

func (r *running) ID() string   { return r.entry.id }
func (r *running) Name() string { return r.entry.name }

// Describe implements [asl.Running].
func (r *running) Describe(context.Context) (d asl.Description, err error) {
	if err := r.flush(); err != nil {
		return d, err
	}
	s, _, err := r.engine.read(r.entry, false)
	if err != nil {
		return d, err
	}
	return r.engine.describe(r.entry, s), nil
}

// describe describes the execution that a state is of.
func (e *Engine) describe(i *indexed, s *state) asl.Description {
	x := s.root.Context.Execution
	d := asl.Description{
		Machine: i.of.program, Status: asl.StatusRunning, Started: s.born, Input: s.root.Document, RedriveCount: x.RedriveCount, Redriven: x.Redriven,
	}
	if s.end != nil {
		d.Status, d.Stopped, d.Output, d.Err = asl.StatusOf(s.end.err), s.end.time, s.end.value, s.end.err
	}
	d.NotRedrivable = d.WhyNotRedrivable(x.Type, s.events, e.clock.Now())
	if p := s.paths[""]; d.NotRedrivable == "" && (p == nil || p.frame == nil) {
		d.NotRedrivable = hosts.NothingToRedrive
	}
	return d
}

// flush has what has happened be on disk.
func (r *running) flush() error {
	r.engine.mu.Lock()
	x := r.entry.x
	r.engine.mu.Unlock()
	if x == nil || r.engine.stopped() {
		return nil
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.leaving {
		return nil
	}
	return x.commit()
}

// Wait implements [asl.Running].
func (r *running) Wait(ctx context.Context) (value.Value, error) {
	e := r.engine
	for {
		e.mu.Lock()
		if r.entry.status != asl.StatusRunning && r.entry.x == nil {
			e.mu.Unlock()
			break
		}
		w := e.waiters[r.entry.serial]
		if w == nil {
			w = &waiters{gate: e.clock.NewGate()}
			e.waiters[r.entry.serial] = w
		}
		stopped := e.stopped()
		e.mu.Unlock()
		if stopped {
			return value.Value{}, errStopped
		}
		if err := w.gate.Wait(ctx, time.Time{}); err != nil {
			return value.Value{}, err
		}
		if w.end != nil {
			return w.end.value, w.end.err
		}
	}
	s, _, err := e.read(r.entry, false)
	if err != nil {
		return value.Value{}, err
	}
	return s.end.value, s.end.err
}

// Stop implements [asl.Running]. When it returns nil, that is on disk.
func (r *running) Stop(_ context.Context, name, cause string) error {
	_, err := r.engine.with(r.entry, func(x *execution) error { return x.abort(&asl.Aborted{Name: name, Cause: cause}) })
	return err
}

// History implements [asl.Running].
func (r *running) History(context.Context) ([]asl.Event, error) {
	if err := r.flush(); err != nil {
		return nil, err
	}
	_, entries, err := r.engine.read(r.entry, true)
	if err != nil {
		return nil, err
	}
	var events []asl.Event
	for _, e := range entries {
		if e.of == "" {
			events = append(events, *e.event)
		}
	}
	return events, nil
}

// with does something with an execution in memory, into which it comes if it is not there; done is false if it has ended.
func (e *Engine) with(i *indexed, do func(x *execution) error) (done bool, err error) {
	for {
		e.mu.Lock()
		x, over := i.x, i.status != asl.StatusRunning
		known := e.programOf(i) != nil
		e.mu.Unlock()
		switch {
		case over:
			return false, nil
		case e.stopped():
			return false, e.ending()
		case x == nil && !known:
			return false, e.unlinked(i)
		case x == nil:
			if x, err = e.load(i); err != nil {
				return false, err
			}
			if x == nil {
				continue
			}
			x.mu.Lock()
			x.cancel = func(error) {}
			err := do(x)
			x.begin()
			x.mu.Unlock()
			return true, err
		}
		x.mu.Lock()
		if x.leaving || x.state == nil {
			x.mu.Unlock()
			e.clock.NewGate() // nothing waits: it leaves at once
			continue
		}
		err := do(x)
		x.mu.Unlock()
		return true, err
	}
}

// unlinked is the error of what is asked of an execution whose machine is not there.
func (e *Engine) unlinked(i *indexed) error {
	return fmt.Errorf("durable: the machine %s of the execution is not there in the version that it was started with", i.of.program)
}

// read folds the records of an execution, and returns its events if they are wanted.
func (e *Engine) read(i *indexed, events bool) (*state, []entry, error) {
	var records [][]byte
	fault := func(err error) error {
		return fmt.Errorf("durable: the execution %s: %w", i.id, err)
	}
	whole := -1 // the newest record that begins with all that there is
	for at := i.last.Get(); at != (recordlog.Position{}); {
		if whole >= 0 && !events {
			at = i.last.First()
		}
		record, before, err := e.log.Read(at)
		if err != nil {
			return nil, nil, err
		}
		records = append(records, record)
		h, _, err := decodeHead(record)
		if err != nil {
			return nil, nil, fault(err)
		}
		if whole < 0 && h.flags&flagSnapshot != 0 {
			whole = len(records) - 1
		}
		if at == i.last.First() {
			break
		}
		at = before
	}
	if len(records) == 0 {
		return nil, nil, fault(errors.New("it is not on disk yet"))
	}
	s, all, err := fold(records, whole, events)
	if err != nil {
		return nil, nil, fault(err)
	}
	return s, all, nil
}

// fold folds records, of which the oldest is the last, and returns their events if they are wanted. If they are not, what is before the
// snapshot in the record with the number whole is left out; there is none if that is negative.
func fold(records [][]byte, whole int, events bool) (s *state, all []entry, err error) {
	var told func(*entry)
	if events {
		told = func(e *entry) {
			if e.kind == eventOf {
				all = append(all, *e)
			}
		}
	}
	var said *coder.Known
	for n := len(records) - 1; n >= 0; n-- {
		h, rest, err := decodeHead(records[n])
		if err != nil {
			return nil, nil, err
		}
		if h.start != nil {
			s = newState(h.start.root(), h.time)
		}
		switch {
		case s == nil:
			return nil, nil, errors.New("its first record is missing")
		case !events && whole >= 0 && n > whole:
			continue // of before
		case !events && n == whole:
			if h.before > len(rest.Bytes) {
				return nil, nil, coder.ErrShort
			}
			rest.Bytes, said = rest.Bytes[h.before:], &coder.Known{}
		case h.start != nil:
			said = rest.Known
		case h.flags&flagForgets != 0:
			said = &coder.Known{}
		}
		rest.Known = said
		if err := decodeEntries(rest, s, told); err != nil {
			return nil, nil, err
		}
	}
	return s, all, nil
}
