package asl

import (
	"bytes"
	"compress/flate"
	"io"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// history keeps the events of an execution. Once their documents are large, those of the events so far are compressed: an
// execution may have 25,000 events, each with a document of 256 KiB.
type history struct {
	chunks []chunk
	count  int
	recent [2]value.Value // of the documents that are not compressed the newest ones: a state's output is the next one's input
	loose  int32          // bytes of these documents
	next   uint32         // place in recent
}

// looseLimit is how many bytes of documents a history keeps as they are. In memory a document can be twenty times its text.
const looseLimit = 8 << 20

// chunk is some of the events in a row, without documents if these are compressed.
type chunk struct {
	records []record
	packed  *packed
}

// packed are the documents of a chunk.
type packed struct {
	places []place
	texts  int // how many documents there are
	bytes  []byte
}

// place says that a document of a record is the one with a number.
type place struct{ record, field, text int }

// smallestChunk is how many events the first chunk has room for, and doublings how often the next one has room for twice as many.
const smallestChunk, doublings = 2, 7

func (h *history) append(e *Event) {
	last := len(h.chunks) - 1
	if last < 0 || h.chunks[last].packed != nil || len(h.chunks[last].records) == cap(h.chunks[last].records) {
		h.chunks = append(h.chunks, chunk{records: make([]record, 0, smallestChunk<<min(len(h.chunks), doublings))}) // so none is ever copied
		last++
	}
	c := &h.chunks[last]
	c.records = append(c.records, record{})
	r := &c.records[len(c.records)-1]
	r.set(e)
	h.count++
	for _, v := range r.documents() {
		h.note(*v)
	}
	if h.loose > looseLimit {
		h.pack()
	}
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
	h.recent[h.next%uint32(len(h.recent))] = v
	h.next++
	h.loose += int32(v.Size())
}

// pack compresses what is not compressed yet.
func (h *history) pack() {
	for i := len(h.chunks) - 1; i >= 0 && h.chunks[i].packed == nil; i-- {
		h.chunks[i].pack()
	}
	h.loose, h.recent = 0, [2]value.Value{}
}

func (c *chunk) pack() {
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, flate.BestSpeed) // whose errors are those of the buffer: it has none
	p := &packed{}
	var recent value.Value
	for i := range c.records {
		r := &c.records[i]
		r.own()
		for field, v := range r.documents() {
			if v.IsAbsent() {
				continue
			}
			if !value.SharesMemory(*v, recent) {
				recent = *v
				_, _ = w.Write(append(v.AppendJSON(nil), '\n'))
				p.texts++
			}
			p.places = append(p.places, place{i, field, p.texts - 1})
			*v = value.Value{}
		}
	}
	_ = w.Close()
	p.bytes = b.Bytes()
	c.packed = p
}

// unpacked returns the records of the chunk with their documents.
func (c *chunk) unpacked() []record {
	p := c.packed
	if p == nil {
		return c.records
	}
	all, _ := io.ReadAll(flate.NewReader(bytes.NewReader(p.bytes))) // what was just compressed has no fault
	texts := bytes.Split(all, []byte("\n"))                         // JSON without white space has no new line
	values := make([]value.Value, p.texts)
	for i := range values {
		values[i], _ = value.Parse(texts[i])
	}
	records := append([]record(nil), c.records...)
	for i := range records {
		records[i].own()
	}
	for _, at := range p.places {
		*records[at.record].documents()[at.field] = values[at.text]
	}
	return records
}

// forget drops the oldest events as long as so many are left.
func (h *history) forget(keep int) {
	for len(h.chunks) > 0 && h.count-len(h.chunks[0].records) >= keep {
		h.count -= len(h.chunks[0].records)
		h.chunks = h.chunks[1:]
	}
}

// events returns the events, of which the newest has a number.
func (h *history) events(newest int) []Event {
	all := make([]Event, 0, h.count)
	for _, c := range h.chunks {
		for _, r := range c.unpacked() {
			all = append(all, r.event(int64(newest-h.count+len(all)+1)))
		}
	}
	return all
}

// record is an event as a history keeps it: what many events have. Times are in UTC when it is an event again.
type record struct {
	seconds    int64 // since 1970
	nanosecond int32
	previous   int32
	output     bool // document is one
	parameters bool // task has some
	kind       EventType
	text       string      // the name of the event's state, or the role of ExecutionStarted
	document   value.Value // the event's output if it has one, else its input
	task       *TaskDetails
	more       *Event // what else it has; nil if nothing
}

func (r *record) set(e *Event) {
	r.seconds, r.nanosecond = e.Time.Unix(), int32(e.Time.Nanosecond())
	r.previous, r.kind, r.text, r.task = int32(e.Previous), e.Type, e.State, e.Task
	if e.Type == ExecutionStarted {
		r.text = e.RoleARN
	}
	r.parameters = e.Task != nil && !e.Task.Parameters.IsAbsent()
	if r.output = !e.Output.IsAbsent(); r.output {
		r.document = e.Output
	} else {
		r.document = e.Input
	}
	if r.output && !e.Input.IsAbsent() || !e.Assigned.IsAbsent() || e.Map != nil || e.Redrives != 0 || e.Err != nil || e.Location != "" {
		r.document, r.more = value.Value{}, &Event{
			Input: e.Input, Output: e.Output, Assigned: e.Assigned, Map: e.Map, Redrives: e.Redrives, Location: e.Location, Err: e.Err,
		}
	}
}

// event returns the event, which has a number.
func (r *record) event(id int64) Event {
	var e Event
	switch {
	case r.more != nil:
		e = *r.more
	case r.output:
		e.Output = r.document
	default:
		e.Input = r.document
	}
	e.ID, e.Previous, e.Time, e.Type, e.Task = id, int64(r.previous), time.Unix(r.seconds, int64(r.nanosecond)).UTC(), r.kind, r.task
	if e.Type == ExecutionStarted {
		e.RoleARN = r.text
	} else {
		e.State = r.text
	}
	return e
}

// documents are the documents of the record, the absent ones too.
func (r *record) documents() []*value.Value {
	all := append(make([]*value.Value, 0, 5), &r.document)
	if r.parameters {
		all = append(all, &r.task.Parameters)
	}
	if r.more != nil {
		all = append(all, &r.more.Input, &r.more.Output, &r.more.Assigned)
	}
	return all
}

// own has the record share nothing with others that has documents.
func (r *record) own() {
	if r.parameters {
		task := *r.task
		r.task = &task
	}
	if r.more != nil {
		more := *r.more
		r.more = &more
	}
}
