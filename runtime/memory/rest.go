package memory

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/coder"
)

// mostAtRest is how many events a history may have to be put away with a frame: one with more is not written again for each wait.
const mostAtRest = 64

// rest puts away what is known of an execution that is parked and has no branches: as the durable engine writes it, that takes a fourth of the
// memory. Those who ask for it meanwhile read it.
func (h *host) rest() {
	x := h.execution
	x.mu.Lock()
	defer x.mu.Unlock()
	events, ok := x.recorder.Rest(mostAtRest)
	if !ok || !codes(x.of.Started) {
		return
	}
	if a := h.frame.Attempt; a != nil {
		h.waiter.work = begun(a.Work)
	}
	s := standing{h.frame, events}
	c := coder.Coder{Bytes: make([]byte, 0, 512), Known: x.says()}
	s.codeFrame(&c)
	s.codeEvents(&c)
	if bytes.Contains(c.Bytes, replaced) {
		return // perhaps it stands for what is not UTF-8, of a document that Go code has made
	}
	if x.rested = string(c.Bytes); len(c.Bytes) > 2*deepest {
		if _, err := x.read(); err != nil {
			x.rested = ""
			return
		}
	}
	x.of, x.recorder, h.frame = nil, nil, nil
}

// replaced stands in documents for what is not UTF-8.
var replaced = []byte("\uFFFD")

// deepest is how deep texts of JSON may be nested that are read; documents that Go code has made may be nested deeper.
const deepest = 10_000

// codes reports whether the times of an execution that begins then can be put away: they are written as Unix nanoseconds.
func codes(begins time.Time) bool { return begins.Year() > 1700 && begins.Year() < 2100 }

// rise returns the frame of an execution that goes on.
func (h *host) rise() (*asl.Frame, error) {
	x := h.execution
	if h.of != nil {
		return h.frame, nil
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.rested == "" {
		return h.frame, nil
	}
	s, err := x.read()
	if err != nil {
		return nil, err
	}
	if a := s.frame.Attempt; a != nil {
		a.Token, a.Resource, a.Work = h.waiter.token, h.waiter.resource, h.waiter.work
	}
	x.rested, x.of, x.recorder, h.frame = "", s.frame.Context.Execution, s.frame.Recorder, s.frame
	return h.frame, nil
}

// begun returns what is needed of the work of an attempt that has begun. It is not made again of the parameters: not every type of Go
// reads what it has written, and the task need not fail for that.
func begun(w asl.Work) asl.Work {
	if b, ok := w.(interface{ Begun() asl.Work }); ok {
		return b.Begun()
	}
	return w
}

// stands returns a copy of the frame of a host that is parked, nil if it cannot be read.
func (h *host) stands() *asl.Frame {
	if x := h.execution; h.frame == nil {
		x.mu.Lock()
		defer x.mu.Unlock()
		if s, c := x.readFrame(); c.Err == nil {
			return s.frame
		}
	}
	return h.frame
}

// standing is what is known of an execution: where it stands, and its history.
type standing struct {
	frame  *asl.Frame
	events []asl.Event
}

// read reads what was put away. It is called with the lock held.
func (x *execution) read() (*standing, error) {
	s, c := x.readFrame()
	if s.codeEvents(c); c.Err != nil {
		return nil, fmt.Errorf("memory: what was put away of %s cannot be read: %w", x.name, c.Err)
	}
	s.frame.Record(s.events)
	if x.engine.asked.Load() {
		s.frame.Recorder.KeepChildren()
	}
	return s, nil
}

// readFrame reads the frame of what was put away; c is to read the rest.
func (x *execution) readFrame() (s *standing, c *coder.Coder) {
	s = &standing{frame: &asl.Frame{Context: asl.Context{Execution: &asl.ContextExecution{}}}}
	c = &coder.Coder{Bytes: []byte(x.rested), Reading: true, Known: x.says()}
	s.codeFrame(c)
	return s, c
}

// says returns the texts that need not be put away.
func (x *execution) says() *coder.Known {
	a := x.engine.account
	return coder.NewKnown(x.name, x.unique, x.program.Name(), string(x.program.Type()), a.Region, a.ID, a.RoleARN())
}

// codeFrame writes where the execution stands, or reads it.
func (s *standing) codeFrame(c *coder.Coder) {
	of := s.frame.Context.Execution
	c.Execution(of)
	codeHex(c, &s.frame.Execution)
	c.Frame(s.frame, &asl.Frame{Execution: s.frame.Execution, Context: asl.Context{Execution: of}, Document: of.Input})
	s.codeAttempt(c)
}

// codeHex codes a text of hexadecimal digits, two in a byte.
func codeHex(c *coder.Coder, s *string) {
	b, _ := hex.DecodeString(*s) // which it is: nothing else makes the unique parts of executions
	text := string(b)
	c.Plain(&text)
	*s = hex.EncodeToString([]byte(text))
}

// codeEvents writes the history, or reads it.
func (s *standing) codeEvents(c *coder.Coder) {
	n := c.Count(len(s.events))
	if c.Reading {
		s.events = make([]asl.Event, n)
	}
	first := int64(1)
	if n > 0 && !c.Reading {
		first = s.events[0].ID
	}
	c.Int64(&first)
	for i := range s.events {
		s.events[i].ID = first + int64(i)
		c.Event(&s.events[i])
	}
}

// codeAttempt codes the attempt that the frame waits for: what of it is known of the frame and of who waits for its end is not written.
func (s *standing) codeAttempt(c *coder.Coder) {
	there := s.frame.Attempt != nil
	if c.Bool(&there); !there {
		return
	}
	a := s.frame.Attempt
	if c.Reading {
		a = s.frame.NewAttempt("")
		s.frame.Attempt = a
	}
	c.Text(&a.RoleARN)
	pattern, heartbeat := int(a.Pattern), int64(a.Heartbeat)
	c.Int(&pattern)
	c.Int64(&heartbeat)
	if c.Reading { // else others may read it: the job of the attempt is told of it
		a.Pattern, a.Heartbeat = asl.Pattern(pattern), time.Duration(heartbeat)
	}
	c.Time(&a.Deadline)
	c.Value(&a.Parameters)
}
