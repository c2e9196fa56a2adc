package states

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/r-seed-632eed22/aslgen/internal/covered"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/query"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Retrier is an element of Retry (R170). Generated code writes every number down, the language's defaults too.
type Retrier struct {
	ErrorEquals     []string
	IntervalSeconds int
	MaxAttempts     int
	BackoffRate     float64
	MaxDelaySeconds int    // 0 is none
	JitterStrategy  string // FULL or NONE, which is ""
}

// delay returns the back-off before retry k, counted from 1, without jitter (R171).
func (t *Retrier) delay(k int) time.Duration {
	seconds := float64(t.IntervalSeconds) * math.Pow(t.BackoffRate, float64(k-1))
	if t.MaxDelaySeconds > 0 {
		seconds = min(seconds, float64(t.MaxDelaySeconds))
	}
	return time.Duration(min(seconds*float64(time.Second), math.MaxInt64/2))
}

// retry reports whether a failed attempt is to be followed by another, from the frame's Wake on (R172). The first retrier
// that matches decides; its counter is the frame's.
func (r *run) retry(retriers []Retrier, failed *asl.Error) (again bool, err error) {
	f := r.frame
	for i := range retriers {
		t := &retriers[i]
		if !matches(failed, t.ErrorEquals) {
			continue
		}
		if decided, err := r.test.retry(i, t, failed); decided {
			return false, err
		}
		if f.Retries == nil {
			f.Retries = make([]int, len(retriers))
		}
		if f.Retries[i] >= t.MaxAttempts {
			return false, nil
		}
		f.Retries[i]++
		r.tell(covered.Retrier, i)
		delay := t.delay(f.Retries[i])
		if t.JitterStrategy == "FULL" {
			delay = time.Duration(float64(delay) * r.Random().Float64())
		}
		f.Wake = r.host.Now().Add(delay)
		r.context.State.RetryCount++
		if f.Recorder.Full(f) {
			return false, errHistoryFull
		}
		r.unfork()
		return true, r.host.Enter(f) // the counters and the back-off's end are part of the checkpoint
	}
	return false, nil
}

// backOff waits for the time of the next attempt, if the frame says one.
func (r *run) backOff() error {
	if r.frame.Wake.IsZero() {
		return nil
	}
	if err := r.sleepUntil(r.frame.Wake); err != nil {
		return err
	}
	r.frame.Wake, r.chance, r.again = time.Time{}, nil, false
	return nil
}

// Catcher is an element of Catch (R180).
type Catcher struct {
	ErrorEquals []string
	ResultPath  string
	Output      *query.Template // in a JSONata state
	Assign      *query.Template
	Next        string

	resultPath query.Path
}

func prepareCatch(catchers []Catcher) error {
	var faults []error
	for i := range catchers {
		var err error
		catchers[i].resultPath, err = query.ParseReference(fmt.Sprintf("Catch[%d]/ResultPath", i), catchers[i].ResultPath)
		faults = append(faults, err, prepareTemplates(catchers[i].Output, catchers[i].Assign))
	}
	return errors.Join(faults...)
}

// catch gives the first catcher that matches the error; without one the error stands. The Error Output goes into the
// state's raw input (R30).
func (r *run) catch(catchers []Catcher, input value.Value, failed *asl.Error) (output value.Value, next string, err error) {
	for i := range catchers {
		if c := &catchers[i]; matches(failed, c.ErrorEquals) {
			r.test.caught(i, failed)
			r.tell(covered.Catcher, i)
			of := fmt.Sprintf("Catch[%d]/", i)
			if r.jsonata {
				r.errorOutput = errorOutput(failed)
				output, err = r.output(of, c.Assign, c.Output, r.errorOutput)
				return output, c.Next, err
			}
			if err := r.assign(of, c.Assign, errorOutput(failed)); err != nil {
				return value.Value{}, "", err
			}
			output, err = r.merge(c.resultPath, input, errorOutput(failed))
			return output, c.Next, err
		}
	}
	return value.Value{}, "", failed
}
