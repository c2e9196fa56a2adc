package states

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// TestState implements [asl.Program].
func (p *program) TestState(ctx context.Context, name string, t asl.StateTest) (*asl.StateResult, error) {
	s := p.branch.find(name)
	if s == nil {
		return nil, fmt.Errorf("asl: %s: there is no state %q", p.Name(), name)
	}
	if t.Input.IsAbsent() {
		t.Input = value.EmptyObject
	}
	if err := checkTest(&t, s.state); err != nil {
		return nil, fmt.Errorf("asl: %s: state %q: %w", p.Name(), name, err)
	}
	test := &stateTest{StateTest: t, ctx: ctx, state: s.state, now: time.Now(), inspection: map[asl.Step]value.Value{asl.StepInput: t.Input}}
	return test.run(p, s)
}

// find returns the state with the name, wherever it is in the machine; nil if there is none.
func (b *Branch) find(name string) *stateEntry {
	if s := b.table[name]; s != nil {
		return s
	}
	for _, s := range b.States {
		for _, inner := range branches(s) {
			if found := inner.find(name); found != nil {
				return found
			}
		}
	}
	return nil
}

// branches returns the machines inside a state.
func branches(s State) (inner []*Branch) {
	switch s := s.(type) {
	case *Parallel:
		for i := range s.Branches {
			inner = append(inner, &s.Branches[i])
		}
	case *Map:
		inner = append(inner, &s.ItemProcessor)
	}
	return inner
}

// checkTest holds a test against what the state can be tested with (T3).
func checkTest(t *asl.StateTest, s State) error {
	hasResult := !t.Result.IsAbsent()
	mocked, mockable := hasResult || t.Error != nil, false
	switch s.(type) {
	case *Task, *Parallel, *Map:
		mockable = true
	}
	switch {
	case t.Input.Size() > asl.DataLimit:
		return fmt.Errorf("the input has %d bytes, more than the %d that Step Functions allows", t.Input.Size(), asl.DataLimit)
	case !isObject(t.Variables), !isObject(t.Context):
		return errors.New("Variables and Context are objects")
	case hasResult && t.Error != nil:
		return errors.New("a mock has a Result or an Error, not both")
	case mocked && !mockable:
		return fmt.Errorf("a %s state cannot be mocked", s.kind())
	case !mocked && mockable:
		return fmt.Errorf("a %s state needs a Result or an Error, because it is not really carried out", s.kind())
	case t.RetrierRetryCount < 0 || t.MapIterationFailureCount < 0:
		return errors.New("RetrierRetryCount and MapIterationFailureCount cannot be negative")
	}
	return errors.Join(checkResult(t, s), checkContext(t, s))
}

// isObject reports whether v, if it is there, is an object.
func isObject(v value.Value) bool { return v.IsAbsent() || v.Kind() == value.ObjectKind }

// checkResult holds the mock's result against what the state's work gives.
func checkResult(t *asl.StateTest, s State) error {
	if t.Result.IsAbsent() {
		return nil
	}
	switch s := s.(type) {
	case *Task:
		if t.CheckResult != nil {
			return t.CheckResult(s.Resource, t.Result)
		}
	case *Parallel:
		if t.Result.Kind() != value.ArrayKind || t.Result.Len() != len(s.Branches) {
			return fmt.Errorf("the Result of its %d branches is an array of as many elements", len(s.Branches))
		}
	case *Map:
		want := value.ArrayKind
		if d := s.Distributed; d != nil && d.ResultWriter != nil && d.ResultWriter.Resource != "" {
			want = value.ObjectKind
		}
		if t.Result.Kind() != want {
			return fmt.Errorf("the Result of this Map is an %s", want)
		}
		if want == value.ArrayKind && t.MapIterationFailureCount > t.Result.Len() {
			return fmt.Errorf("of %d iterations %d cannot have failed", t.Result.Len(), t.MapIterationFailureCount)
		}
		if d := s.Distributed; d != nil && d.ItemReader != nil && t.MapItemReaderData == "" {
			return errors.New("its ItemReader needs MapItemReaderData")
		}
	}
	return nil
}

// contextKinds are the kinds of the context object's members (1.9).
var contextKinds = map[string]map[string]value.Kind{
	"Execution": {
		"Id": value.StringKind, "Name": value.StringKind, "RoleArn": value.StringKind, "StartTime": value.StringKind,
		"RedriveCount": value.NumberKind, "RedriveTime": value.StringKind,
	},
	"State":        {"Name": value.StringKind, "EnteredTime": value.StringKind, "RetryCount": value.NumberKind},
	"StateMachine": {"Id": value.StringKind, "Name": value.StringKind},
	"Task":         {"Token": value.StringKind},
}

// checkContext refuses members of the context that are of another kind than in an execution, and a task token for a state
// that has none (1.9).
func checkContext(t *asl.StateTest, s State) error {
	for _, part := range slices.Sorted(maps.Keys(contextKinds)) {
		v := t.Context.Get(part)
		if !isObject(v) {
			return fmt.Errorf("the Context's %s is not an object", part)
		}
		for name, member := range v.Members() {
			if want, known := contextKinds[part][name]; known && member.Kind() != want {
				return fmt.Errorf("the Context's %s.%s is not a %s", part, name, want)
			}
		}
	}
	task, _ := s.(*Task)
	if t.Context.Get("Task").IsAbsent() || task != nil && task.Run.with != asl.RequestResponsePattern {
		return nil
	}
	return errors.New("the Context has a Task, but the state is no .sync or .waitForTaskToken task")
}
