package asltest

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/awsshape"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Outcome is what a mocked task does when it is called.
type Outcome struct {
	result any   // a value of the task's result, or a shownResult
	err    error // nil if it succeeds
	after  time.Duration
	times  int // how often; always if it is negative
	when   func(parameters any) (holds, typed bool)
	check  func(resource string, result value.Value) error // nil for results that may be anything
}

// shownResult is a result as the state shows it.
type shownResult struct{ document value.Value }

// Return has the task succeed with a result, which must have the type that it has in the machine's Tasks.
func Return(result any) Outcome { return Outcome{result: result, times: 1} }

// ReturnJSON has the task succeed with a result as the state shows it: with the names of the integration. It panics if the text is not JSON.
func ReturnJSON(text string) Outcome {
	return Outcome{result: shownResult{value.MustParse(text)}, times: 1}
}

// Throw has the task fail with an error, such as Lambda.ServiceException.
func Throw(name, cause string) Outcome {
	return Outcome{err: &asl.Error{Name: name, Cause: cause}, times: 1}
}

// Times has the outcome happen n times, one after the other.
func (o Outcome) Times(n int) Outcome {
	o.times = n
	return o
}

// Always has the outcome happen as often as the task is called.
func (o Outcome) Always() Outcome {
	o.times = -1
	return o
}

// After has the outcome come after a time, by the clock that the execution runs on: a driven one passes it at once.
func (o Outcome) After(d time.Duration) Outcome {
	o.after = d
	return o
}

// Valid has a result that [ReturnJSON] gives be one that the service can give, as TestState holds mocks to services: another fails the test.
func (o Outcome) Valid(mode FieldValidationMode) Outcome {
	o.check = FieldValidation(mode)
	return o
}

// When has an outcome happen only for parameters that f takes. P is their type in the machine's Tasks.
func When[P any](f func(parameters P) bool, o Outcome) Outcome {
	o.when = func(parameters any) (holds, typed bool) {
		p, ok := parameters.(P)
		return ok && f(p), ok
	}
	return o
}

// Calls are the calls that a mocked task has had.
type Calls[P any] struct {
	mu    sync.Mutex
	given []P
}

// Given returns the parameters of the calls so far, in the order in which they were made.
func (c *Calls[P]) Given() []P {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]P(nil), c.given...)
}

// mock is a task of which the outcomes are given.
type mock[P, R any] struct {
	t     testing.TB
	place string // where the test has made it
	calls *Calls[P]

	mu       sync.Mutex
	outcomes []Outcome
}

// newMock returns a mock. At the test's end all outcomes must have happened.
func newMock[P, R any](t testing.TB, outcomes []Outcome) *mock[P, R] {
	t.Helper()
	m := &mock[P, R]{t: t, calls: &Calls[P]{}, outcomes: append([]Outcome(nil), outcomes...)}
	if _, file, line, ok := runtime.Caller(2); ok {
		m.place = fmt.Sprintf("%s:%d", filepath.Base(file), line)
	}
	for _, o := range outcomes {
		if _, document := o.result.(shownResult); o.err == nil && !document {
			if _, ok := o.result.(R); !ok {
				var want R
				t.Fatalf("Return has a %T, and the result of the task is a %T", o.result, want)
			}
		}
	}
	t.Cleanup(m.over)
	return m
}

// over reports outcomes that have not happened.
func (m *mock[P, R]) over() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, o := range m.outcomes {
		if o.times > 0 {
			m.t.Errorf("the task mocked at %s was called %d times: %d more were to be made, for %s", m.place, len(m.calls.Given()), o.times, o)
		}
	}
}

// String says what the outcome is.
func (o Outcome) String() string {
	switch result := o.result.(type) {
	case nil:
		if o.err != nil {
			return o.err.Error()
		}
	case shownResult:
		return result.document.String()
	}
	return fmt.Sprintf("%+v", o.result)
}

// next takes the outcome of a call.
func (m *mock[P, R]) next(state string, p P) (Outcome, error) {
	m.calls.mu.Lock()
	m.calls.given = append(m.calls.given, p)
	m.calls.mu.Unlock()
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range m.outcomes {
		o := &m.outcomes[i]
		if o.times == 0 {
			continue
		}
		if o.when != nil {
			holds, typed := o.when(p)
			if !typed {
				m.t.Errorf("When at %s is for parameters of another type than %T", m.place, p)
			}
			if !holds {
				continue
			}
		}
		o.times--
		return *o, nil
	}
	document, err := awsshape.Document(p)
	if err != nil {
		document = value.String(fmt.Sprintf("%+v", p))
	}
	m.t.Errorf("the task mocked at %s has no outcome for the call of %q with %s", m.place, state, document)
	return Outcome{}, fmt.Errorf("no outcome is left for the call of %q", state)
}

// answer makes a call.
func (m *mock[P, R]) answer(ctx context.Context, state, resource string, p P) (any, error) {
	o, err := m.next(state, p)
	if err != nil {
		return nil, err
	}
	if of, ok := o.result.(shownResult); ok && o.check != nil {
		if err := o.check(resource, of.document); err != nil {
			m.t.Errorf("the result of %q mocked at %s cannot be: %v", state, m.place, err)
			return nil, err
		}
	}
	if o.after > 0 {
		if err := clock.Sleep(ctx, o.after); err != nil {
			return nil, err
		}
	}
	return o.result, o.err
}

// MockCall sets a field of a machine's Tasks to a mock with outcomes, which happen in their order. A call that there is none for fails the
// test, and so does an outcome that does not happen:
//
//	charged := asltest.MockCall(t, &tasks.Charge, asltest.Throw("Lambda.ServiceException", "a moment").Times(2), asltest.Return(receipt))
func MockCall[P, R any](t testing.TB, field *asl.Call[P, R], outcomes ...Outcome) *Calls[P] {
	t.Helper()
	m := newMock[P, R](t, outcomes)
	*field = asl.Call[P, R]{Caller: mockCall[P, R]{m}}
	return m.calls
}

type mockCall[P, R any] struct{ *mock[P, R] }

func (m mockCall[P, R]) Call(ctx context.Context, a *asl.Attempt, p P) (value.Value, error) {
	result, err := m.answer(ctx, a.State, a.Resource, p)
	return documentOf(result, err)
}

// Answer gives the result in the form that an integration has, where one stands between.
func (m mockCall[P, R]) Answer(ctx context.Context, a *asl.Attempt, p any) (any, error) {
	result, err := m.answer(ctx, a.State, a.Resource, p.(P))
	if of, ok := result.(shownResult); ok {
		return of.document, err
	}
	return result, err
}

func documentOf(result any, err error) (value.Value, error) {
	if err != nil {
		return value.Value{}, err
	}
	if of, ok := result.(shownResult); ok {
		return of.document, nil
	}
	return awsshape.Document(result)
}

// MockJob is [MockCall] for a task that runs a job.
func MockJob[P, R any](t testing.TB, field *asl.Job[P, R], outcomes ...Outcome) *Calls[P] {
	t.Helper()
	m := newMock[P, R](t, outcomes)
	*field = asl.Job[P, R]{Runner: &mockJob[P, R]{mock: m}}
	return m.calls
}

type mockJob[P, R any] struct {
	*mock[P, R]
	started sync.Map // of started jobs, by handle
}

// startedJob is a job that was started and not waited for.
type startedJob[P any] struct {
	state, resource string
	p               P
}

func (m *mockJob[P, R]) Start(_ context.Context, a *asl.Attempt, p P) (asl.Started, error) {
	m.started.Store(a.ID(), startedJob[P]{a.State, a.Resource, p})
	return asl.Started{Handle: a.ID()}, nil
}

func (m *mockJob[P, R]) Wait(ctx context.Context, handle string) (value.Value, error) {
	result, err := m.wait(ctx, handle)
	return documentOf(result, err)
}

// Outcome gives the result in the form that an integration has, where one stands between.
func (m *mockJob[P, R]) Outcome(ctx context.Context, handle string) (any, error) {
	result, err := m.wait(ctx, handle)
	if of, ok := result.(shownResult); ok {
		return of.document, err
	}
	return result, err
}

func (m *mockJob[P, R]) wait(ctx context.Context, handle string) (any, error) {
	started, ok := m.started.LoadAndDelete(handle)
	if !ok {
		return nil, fmt.Errorf("asltest: job %s was not started in this process", handle)
	}
	job := started.(startedJob[P])
	return m.answer(ctx, job.state, job.resource, job.p)
}

func (m *mockJob[P, R]) Stop(_ context.Context, handle, _ string) error {
	m.started.Delete(handle)
	return nil
}

// MockSend is [MockCall] for a task that waits for its token: the engine is given the outcome for it. The results are documents.
func MockSend[P any](t testing.TB, engine asl.Callbacks, field *asl.Send[P], outcomes ...Outcome) *Calls[P] {
	t.Helper()
	m := newMock[P, value.Value](t, outcomes)
	*field = asl.Send[P]{Sender: mockSend[P]{m, engine}}
	return m.calls
}

type mockSend[P any] struct {
	*mock[P, value.Value]
	engine asl.Callbacks
}

func (m mockSend[P]) Send(ctx context.Context, a *asl.Attempt, p P) (value.Value, error) {
	work := &call{answers: m.engine, result: func(ctx context.Context) (value.Value, error) {
		result, err := m.answer(ctx, a.State, a.Resource, p)
		return documentOf(result, err)
	}}
	return work.Call(ctx, a)
}
