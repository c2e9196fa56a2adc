package states_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// doc returns a document, absent if the text is empty.
func doc(t testing.TB, text string) asl.Value {
	t.Helper()
	if text == "" {
		return asl.Value{}
	}
	v, err := value.Parse([]byte(text))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v
}

// wrapInput returns a template that puts its input under a name.
func wrapInput(name string) *table.Template {
	return table.Document(func(_ *asl.Context, r *table.Reader) asl.Value {
		return value.Object(value.Field(name, r.Value("$", "")))
	})
}

// untouched are effects and objects that a test of a state must not use.
type untouched struct{ t testing.TB }

func (u untouched) Call(context.Context, *asl.Attempt, asl.Value) (asl.Value, error) {
	u.t.Error("a test of a state calls no effect")
	return asl.Value{}, errors.New("called")
}

func (u untouched) Send(ctx context.Context, a *asl.Attempt, p asl.Value) (asl.Value, error) {
	return u.Call(ctx, a, p)
}

func (u untouched) Get(context.Context, asl.Object) (io.ReadCloser, error) {
	u.t.Error("a test of a state reads no object")
	return nil, errors.New("read")
}

func (u untouched) List(context.Context, string, string) ([]asl.ObjectInfo, error) {
	u.t.Error("a test of a state lists no objects")
	return nil, errors.New("listed")
}

func (u untouched) Put(context.Context, asl.Object, []byte) error {
	u.t.Error("a test of a state writes no object")
	return errors.New("written")
}

const lambda = "arn:aws:lambda:us-east-1:123456789012:function:work"

// laboratory is a machine with states of every type. Nothing leads to most of them: they are tested one by one.
func laboratory(t testing.TB) *asl.Machine[asl.Value, asl.Value] {
	t.Helper()
	none := untouched{t}
	one, half := 1, 50.0
	inner := table.Branch{StartAt: "Inner", States: []table.State{&table.Pass{Name: "Inner", Parameters: wrapInput("inner"), End: true}}}
	other := table.Branch{StartAt: "Other", States: []table.State{&table.Pass{Name: "Other", End: true}}}
	item := func(name string) table.Branch {
		return table.Branch{StartAt: name, States: []table.State{&table.Pass{Name: name, End: true}}}
	}
	selector := table.Document(func(_ *asl.Context, r *table.Reader) asl.Value {
		return value.Object(value.Field("i", r.Value("$$.Map.Item.Index", "/i.$")), value.Field("v", r.Value("$$.Map.Item.Value", "/v.$")))
	})
	definition := table.Definition{Name: "Laboratory", StartAt: "Pass", States: []table.State{
		&table.Pass{Name: "Pass", InputPath: "$.a", Parameters: wrapInput("p"), ResultPath: "$.r", OutputPath: "$.r", Assign: wrapInput("count"), Next: "End"},
		&table.Pass{Name: "Result", Result: value.Int(7), End: true},
		&table.Pass{Name: "Broken", InputPath: "$.none", End: true},
		&table.Pass{Name: "Count", Parameters: table.Document(func(_ *asl.Context, r *table.Reader) asl.Value { return r.Value("$count", "/n.$") }), End: true},
		&table.Pass{Name: "Context", Parameters: table.Document(func(_ *asl.Context, r *table.Reader) asl.Value { return r.Value("$$", "/c.$") }), End: true},
		&table.Task{Name: "Task", Resource: lambda, InputPath: "$.a", Run: table.RequestResponse("Task", table.Input, asl.Call[asl.Value, asl.Value]{Caller: none}),
			ResultSelector: wrapInput("s"), ResultPath: "$.r", Next: "End",
			Retry: []table.Retrier{
				{ErrorEquals: []string{"Slow"}, IntervalSeconds: 2, MaxAttempts: 3, BackoffRate: 3, JitterStrategy: "FULL"},
				{ErrorEquals: []string{"Never"}, IntervalSeconds: 1, MaxAttempts: 0, BackoffRate: 2},
			},
			Catch: []table.Catcher{
				{ErrorEquals: []string{"Never"}, ResultPath: "$.never", Next: "Result"},
				{ErrorEquals: []string{"States.TaskFailed"}, ResultPath: "$.error", Assign: wrapInput("count"), Next: "Broken"},
			}},
		&table.Task{Name: "Token", Resource: lambda + ".waitForTaskToken", Run: table.WaitForTaskToken("Token",
			func(c *asl.Context, _ *table.Reader) asl.Value { return value.String(c.Task.Token) }, asl.Send[asl.Value]{Sender: none}), End: true},
		&table.Parallel{Name: "Parallel", Branches: []table.Branch{inner, other}, ResultPath: "$.r", Next: "End",
			Catch: []table.Catcher{{ErrorEquals: []string{"States.ALL"}, Next: "End"}}},
		&table.Map{Name: "Map", ItemsPath: "$.items", ItemSelector: selector, MaxConcurrency: 2, ItemProcessor: item("Item"), End: true},
		&table.Map{Name: "Run", ItemProcessor: item("Child"), End: true, Distributed: &table.Distributed{
			ExecutionType: asl.Standard, ToleratedFailureCount: &one, ToleratedFailurePercentage: &half,
			ItemReader:  &table.ItemReader{Resource: "arn:aws:states:::s3:getObject", InputType: "JSON", ItemsPointer: "/list", Objects: none},
			ItemBatcher: &table.ItemBatcher{MaxItemsPerBatch: 2},
		}},
		&table.Map{Name: "Written", ItemProcessor: item("Writer"), End: true, Distributed: &table.Distributed{
			ExecutionType: asl.Standard, ResultWriter: &table.ResultWriter{Resource: "arn:aws:states:::s3:putObject", Objects: none},
		}},
		&table.Wait{Name: "Wait", SecondsPath: "$.s", Next: "End"},
		&table.Choice{Name: "Choice", Choices: []table.Rule{{Variable: "$.n", Operator: "NumericEquals", Value: 1, Next: "Wait"}}, Default: "End"},
		&table.Succeed{Name: "End"},
		&table.Fail{Name: "Fail", Error: "Mine", Cause: "why"},
	}}
	m, err := table.NewMachine[asl.Value, asl.Value](memory.NewDriven(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)), definition)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// stateCase is a test of a state and how it goes.
type stateCase struct {
	name, state      string
	input, variables string
	result           string
	failure          *asl.Error
	edit             func(*asl.StateTest)

	status     asl.TestStatus
	output     string // "" if there is none
	err        string // NAME: CAUSE
	next       string
	inspection string // an object of the steps, "" is not looked at
}

func TestTestState(t *testing.T) {
	slow := &asl.Error{Name: "Slow", Cause: "c"}
	retried := func(n int) func(*asl.StateTest) { return func(s *asl.StateTest) { s.RetrierRetryCount = n } }
	m := laboratory(t)
	for _, c := range []stateCase{
		{name: "every step of a Pass", state: "Pass", input: `{"a": 1}`, status: asl.TestSucceeded, output: `{"p":1}`, next: "End",
			inspection: `{"input": {"a": 1}, "afterInputPath": 1, "afterParameters": {"p": 1}, "afterResultSelector": {"p": 1},
				"afterResultPath": {"a": 1, "r": {"p": 1}}, "variables": {"count": {"p": 1}}}`},
		{name: "Result", state: "Result", input: `{"a": 1}`, status: asl.TestSucceeded, output: `7`,
			inspection: `{"input": {"a": 1}, "result": 7, "afterResultSelector": 7, "afterResultPath": 7}`},
		{name: "no input", state: "End", status: asl.TestSucceeded, output: `{}`},
		{name: "a path that finds nothing", state: "Broken", status: asl.TestFailed,
			err:        "States.Runtime: An error occurred while executing the state 'Broken' (entered at the event id #2). Invalid path '$.none' : No results for path: $['none']",
			inspection: `{"input": {}}`},
		{name: "variables", state: "Count", variables: `{"count": 3, "other": 4}`, status: asl.TestSucceeded, output: `3`,
			inspection: `{"input": {}, "afterInputPath": {}, "afterParameters": 3, "afterResultSelector": 3, "afterResultPath": 3, "variables": {"count": 3, "other": 4}}`},
		{name: "a variable that is not there", state: "Count", status: asl.TestFailed, err: "States.Runtime"},
		{name: "a given context", state: "Context", edit: func(s *asl.StateTest) { s.Context = doc(t, `{"Execution": {"Name": "x"}, "More": [1]}`) },
			status: asl.TestSucceeded, output: `{"Execution":{"Name":"x"},"More":[1]}`},

		{name: "result of a Task", state: "Task", input: `{"a": 1}`, result: `2`, status: asl.TestSucceeded, output: `{"a":1,"r":{"s":2}}`, next: "End",
			inspection: `{"input": {"a": 1}, "afterInputPath": 1, "afterParameters": 1, "result": 2, "afterResultSelector": {"s": 2}, "afterResultPath": {"a": 1, "r": {"s": 2}}}`},
		{name: "an error to retry", state: "Task", input: `{"a": 1}`, failure: slow, status: asl.TestRetriable, err: "Slow: c",
			inspection: `{"input": {"a": 1}, "afterInputPath": 1, "afterParameters": 1, "errorDetails": {"retryIndex": 0, "retryBackoffIntervalSeconds": 2}}`},
		{name: "to retry for the third time", state: "Task", input: `{"a": 1}`, failure: slow, edit: retried(2), status: asl.TestRetriable, err: "Slow: c",
			inspection: `{"input": {"a": 1}, "afterInputPath": 1, "afterParameters": 1, "errorDetails": {"retryIndex": 0, "retryBackoffIntervalSeconds": 18}}`},
		{name: "an error that is caught after retries", state: "Task", input: `{"a": 1}`, failure: slow, edit: retried(3), status: asl.TestCaughtError, err: "Slow: c",
			output: `{"a":1,"error":{"Error":"Slow","Cause":"c"}}`, next: "Broken"},
		{name: "never retried, caught by the first", state: "Task", input: `{"a": 1}`, failure: &asl.Error{Name: "Never"}, status: asl.TestCaughtError, err: "Never: ",
			output: `{"a":1,"never":{"Error":"Never","Cause":""}}`, next: "Result"},
		{name: "not retried, caught by the second", state: "Task", input: `{"a": 1}`, failure: &asl.Error{Name: "Other", Cause: "o"}, status: asl.TestCaughtError, err: "Other: o",
			output: `{"a":1,"error":{"Error":"Other","Cause":"o"}}`, next: "Broken",
			inspection: `{"input": {"a": 1}, "afterInputPath": 1, "afterParameters": 1, "errorDetails": {"catchIndex": 1}, "variables": {"count": {"Error": "Other", "Cause": "o"}}}`},
		{name: "an error that nobody catches", state: "Task", input: `{"a": 1}`, failure: &asl.Error{Name: "States.Timeout"}, status: asl.TestFailed, err: "States.Timeout: "},
		{name: "a token", state: "Token", result: `null`, edit: func(s *asl.StateTest) { s.Context = doc(t, `{"Task": {"Token": "secret"}}`) },
			status: asl.TestSucceeded, output: `null`,
			inspection: `{"input": {}, "afterInputPath": {}, "afterParameters": "secret", "result": null, "afterResultSelector": null, "afterResultPath": null}`},

		{name: "results of branches", state: "Parallel", input: `{"a": 1}`, result: `[1, 2]`, status: asl.TestSucceeded, output: `{"a":1,"r":[1,2]}`, next: "End",
			inspection: `{"input": {"a": 1}, "afterResultSelector": [1, 2], "afterResultPath": {"a": 1, "r": [1, 2]}}`},
		{name: "the error of a branch", state: "Parallel", failure: slow, status: asl.TestCaughtError, err: "Slow: c", output: `{"Error":"Slow","Cause":"c"}`, next: "End"},
		{name: "a state in a branch", state: "Inner", input: `5`, status: asl.TestSucceeded, output: `{"inner":5}`},
		{name: "items", state: "Map", input: `{"items": ["x", "y"]}`, result: `[1, 2]`, status: asl.TestSucceeded, output: `[1,2]`,
			inspection: `{"input": {"items": ["x", "y"]}, "afterInputPath": {"items": ["x", "y"]}, "afterItemsPath": ["x", "y"], "maxConcurrency": 2,
				"afterItemSelector": [{"i": 0, "v": "x"}, {"i": 1, "v": "y"}], "afterResultSelector": [1, 2], "afterResultPath": [1, 2]}`},
		{name: "no array", state: "Map", input: `{"items": 1}`, result: `[]`, status: asl.TestFailed, err: "States.Runtime"},
		{name: "items that are read", state: "Run", result: `[1, 2]`, edit: func(s *asl.StateTest) { s.MapItemReaderData = `{"list": [4, 5, 6]}` },
			status: asl.TestSucceeded, output: `[1,2]`,
			inspection: `{"input": {}, "afterInputPath": {}, "afterItemsPointer": [4, 5, 6], "afterItemBatcher": [{"Items": [4, 5]}, {"Items": [6]}], "maxConcurrency": 0,
				"toleratedFailureCount": 1, "toleratedFailurePercentage": 50, "afterResultSelector": [1, 2], "afterResultPath": [1, 2]}`},
		{name: "as many failures as are tolerated", state: "Run", result: `[1, 2]`, edit: func(s *asl.StateTest) {
			s.MapItemReaderData, s.MapIterationFailureCount = `{"list": [4, 5, 6]}`, 1
		}, status: asl.TestSucceeded, output: `[1,2]`},
		{name: "more failures than are tolerated", state: "Run", result: `[1, 2]`, edit: func(s *asl.StateTest) {
			s.MapItemReaderData, s.MapIterationFailureCount = `{"list": [4, 5, 6]}`, 2
		}, status: asl.TestFailed, err: "States.ExceedToleratedFailureThreshold: The specified tolerated failure threshold was exceeded"},
		{name: "written results", state: "Written", input: `[1]`, result: `{"MapRunArn": "arn"}`, status: asl.TestSucceeded, output: `{"MapRunArn":"arn"}`},

		{name: "Wait", state: "Wait", input: `{"s": 99999}`, status: asl.TestSucceeded, output: `{"s":99999}`, next: "End"},
		{name: "Wait for less than nothing", state: "Wait", input: `{"s": -1}`, status: asl.TestFailed, err: "States.Runtime"},
		{name: "a rule", state: "Choice", input: `{"n": 1}`, status: asl.TestSucceeded, output: `{"n":1}`, next: "Wait"},
		{name: "Default", state: "Choice", input: `{"n": 2}`, status: asl.TestSucceeded, output: `{"n":2}`, next: "End"},
		{name: "Fail", state: "Fail", status: asl.TestFailed, err: "Mine: why", inspection: `{"input": {}}`},
	} {
		t.Run(c.name, func(t *testing.T) { c.run(t, m) })
	}
}

func (c *stateCase) run(t *testing.T, m *asl.Machine[asl.Value, asl.Value]) {
	test := asl.StateTest{Input: doc(t, c.input), Variables: doc(t, c.variables), Result: doc(t, c.result), Error: c.failure}
	if c.edit != nil {
		c.edit(&test)
	}
	got, err := m.Program().TestState(t.Context(), c.state, test)
	if err != nil {
		t.Fatal(err)
	}
	if got.Status != c.status || got.NextState != c.next {
		t.Errorf("it is %s and goes to %q, want %s and %q", got.Status, got.NextState, c.status, c.next)
	}
	output := ""
	if !got.Output.IsAbsent() {
		output = got.Output.String()
	}
	if output != c.output {
		t.Errorf("output %s, want %s", output, c.output)
	}
	failure := ""
	if got.Err != nil {
		failure = got.Err.Name + ": " + got.Err.Cause
	}
	if !strings.HasPrefix(failure, c.err) || c.err == "" && failure != "" {
		t.Errorf("error %q, want %q", failure, c.err)
	}
	if c.inspection == "" {
		return
	}
	steps := map[asl.Step]string{}
	for name, step := range doc(t, c.inspection).Members() {
		steps[asl.Step(name)] = step.String()
	}
	inspected := map[asl.Step]string{}
	for name, step := range got.Inspection {
		inspected[name] = step.String()
	}
	if diff := cmp.Diff(steps, inspected); diff != "" {
		t.Errorf("steps (-want +got):\n%s", diff)
	}
}

// What a state sees of its execution if the test says nothing.
func TestTestStateContext(t *testing.T) {
	got, err := laboratory(t).Program().TestState(t.Context(), "Context", asl.StateTest{Input: value.True})
	if err != nil {
		t.Fatal(err)
	}
	execution := got.Output.Get("Execution")
	if execution.Get("Input").String() != "true" || !execution.Get("RoleArn").IsNull() || !execution.Get("RedriveCount").IsAbsent() {
		t.Errorf("Execution is %s", execution)
	}
	if name, _ := got.Output.Get("State").Get("Name").AsString(); name != "StateName" {
		t.Errorf("the state is named %q", name)
	}
}

// TestTestStateRefused wants an error for a test that makes no sense, not a failed state.
func TestTestStateRefused(t *testing.T) {
	m := laboratory(t)
	failure := &asl.Error{Name: "E"}
	for _, c := range []struct {
		name, state string
		test        asl.StateTest
		want        string
	}{
		{"unknown state", "None", asl.StateTest{}, `there is no state "None"`},
		{"no name", "", asl.StateTest{}, `there is no state ""`},
		{"Pass with a result", "Pass", asl.StateTest{Result: value.True}, "a Pass state cannot be mocked"},
		{"Pass with an error", "Pass", asl.StateTest{Error: failure}, "a Pass state cannot be mocked"},
		{"Succeed with a result", "End", asl.StateTest{Result: value.True}, "a Succeed state cannot be mocked"},
		{"Fail with an error", "Fail", asl.StateTest{Error: failure}, "a Fail state cannot be mocked"},
		{"Wait with a result", "Wait", asl.StateTest{Result: value.True}, "a Wait state cannot be mocked"},
		{"Choice with a result", "Choice", asl.StateTest{Result: value.True}, "a Choice state cannot be mocked"},
		{"Task without a mock", "Task", asl.StateTest{}, "a Task state needs a Result or an Error"},
		{"token task without a mock", "Token", asl.StateTest{}, "a Task state needs a Result or an Error"},
		{"Parallel without a mock", "Parallel", asl.StateTest{}, "a Parallel state needs a Result or an Error"},
		{"Map without a mock", "Map", asl.StateTest{}, "a Map state needs a Result or an Error"},
		{"both", "Task", asl.StateTest{Result: value.True, Error: failure}, "not both"},
		{"another number of branches", "Parallel", asl.StateTest{Result: doc(t, `[1]`)}, "2 branches"},
		{"branches without an array", "Parallel", asl.StateTest{Result: doc(t, `{}`)}, "2 branches"},
		{"Map without an array", "Map", asl.StateTest{Result: doc(t, `{}`)}, "is an array"},
		{"written results without an object", "Written", asl.StateTest{Result: doc(t, `[]`)}, "is an object"},
		{"nothing to read", "Run", asl.StateTest{Result: doc(t, `[]`)}, "MapItemReaderData"},
		{"more failures than iterations", "Map", asl.StateTest{Result: doc(t, `[1, 2]`), MapIterationFailureCount: 3}, "of 2 iterations 3 cannot have failed"},
		{"negative retries", "Task", asl.StateTest{Error: failure, RetrierRetryCount: -1}, "cannot be negative"},
		{"negative failures", "Map", asl.StateTest{Result: doc(t, `[]`), MapIterationFailureCount: -1}, "cannot be negative"},
		{"variables", "Pass", asl.StateTest{Variables: value.True}, "objects"},
		{"context", "Pass", asl.StateTest{Context: value.True}, "objects"},
		{"part of the context", "Pass", asl.StateTest{Context: doc(t, `{"State": []}`)}, "State is not an object"},
		{"member of the context", "Pass", asl.StateTest{Context: doc(t, `{"Execution": {"Id": 1}}`)}, "Execution.Id is not a string"},
		{"count in the context", "Pass", asl.StateTest{Context: doc(t, `{"State": {"RetryCount": "1"}}`)}, "State.RetryCount is not a number"},
		{"a token without need", "Task", asl.StateTest{Result: value.True, Context: doc(t, `{"Task": {"Token": "t"}}`)}, "the Context has a Task"},
		{"a large input", "Pass", asl.StateTest{Input: value.String(strings.Repeat("x", asl.DataLimit))}, "more than the 262144"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got, err := m.Program().TestState(t.Context(), c.state, c.test); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%+v, %v; want %q", got, err, c.want)
			}
		})
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	reason := errors.New("reason")
	cancel(reason)
	if _, err := m.Program().TestState(ctx, "Pass", asl.StateTest{}); err != reason {
		t.Errorf("an ended context: %v", err)
	}
}
