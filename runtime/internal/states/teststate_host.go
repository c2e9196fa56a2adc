package states

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/objects"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// stateTest is a state being tested. It is the host of the state's run, from which nothing gets out: the mock is what
// attempts, branches and iterations end with. It also inspects the run: what it decides there is its own, and of a nil one, which an
// execution has, what an execution does.
type stateTest struct {
	asl.StateTest
	ctx        context.Context
	state      State
	now        time.Time
	inspection map[asl.Step]value.Value
	handled    *asl.Error     // what a retrier or a catcher took
	handlers   []value.Member // which did: the members of errorDetails
}

// errRetriable ends a state that would be tried again.
var errRetriable = errors.New("asl: the state would be tried again")

// errBegun ends a branch or an iteration at its first state.
var errBegun = fmt.Errorf("asl: the branch is not carried out: %w", asl.ErrDetached)

// run runs the state.
func (t *stateTest) run(p *program, s *stateEntry) (*asl.StateResult, error) {
	if err := context.Cause(t.ctx); err != nil {
		return nil, err
	}
	c := t.context(p)
	f := &asl.Frame{
		Execution: "test", Context: c, State: s.name, Document: t.Input, Variables: t.Variables, Recorder: asl.NewRecorder(c.Execution.ID(), 0, nil),
	}
	r := &run{host: t, frame: f, context: c, region: c.Execution.Account.Region, test: t, given: t.Context}
	f.Recorder.Append(f, asl.Event{Type: asl.ExecutionStarted, Time: t.now, Input: t.Input})
	if err := r.enter(s); err != nil {
		return nil, err
	}
	r.chance = rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64()))
	if r.context.State.Name, r.context.State.RetryCount = "StateName", t.RetrierRetryCount; !t.Context.IsAbsent() {
		r.context.State.Name = objects.Text(t.Context.Get("State"), "Name")
	}
	output, next, err := r.step(s)
	result := &asl.StateResult{Status: asl.TestSucceeded, Output: output, NextState: next, Err: t.handled, Inspection: t.inspection}
	switch {
	case errors.Is(err, errRetriable):
		result.Status = asl.TestRetriable
	case err != nil:
		if result.Status, result.Err = asl.TestFailed, asl.ErrorOf(err); result.Err == nil {
			return nil, err
		}
	case t.handled != nil:
		result.Status = asl.TestCaughtError
	}
	if f.Variables.Len() > 0 {
		r.inspect(asl.StepVariables, f.Variables)
	}
	if len(t.handlers) > 0 {
		r.inspect(asl.StepErrorDetails, value.Object(t.handlers...))
	}
	return result, nil
}

// context returns what the test's execution is, but for the context object that a test gives.
func (t *stateTest) context(p *program) asl.Context {
	return asl.Context{Execution: &asl.ContextExecution{
		Account: asl.Account{Region: "us-east-1", ID: "123456789012"}, Machine: p.Name(), Name: "test", Type: asl.Express,
		RoleARN: t.RoleARN, Input: t.Input, Started: t.now, Synchronous: true,
	}}
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
func (t *stateTest) mapRun(tolerated threshold, of int) (output value.Value, decided bool, err error) {
	if t == nil {
		return output, false, nil
	}
	says := tolerated.hasCount || tolerated.hasPercent
	if t.Error == nil && says && !tolerated.tolerates(t.MapIterationFailureCount, of) {
		return value.Value{}, true, errThreshold
	}
	output, err = t.outcome()
	return output, true, err
}

// retry notes which retrier matches and returns [errRetriable] unless that is used up.
func (t *stateTest) retry(index int, matched *Retrier, failed *asl.Error) (decided bool, err error) {
	if t == nil {
		return false, nil
	}
	t.handled = failed
	t.handlers = append(t.handlers, value.Field("retryIndex", value.Int(int64(index))))
	if t.RetrierRetryCount >= matched.MaxAttempts {
		return true, nil
	}
	delay := matched.delay(t.RetrierRetryCount + 1) // without jitter, so that it is the same every time
	t.handlers = append(t.handlers, value.Field("retryBackoffIntervalSeconds", value.Int(int64(delay/time.Second))))
	return true, errRetriable
}

// caught notes which catcher matches.
func (t *stateTest) caught(index int, failed *asl.Error) {
	if t == nil {
		return
	}
	t.handled = failed
	t.handlers = append(t.handlers, value.Field("catchIndex", value.Int(int64(index))))
}

// step notes what came of a step.
func (t *stateTest) step(s asl.Step, v value.Value, jsonata bool) {
	if t != nil && (!jsonata || slices.Contains(inJSONata, s)) {
		t.inspection[s] = v
	}
}

// exists reports whether what a state calls is there. A test calls nothing.
func (t *stateTest) exists(e *Effect, state string) bool { return t != nil || e.exists(state) }

// source returns a source with the test's data in place of what is read from it, and how many items are wanted of it: a test also
// shows what there is beyond MaxItems.
func (t *stateTest) source(i *objects.Source, most int64) (from *objects.Source, wanted int64) {
	if t == nil {
		return i, most
	}
	copied := *i
	copied.Objects = readerData{text: t.MapItemReaderData}
	if i.Lists() && !i.Flattens() || i.Inventory() {
		copied.InputType = "JSON"
	}
	copied.Resource, copied.ManifestType = "arn:aws:states:::s3:getObject", ""
	return &copied, 0
}

// readerData are Objects of which only Get is called.
type readerData struct {
	asl.Objects
	text string
}

func (d readerData) Get(context.Context, asl.Object) (io.ReadCloser, error) {
	return io.NopCloser(strings.NewReader(d.text)), nil
}

// Now implements [asl.Host].
func (t *stateTest) Now() time.Time { return t.now }

// SleepUntil implements [asl.Host].
func (t *stateTest) SleepUntil(time.Time) error { return nil }

// Enter implements [asl.Host].
func (t *stateTest) Enter(*asl.Frame) error { return nil }

// Token implements [asl.Host]: the token is that of the test's context object.
func (t *stateTest) Token(attempt string) string {
	if token := objects.Text(t.Context.Get("Task"), "Token"); token != "" {
		return token
	}
	return asl.TaskToken(attempt)
}

// Do implements [asl.Host]. All that a Map has it do is to read items.
func (t *stateTest) Do(a *asl.Attempt) (value.Value, error) {
	if _, reads := t.state.(*Map); reads {
		return a.Call(t.ctx)
	}
	return t.outcome()
}

// Fork implements [asl.Host]. Branches and iterations come as far as their first state, which tells what they are given; what
// they give is in the mock.
func (t *stateTest) Fork(_ *asl.Frame, n, _ int, run func(asl.Host, int, *asl.Frame) asl.Outcome, _ func(int, asl.Outcome) bool) ([]asl.Outcome, error) {
	inputs := make([]value.Value, n)
	for i := range inputs {
		if err := run(&begun{stateTest: t, input: &inputs[i]}, i, nil).Err; !errors.Is(err, errBegun) {
			return nil, err
		}
	}
	if s, ok := t.state.(*Map); ok && s.ItemSelector != nil {
		t.inspection[asl.StepAfterItemSelector] = value.Array(inputs...)
	}
	result, err := t.outcome()
	if err != nil {
		return nil, err
	}
	outcomes := make([]asl.Outcome, result.Len())
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

// Enter implements [asl.Host].
func (b *begun) Enter(f *asl.Frame) error {
	*b.input = f.Document
	return errBegun
}
