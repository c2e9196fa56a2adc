package asl

import (
	"bytes"
	"compress/flate"
	"io"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// history keeps the events of an execution. Once their documents are large, those of the events so far are compressed: an
// execution may have 25,000 events, each with a document of 256 KiB.
type history struct {
	chunks []*chunk
	count  int
	loose  int            // bytes of the documents that are not compressed
	recent [4]value.Value // of these, the newest ones: a state's output is the next one's input
	next   int            // place in recent
}

// looseLimit is how many bytes of documents a history keeps as they are. In memory a document can be twenty times its text.
const looseLimit = 8 << 20

// chunk is some of the events, without documents if these are compressed.
type chunk struct {
	events []Event
	places []place // of the documents in packed
	texts  int     // how many documents packed has
	packed []byte
}

// place says that a document of an event is the one with a number.
type place struct{ event, field, text int }

func (h *history) append(e *Event) {
	last := len(h.chunks) - 1
	if last < 0 || h.chunks[last].packed != nil || len(h.chunks[last].events) == cap(h.chunks[last].events) {
		h.chunks = append(h.chunks, &chunk{events: make([]Event, 0, 8<<min(len(h.chunks), 5))}) // so none is ever copied
		last++
	}
	c := h.chunks[last]
	c.events = append(c.events, *e)
	h.count++
	h.note(e.Input)
	h.note(e.Output)
	h.note(e.Assigned)
	if e.Task != nil {
		h.note(e.Task.Parameters)
	}
	if h.loose > looseLimit {
		h.pack()
	}
}

// parametersField is the place of the parameters in what documents returns.
const parametersField = 3

// documents are the documents of an event, the absent ones too.
func documents(e *Event) []*value.Value {
	all := []*value.Value{&e.Input, &e.Output, &e.Assigned}
	if e.Task != nil {
		all = append(all, &e.Task.Parameters)
	}
	return all
}

// note counts a document, once if it comes again soon.
func (h *history) note(v value.Value) {
	if v.IsAbsent() {
		return
	}
	for _, r := range h.recent {
		if value.SharesMemory(r, v) {
			return
		}
	}
	h.recent[h.next%len(h.recent)] = v
	h.next++
	h.loose += v.Size()
}

// pack compresses what is not compressed yet.
func (h *history) pack() {
	for i := len(h.chunks) - 1; i >= 0 && h.chunks[i].packed == nil; i-- {
		h.chunks[i].pack()
	}
	h.loose, h.recent = 0, [4]value.Value{}
}

func (c *chunk) pack() {
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, flate.BestSpeed) // whose errors are those of the buffer: it has none
	var recent value.Value
	for i := range c.events {
		e := &c.events[i]
		if e.Task != nil && !e.Task.Parameters.IsAbsent() {
			task := *e.Task
			e.Task = &task
		}
		for field, v := range documents(e) {
			if v.IsAbsent() {
				continue
			}
			if !value.SharesMemory(*v, recent) {
				recent = *v
				_, _ = w.Write(append(v.AppendJSON(nil), '\n'))
				c.texts++
			}
			c.places = append(c.places, place{i, field, c.texts - 1})
			*v = value.Value{}
		}
	}
	_ = w.Close()
	c.packed = b.Bytes()
}

// unpacked returns the events of the chunk with their documents.
func (c *chunk) unpacked() []Event {
	if c.packed == nil {
		return c.events
	}
	all, _ := io.ReadAll(flate.NewReader(bytes.NewReader(c.packed))) // what was just compressed has no fault
	texts := bytes.Split(all, []byte("\n"))                          // JSON without white space has no new line
	values := make([]value.Value, c.texts)
	for i := range values {
		values[i], _ = value.Parse(texts[i])
	}
	events := append([]Event(nil), c.events...)
	for _, p := range c.places {
		e := &events[p.event]
		if p.field == parametersField {
			task := *e.Task
			e.Task = &task
		}
		*documents(e)[p.field] = values[p.text]
	}
	return events
}

// forget drops the oldest events as long as so many are left.
func (h *history) forget(keep int) {
	for len(h.chunks) > 0 && h.count-len(h.chunks[0].events) >= keep {
		h.count -= len(h.chunks[0].events)
		h.chunks = h.chunks[1:]
	}
}

// events returns a copy of the events.
func (h *history) events() []Event {
	all := make([]Event, 0, h.count)
	for _, c := range h.chunks {
		all = append(all, c.unpacked()...)
	}
	return all
}
