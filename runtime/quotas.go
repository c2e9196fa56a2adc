package runtime

import "time"

// The quotas of executions (1.20).
const (
	longestStandard = 365 * 24 * time.Hour
	longestExpress  = 5 * time.Minute
	historyLimit    = 25_000     // events of a Standard execution, and those kept of an Express one
	variablesLimit  = 10_485_760 // bytes of all variables
)

var errHistoryFull = &Error{Name: ErrorRuntime, Cause: "The execution reached the maximum number of history events (25000)."}

// bound gives an execution that is about to begin the time and the history that one of its type may have.
func (r *run) bound(t Type) {
	r.frame.Recorder.bound(t)
	longest := longestStandard
	if t == Express {
		longest = longestExpress
	}
	if end := r.host.Now().Add(longest); r.frame.Deadline.IsZero() || end.Before(r.frame.Deadline) {
		r.frame.Deadline = end
	}
}

// bound gives the history the events that one of an execution of the type may have.
func (r *Recorder) bound(t Type) {
	if t == Express {
		r.rolling = true
	} else {
		r.limit = historyLimit
	}
}
