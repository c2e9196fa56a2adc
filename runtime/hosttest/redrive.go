package hosttest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// redrive redrives an execution, and expects the code of the answer, "" if it is redriven.
func (l *lab) redrive(e *execution, want string) {
	l.Helper()
	r, ok := e.Running().(asl.Redrivable)
	if !ok {
		l.Fatalf("a %T cannot be redriven", e.Running())
	}
	if err := r.Redrive(l.ctx, ""); code(err) != want {
		l.Errorf("Redrive returns %v, not %q", err, want)
	}
}

// failing is a task that fails until it was called so often with the same input.
type failing struct {
	sync.Mutex
	times map[string]int    // by input, how often it fails
	calls map[string]int    // by input
	ids   map[string]string // the inputs of attempts
}

func (f *failing) Call(_ context.Context, a *asl.Attempt, in asl.Value) (asl.Value, error) {
	f.Lock()
	defer f.Unlock()
	text := in.String()
	f.calls[text]++
	if was, is := f.ids[a.ID()]; is {
		return asl.Value{}, fmt.Errorf("the attempt %s of %s was one of %s", a.ID(), text, was)
	}
	f.ids[a.ID()] = text
	if f.calls[text] <= f.times[text] {
		return asl.Value{}, &asl.Error{Name: "Failing", Cause: text}
	}
	return in, nil
}

func newFailing(times map[string]int) *failing {
	return &failing{times: times, calls: map[string]int{}, ids: map[string]string{}}
}

func (f *failing) task(name string) *table.Task {
	return &table.Task{Name: name, Resource: "arn:aws:lambda:us-east-1:123456789012:function:f", End: true,
		Run: table.RequestResponse(name, table.Input, asl.Call[asl.Value, asl.Value]{Caller: f})}
}

func pass(name, result, next string) *table.Pass {
	return &table.Pass{Name: name, Result: value.MustParse(result), Next: next}
}

// redriveBranches redrives a Parallel state, with a Map and a Parallel in it, that has failed with its retries: what has succeeded does
// not run again.
func redriveBranches(l *lab) {
	f := newFailing(map[string]int{`"b"`: 5, `2`: 2, `"inner"`: 2})
	branch := func(first *table.Pass, task *table.Task) table.Branch {
		first.Next = task.Name
		return table.Branch{StartAt: first.Name, States: []table.State{first, task}}
	}
	each := &table.Map{Name: "Each", End: true, ItemProcessor: table.Branch{StartAt: "Item", States: []table.State{f.task("Item")}}}
	inner := &table.Parallel{Name: "Inner", End: true, Branches: []table.Branch{branch(pass("C", `"c"`, ""), f.task("DoC")), branch(pass("D", `"inner"`, ""), f.task("DoD"))}}
	e := l.states(
		&table.Parallel{Name: "Fan", Next: "Last", Retry: []table.Retrier{{ErrorEquals: []string{asl.ErrorAll}, IntervalSeconds: 5, MaxAttempts: 1, BackoffRate: 1}}, Branches: []table.Branch{
			branch(pass("A", `"a"`, ""), f.task("DoA")), branch(pass("B", `"b"`, ""), f.task("DoB")),
			{StartAt: "Items", States: []table.State{pass("Items", `[1,2,3]`, "Each"), each}},
			{StartAt: "In", States: []table.State{pass("In", `{}`, "Inner"), inner}},
		}},
		f.task("Last"))
	l.ends(e, "FAILED Failing")
	ended := f.calls[`"a"`]
	l.redrive(e, "")
	l.redrive(e, asl.CodeExecutionNotRedrivable) // it runs
	l.ends(e, "FAILED Failing")
	for range 5 {
		if l.status(e) != asl.StatusFailed {
			break
		}
		l.redrive(e, "")
		_, _ = e.Running().Wait(l.ctx)
	}
	l.ends(e, `SUCCEEDED ["a","b",[1,2,3],["c","inner"]]`)
	l.redrive(e, asl.CodeExecutionNotRedrivable)
	d, err := e.Running().Describe(l.ctx)
	if n := l.count(e, string(asl.ExecutionRedriven)); err != nil || d.RedriveCount != n || n == 0 || d.Redriven.IsZero() {
		l.Errorf("it says %d redrives, and has %d events of one (%v)", d.RedriveCount, n, err)
	}
	if f.calls[`"a"`] > ended+d.RedriveCount { // only the retry after a redrive runs all branches again
		l.Errorf("what has succeeded is called %d times, %d of them before the first of %d redrives", f.calls[`"a"`], ended, d.RedriveCount)
	}
	if n := l.count(e, "ParallelStateEntered"); n > 3+d.RedriveCount { // Fan's, and Inner's at first and in the retry of each run
		l.Errorf("a Parallel state is entered %d times", n)
	}
}

// redriveMapRun redrives a Map Run: its children go on that have not succeeded, EXPRESS ones begin again.
func redriveMapRun(l *lab) {
	for _, as := range []asl.Type{asl.Standard, asl.Express} {
		f := newFailing(map[string]int{`2`: 1, `4`: 1})
		first := &table.Pass{Name: "First", Next: "Item"}
		e := l.begin(l.ctx, `[1,2,3,4]`, table.Definition{States: []table.State{&table.Map{Name: "Load", End: true, MaxConcurrency: 1,
			Distributed:   &table.Distributed{ExecutionType: as, ToleratedFailureCount: new(1)},
			ItemProcessor: table.Branch{StartAt: "First", States: []table.State{first, f.task("Item")}},
		}}})
		l.ends(e, "FAILED States.ExceedToleratedFailureThreshold")
		l.redrive(e, "")
		l.ends(e, "SUCCEEDED [1,2,3,4]")
		if got := fmt.Sprint(f.calls); got != "map[1:1 2:2 3:1 4:2]" {
			l.Errorf("%s: calls %s", as, got)
		}
		types := l.types(e)
		at := slices.Index(types, string(asl.ExecutionRedriven))
		if at < 0 || !slices.Equal(types[at+1:], strings.Fields("MapRunRedriven MapRunSucceeded MapStateSucceeded MapStateExited ExecutionSucceeded")) {
			l.Errorf("%s: after the redrive come %v", as, types[max(at, 0):])
		}
	}
}

// redriveWaits redrives an execution that was stopped while it waits, one that has timed out, and one too late.
func redriveWaits(l *lab) {
	e := l.states(&table.Wait{Name: "Rest", Seconds: 6, End: true})
	l.sleep(3 * time.Second)
	l.stop(e, "Enough", "")
	if _, err := e.Running().Wait(l.ctx); err == nil {
		l.Error("a stopped execution has no error")
	}
	l.sleep(4 * time.Second)
	began := l.after()
	l.redrive(e, "")
	l.ends(e, "SUCCEEDED {}")
	if took := l.after() - began; !l.on(took, 6*time.Second) {
		l.Errorf("after the redrive it waits %v", took)
	}
	asked := 0
	e = l.begin(l.ctx, `{}`, table.Definition{TimeoutSeconds: 10, States: []table.State{ask("Ask", func(ctx context.Context, token string) error {
		l.Lock()
		asked++
		first := asked == 1
		l.Unlock()
		if first {
			return nil
		}
		return l.engine.SendTaskSuccess(ctx, token, value.True)
	})}})
	l.ends(e, "TIMED_OUT States.Timeout")
	l.redrive(e, "")
	l.ends(e, "SUCCEEDED true")
	if l.driven == nil {
		return
	}
	f := newFailing(map[string]int{`{}`: 1})
	e = l.states(f.task("Late"))
	l.ends(e, "FAILED Failing")
	l.sleep(14*24*time.Hour + time.Second)
	l.redrive(e, asl.CodeExecutionNotRedrivable)
}
