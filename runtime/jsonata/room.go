package jsonata

import "sync"

// room is space for items that an evaluation leaves to the next one: its result is a document, so no item outlives it.
// An evaluation has one room. What it makes beyond that comes from the heap, and is collected while it runs.
type room struct {
	items [roomItems]item
	used  int
}

const roomItems = 1024

var rooms = sync.Pool{New: func() any { return new(room) }}

// items returns an empty list with space for some items.
func (x *evaluation) items(capacity int) []item {
	if x.room == nil {
		x.room = rooms.Get().(*room)
	}
	r := x.room
	if capacity > roomItems-r.used {
		x.allocate(capacity)
		return make([]item, 0, capacity)
	}
	from := r.used
	r.used += capacity
	return r.items[from:from:r.used]
}

// leave gives the room back, empty.
func (x *evaluation) leave() {
	if r := x.room; r != nil {
		clear(r.items[:r.used])
		r.used, x.room = 0, nil
		rooms.Put(r)
	}
}
