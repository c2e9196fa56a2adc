package runtime

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// stateTest is a state being tested. It is the host of the state's run, from which nothing gets out: the mock is what
// attempts, branches and iterations end with.
type stateTest struct {
	StateTest
	ctx        context.Context
	state      State
	now        time.Time
	inspection Inspection
	handled    *Error         // what a retrier or a catcher took
	handlers   []value.Member // which did: the members of errorDetails
}

// errRetriable ends a state that would be tried again.
var errRetriable = errors.New("asl: the state would be tried again")

// errBegun ends a branch or an iteration at its first state.
var errBegun = fmt.Errorf("asl: the branch is not carried out: %w", ErrDetached)

// run runs the state.
func (t *stateTest) run(p *Program, s *stateEntry) (*StateResult, error) {
	if err := context.Cause(t.ctx); err != nil {
		return nil, err
	}
	c := t.context(p)
	f := &Frame{
		Execution: "test", Context: c, State: s.name, Document: t.Input, Variables: t.Variables, Recorder: NewRecorder(c.Execution.ID),
	}
	r := &run{host: t, frame: f, context: c, region: regionOf(c.Execution.ID), test: t}
	f.Recorder.Append(Event{Type: ExecutionStarted, Time: t.now, Input: t.Input})
	r.enter(s, t.now)
	r.chance = rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64()))
	if r.context.State.Name, r.context.State.RetryCount = "StateName", t.RetrierRetryCount; !t.Context.IsAbsent() {
		r.context.State = c.State
	}
	output, next, err := r.step(s)
	result := &StateResult{Status: TestSucceeded, Output: output, NextState: next, Err: t.handled, Inspection: t.inspection}
	switch {
	case errors.Is(err, errRetriable):
		result.Status = TestRetriable
	case err != nil:
		if result.Status, result.Err = TestFailed, errorOf(err); result.Err == nil {
			return nil, err
		}
	case t.handled != nil:
		result.Status = TestCaughtError
	}
	if f.Variables.Len() > 0 {
		r.inspect(StepVariables, f.Variables)
	}
	if len(t.handlers) > 0 {
		r.inspect(StepErrorDetails, value.Object(t.handlers...))
	}
	return result, nil
}

// context returns the context object: that of the test, or one as an execution has.
func (t *stateTest) context(p *Program) Context {
	if t.Context.IsAbsent() {
		const account = "us-east-1:123456789012"
		return Context{
			Execution: ContextExecution{
				ID: "arn:aws:states:" + account + ":express:" + p.Name() + ":test", Input: t.Input, Name: "test",
				RoleARN: t.RoleARN, StartTime: Timestamp(t.now), Synchronous: true,
			},
			StateMachine: ContextStateMachine{ID: "arn:aws:states:" + account + ":stateMachine:" + p.Name(), Name: p.Name()},
		}
	}
	execution, state, machine := t.Context.Get("Execution"), t.Context.Get("State"), t.Context.Get("StateMachine")
	return Context{
		Execution: ContextExecution{
			ID: text(execution, "Id"), Input: execution.Get("Input"), Name: text(execution, "Name"),
			RoleARN: text(execution, "RoleArn"), StartTime: text(execution, "StartTime"),
		},
		State:        ContextState{Name: text(state, "Name"), EnteredTime: text(state, "EnteredTime")},
		StateMachine: ContextStateMachine{ID: text(machine, "Id"), Name: text(machine, "Name")},
		given:        t.Context,
	}
}

// outcome returns what the mock says.
func (t *stateTest) outcome() (value.Value, error) {
	if t.Error != nil {
		return value.Value{}, t.Error
	}
	return t.Result, nil
}

// mapRun returns what a DISTRIBUTED Map of so many items ends with. AWS counts the failed iterations only if the Map says
// what it tolerates.
func (t *stateTest) mapRun(tolerated threshold, of int) (value.Value, error) {
	says := tolerated.hasCount || tolerated.hasPercent
	if t.Error == nil && says && !tolerated.tolerates(t.MapIterationFailureCount, of) {
		return value.Value{}, errThreshold
	}
	return t.outcome()
}

// retry notes which retrier matches and returns [errRetriable] unless that is used up.
func (t *stateTest) retry(index int, matched *Retrier, failed *Error) error {
	t.handled = failed
	t.handlers = append(t.handlers, value.Field("retryIndex", value.Int(int64(index))))
	if t.RetrierRetryCount >= matched.MaxAttempts {
		return nil
	}
	delay := matched.delay(t.RetrierRetryCount + 1) // without jitter, so that it is the same every time
	t.handlers = append(t.handlers, value.Field("retryBackoffIntervalSeconds", value.Int(int64(delay/time.Second))))
	return errRetriable
}

// caught notes which catcher matches.
func (t *stateTest) caught(index int, failed *Error) {
	t.handled = failed
	t.handlers = append(t.handlers, value.Field("catchIndex", value.Int(int64(index))))
}

// reader returns i with the test's data in place of what it reads.
func (t *stateTest) reader(i *ItemReader) *ItemReader {
	copied := *i
	copied.Objects = readerData{text: t.MapItemReaderData}
	if i.lists() && !i.flattens() || i.inventory() {
		copied.InputType = "JSON"
	}
	copied.Resource, copied.ManifestType = "arn:aws:states:::s3:getObject", ""
	return &copied
}

// readerData are Objects of which only Get is called.
type readerData struct {
	Objects
	text string
}

func (d readerData) Get(context.Context, Object) (io.ReadCloser, error) {
	return io.NopCloser(strings.NewReader(d.text)), nil
}

// Now implements [Host].
func (t *stateTest) Now() time.Time { return t.now }

// SleepUntil implements [Host].
func (t *stateTest) SleepUntil(time.Time) error { return nil }

// Enter implements [Host].
func (t *stateTest) Enter(*Frame) error { return nil }

// Token implements [Host]: the token is that of the test's context object.
func (t *stateTest) Token(attempt string) string {
	if token := text(t.Context.Get("Task"), "Token"); token != "" {
		return token
	}
	return TaskToken(attempt)
}

// Do implements [Host]. All that a Map has it do is to read items.
func (t *stateTest) Do(a *Attempt) (value.Value, error) {
	if _, reads := t.state.(*Map); reads {
		return a.Call(t.ctx)
	}
	return t.outcome()
}

// Fork implements [Host]. Branches and iterations come as far as their first state, which tells what they are given; what
// they give is in the mock.
func (t *stateTest) Fork(_ *Frame, n, _ int, run func(Host, int, *Frame) Outcome, _ func(int, Outcome) bool) ([]Outcome, error) {
	inputs := make([]value.Value, n)
	for i := range inputs {
		if err := run(&begun{stateTest: t, input: &inputs[i]}, i, nil).Err; !errors.Is(err, errBegun) {
			return nil, err
		}
	}
	if s, ok := t.state.(*Map); ok && s.ItemSelector != nil {
		t.inspection[StepAfterItemSelector] = value.Array(inputs...)
	}
	result, err := t.outcome()
	if err != nil {
		return nil, err
	}
	outcomes := make([]Outcome, result.Len())
	for i, e := range result.Elements() {
		outcomes[i].Output = e
	}
	return outcomes, nil
}

// begun is the host of a branch or an iteration: it notes the input and ends it.
type begun struct {
	*stateTest
	input *value.Value
}

// Enter implements [Host].
func (b *begun) Enter(f *Frame) error {
	*b.input = f.Document
	return errBegun
}
