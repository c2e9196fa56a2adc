package durable

import (
	"fmt"
	"time"

	"github.com/r-seed-632eed22/aslgen/internal/recordlog"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// format is the version of records. A reader refuses others.
const format = 3

// What a record says of its execution as a whole, so that the index can be made again without reading all of it.
const (
	flagStart    = 1 << iota // it begins with how the execution started
	flagSnapshot             // what is before it is needed for the history alone
	flagParked               // the execution has left memory
	flagEnd                  // it says how the execution ended
	flagStops                // there are jobs to be stopped, after it
	flagRedriven             // the execution had ended, and goes on
	flagTaken                // another version of its machine has taken it over
	flagForgets              // what the records before it have said is not known any more
)

// head is the beginning of a record.
type head struct {
	serial uint64 // of the execution
	flags  uint64
	time   time.Time // of its start, its end or its redrive
	start  *started
	wake   time.Time // of one that is parked; zero is never
	status asl.Status
	taken  string // checksum of the version that has taken it over
	before int    // how many bytes of entries a snapshot has before it
}

// started is how an execution started.
type started struct {
	program, checksum string
	context           asl.Context
	secret            string // the execution's unique part
	input             [16]byte
}

// root returns the first frame of the execution.
func (s *started) root() *asl.Frame {
	return &asl.Frame{Execution: s.secret, Context: s.context, Document: s.context.Execution.Input}
}

// code codes the head.
func (h *head) code(c *coder) {
	version := uint64(format)
	if c.uint(&version); version != format && c.err == nil {
		c.fail(fmt.Errorf("a record has the format %d: this program knows the format %d", version, format))
		return
	}
	c.uint(&h.serial)
	c.uint(&h.flags)
	if h.flags&(flagStart|flagEnd|flagRedriven) != 0 {
		c.moment(&h.time)
	}
	if h.flags&flagStart != 0 {
		if c.reading {
			h.start = &started{}
		}
		s := h.start
		for _, text := range []*string{&s.program, &s.checksum, &s.secret} {
			c.text(text)
		}
		hash := string(s.input[:])
		c.plain(&hash)
		copy(s.input[:], hash)
		if c.reading {
			s.context.Execution = &asl.ContextExecution{}
		}
		c.execution(s.context.Execution)
	}
	if h.flags&flagSnapshot != 0 {
		h.before = c.count(h.before)
	}
	if h.flags&flagParked != 0 {
		c.moment(&h.wake)
	}
	if h.flags&flagTaken != 0 {
		c.plain(&h.taken)
	}
	if h.flags&flagEnd != 0 {
		status := string(h.status)
		c.plain(&status)
		h.status = asl.Status(status)
	}
}

// kind says what an entry of a record tells.
type kind uint64

const (
	_          kind = iota
	eventOf         // a path has an event
	frameOf         // a path stands at a frame: what it did before is done
	bornOf          // a path begins, at a time
	didOf           // a path did something since its frame
	goneOf          // a path is over
	failedOf        // … but has not succeeded: its frame is that with which a redrive goes on
	answerOf        // a token was answered
	abortOf         // the execution is stopped
	stoppingOf      // a job is to be stopped
	stoppedOf       // … and was, or nobody knows it any more
	endOf           // the execution has ended
	resetOf         // of a snapshot: what follows is all that matters of before
	historyOf       // of a snapshot: a history has so many events
	keptOf          // … and a path did something before that
	redrivenOf      // the execution goes on after its end
)

// deed is what a path did that it does not do again.
type deed uint64

const (
	_        deed = iota
	hadEvent      // id
	slept         // time
	begun         // an attempt: text is its id
	handled       // a job was started: text is its handle, value the service's answer
	sent          // a token was sent, value is the service's answer
	resulted      // an attempt ended: value, err
	joined        // all branches have ended
	branched      // a branch has ended: index, outcome
)

// op is a deed with what came of it.
type op struct {
	deed    deed
	time    time.Time
	text    string
	value   value.Value
	err     error
	id      int64
	index   int
	outcome *asl.Outcome
}

func (o *op) code(c *coder) {
	n := uint64(o.deed)
	c.uint(&n)
	o.deed = deed(n)
	c.time(&o.time)
	switch o.deed {
	case hadEvent:
		c.int64(&o.id)
		c.word(&o.text)
	case slept, joined:
	case begun:
		c.text(&o.text)
	case handled, sent:
		c.text(&o.text)
		c.value(&o.value)
	case resulted:
		c.value(&o.value)
		c.fault(&o.err)
	case branched:
		c.int(&o.index)
		if c.reading {
			o.outcome = &asl.Outcome{}
		}
		c.outcome(o.outcome)
	default:
		c.fail(fmt.Errorf("a record has a deed %d", n))
	}
}

func (c *coder) outcome(o *asl.Outcome) {
	c.value(&o.Output)
	c.fault(&o.Err)
	c.int64(&o.Last)
	c.int64(&o.Succeeded)
	there := o.Child != nil
	if c.bool(&there); !there {
		return
	}
	if c.reading {
		o.Child = &asl.ChildEnd{}
	}
	c.text(&o.Child.ARN)
	c.text(&o.Child.Name)
	c.time(&o.Child.Started)
	c.time(&o.Child.Done)
	c.bool(&o.Child.TimedOut)
}

// entry is a thing that a record tells. Which members it has is a matter of its kind.
type entry struct {
	kind  kind
	path  string
	event *asl.Event
	of    string // whose history has the event, or is counted: that of an execution inside has its ARN
	since bool   // the event came after the path's frame
	frame *asl.Frame
	time  time.Time
	op    *op
	text  string
	value value.Value
	err   error
	count int
}

// code codes the entry. What it says is by the state that the entries before it have led to.
func (e *entry) code(c *coder, s *state) {
	n := uint64(e.kind)
	c.uint(&n)
	e.kind = kind(n)
	c.text(&e.path)
	switch e.kind {
	case eventOf:
		if c.text(&e.of); c.reading {
			e.event = &asl.Event{ID: int64(s.count(e.of) + 1)}
		}
		c.bool(&e.since)
		c.event(e.event)
	case frameOf:
		c.time(&e.time)
		c.frameIn(e, s)
	case bornOf:
		c.time(&e.time)
	case didOf, keptOf:
		if c.reading {
			e.op = &op{}
		}
		e.op.code(c)
	case failedOf:
		c.text(&e.text)
		c.frameIn(e, s)
	case goneOf:
	case resetOf, redrivenOf:
		if e.kind == resetOf {
			*c.known = known{}
		}
		c.time(&e.time)
		c.text(&e.text)
		if c.int(&e.count); c.reading && e.kind == resetOf { // whose frames have the context of this redrive
			again := *s.root.Context.Execution
			again.RedriveCount, again.Redriven = e.count, e.time
			s.root.Context.Execution = &again
		}
	case answerOf:
		c.text(&e.text)
		c.value(&e.value)
		c.fault(&e.err)
	case abortOf:
		c.fault(&e.err)
	case stoppingOf, stoppedOf:
		c.text(&e.text)
		c.value(&e.value)
	case endOf:
		c.time(&e.time)
		c.value(&e.value)
		c.fault(&e.err)
	case historyOf:
		c.text(&e.of)
		c.int(&e.count)
	default:
		c.fail(fmt.Errorf("a record has an entry of kind %d", n))
	}
}

// frameIn codes the frame of an entry, by the one before it of the same path.
func (c *coder) frameIn(e *entry, s *state) {
	like := s.root
	if p := s.path(e.path); p != nil && p.frame != nil {
		like = p.frame
	}
	if c.reading {
		e.frame = &asl.Frame{}
	}
	c.frame(e.frame, like)
}

// encode writes a record that has entries. What the head of a start says the entries after it can say again.
func encode(b []byte, h *head, k *known, entries []byte) []byte {
	var place [recordlog.HeadSize]byte
	c := coder{b: append(b, place[:]...), known: k}
	h.code(&c)
	return append(c.b, entries...)
}

// decodeHead reads the beginning of a record, without its place in the log.
func decodeHead(b []byte) (h head, rest coder, err error) {
	c := coder{b: b, reading: true, known: &known{}}
	h.code(&c)
	return h, c, c.err
}

// decodeEntries reads the rest of a record, and has the state take in its entries. They are told to f, if that is not nil.
func decodeEntries(c coder, s *state, f func(*entry)) error {
	for c.err == nil && len(c.b) > 0 {
		var e entry
		if e.code(&c, s); c.err != nil {
			break
		}
		if err := s.fold(&e); err != nil {
			return err
		}
		if f != nil {
			f(&e)
		}
	}
	return c.err
}
