package memory

import (
	"math"
	"time"
)

// moment is a time since the engine began, in nanoseconds counted from 1, a third of the memory of a [time.Time]; 0 is the zero time.
type moment int64

func (a *alarms) moment(t time.Time) moment {
	if t.IsZero() {
		return 0
	}
	return moment(min(max(t.Sub(a.from), 0), math.MaxInt64-1)) + 1
}

func (a *alarms) time(m moment) time.Time {
	if m == 0 {
		return time.Time{}
	}
	return a.from.Add(time.Duration(m - 1))
}
