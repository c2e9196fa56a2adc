package recordlog

import (
	"errors"
	"slices"
	"sync"
)

// Memory is a [Log] for tests of what survives a crash: it keeps what was on disk then, and no more.
type Memory struct {
	mu      sync.Mutex
	records [][]byte
	points  int // where it could have crashed
	crash   int // the point where it does; 0 is nowhere
	crashed bool
}

// NewMemory returns a log with the records of another one, if that is not nil. It crashes at one of its points, which are counted from
// 1, if crash is positive.
func NewMemory(survivor *Memory, crash int) *Memory {
	m := &Memory{crash: crash}
	if survivor != nil {
		survivor.mu.Lock()
		defer survivor.mu.Unlock()
		m.records = append(m.records, survivor.records...)
	}
	return m
}

// ErrCrashed is what is returned after a crash.
var ErrCrashed = errors.New("recordlog: this is after the crash")

// Point counts a point, and crashes if it is the one.
func (m *Memory) Point() (crashed bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.point()
}

func (m *Memory) point() bool {
	if m.points++; m.points == m.crash {
		m.crashed = true
	}
	return m.crashed
}

// Points returns how many points there were.
func (m *Memory) Points() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.points
}

// Crashed reports whether it has crashed.
func (m *Memory) Crashed() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.crashed
}

type memoryTicket struct{ err error }

func (t memoryTicket) Wait() error { return t.err }

// Put implements [Log]. There is a point before a record is kept and one after.
func (m *Memory) Put(record []byte, at *Place) Ticket {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.crashed || m.point() {
		return memoryTicket{ErrCrashed}
	}
	record = slices.Clone(record)
	at.Get().put(record[8:])
	seal(record)
	m.records = append(m.records, record)
	at.Set(Position{1, uint32(len(m.records))})
	if m.point() {
		return memoryTicket{ErrCrashed}
	}
	return memoryTicket{}
}

// Read implements [Log].
func (m *Memory) Read(at Position) (record []byte, before Position, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if at.Offset == 0 || int(at.Offset) > len(m.records) {
		return nil, before, errors.New("recordlog: there is no such record")
	}
	record = m.records[at.Offset-1]
	return record[HeadSize:], positionIn(record[8:]), nil
}

// Scan implements [Log].
func (m *Memory) Scan(f func(at, before Position, record []byte) error) error {
	for i, record := range m.records {
		if err := f(Position{1, uint32(i + 1)}, positionIn(record[8:]), record[HeadSize:]); err != nil {
			return err
		}
	}
	return nil
}

// Drop implements [Log]: there is one segment.
func (m *Memory) Drop(uint32) error { return nil }

// Close implements [Log].
func (m *Memory) Close() error { return nil }
