package runner

import (
	"context"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asltest"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Test is a test of one state: what [asl.StateTest] says, but for the input, which is the spec's.
type Test struct {
	State     string      `json:"state"`
	Variables value.Value `json:"variables,omitzero"`
	Context   value.Value `json:"context,omitzero"`
	Result    value.Value `json:"result,omitzero"`
	Error     *Mock       `json:"error,omitzero"` // a failure

	RoleARN                  string `json:"roleArn,omitzero"`
	RetrierRetryCount        int    `json:"retrierRetryCount,omitzero"`
	MapIterationFailureCount int    `json:"mapIterationFailureCount,omitzero"`
	MapItemReaderData        string `json:"mapItemReaderData,omitzero"`
	FieldValidationMode      string `json:"fieldValidationMode,omitzero"` // "" is none
}

// Tested is how the test of a state went, beside the status, output, error and cause.
type Tested struct {
	NextState  string                   `json:"nextState,omitzero"`
	Inspection map[asl.Step]value.Value `json:"inspectionData,omitzero"`
}

func (w wrapped[In, Out]) TestState(ctx context.Context, name string, t asl.StateTest) (*asl.StateResult, error) {
	return w.machine.Program().TestState(ctx, name, t)
}

// test runs the state that the spec says.
func (s *Spec) test(m Machine, r *Result) {
	t := asl.StateTest{
		Input: s.Input, Result: s.Test.Result, Variables: s.Test.Variables, Context: s.Test.Context, RetrierRetryCount: s.Test.RetrierRetryCount,
		RoleARN: s.Test.RoleARN, MapIterationFailureCount: s.Test.MapIterationFailureCount, MapItemReaderData: s.Test.MapItemReaderData,
	}
	if mode := s.Test.FieldValidationMode; mode != "" {
		t.CheckResult = asltest.FieldValidation(asltest.FieldValidationMode(mode))
	}
	if s.Test.Error != nil {
		t.Error = s.Test.Error.failure()
	}
	got, err := m.TestState(context.Background(), s.Test.State, t)
	if err != nil {
		r.Fault = err.Error()
		return
	}
	r.Status, r.Output, r.Tested = string(got.Status), got.Output, &Tested{got.NextState, got.Inspection}
	if got.Err != nil {
		r.Error, r.Cause = texts(got.Err)
	}
}
