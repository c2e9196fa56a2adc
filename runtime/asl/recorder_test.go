package asl

import "testing"

// The last event that a history has room for is the one that ends the execution.
func TestRecorderLimit(t *testing.T) {
	r := NewRecorder("e", 0, nil)
	r.limit = 4
	for i, row := range []struct {
		event EventType
		id    int64
		Full  bool
	}{
		{ExecutionStarted, 1, false}, {"PassStateEntered", 2, false}, {"PassStateExited", 3, true},
		{"PassStateEntered", 3, true}, {ExecutionFailed, 4, true}, {"PassStateEntered", 4, true},
	} {
		if id := r.Append(&Frame{}, Event{Type: row.event}); id != row.id || r.Full(&Frame{}) != row.Full {
			t.Errorf("append %d: id %d, full %t", i, id, r.Full(&Frame{}))
		}
	}
	if events := r.Events(); len(events) != 4 || events[3].Type != ExecutionFailed {
		t.Errorf("%+v", events)
	}
}
