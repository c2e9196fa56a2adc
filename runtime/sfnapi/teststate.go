package sfnapi

import (
	"context"
	"errors"
	"fmt"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// WithTestState has the API serve TestState (T1, T2) for the states of the machines that the engine has: a definition of another machine or
// state is refused, for it is not compiled. check holds the results of mocks to the models of services, as asltest.FieldValidation does.
func WithTestState[Mode ~string](check func(Mode) func(resource string, result value.Value) error) APIOption {
	return func(served *api) {
		served.checkResult = func(mode string) func(string, value.Value) error { return check(Mode(mode)) }
	}
}

func (a *api) testState(ctx context.Context, in value.Value) (value.Value, error) {
	p, name, err := a.tested(in)
	if err != nil {
		return value.Value{}, err
	}
	t, err := a.stateTest(in)
	if err != nil {
		return value.Value{}, err
	}
	r, err := p.TestState(ctx, name, t)
	if err != nil {
		for inner := err; inner != nil; inner = errors.Unwrap(inner) {
			err = inner // whose words are AWS's
		}
		return value.Value{}, &validationError{err.Error()}
	}
	return tested(in, r), nil
}

// tested returns the program and the name of the state that a request tests.
func (a *api) tested(in value.Value) (asl.Program, string, error) {
	given, err := text(in, "definition")
	if err != nil {
		return nil, "", err
	}
	name, err := text(in, "stateName")
	if err != nil {
		return nil, "", err
	}
	definition, err := value.Parse([]byte(given))
	if err != nil {
		return nil, "", &asl.APIError{Code: "InvalidDefinition", Message: fmt.Sprintf("Invalid State Machine Definition: '%v'", err)}
	}
	for _, p := range a.keeper.Programs() {
		whole, err := value.Parse([]byte(p.Definition()))
		if err != nil {
			continue // of a file in another form, which no request has
		}
		if name != "" && whole.Equal(definition) {
			return p, name, nil
		}
		if name == "" {
			if found, ok := stateEqual(whole, definition); ok {
				return p, found, nil
			}
		}
	}
	return nil, "", &asl.APIError{Code: "InvalidDefinition", Message: "Invalid State Machine Definition: 'it is not one of the machines that are compiled into this process, nor a state of one'"}
}

// stateEqual returns the name of the state of a definition that is equal to another, wherever it is.
func stateEqual(in, state value.Value) (name string, ok bool) {
	for name, s := range in.Get("States").Members() {
		if s.Equal(state) {
			return name, true
		}
	}
	for name, v := range in.Members() {
		inner := []value.Value{v}
		if name == "Branches" {
			inner = inner[:0]
			for _, e := range v.Elements() {
				inner = append(inner, e)
			}
		}
		for _, v := range inner {
			if v.Kind() != value.ObjectKind {
				continue
			}
			if name, ok = stateEqual(v, state); ok {
				return name, true
			}
		}
	}
	return "", false
}

// stateTest returns what a request has the state tested with.
func (a *api) stateTest(in value.Value) (t asl.StateTest, err error) {
	for name, v := range map[string]*value.Value{"input": &t.Input, "variables": &t.Variables, "context": &t.Context} {
		if *v, err = parsed(in, name, name); err != nil {
			return t, err
		}
	}
	if t.RoleARN, err = text(in, "roleArn"); err != nil {
		return t, err
	}
	mock, settings := in.Get("mock"), in.Get("stateConfiguration")
	if t.Result, err = parsed(mock, "result", "mock.result"); err != nil {
		return t, err
	}
	if failure := mock.Get("errorOutput"); failure.Kind() == value.ObjectKind {
		name, named := failure.Get("error").AsString()
		cause, caused := failure.Get("cause").AsString()
		t.Error = &asl.Error{Name: name, Unnamed: !named, Cause: cause, Causeless: !caused}
	}
	mode, err := text(mock, "fieldValidationMode")
	if err != nil {
		return t, err
	}
	if mode == "" {
		mode = "STRICT"
	}
	t.CheckResult = a.checkResult(mode)
	for name, n := range map[string]*int{"retrierRetryCount": &t.RetrierRetryCount, "mapIterationFailureCount": &t.MapIterationFailureCount} {
		v := settings.Get(name)
		given, ok := v.AsInt()
		if !ok && !v.IsAbsent() && !v.IsNull() {
			return t, invalid("stateConfiguration."+name, "must be a whole number")
		}
		*n = int(given)
	}
	t.MapItemReaderData, err = text(settings, "mapItemReaderData")
	return t, err
}

// parsed returns the document that a member has as text, absent if it is not given.
func parsed(in value.Value, name, place string) (v value.Value, err error) {
	given, err := text(in, name)
	if err != nil || given == "" {
		return v, err
	}
	if v, err = value.Parse([]byte(given)); err != nil {
		return v, &asl.APIError{Code: asl.CodeInvalidExecutionInput, Message: fmt.Sprintf("Invalid JSON in '%s': '%v'", place, err)}
	}
	return v, nil
}

// tested is how a state went, as TestState answers.
func tested(in value.Value, r *asl.StateResult) value.Value {
	members := []value.Member{field("status", string(r.Status))}
	if !r.Output.IsAbsent() {
		members = append(members, field("output", r.Output.String()))
	}
	if r.Err != nil && !r.Err.Unnamed {
		members = append(members, field("error", r.Err.Name))
	}
	if r.Err != nil && !r.Err.Causeless {
		members = append(members, field("cause", r.Err.Cause))
	}
	if r.NextState != "" {
		members = append(members, field("nextState", r.NextState))
	}
	if level, _ := in.Get("inspectionLevel").AsString(); level == "DEBUG" || level == "TRACE" {
		shown := value.EmptyObject
		for step, v := range r.Inspection {
			switch step {
			case asl.StepErrorDetails, asl.StepMaxConcurrency, asl.StepToleratedFailureCount, asl.StepToleratedFailurePercentage:
			default:
				v = value.String(v.String())
			}
			shown = shown.With(string(step), v)
		}
		members = append(members, value.Field("inspectionData", shown))
	}
	return value.Object(members...)
}
