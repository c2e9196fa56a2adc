package durable

import (
	"fmt"
	"time"

	"github.com/r-seed-632eed22/aslgen/internal/recordlog"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/coder"
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
func (h *head) code(c *coder.Coder) {
	version := uint64(format)
	if c.Uint(&version); version != format && c.Err == nil {
		c.Fail(fmt.Errorf("a record has the format %d: this program knows the format %d", version, format))
		return
	}
	c.Uint(&h.serial)
	c.Uint(&h.flags)
	if h.flags&(flagStart|flagEnd|flagRedriven) != 0 {
		c.Moment(&h.time)
	}
	if h.flags&flagStart != 0 {
		if c.Reading {
			h.start = &started{}
		}
		s := h.start
		for _, text := range []*string{&s.program, &s.checksum, &s.secret} {
			c.Text(text)
		}
		hash := string(s.input[:])
		c.Plain(&hash)
		copy(s.input[:], hash)
		if c.Reading {
			s.context.Execution = &asl.ContextExecution{}
		}
		c.Execution(s.context.Execution)
	}
	if h.flags&flagSnapshot != 0 {
		h.before = c.Count(h.before)
	}
	if h.flags&flagParked != 0 {
		c.Moment(&h.wake)
	}
	if h.flags&flagTaken != 0 {
		c.Plain(&h.taken)
	}
	if h.flags&flagEnd != 0 {
		status := string(h.status)
		c.Plain(&status)
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

func (o *op) code(c *coder.Coder) {
	n := uint64(o.deed)
	c.Uint(&n)
	o.deed = deed(n)
	c.Time(&o.time)
	switch o.deed {
	case hadEvent:
		c.Int64(&o.id)
		c.Word(&o.text)
	case slept, joined:
	case begun:
		c.Text(&o.text)
	case handled, sent:
		c.Text(&o.text)
		c.Value(&o.value)
	case resulted:
		c.Value(&o.value)
		c.Fault(&o.err)
	case branched:
		c.Int(&o.index)
		if c.Reading {
			o.outcome = &asl.Outcome{}
		}
		codeOutcome(c, o.outcome)
	default:
		c.Fail(fmt.Errorf("a record has a deed %d", n))
	}
}

func codeOutcome(c *coder.Coder, o *asl.Outcome) {
	c.Value(&o.Output)
	c.Fault(&o.Err)
	c.Int64(&o.Last)
	c.Int64(&o.Succeeded)
	there := o.Child != nil
	if c.Bool(&there); !there {
		return
	}
	if c.Reading {
		o.Child = &asl.ChildEnd{}
	}
	c.Text(&o.Child.ARN)
	c.Text(&o.Child.Name)
	c.Time(&o.Child.Started)
	c.Time(&o.Child.Done)
	c.Bool(&o.Child.TimedOut)
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
func (e *entry) code(c *coder.Coder, s *state) {
	n := uint64(e.kind)
	c.Uint(&n)
	e.kind = kind(n)
	c.Text(&e.path)
	switch e.kind {
	case eventOf:
		if c.Text(&e.of); c.Reading {
			e.event = &asl.Event{ID: int64(s.count(e.of) + 1)}
		}
		c.Bool(&e.since)
		c.Event(e.event)
	case frameOf:
		c.Time(&e.time)
		e.codeFrame(c, s)
	case bornOf:
		c.Time(&e.time)
	case didOf, keptOf:
		if c.Reading {
			e.op = &op{}
		}
		e.op.code(c)
	case failedOf:
		c.Text(&e.text)
		e.codeFrame(c, s)
	case goneOf:
	case resetOf, redrivenOf:
		if e.kind == resetOf {
			*c.Known = coder.Known{}
		}
		c.Time(&e.time)
		c.Text(&e.text)
		if c.Int(&e.count); c.Reading && e.kind == resetOf { // whose frames have the context of this redrive
			again := *s.root.Context.Execution
			again.RedriveCount, again.Redriven = e.count, e.time
			s.root.Context.Execution = &again
		}
	case answerOf:
		c.Text(&e.text)
		c.Value(&e.value)
		c.Fault(&e.err)
	case abortOf:
		c.Fault(&e.err)
	case stoppingOf, stoppedOf:
		c.Text(&e.text)
		c.Value(&e.value)
	case endOf:
		c.Time(&e.time)
		c.Value(&e.value)
		c.Fault(&e.err)
	case historyOf:
		c.Text(&e.of)
		c.Int(&e.count)
	default:
		c.Fail(fmt.Errorf("a record has an entry of kind %d", n))
	}
}

// codeFrame codes the frame of an entry, by the one before it of the same path.
func (e *entry) codeFrame(c *coder.Coder, s *state) {
	like := s.root
	if p := s.path(e.path); p != nil && p.frame != nil {
		like = p.frame
	}
	if c.Reading {
		e.frame = &asl.Frame{}
	}
	c.Frame(e.frame, like)
}

// encode writes a record that has entries. What the head of a start says the entries after it can say again.
func encode(b []byte, h *head, k *coder.Known, entries []byte) []byte {
	var place [recordlog.HeadSize]byte
	c := coder.Coder{Bytes: append(b, place[:]...), Known: k}
	h.code(&c)
	return append(c.Bytes, entries...)
}

// decodeHead reads the beginning of a record, without its place in the log.
func decodeHead(b []byte) (h head, rest coder.Coder, err error) {
	c := coder.Coder{Bytes: b, Reading: true, Known: &coder.Known{}}
	h.code(&c)
	return h, c, c.Err
}

// decodeEntries reads the rest of a record, and has the state take in its entries. They are told to f, if that is not nil.
func decodeEntries(c coder.Coder, s *state, f func(*entry)) error {
	for c.Err == nil && len(c.Bytes) > 0 {
		var e entry
		if e.code(&c, s); c.Err != nil {
			break
		}
		if err := s.fold(&e); err != nil {
			return err
		}
		if f != nil {
			f(&e)
		}
	}
	return c.Err
}
