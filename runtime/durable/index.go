package durable

import (
	"fmt"
	"time"

	"github.com/r-seed-632eed22/aslgen/internal/recordlog"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
)

// version is a machine with the definition that its executions were started with.
type version struct{ program, checksum string }

// indexed is what is in memory of every execution.
type indexed struct {
	serial  uint64
	of      *version // which it was started with
	id      string   // the ARN
	name    string
	input   [16]byte // of its hash
	stopped time.Time
	status  asl.Status
	last    recordlog.Place
	wake    time.Time
	parked  bool
	stops   bool // jobs of it are to be stopped

	beats   map[string]time.Time // when heartbeats have to come, by attempts; not after the process has ended
	program asl.Program          // nil before a machine with its version is made
	x       *execution           // nil if it is not in memory
}

// index takes in the head of a record.
func (e *Engine) index(at, before recordlog.Position, record []byte) error {
	h, _, err := decodeHead(record)
	if err != nil {
		return err
	}
	i := e.entries[h.serial]
	if h.flags&flagStart != 0 {
		if i != nil {
			return fmt.Errorf("the execution %d starts twice", h.serial)
		}
		i = e.newIndexed(h.serial, h.start)
		e.add(i)
	}
	if e.oldest == 0 {
		e.oldest = at.Segment
	}
	if i == nil && before != (recordlog.Position{}) && before.Segment < e.oldest {
		return nil // it was forgotten, and its first records are gone
	}
	if i == nil {
		return fmt.Errorf("the execution %d has not started", h.serial)
	}
	i.last.Set(at)
	i.parked, i.wake, i.stops = h.flags&flagParked != 0, h.wake, h.flags&flagStops != 0
	if h.flags&flagTaken != 0 {
		i.of = e.versionOf(version{i.of.program, h.taken})
	}
	if h.flags&flagRedriven != 0 {
		i.status, i.stopped = asl.StatusRunning, time.Time{}
	}
	if h.flags&flagEnd != 0 {
		i.status, i.stopped = h.status, h.time
	}
	return nil
}

// newIndexed returns the entry of an execution that starts. It is called with the lock held, or before there is another goroutine.
func (e *Engine) newIndexed(serial uint64, s *started) *indexed {
	of := e.versionOf(version{s.program, s.checksum})
	x := s.context.Execution
	return &indexed{serial: serial, of: of, id: x.ID(), name: x.Name, input: s.input, status: asl.StatusRunning}
}

// versionOf returns the one that all executions of a version share. It is called with the lock held, or before there is another goroutine.
func (e *Engine) versionOf(v version) *version {
	of := e.versions[v]
	if of == nil {
		of = &v
		e.versions[v] = of
	}
	return of
}

// add puts an execution into the index.
func (e *Engine) add(i *indexed) {
	e.serial = max(e.serial, i.serial)
	e.entries[i.serial] = i
	named := e.names[i.of.program]
	if named == nil {
		named = map[string]*indexed{}
		e.names[i.of.program] = named
	}
	named[i.name] = i
}
