package hosttest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// names: no two executions of a machine that run have the same name.
func names(l *lab) {
	wait := table.Definition{Name: "Lab", StartAt: "W", States: []table.State{&table.Wait{Name: "W", Seconds: 10, End: true}}}
	one := "one-" + rand.Text()[:12] // a server may know executions of other tests
	first := l.begin(l.ctx, `{}`, wait, asl.Named(one))
	m, err := table.NewMachine[asl.Value, asl.Value](l.engine, wait)
	if err != nil {
		l.Fatal(err)
	}
	if _, err := m.Start(l.ctx, value.True, asl.Named(one)); err == nil || !strings.Contains(err.Error(), "ExecutionAlreadyExists") {
		l.Errorf("a second execution with the name: %v", err)
	}
	l.ends(first, "SUCCEEDED {}")
	if first.Running().Name() != one || !strings.HasSuffix(first.Running().ID(), ":execution:Lab:"+one) {
		l.Errorf("%s, %s", first.Running().Name(), first.Running().ID())
	}
}

// tokens: answers come before anybody waits, after that, with a failure; of two the first counts.
func tokens(l *lab) {
	early := ask("Ask", func(ctx context.Context, token string) error {
		return l.engine.SendTaskSuccess(ctx, token, value.Int(1))
	})
	l.ends(l.states(early), "SUCCEEDED 1")
	var given string
	later := ask("Ask", l.take(&given))
	e := l.states(later)
	l.sleep(5 * time.Second)
	for i, want := range []string{"", asl.CodeTaskTimedOut} {
		if got := code(l.engine.SendTaskSuccess(l.ctx, l.given(&given), value.Int(int64(i)))); got != want {
			l.Errorf("answer %d: %q, not %q", i, got, want)
		}
	}
	l.ends(e, "SUCCEEDED 0")
	if got := code(l.engine.SendTaskFailure(l.ctx, given, nil)); got != asl.CodeTaskTimedOut {
		l.Errorf("an answer after the end: %q", got)
	}
	refused := ask("Ask", func(ctx context.Context, token string) error {
		return l.engine.SendTaskFailure(ctx, token, &asl.Error{Name: "Refused", Cause: "no"})
	})
	l.ends(l.states(refused), "FAILED Refused")
	l.ends(l.states(ask("Ask", func(context.Context, string) error { return errors.New("nobody there") })), "FAILED States.TaskFailed")
}

// take returns a function that keeps the token it is given.
func (l *lab) take(given *string) func(context.Context, string) error {
	return func(_ context.Context, token string) error {
		l.Lock()
		defer l.Unlock()
		*given = token
		return nil
	}
}

// wrongTokens: what is no token of a task is refused by name (E48).
func wrongTokens(l *lab) {
	for _, token := range []string{"", "x", asl.TaskToken(""), asl.TaskToken("x"), strings.Repeat("x", 2000)} {
		for _, err := range []error{
			l.engine.SendTaskSuccess(l.ctx, token, value.True), l.engine.SendTaskFailure(l.ctx, token, nil),
			l.engine.SendTaskHeartbeat(l.ctx, token), l.engine.CheckTaskToken(l.ctx, token),
		} {
			if got := code(err); got != asl.CodeInvalidToken && got != asl.CodeTaskDoesNotExist {
				l.Errorf("%.20q: %q", token, got)
			}
		}
	}
}

// heartbeats: a task whose heartbeat is missed fails, one that beats goes on to its timeout (E47).
func heartbeats(l *lab) {
	silent := ask("Ask", func(context.Context, string) error { return nil })
	silent.HeartbeatSeconds, silent.TimeoutSeconds = 5, 60
	l.ends(l.states(silent), "FAILED States.Timeout")
	if !l.on(l.after(), 5*time.Second) {
		l.Errorf("the heartbeat is missed after %v", l.after())
	}
	var given string
	beating := ask("Ask", l.take(&given))
	beating.HeartbeatSeconds, beating.TimeoutSeconds = 5, 20
	beating.Catch = []table.Catcher{{ErrorEquals: []string{asl.ErrorHeartbeatTimeout}, Next: "Missed"}, {ErrorEquals: []string{asl.ErrorTimeout}, Next: "Over", ResultPath: "null"}}
	e := l.states(beating, &table.Pass{Name: "Missed", End: true}, &table.Succeed{Name: "Over"})
	for range 4 {
		l.sleep(4 * time.Second)
		if err := l.engine.SendTaskHeartbeat(l.ctx, l.given(&given)); err != nil {
			l.Error(err)
		}
	}
	l.ends(e, "SUCCEEDED {}")
	if !l.on(l.after(), 25*time.Second) {
		l.Errorf("its time is over after %v", l.after())
	}
	if got := code(l.engine.SendTaskHeartbeat(l.ctx, given)); got != asl.CodeTaskTimedOut {
		l.Errorf("a heartbeat after the end: %q", got)
	}
}

// tokenOfAJob: a .sync task's token ends the task, and the job is left alone (E39c); its heartbeats count.
func tokenOfAJob(l *lab) {
	j := &jobs{lab: l, takes: time.Hour}
	e := l.states(j.job("Job"))
	l.sleep(time.Second)
	if err := l.engine.SendTaskSuccess(l.ctx, l.given(&j.token), value.String("early")); err != nil {
		l.Fatal(err)
	}
	l.ends(e, `SUCCEEDED "early"`)
	silent := j.job("Job")
	silent.HeartbeatSeconds = 7
	l.ends(l.states(silent), "FAILED States.Timeout")
	stopped := l.soon(func() bool { return len(j.started) == 2 && slices.Equal(j.stopped, []string{"job " + j.started[1]}) })
	if !l.on(l.after(), 8*time.Second) || !stopped {
		l.Errorf("after %v: started %v, stopped %v", l.after(), j.started, j.stopped)
	}
}

// timeouts: an attempt, a job and an execution end with their time, to the second, and what runs is stopped.
func timeouts(l *lab) {
	slow := call("Call", func(ctx context.Context) (asl.Value, error) { return value.True, clock.Sleep(ctx, time.Minute) })
	slow.TimeoutSeconds = 10
	l.ends(l.states(slow), "FAILED States.Timeout")
	j := &jobs{lab: l, takes: time.Hour}
	late := j.job("Job")
	late.TimeoutSeconds = 10
	l.ends(l.states(late), "FAILED States.Timeout")
	l.ends(l.begin(l.ctx, `{}`, table.Definition{TimeoutSeconds: 10, States: []table.State{j.job("Job")}}), "TIMED_OUT States.Timeout")
	stopped := l.soon(func() bool { return len(j.started) == 2 && len(j.stopped) == 2 })
	if !l.on(l.after(), 30*time.Second) || !stopped {
		l.Errorf("after %v: started %v, stopped %v", l.after(), j.started, j.stopped)
	}
	l.ends(l.begin(l.ctx, `{}`, table.Definition{TimeoutSeconds: 10, States: []table.State{&table.Wait{Name: "W", Seconds: 10, Next: "P"}, &table.Pass{Name: "P", End: true}}}), "TIMED_OUT States.Timeout")
}

// retries: attempts wait for their time, each has an id of its own, and one that has ended is not made again.
func retries(l *lab) {
	var ids []string
	var at []time.Duration
	flaky := &table.Task{Name: "Work", Resource: "arn:aws:lambda:us-east-1:123456789012:function:f", End: true,
		Retry: []table.Retrier{{ErrorEquals: []string{asl.ErrorAll}, IntervalSeconds: 3, MaxAttempts: 3, BackoffRate: 2}},
		Run: table.RequestResponse("Work", table.Input, asl.Call[asl.Value, asl.Value]{Caller: caller(func(_ context.Context, a *asl.Attempt) (asl.Value, error) {
			l.Lock()
			defer l.Unlock()
			ids, at = append(ids, a.ID()), append(at, l.after())
			if len(ids) < 4 {
				return asl.Value{}, errors.New("again")
			}
			return value.Int(int64(len(ids))), nil
		})})}
	e := l.states(flaky)
	l.ends(e, "SUCCEEDED 4")
	if !slices.EqualFunc(at, []time.Duration{0, 3 * time.Second, 9 * time.Second, 21 * time.Second}, l.on) || l.count(e, "LambdaFunctionScheduled") != 4 || l.count(e, "TaskStateEntered") != 1 {
		l.Errorf("attempts at %v: %v", at, l.types(e))
	}
	if slices.Sort(ids); len(slices.Compact(ids)) != 4 {
		l.Errorf("the ids are %v", ids)
	}
}

type caller func(ctx context.Context, a *asl.Attempt) (asl.Value, error)

func (f caller) Call(ctx context.Context, a *asl.Attempt, _ asl.Value) (asl.Value, error) {
	return f(ctx, a)
}

// stop: an execution that is stopped ends at once, wherever it is, and so does what runs for it.
func stop(l *lab) {
	j := &jobs{lab: l, takes: time.Hour}
	ended := false
	for name, s := range map[string]table.State{
		"wait": &table.Wait{Name: "W", Seconds: 3600, End: true},
		"job":  j.job("Job"),
		"call": call("Call", func(ctx context.Context) (asl.Value, error) {
			err := clock.Sleep(ctx, time.Hour)
			l.Lock()
			defer l.Unlock()
			ended = err != nil
			return asl.Value{}, err
		}),
		"token":    ask("Ask", func(context.Context, string) error { return nil }),
		"Parallel": &table.Parallel{Name: "P", End: true, Branches: []table.Branch{{StartAt: "W", States: []table.State{&table.Wait{Name: "W", Seconds: 3600, End: true}}}}},
	} {
		before := l.after()
		e := l.states(s)
		l.sleep(time.Second)
		l.stop(e, "Enough", "of it")
		l.ends(e, "ABORTED aborted: Enough: of it")
		if !l.on(l.after(), before+time.Second) || l.count(e, "ExecutionAborted") != 1 || l.types(e)[len(l.types(e))-1] != "ExecutionAborted" {
			l.Errorf("%s: after %v: %v", name, l.after()-before, l.types(e))
		}
		l.stop(e, "Again", "")
		l.ends(e, "ABORTED aborted: Enough: of it")
	}
	if !l.soon(func() bool { return ended && len(j.stopped) == 1 }) {
		l.Errorf("the call ended %t, stopped jobs: %v", ended, j.stopped)
	}
}

// siblings: a branch that fails aborts the others, and stops their jobs; those that have ended stay as they are.
func siblings(l *lab) {
	j := &jobs{lab: l, takes: time.Hour}
	calls := 0
	quick := call("Quick", func(context.Context) (asl.Value, error) {
		l.Lock()
		defer l.Unlock()
		calls++
		return value.True, nil
	})
	failing := call("Failing", func(ctx context.Context) (asl.Value, error) {
		_ = clock.Sleep(ctx, 5*time.Second)
		return asl.Value{}, &asl.Error{Name: "Broken"}
	})
	branch := func(s table.State) table.Branch { return table.Branch{StartAt: nameOf(s), States: []table.State{s}} }
	e := l.states(&table.Parallel{Name: "P", End: true, Branches: []table.Branch{branch(quick), branch(j.job("Job")), branch(failing)}})
	l.ends(e, "FAILED Broken")
	if !l.on(l.after(), 5*time.Second) || !l.soon(func() bool { return calls == 1 && len(j.stopped) == 1 }) || l.count(e, "TaskStateAborted") != 2 {
		l.Errorf("after %v: %d calls, stopped %v: %v", l.after(), calls, j.stopped, l.types(e))
	}
}

// waitingSiblings: a branch that fails aborts those that wait for a time or a token, at once, though nothing else of the execution
// runs.
func waitingSiblings(l *lab) {
	failing := call("Failing", func(ctx context.Context) (asl.Value, error) {
		_ = clock.Sleep(ctx, 5*time.Second)
		return asl.Value{}, &asl.Error{Name: "Broken"}
	})
	branch := func(s table.State) table.Branch { return table.Branch{StartAt: nameOf(s), States: []table.State{s}} }
	e := l.states(&table.Parallel{Name: "P", End: true, Branches: []table.Branch{
		branch(&table.Wait{Name: "W", Seconds: 3600, End: true}), branch(ask("Ask", func(context.Context, string) error { return nil })), branch(failing),
	}})
	l.ends(e, "FAILED Broken")
	if !l.on(l.after(), 5*time.Second) || l.count(e, "WaitStateAborted") != 1 || l.count(e, "TaskStateAborted") != 2 {
		l.Errorf("after %v: %v", l.after(), l.types(e))
	}
}

// beatsBeside: heartbeats count while another branch has brought the execution back and runs.
func beatsBeside(l *lab) {
	var given string
	beating := ask("Ask", l.take(&given))
	beating.HeartbeatSeconds = 10
	slow := call("Slow", func(ctx context.Context) (asl.Value, error) { return value.True, clock.Sleep(ctx, 20*time.Second) })
	slow.Next, slow.End = "After", false
	e := l.states(&table.Parallel{Name: "P", End: true, Branches: []table.Branch{
		{StartAt: "Ask", States: []table.State{beating}},
		{StartAt: "Before", States: []table.State{&table.Wait{Name: "Before", Seconds: 5, Next: "Slow"}, slow, &table.Wait{Name: "After", Seconds: 5, End: true}}},
	}})
	for range 5 {
		l.sleep(8 * time.Second)
		if err := l.engine.SendTaskHeartbeat(l.ctx, l.given(&given)); err != nil {
			l.Error(err)
		}
	}
	if err := l.engine.SendTaskSuccess(l.ctx, given, value.True); err != nil {
		l.Error(err)
	}
	l.ends(e, "SUCCEEDED [true,true]")
}

// detached: the end of the context that an execution was started with stops nothing.
func detached(l *lab) {
	j := &jobs{lab: l, takes: time.Hour}
	ctx, cancel := context.WithCancelCause(l.ctx)
	e := l.begin(ctx, `{}`, table.Definition{States: []table.State{j.job("Job")}})
	l.sleep(time.Second)
	cancel(errors.New("the process ends"))
	l.sleep(time.Second)
	l.Lock()
	defer l.Unlock()
	if len(j.stopped) != 0 || l.status(e) != asl.StatusRunning || l.count(e, "ExecutionAborted") != 0 {
		l.Errorf("%s, stopped %v: %v", l.status(e), j.stopped, l.types(e))
	}
	l.started = nil // what it was told of last is the engine's affair
}

// crash: code that panics ends its execution and no other.
func crash(l *lab) {
	other := l.states(&table.Wait{Name: "W", Seconds: 10, End: true})
	e := l.states(call("Call", func(context.Context) (asl.Value, error) { panic("on the rocks") }))
	l.ends(e, "FAILED States.Runtime")
	l.ends(other, "SUCCEEDED {}")
}

// large: data over the limit end a task, of the limit's size they pass.
func large(l *lab) {
	give := func(bytes int) *table.Task {
		return call("Call", func(context.Context) (asl.Value, error) { return value.String(strings.Repeat("x", bytes-2)), nil })
	}
	e := l.states(give(asl.DataLimit))
	if _, err := e.Running().Wait(l.ctx); err != nil {
		l.Error(err)
	}
	l.ends(l.states(give(asl.DataLimit+1)), "FAILED States.DataLimitExceeded")
}

// histories: two engines give the same histories, times, ids and all, of machines that do much at once.
func histories(t *testing.T, engine New) {
	if newLab(t, engine).driven == nil {
		t.Skip("no two executions on the wall clock have the same times")
	}
	tell := func() string {
		l := newLab(t, engine)
		var told strings.Builder
		l.drive(func(ctx context.Context) {
			l.ctx = ctx
			e := l.begin(ctx, `{"items":[1,2,3,4,5,6,7]}`, table.Definition{States: busy()})
			_, err := e.Running().Wait(ctx)
			fmt.Fprintln(&told, l.status(e), err)
			for _, event := range l.history(e) {
				fmt.Fprintln(&told, text(event))
			}
		})
		l.checkObserved()
		return told.String()
	}
	first := tell()
	if second := tell(); second != first {
		t.Errorf("two engines tell otherwise:\n%s\nand\n%s", first, second)
	}
	if !strings.Contains(first, "SUCCEEDED") {
		t.Error(first)
	}
}

// busy are states that wait, fail, are retried and run at once.
func busy() []table.State {
	calls := 0
	work := call("Work", func(ctx context.Context) (asl.Value, error) {
		calls++
		n := calls
		if err := clock.Sleep(ctx, time.Duration(n%3)*time.Second); err != nil || n%3 == 0 {
			return asl.Value{}, errors.Join(err, errors.New("third"))
		}
		return value.Int(int64(n)), nil
	})
	work.Retry = []table.Retrier{{ErrorEquals: []string{asl.ErrorAll}, IntervalSeconds: 2, MaxAttempts: 9, BackoffRate: 1.5, JitterStrategy: "FULL"}}
	pause := &table.Wait{Name: "Pause", Seconds: 2, Next: "Work"}
	each := func(name string, limit int, d *table.Distributed) *table.Map {
		return &table.Map{Name: name, ItemsPath: "$.items", MaxConcurrency: limit, ResultPath: "$." + name, Distributed: d,
			ItemProcessor: table.Branch{StartAt: "Pause", States: []table.State{pause, work}}}
	}
	inner, outer, children := each("inner", 2, nil), each("outer", 3, nil), each("children", 4, &table.Distributed{ItemBatcher: &table.ItemBatcher{MaxItemsPerBatch: 2}})
	inner.End, outer.Next, children.End = true, "fan", true
	return []table.State{outer, &table.Parallel{Name: "fan", Next: "children", ResultPath: "$.fan", Branches: []table.Branch{
		{StartAt: "inner", States: []table.State{inner}}, {StartAt: "Work", States: []table.State{work}},
	}}, children}
}
