// Package hosttest is the suite that every engine must pass: what tasks, tokens, timers, stops and siblings do on it, and that
// histories are those that every other engine gives.
//
//	func TestEngine(t *testing.T) {
//		hosttest.Run(t, func(t testing.TB, start time.Time) (hosttest.Engine, clock.Clock) { … })
//	}
package hosttest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Engine is an engine that takes the answers to its tasks' tokens.
type Engine interface {
	asl.Engine
	asl.Callbacks
}

// New returns a new engine, and the clock that all on it goes by: a [clock.Driven] that stands at start, or [clock.Wall]. On the wall clock
// nothing happens before its time, and all of it within seconds; what takes hours, and what is the same to the millisecond, is left out.
type New func(t testing.TB, start time.Time) (Engine, clock.Clock)

// Run runs the suite. An engine that is a [Restarter] is restarted in the middle of executions too.
func Run(t *testing.T, engine New) {
	for _, test := range []struct {
		name string
		run  func(l *lab)
	}{
		{"names", names},
		{"tokens", tokens},
		{"wrong tokens", wrongTokens},
		{"heartbeats", heartbeats},
		{"token of a job", tokenOfAJob},
		{"timeouts", timeouts},
		{"retries", retries},
		{"stop", stop},
		{"siblings", siblings},
		{"waiting siblings", waitingSiblings},
		{"heartbeats beside other branches", beatsBeside},
		{"detached", detached},
		{"crash of a task", crash},
		{"redrive of branches", redriveBranches},
		{"redrive of a distributed Map", redriveMapRun},
		{"redrive after a stop and a timeout", redriveWaits},
		{"large data", large},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := newLab(t, engine)
			if l.driven == nil {
				t.Parallel()
			}
			l.drive(func(ctx context.Context) {
				l.ctx = ctx
				test.run(l)
			})
			l.checkObserved()
		})
	}
	t.Run("restarts", func(t *testing.T) { restarts(t, engine) })
	t.Run("histories", func(t *testing.T) { histories(t, engine) })
}

// start is when every test starts.
var start = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// lab is an engine and what was seen on it.
type lab struct {
	testing.TB
	engine Engine
	clock  clock.Clock
	driven *clock.Driven // nil on the wall clock
	began  time.Time
	ctx    context.Context

	sync.Mutex                        // of what tasks note, which run beside the script on the wall clock
	observed   map[string][]asl.Event // by execution
	started    []*execution
}

type execution = asl.Execution[asl.Value]

func newLab(t testing.TB, engine New) *lab {
	l := &lab{TB: t, observed: map[string][]asl.Event{}}
	l.engine, l.clock = engine(t, start)
	l.driven, _ = l.clock.(*clock.Driven)
	return l
}

// drive runs a script on the clock.
func (l *lab) drive(script func(ctx context.Context)) {
	l.began = l.clock.Now()
	if l.driven == nil {
		script(l.Context())
		return
	}
	l.driven.Run(context.Background(), script)
}

// begin starts an execution of a machine that begins with the first of the states.
func (l *lab) begin(ctx context.Context, input string, d table.Definition, options ...asl.StartOption) *execution {
	l.Helper()
	d.Name, d.StartAt = "Lab", nameOf(d.States[0])
	m, err := table.NewMachine[asl.Value, asl.Value](l.engine, d, asl.Observe(asl.Unredacted(asl.ObserverFunc(func(id string, e asl.Event) {
		l.Lock()
		defer l.Unlock()
		l.observed[id] = append(l.observed[id], e)
	}))))
	if err != nil {
		l.Fatal(err)
	}
	e, err := m.StartDocument(ctx, value.MustParse(input), options...)
	if err != nil {
		l.Fatal(err)
	}
	l.started = append(l.started, e)
	return e
}

// states begins a machine without other settings.
func (l *lab) states(states ...table.State) *execution {
	l.Helper()
	return l.begin(l.ctx, `{}`, table.Definition{States: states})
}

// ends waits for an execution and compares how it ends: with its status, and the name of its error or else its output.
func (l *lab) ends(e *execution, want string) {
	l.Helper()
	output, err := e.Running().Wait(l.ctx)
	got := string(l.status(e)) + " "
	failed, is := errors.AsType[*asl.Error](err)
	switch {
	case is:
		got += failed.Name
	case err == nil:
		got += output.String()
	default:
		got += err.Error()
	}
	if got != want {
		l.Errorf("it ends with %s, not with %s (%v)", got, want, err)
	}
}

func (l *lab) status(e *execution) asl.Status {
	d, err := e.Running().Describe(l.ctx)
	if err != nil {
		l.Error(err)
	}
	return d.Status
}

func (l *lab) history(e *execution) []asl.Event {
	events, err := e.Running().History(l.ctx)
	if err != nil {
		l.Error(err)
	}
	return events
}

func (l *lab) stop(e *execution, name, cause string) {
	if err := e.Running().Stop(l.ctx, name, cause); err != nil {
		l.Error(err)
	}
}

// after is the time since the test's start.
func (l *lab) after() time.Duration { return l.clock.Now().Sub(l.began) }

// slack is how much later things may happen on the wall clock.
const slack = 10 * time.Second

// on reports whether a time is the one that is wanted, or on the wall clock soon after it.
func (l *lab) on(got, want time.Duration) bool {
	if l.driven != nil {
		return got == want
	}
	return want <= got && got < want+slack
}

// soon reports whether something is so, or on the wall clock becomes so in time.
func (l *lab) soon(is func() bool) bool {
	for until := l.clock.Now().Add(slack); ; l.sleep(slack / 100) {
		l.Lock()
		so := is()
		l.Unlock()
		if so || l.driven != nil || l.clock.Now().After(until) {
			return so
		}
	}
}

// given is what a task is told, once it is told it.
func (l *lab) given(what *string) string {
	if !l.soon(func() bool { return *what != "" }) {
		l.Fatal("the task is told nothing")
	}
	return *what
}

func (l *lab) sleep(d time.Duration) { _ = clock.Sleep(l.ctx, d) }

// checkObserved holds what observers were told of to the histories: every event once, in order.
func (l *lab) checkObserved() {
	l.Lock()
	defer l.Unlock()
	for _, e := range l.started {
		history, seen := l.history(e), l.observed[e.Running().ID()]
		if l.driven != nil && !slices.EqualFunc(history, seen, func(a, b asl.Event) bool { return text(a) == text(b) }) {
			l.Errorf("of %s the history has %d events, and observers were told of %d", e.Running().ID(), len(history), len(seen))
		}
		for i, event := range history {
			if event.ID != int64(i+1) || event.Previous >= event.ID {
				l.Errorf("event %d has the id %d and follows %d", i+1, event.ID, event.Previous)
			}
		}
	}
}

func text(e asl.Event) string {
	b, err := json.Marshal(e)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// types are the types of an execution's events.
func (l *lab) types(e *execution) (all []string) {
	for _, event := range l.history(e) {
		all = append(all, string(event.Type))
	}
	return all
}

func (l *lab) count(e *execution, event string) (n int) {
	for _, t := range l.types(e) {
		if t == event {
			n++
		}
	}
	return n
}

func nameOf(s table.State) string {
	switch s := s.(type) {
	case *table.Task:
		return s.Name
	case *table.Pass:
		return s.Name
	case *table.Wait:
		return s.Name
	case *table.Parallel:
		return s.Name
	case *table.Map:
		return s.Name
	case *table.Succeed:
		return s.Name
	}
	return fmt.Sprint(s)
}

// call is a Task state that calls f.
func call(name string, f func(ctx context.Context) (asl.Value, error)) *table.Task {
	return &table.Task{Name: name, Resource: "arn:aws:lambda:us-east-1:123456789012:function:f", End: true,
		Run: table.RequestResponse(name, table.Input, asl.CallFunc(func(ctx context.Context, _ asl.Value) (asl.Value, error) { return f(ctx) }))}
}

// ask is a Task state whose token is given to f.
func ask(name string, f func(ctx context.Context, token string) error) *table.Task {
	return &table.Task{Name: name, Resource: "arn:aws:states:::eks:runJob.waitForTaskToken", End: true,
		Run: table.WaitForTaskToken(name, table.Input, asl.SendFunc(func(ctx context.Context, token string, _ asl.Value) error { return f(ctx, token) }))}
}

// jobs is what a job's effect is told.
type jobs struct {
	lab              *lab
	started, stopped []string // attempt ids; handles
	takes            time.Duration
	token            string
}

func (j *jobs) Start(_ context.Context, a *asl.Attempt, _ asl.Value) (asl.Started, error) {
	j.lab.Lock()
	defer j.lab.Unlock()
	j.started, j.token = append(j.started, a.ID()), a.Token
	return asl.Started{Handle: "job " + a.ID(), Submitted: value.True}, nil
}

func (j *jobs) Wait(ctx context.Context, handle string) (asl.Value, error) {
	return value.String("done"), clock.Sleep(ctx, j.takes)
}

func (j *jobs) Stop(_ context.Context, handle, _ string) error {
	j.lab.Lock()
	defer j.lab.Unlock()
	j.stopped = append(j.stopped, handle)
	return nil
}

// job is a Task state that runs a job, whose token is in its parameters.
func (j *jobs) job(name string) *table.Task {
	return &table.Task{Name: name, Resource: "arn:aws:states:::eks:runJob.sync", End: true, Run: table.Sync(name,
		func(c *asl.Context, _ *table.Reader) asl.Value { return value.String(c.Task.Token) }, asl.Job[asl.Value, asl.Value]{Runner: j})}
}

// code is the code of a refused answer, "" if it was taken.
func code(err error) string {
	if refused, ok := errors.AsType[*asl.APIError](err); ok {
		return refused.Code
	}
	if err != nil {
		return err.Error()
	}
	return ""
}
