// Package asltest helps to test compiled state machines.
package asltest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/r-seed-632eed22/aslgen/internal/awsmodel"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// FieldValidationMode says how closely the result of a mock is held to what the service answers (T1).
type FieldValidationMode string

// The modes.
const (
	Strict  FieldValidationMode = "STRICT"  // members that are there have the right form, and no required one is missing
	Present FieldValidationMode = "PRESENT" // members that are there have the right form
	None    FieldValidationMode = "NONE"
)

// FieldValidation returns what holds the results of mocks to the models of the services, for the field CheckResult of
// [asl.StateTest]. Its errors are TestState's own, word for word. A function, an activity and whoever has a task token answer with
// anything, as do calls of which there is no model.
func FieldValidation(mode FieldValidationMode) func(resource string, result value.Value) error {
	return func(resource string, result value.Value) error {
		if mode == None {
			return nil
		}
		call, answer := answerOf(resource)
		if answer == nil {
			return nil
		}
		return (&fields{call, mode == Strict, strings.HasSuffix(resource, ".sync:2")}).check(result, answer, "")
	}
}

// answerOf returns the shape of what the call of a Resource answers, nil if it is not known. That of a job which is waited for is
// the answer to the question how it is (T3); this is known for executions of state machines.
func answerOf(resource string) (*awsmodel.Call, *awsmodel.Shape) {
	_, name, integrated := strings.Cut(resource, ":states:::")
	name, pattern, waits := strings.Cut(name, ".")
	integration, action, _ := strings.Cut(name, ":")
	switch {
	case !integrated:
		return nil, nil
	case waits && !(integration == "states" && strings.HasPrefix(pattern, "sync")):
		return nil, nil
	case waits:
		action = "describeExecution"
	}
	call := awsmodel.Find(integration, action)
	if call == nil {
		return nil, nil
	}
	return call, call.Output()
}

// fields holds values to shapes.
type fields struct {
	call   *awsmodel.Call
	strict bool
	parsed bool // the input and the output of an execution are JSON
}

// check holds a value to a shape; name is the member that it is of.
func (f *fields) check(v value.Value, x *awsmodel.Shape, name string) error {
	if x.Kind == awsmodel.Document {
		return nil
	}
	kind := x.JSON()
	switch {
	case v.Kind() == kind:
	case name == "":
		return invalid("the result must be %s", article(kind))
	default:
		return invalid("Field '%s' must be %s", name, article(kind))
	}
	switch x.Kind {
	case awsmodel.Structure, awsmodel.Union:
		return f.structure(v, x)
	case awsmodel.List:
		for _, e := range v.Elements() {
			if err := f.check(e, x.Elem(), name); err != nil {
				return err
			}
		}
	case awsmodel.Map:
		for _, e := range v.Members() {
			if err := f.check(e, x.Elem(), name); err != nil {
				return err
			}
		}
	}
	return limits(v, x, name)
}

func (f *fields) structure(v value.Value, x *awsmodel.Shape) error {
	for i := range x.Members {
		m := &x.Members[i]
		name := f.call.NameOf(m)
		given := v.Get(name)
		switch {
		case given.IsAbsent() && m.Required && f.strict:
			return invalid("Required field '%s' is missing", name)
		case given.IsAbsent(), f.isJSON(m):
			continue
		}
		if err := f.check(given, m.Shape(), name); err != nil {
			return err
		}
	}
	return nil
}

// isJSON reports whether Step Functions reads the text of a member as JSON, so that it may be anything.
func (f *fields) isJSON(m *awsmodel.Member) bool {
	payload := !f.call.SDK && f.call.Name == "Invoke" && m.Name == "Payload"
	return payload || f.parsed && (m.Name == "input" || m.Name == "output")
}

// limits holds a text or a number to what the service allows.
func limits(v value.Value, x *awsmodel.Shape, name string) error {
	if text, ok := v.AsString(); ok {
		switch {
		case x.Enum != nil && !slices.Contains(x.Enum, text):
			return invalid("Field '%s' is not an expected value", name)
		case x.Min != nil && float64(utf8.RuneCountInString(text)) < *x.Min:
			return invalid("Field '%s' is smaller than the minimum length", name)
		}
	}
	if n, ok := v.AsFloat(); ok && x.Min != nil && n < *x.Min {
		return invalid("Field '%s' is less than the minimum value", name)
	}
	return nil
}

func invalid(format string, args ...any) error {
	return errors.New("Mock result schema validation error: " + fmt.Sprintf(format, args...))
}

func article(k value.Kind) string {
	if k == value.ArrayKind || k == value.ObjectKind {
		return "an " + k.String()
	}
	return "a " + k.String()
}
