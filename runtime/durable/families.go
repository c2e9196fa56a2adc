package durable

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/r-seed-632eed22/aslgen/internal/recordlog"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/coder"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/hosts"
)

// families has what was read last of an execution's Map Runs. Who asks for their children asks often, for pages of them and for one after the other.
type families struct {
	mu   sync.Mutex
	last *family
}

// mostRead is how many events of the children of one execution stay in memory when they have been asked for.
const mostRead = 1 << 20

// family is what the records of an execution say of its Map Runs, as far as they have been read.
type family struct {
	of       *indexed
	newest   recordlog.Position // of the records that were read
	state    *state             // that they fold to
	known    *coder.Known       // what they have said
	runs     *asl.Recorder
	children map[string]*child // by their ARNs
	inOrder  []*child          // of their beginnings
	last     map[string]*child // by their places in their Map Runs
	read     int               // events of children
}

// child is a child of a Map Run.
type child struct {
	arn      string
	begun    *asl.Event // nil if it is no child, but another execution inside
	events   []asl.Event
	replaced bool // a redrive has started it again, under another ARN
}

// MapRuns implements [asl.MapRunner].
func (r *running) MapRuns(context.Context) (all []asl.MapRun, err error) {
	err = r.ask(func(f *family) { all = f.runs.MapRuns() })
	return all, err
}

// Children implements [asl.MapRunner].
func (r *running) Children(_ context.Context, mapRun string) (all []asl.Running, err error) {
	err = r.ask(func(f *family) {
		for _, c := range f.inOrder {
			if c.begun != nil && c.begun.Map.RunARN == mapRun && !c.replaced {
				all = append(all, c.shown())
			}
		}
	})
	return all, err
}

// Child implements [asl.MapRunner].
func (r *running) Child(_ context.Context, arn string) (one asl.Running, err error) {
	err = r.ask(func(f *family) {
		if c := f.children[arn]; c != nil && c.begun != nil && !c.replaced {
			one = c.shown()
		}
	})
	return one, err
}

// shown is the child as it stands.
func (c *child) shown() asl.Running {
	events := c.events
	return hosts.NewChild(c.arn, c.begun, func() []asl.Event { return events })
}

// ask reads what was not read yet of the execution, and has f look at all of it.
func (r *running) ask(f func(*family)) error {
	if err := r.flush(); err != nil {
		return err
	}
	all := &r.engine.families
	all.mu.Lock()
	defer all.mu.Unlock()
	of := all.last
	if of == nil || of.of != r.entry {
		of = &family{
			of: r.entry, runs: asl.NewRecorder(r.ID(), 0, nil), children: map[string]*child{}, last: map[string]*child{},
		}
	}
	all.last = nil
	if err := of.readOn(r.engine.log); err != nil {
		return fmt.Errorf("durable: the execution %s: %w", r.entry.id, err)
	}
	if of.read <= mostRead {
		all.last = of
	}
	f(of)
	return nil
}

// readOn reads the records that have come since the last time.
func (f *family) readOn(log recordlog.Log) error {
	var records [][]byte
	newest, first := f.of.last.Get(), f.of.last.First()
	for at := newest; at != f.newest; {
		record, before, err := log.Read(at)
		if err != nil {
			return err
		}
		records = append(records, record)
		if at == first {
			break
		}
		at = before
	}
	for _, record := range slices.Backward(records) {
		if err := f.take(record); err != nil {
			return err
		}
	}
	if f.newest = newest; f.state == nil {
		return errors.New("it is not on disk yet")
	}
	return nil
}

// take takes in the record that follows those which were read.
func (f *family) take(record []byte) error {
	h, rest, err := decodeHead(record)
	if err != nil {
		return err
	}
	switch {
	case h.start != nil:
		f.state, f.known = newState(h.start.root(), h.time), rest.Known
	case f.state == nil:
		return errors.New("its first record is missing")
	case h.flags&flagForgets != 0:
		f.known = &coder.Known{}
	}
	rest.Known = f.known
	return decodeEntries(rest, f.state, f.note)
}

// note takes in an entry of a record.
func (f *family) note(e *entry) {
	if e.kind != eventOf {
		return
	}
	if e.of == "" {
		f.runs.Learn(e.path, *e.event)
		return
	}
	f.runs.Inside(e.of, 0).Learn(e.path, *e.event)
	c := f.children[e.of]
	if c == nil {
		c = &child{arn: e.of}
		f.children[c.arn] = c
		f.inOrder = append(f.inOrder, c)
	}
	if e.event.Type == asl.ExecutionStarted && e.event.Map != nil {
		c.begun = e.event
		// One that a redrive has started again has another path if the Map had been tried again: the tries are not counted any more then.
		place := e.event.Map.RunARN + e.path[strings.LastIndexByte(e.path, '.')+1:]
		if before := f.last[place]; before != nil {
			before.replaced = true
		}
		f.last[place] = c
	}
	c.events = append(c.events, *e.event)
	f.read++
}
