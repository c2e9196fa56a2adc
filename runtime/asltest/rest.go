package asltest

import (
	"fmt"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// MockRest sets those fields of a machine's Tasks that have no effect yet. Their tasks are not to be called: a call fails the test, with the
// state and its parameters, and ends the execution. So a test sets what it needs:
//
//	var tasks OrderTasks
//	asltest.MockCall(t, &tasks.Charge, asltest.Throw("Declined", ""))
//	asltest.MockRest(t, &tasks)
//
// tasks points to the machine's Tasks. A field that reads and writes objects stays as it is.
func MockRest(t testing.TB, tasks any) {
	t.Helper()
	v := reflect.ValueOf(tasks)
	if v.Kind() != reflect.Pointer || v.IsNil() || v.Elem().Kind() != reflect.Struct {
		t.Fatalf("MockRest is given a %T, not a pointer to the Tasks of a machine", tasks)
	}
	_, file, line, _ := runtime.Caller(1)
	unexpected := func(a *asl.Attempt) error {
		t.Errorf("%s:%d: %q of %s is not to be called, and is, with %s", filepath.Base(file), line, a.State, a.Machine, a.Parameters)
		return &asl.Error{Name: asl.ErrorRuntime, Cause: fmt.Sprintf("The task of %q is not to be called in this test", a.State), Terminal: true}
	}
	for i := range v.Elem().NumField() {
		field := v.Elem().Field(i)
		if orElse := field.MethodByName("OrElse"); orElse.IsValid() && field.CanSet() {
			field.Set(orElse.Call([]reflect.Value{reflect.ValueOf(unexpected)})[0])
		}
	}
}

// TestState runs one state of a machine, by its name, as the API TestState does (T1), and returns how that went. A Task, Parallel or Map
// state takes the outcome of its work: a result is held to what the service can answer, as TestState does, unless [Outcome.Valid] says
// otherwise. What cannot be tested so fails the test.
//
//	r := asltest.TestState(t, machine, "Charge", `{"cents": 250}`, asltest.Throw("Declined", ""))
//	if r.NextState != "Cancel" { … }
//
// [asl.Program.TestState] has more to say of a state: variables, a context object, attempts before.
func TestState(t testing.TB, machine interface{ Program() asl.Program }, state, input string, outcomes ...Outcome) *asl.StateResult {
	t.Helper()
	document, err := value.Parse([]byte(input))
	if err != nil {
		t.Fatalf("the input of %q: %v", state, err)
	}
	test := asl.StateTest{Input: document}
	switch len(outcomes) {
	case 0:
	case 1:
		if err := outcomes[0].of(&test); err != nil {
			t.Fatal(err)
		}
	default:
		t.Fatalf("%d outcomes are given for one test of %q", len(outcomes), state)
	}
	result, err := machine.Program().TestState(t.Context(), state, test)
	if err != nil {
		t.Fatal(strings.TrimPrefix(err.Error(), "asl: "))
	}
	return result
}

// of has a test of a state be given the outcome.
func (o Outcome) of(test *asl.StateTest) (err error) {
	if test.CheckResult = o.check; o.check == nil {
		test.CheckResult = FieldValidation(Strict)
	}
	if o.err != nil {
		test.Error = asl.ErrorOf(o.err)
		return nil
	}
	test.Result, err = documentOf(o.result, nil)
	return err
}
