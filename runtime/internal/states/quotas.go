package states

import (
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
)

// The quotas of executions (1.20).
const (
	longestStandard = 365 * 24 * time.Hour
	longestExpress  = 5 * time.Minute
	variablesLimit  = 10_485_760 // bytes of all variables
)

var errHistoryFull = &asl.Error{Name: asl.ErrorRuntime, Cause: "The execution reached the maximum number of history events (25000)."}

// bound gives an execution that is about to begin the time and the history that one of its type may have.
func (r *run) bound(t asl.Type) {
	r.frame.Recorder.Bound(t)
	longest := longestStandard
	if t == asl.Express {
		longest = longestExpress
	}
	if end := r.host.Now().Add(longest); r.frame.Deadline.IsZero() || end.Before(r.frame.Deadline) {
		r.frame.Deadline = end
	}
}
