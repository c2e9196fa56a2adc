package asl

// Rest returns the events of a history that can be put away with its frame, whose Record makes it again of them: there are so many at most, no
// observer follows them, and they tell of no Map Run.
func (r *Recorder) Rest(most int) (events []Event, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.journal != nil || r.silent || len(r.observers) > 0 || r.runs != nil || r.history.count > most {
		return nil, false
	}
	return r.history.events(r.count), true
}

// Record makes the history of the frame's execution again, of the events that Rest has returned.
func (f *Frame) Record(events []Event) {
	r := &Recorder{of: f.Context.Execution}
	for i := range events {
		r.history.append(&events[i])
		r.count = int(events[i].ID)
	}
	f.Recorder = r
}
