// Package recordlog keeps the records of executions: one behind the other, each with where the record before it of the same execution
// is. What was written is on disk, or is not there at all.
package recordlog

import (
	"encoding/binary"
	"sync/atomic"
)

// Log keeps records.
type Log interface {
	// Put copies a record, whose first HeadSize bytes are the log's own, behind those before it. Where the execution's last record
	// is stands in at; where this one is, from when it is written on. The record is on disk when the ticket's Wait has returned nil.
	Put(record []byte, at *Place) Ticket
	// Read returns a record without its head, and where that before it of the same execution is.
	Read(at Position) (record []byte, before Position, err error)
	// Scan calls f for every record, in order. It is called once, before all else.
	Scan(f func(at, before Position, record []byte) error) error
	// Drop forgets the records in segments before the one with the number.
	Drop(before uint32) error
	Close() error
}

// Ticket is a record that is not on disk yet.
type Ticket interface{ Wait() error }

// Place is where the records of an execution are that are on disk: one goroutine writes it, others read it.
type Place struct {
	last, first atomic.Uint64
	newest      Position // of a record that may not be on disk yet; none if there is no such record
}

// Get returns the position of the last record, First that of the first.
func (p *Place) Get() Position { return unpacked(p.last.Load()) }

// First is described at [Place.Get].
func (p *Place) First() Position { return unpacked(p.first.Load()) }

// Set says that the next record is at a position.
func (p *Place) Set(at Position) {
	packed := uint64(at.Segment)<<32 | uint64(at.Offset)
	p.first.CompareAndSwap(0, packed)
	p.last.Store(packed)
}

func unpacked(n uint64) Position { return Position{uint32(n >> 32), uint32(n)} }

// before returns where the newest record is, on disk or not. Only a log's writer asks.
func (p *Place) before() Position {
	if p.newest != (Position{}) {
		return p.newest
	}
	return p.Get()
}

// HeadSize is how many bytes a record has before what is coded: its length, its checksum, and where the record before it of the
// same execution is.
const HeadSize = 4 + 4 + 8

// Position is where a record begins: the number of its segment, and the byte in it. The zero Position is none.
type Position struct{ Segment, Offset uint32 }

func (p Position) put(b []byte) {
	binary.LittleEndian.PutUint32(b, p.Segment)
	binary.LittleEndian.PutUint32(b[4:], p.Offset)
}

func positionIn(b []byte) Position {
	return Position{binary.LittleEndian.Uint32(b), binary.LittleEndian.Uint32(b[4:])}
}
