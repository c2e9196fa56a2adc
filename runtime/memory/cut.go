package memory

import (
	"encoding/json"
	"fmt"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
)

// WithCuts has the engine put every frame away where it can be, and go on with it: before each state, back-off and wait, of
// executions and of what runs inside them. A frame is written to bytes, nothing but them is kept, and it is read from them
// again. It is for tests of what a frame must hold; now says where, by the number of the place, counted from 0 in each frame.
func WithCuts(now func(place int) bool) Option { return func(e *Engine) { e.cuts = now } }

// cuts are those of a frame.
type cuts struct {
	places   int // where it could be cut
	recorder *asl.Recorder
}

// errCut ends the run of a frame that was put away.
type errCut struct{ frame []byte }

func (*errCut) Error() string { return "memory: the frame is put away" }

// Unwrap has states see that it is no error of theirs.
func (*errCut) Unwrap() error { return asl.ErrDetached }

// cut puts the frame away, if this is a place for it.
func (h *host) cut(f *asl.Frame) error {
	if h.engine.cuts == nil {
		return nil
	}
	if h.cuts == nil {
		h.cuts = &cuts{}
	}
	if h.cuts.places++; !h.engine.cuts(h.cuts.places - 1) {
		return nil
	}
	text, err := json.Marshal(f)
	if err != nil {
		return fmt.Errorf("memory: %w", err)
	}
	h.cuts.recorder = f.Recorder
	return &errCut{text}
}

// restore returns the frame that was put away.
func (h *host) restore(cut *errCut) (*asl.Frame, error) {
	f := &asl.Frame{}
	if err := json.Unmarshal(cut.frame, f); err != nil {
		return nil, fmt.Errorf("memory: %w", err)
	}
	f.Recorder = h.cuts.recorder
	return f, nil
}

// WithStoredAttempts has the engine write every attempt to bytes, and carry out what is read from them again. It is for tests
// of what an attempt must hold.
func WithStoredAttempts() Option { return func(e *Engine) { e.stored = true } }

// stored returns the attempt as it is after it was written and read.
func (h *host) stored(a *asl.Attempt) (*asl.Attempt, error) {
	text, err := json.Marshal(a)
	if err != nil {
		return nil, fmt.Errorf("memory: %w", err)
	}
	again := &asl.Attempt{}
	if err := json.Unmarshal(text, again); err != nil {
		return nil, fmt.Errorf("memory: %w", err)
	}
	again.OnSubmitted(a.Submitted)
	return again, h.program.Restore(again)
}
