package states_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/awsshape"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// order is a type of a user's own.
type order struct {
	ID    string `json:"id"`
	Lines int    `json:"lines"`
}

// task is a Task that ends its machine.
func task(resource string, run *table.Effect) *table.Task {
	return &table.Task{Name: "Work", Resource: resource, Run: run, End: true}
}

// runTask runs a machine of one task on a driven clock.
func runTask(t *testing.T, s *table.Task, input string) (asl.Value, error) {
	t.Helper()
	m := newMachine(t, memory.NewDriven(begin), table.Definition{}, []table.State{s}, "Work")
	e, err := m.StartDocument(t.Context(), value.MustParse(input))
	if err != nil {
		t.Fatal(err)
	}
	return e.Running().Wait(t.Context())
}

// existing is a call of an activity that is there, or not.
type existing struct {
	asl.Caller[order]
	there bool
}

func (e existing) Exists(string) bool { return e.there }

// Parameters are read into the user's own type, whatever the task waits for. What does not have the type fails the execution.
func TestUserTypes(t *testing.T) {
	double := func(_ context.Context, o order) (order, error) { return order{o.ID, 2 * o.Lines}, nil }
	engine := memory.NewDriven(begin)
	send := asl.SendFunc(func(ctx context.Context, token string, o order) error {
		if o.ID == "" {
			return errors.New("no id")
		}
		return engine.SendTaskSuccess(ctx, token, value.Int(int64(2*o.Lines)))
	})
	if table.DecodedCall(asl.Call[order, order]{}).Caller != nil || table.DecodedJob(asl.Job[order, order]{}).Runner != nil || table.DecodedSend(asl.Send[order]{}).Sender != nil {
		t.Error("what is not there is not made")
	}
	call := asl.CallFunc(double)
	for _, row := range []struct {
		name, input, want string
		task              *table.Task
	}{
		{"call", `{"id":"a","lines":2}`, `{"id":"a","lines":4}`, task("arn:aws:lambda:us-east-1:123456789012:function:f", table.RequestResponse("Work", table.Input, table.DecodedCall(call)))},
		{"job", `{"id":"a","lines":2}`, `{"id":"a","lines":4}`, task("arn:aws:states:::ecs:runTask.sync", table.Sync("Work", table.Input, table.DecodedJob(asl.JobFunc(double))))},
		{"activity", `{"id":"a","lines":2}`, `{"id":"a","lines":4}`, task("arn:aws:states:us-east-1:123456789012:activity:a", table.RequestResponse("Work", table.Input, table.DecodedCall(asl.Call[order, order]{Caller: existing{call, true}})))},
		{"no activity", `{"id":"a","lines":2}`, "States.Runtime: An error occurred while executing the state 'Work' (entered at the event id #2). The activity arn:aws:states:us-east-1:123456789012:activity:a does not exist.",
			task("arn:aws:states:us-east-1:123456789012:activity:a", table.RequestResponse("Work", table.Input, table.DecodedCall(asl.Call[order, order]{Caller: existing{call, false}})))},
		{"wrong call", `{"id":1}`, "States.Runtime", task("arn:aws:lambda:us-east-1:123456789012:function:f", table.RequestResponse("Work", table.Input, table.DecodedCall(call)))},
		{"wrong job", `[]`, "States.Runtime", task("arn:aws:states:::ecs:runTask.sync", table.Sync("Work", table.Input, table.DecodedJob(asl.JobFunc(double))))},
		{"wrong send", `{"lines":"x"}`, "States.Runtime", task("arn:aws:states:::eks:runJob.waitForTaskToken", table.WaitForTaskToken("Work", table.Input, table.DecodedSend(send)))},
		{"failing send", `{"lines":1}`, "States.TaskFailed: no id", task("arn:aws:states:::eks:runJob.waitForTaskToken", table.WaitForTaskToken("Work", table.Input, table.DecodedSend(send)))},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := runTask(t, row.task, row.input)
			text := got.String()
			if err != nil {
				text = err.Error()
			}
			if text != row.want && !(row.want == "States.Runtime" && strings.HasPrefix(text, "States.Runtime: The Parameters '"+row.input+"' could not be used to start the Task Work: [")) {
				t.Errorf("%s\nwant %s", text, row.want)
			}
		})
	}
	m := newMachine(t, engine, table.Definition{}, []table.State{task("arn:aws:states:::eks:runJob.waitForTaskToken", table.WaitForTaskToken("Work", table.Input, table.DecodedSend(send)))}, "Work")
	if got, err := m.Run(t.Context(), value.MustParse(`{"id":"a","lines":21}`)); err != nil || got.String() != "42" {
		t.Errorf("send: %s, %v", got, err)
	}
}

// A job is stopped by the end of its context, and one that this process has not started cannot be waited for.
func TestJobFunc(t *testing.T) {
	stopped := false
	job := asl.JobFunc(func(ctx context.Context, _ asl.Value) (asl.Value, error) {
		<-ctx.Done()
		stopped = true
		return asl.Value{}, context.Cause(ctx)
	})
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("enough"))
	one, two := (&asl.Frame{State: "one"}).NewAttempt(""), (&asl.Frame{State: "two"}).NewAttempt("")
	started, err := job.Start(ctx, one, value.Null)
	if err != nil || started.Handle != one.ID() {
		t.Fatal(started, err)
	}
	if _, err := job.Wait(ctx, one.ID()); !stopped || err == nil || err.Error() != "enough" {
		t.Error(stopped, err)
	}
	if _, err := job.Wait(ctx, one.ID()); err == nil || err.Error() != "asl: job "+one.ID()+" was not started in this process" {
		t.Error(err)
	}
	_, _ = job.Start(ctx, two, value.Null)
	if err := job.Stop(ctx, two.ID(), ""); err != nil {
		t.Error(err)
	}
	if _, err := job.Wait(ctx, two.ID()); err == nil {
		t.Error("what was stopped is waited for")
	}
}

// Marshal and Unmarshal know the SDK's types wherever they stand.
func TestMarshal(t *testing.T) {
	type wrapped struct {
		Task  *types.Task       `json:"task"`
		None  *types.Task       `json:"none"`
		Tasks []types.Task      `json:"tasks"`
		Named map[string]string `json:"named"`
	}
	at := time.Date(2026, 1, 2, 3, 4, 5, 678e6, time.UTC)
	in := wrapped{Task: &types.Task{TaskArn: aws.String("a"), StartedAt: &at}, Tasks: []types.Task{{Cpu: aws.String("256")}}}
	text, err := asl.Marshal(in)
	const want = `{"task":{"StartedAt":1767323045678,"TaskArn":"a"},"none":null,"tasks":[{"Cpu":"256"}],"named":{}}`
	if err != nil || string(text) != want {
		t.Errorf("%s, %v\nwant %s", text, err, want)
	}
	var out wrapped
	if err := asl.Unmarshal(text, &out); err != nil || !out.Task.StartedAt.Equal(at) || out.None != nil || *out.Tasks[0].Cpu != "256" {
		t.Errorf("%+v, %v", out, err)
	}
	for _, faulty := range []string{`{`, `{"task":{"TaskArn":1}}`} {
		if err := asl.Unmarshal([]byte(faulty), &out); err == nil {
			t.Errorf("%s is read", faulty)
		}
	}
	if _, err := asl.Marshal(func() {}); err == nil {
		t.Error("a function is written")
	}
}

// unread is an input as generated code has it, but that its methods count how often they are called.
type unread struct {
	Task *types.Task          `json:"task,omitzero"`
	Rest map[string]asl.Value `json:",embed" asl:"fields:states_test.unread"`
}

type unreadFields unread

var unreadCalls int

func (x unread) MarshalJSON() ([]byte, error) {
	unreadCalls++
	return asl.Marshal(unreadFields(x))
}

func (x *unread) UnmarshalJSON(data []byte) error {
	unreadCalls++
	return asl.Unmarshal(data, (*unreadFields)(x))
}

// Generated types are the same documents for encoding/json, by their methods, and for the runtime, without them.
func TestMarshalGenerated(t *testing.T) {
	const text = `{"task":{"Cpu":"256"},"a":1.0,"b":null}`
	var in unread
	if err := json.Unmarshal([]byte(text), &in); err != nil || *in.Task.Cpu != "256" || len(in.Rest) != 2 || unreadCalls != 1 {
		t.Fatal(in, unreadCalls, err)
	}
	if written, err := json.Marshal(in); err != nil || string(written) != text || unreadCalls != 2 {
		t.Errorf("%s, %d, %v", written, unreadCalls, err)
	}
	document, err := awsshape.Document(in)
	if err != nil || document.String() != text {
		t.Errorf("%s, %v", document, err)
	}
	var out unread
	if err := awsshape.Store(document, &out); err != nil || *out.Task.Cpu != "256" || out.Rest["a"].String() != "1.0" || !out.Rest["b"].IsNull() {
		t.Error(out, err)
	}
	if unreadCalls != 2 {
		t.Errorf("the methods are called %d times", unreadCalls)
	}
}

// Errors say what they know, and are told apart.
func TestErrors(t *testing.T) {
	for _, row := range []struct {
		err  error
		want string
	}{
		{&asl.Error{Name: "A", Cause: "b"}, "A: b"},
		{&asl.Error{Name: "A", Cause: "b", Place: "m.asl.json:1:2"}, "A: b (m.asl.json:1:2)"},
		{&asl.Error{Name: "A"}, "A"},
		{&asl.Error{Cause: "b", Unnamed: true}, "b"},
		{&asl.Error{Unnamed: true, Causeless: true}, "failed without error and cause"},
		{&asl.Aborted{}, "aborted"},
		{&asl.Aborted{Name: "A", Cause: "b"}, "aborted: A: b"},
		{&asl.Uncertain{Handle: "h", Err: errors.New("lost")}, "lost"},
		{&asl.APIError{Code: asl.CodeInvalidToken, Message: "m"}, "InvalidToken: m"},
	} {
		if got := row.err.Error(); got != row.want {
			t.Errorf("%q, want %q", got, row.want)
		}
	}
	if !asl.IsTimeout(asl.TimeoutError()) || !asl.IsTimeout(asl.HeartbeatError()) || asl.IsTimeout(errors.New("x")) || asl.TimedOut(asl.TimeoutError()) {
		t.Error("a task's timeout is one, and not the execution's")
	}
	cause := errors.New("lost")
	if !errors.Is(&asl.Uncertain{Err: cause}, cause) {
		t.Error("the error inside is not found")
	}
}

// A number that a configuration gives is one that its field takes.
func TestConfigNumbers(t *testing.T) {
	for value, want := range map[int]string{
		-1: "the configuration says -1 for ${limit}: TimeoutSeconds takes 1 to 99999999",
		0:  "the configuration says 0 for ${limit}: TimeoutSeconds takes 1 to 99999999",
		1:  "", 99999999: "",
		100000000: "the configuration says 100000000 for ${limit}: TimeoutSeconds takes 1 to 99999999",
	} {
		_, err := table.NewMachine[asl.Value, asl.Value](memory.NewDriven(begin), table.Definition{
			Name: "M", StartAt: "A", States: []table.State{&table.Succeed{Name: "A"}},
			Numbers: []table.Number{{Placeholder: "limit", Field: "TimeoutSeconds", Value: float64(value), Low: 1, High: 99999999}},
		})
		if (err == nil) != (want == "") || err != nil && err.Error() != "asl: M: "+want {
			t.Errorf("%d: %v, want %s", value, err, want)
		}
	}
}

// A machine that cannot be made says all that it lacks; a call that cannot be made says why.
func TestMachine(t *testing.T) {
	engine := memory.NewDriven(begin)
	_, err := table.NewMachine[asl.Value, asl.Value](engine, table.Definition{Name: "M", StartAt: "A", Config: table.Config{"Bucket": ""}, States: []table.State{
		task("arn:aws:lambda:us-east-1:123456789012:function:f", table.RequestResponse("Work", table.Input, table.DecodedCall(asl.Call[order, order]{}))),
		&table.Pass{Name: "B", InputPath: "x"}, &table.Pass{Name: "C", ResultPath: "$..x"}, &table.Fail{Name: "D", ErrorPath: "("},
		&table.Wait{Name: "E", SecondsPath: "$["}, &table.Map{Name: "F", ItemsPath: "$[", ItemProcessor: table.Branch{StartAt: "Z"}},
		&table.Choice{Name: "G", Choices: []table.Rule{{Variable: "$.a", Operator: "Equals", Value: 1}, {Variable: "$.a", Operator: "TimestampEquals", Value: "x"}, {Variable: "$["}}},
		&table.Pass{Name: "H", Output: table.Document(func(_ *asl.Context, r *table.Reader) asl.Value { return r.Value("{% ( %}", "") })},
	}})
	for _, want := range []string{"${Bucket}", `no state "A"`, "its effect, the field Work of the machine's Tasks, is nil", `state "B"`, `state "C"`, `state "D"`, `state "E"`, `state "F"`, `no state "Z"`, "no operator Equals", "is not a timestamp", `state "H"`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in %v", want, err)
		}
	}
	if _, err := table.NewMachine[asl.Value, asl.Value](nil, table.Definition{StartAt: "S", States: []table.State{&table.Succeed{Name: "S"}}}); err == nil || !strings.Contains(err.Error(), "needs an engine") {
		t.Error(err)
	}
	standard := newMachine(t, engine, table.Definition{Source: " {}", Checksum: table.Checksum("{}")}, []table.State{&table.Succeed{Name: "S"}}, "S")
	if standard.Program().Definition() != " {}" || standard.Program().Name() != "Lab" {
		t.Error("the program does not know its definition")
	}
	if _, err := standard.Run(t.Context(), value.Null, asl.Synchronous()); err == nil || !strings.Contains(err.Error(), "EXPRESS") {
		t.Error(err)
	}
	if _, err := standard.Run(t.Context(), value.String(strings.Repeat("x", asl.DataLimit))); err == nil || !strings.Contains(err.Error(), "262146 bytes") {
		t.Error(err)
	}
	express := newMachine(t, engine, table.Definition{Type: asl.Express}, []table.State{&table.Succeed{Name: "S"}}, "S")
	e, err := express.Start(t.Context(), value.Null, asl.Synchronous(), asl.Named("one"))
	if err != nil || e.Running().Name() != "one" || !strings.Contains(e.Running().ID(), ":express:Lab:one:") {
		t.Error(e, err)
	}
}

// Run stops the execution when its context ends.
func TestRunStops(t *testing.T) {
	cause := errors.New("no patience")
	ctx, cancel := context.WithCancelCause(t.Context())
	m := newMachine(t, memory.New(), table.Definition{}, []table.State{&table.Task{Name: "Work", Resource: "arn:aws:states:::lambda:invoke", End: true,
		Run: table.RequestResponse("Work", table.Input, asl.CallFunc(func(ctx context.Context, _ asl.Value) (asl.Value, error) {
			cancel(cause)
			<-ctx.Done()
			return asl.Value{}, ctx.Err()
		}))}}, "Work")
	if _, err := m.Run(ctx, value.Null); !errors.Is(err, cause) {
		t.Error(err)
	}
}

// An observer that asks for it sees events as they are.
func TestUnredacted(t *testing.T) {
	seen := ""
	m := newMachine(t, memory.NewDriven(begin), table.Definition{}, []table.State{&table.Succeed{Name: "S"}}, "S",
		asl.Observe(asl.Unredacted(asl.ObserverFunc(func(_ string, e asl.Event) { seen += e.Input.String() }))))
	if _, err := m.Run(t.Context(), value.MustParse(`{"Environment":{"A":"secret"}}`)); err != nil || !strings.Contains(seen, "secret") {
		t.Error(seen, err)
	}
}
