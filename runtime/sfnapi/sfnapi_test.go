package sfnapi_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/r-seed-632eed22/aslgen/internal/told"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/aws/smithy-go"

	"github.com/r-seed-632eed22/aslgen/internal/again"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
	"github.com/r-seed-632eed22/aslgen/runtime/sfnapi"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

var begin = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// worker is how a task's worker reports: through the API, or by a Go call. A nil text is not given.
type worker interface {
	success(ctx context.Context, token, output string) error
	failure(ctx context.Context, token string, name, cause *string) error
	heartbeat(ctx context.Context, token string) error
}

// overHTTP reports with the SDK's client.
type overHTTP struct{ *sfn.Client }

func newClient(t testing.TB, tasks asl.Callbacks) overHTTP {
	t.Helper()
	server := httptest.NewServer(sfnapi.NewHandler(tasks))
	t.Cleanup(server.Close)
	return overHTTP{sfn.New(sfn.Options{
		Region: "us-east-1", BaseEndpoint: aws.String(server.URL), Retryer: aws.NopRetryer{},
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "a", SecretAccessKey: "b"}, nil
		}),
	})}
}

func (w overHTTP) success(ctx context.Context, token, output string) error {
	_, err := w.SendTaskSuccess(ctx, &sfn.SendTaskSuccessInput{TaskToken: &token, Output: &output})
	return err
}

func (w overHTTP) failure(ctx context.Context, token string, name, cause *string) error {
	_, err := w.SendTaskFailure(ctx, &sfn.SendTaskFailureInput{TaskToken: &token, Error: name, Cause: cause})
	return err
}

func (w overHTTP) heartbeat(ctx context.Context, token string) error {
	_, err := w.SendTaskHeartbeat(ctx, &sfn.SendTaskHeartbeatInput{TaskToken: &token})
	return err
}

// inProcess reports by Go calls.
type inProcess struct{ asl.Callbacks }

func (w inProcess) success(ctx context.Context, token, output string) error {
	return w.SendTaskSuccess(ctx, token, value.MustParse(output))
}

func (w inProcess) failure(ctx context.Context, token string, name, cause *string) error {
	return w.SendTaskFailure(ctx, token, &asl.Error{
		Name: aws.ToString(name), Unnamed: name == nil, Cause: aws.ToString(cause), Causeless: cause == nil,
	})
}

func (w inProcess) heartbeat(ctx context.Context, token string) error {
	return w.SendTaskHeartbeat(ctx, token)
}

// code is the name of the API's exception in an error: "" if there is none. The SDK has them as types.
func code(t *testing.T, err error) string {
	t.Helper()
	if err == nil {
		return ""
	}
	if callback, ok := errors.AsType[*asl.APIError](err); ok {
		return callback.Code
	}
	api, ok := errors.AsType[smithy.APIError](err)
	if !ok {
		t.Fatalf("it is no exception of the API: %v", err)
	}
	_, timedOut := errors.AsType[*types.TaskTimedOut](err)
	_, token := errors.AsType[*types.InvalidToken](err)
	_, output := errors.AsType[*types.InvalidOutput](err)
	_, missing := errors.AsType[*types.TaskDoesNotExist](err)
	for name, typed := range map[string]bool{
		asl.CodeTaskTimedOut: timedOut, asl.CodeInvalidToken: token, asl.CodeInvalidOutput: output, asl.CodeTaskDoesNotExist: missing,
	} {
		if typed != (api.ErrorCode() == name) {
			t.Errorf("the SDK makes %T of %s", err, api.ErrorCode())
		}
	}
	return api.ErrorCode()
}

// scene is a task that waits for its token, and what happens to it.
type scene struct {
	name               string
	timeout, heartbeat int
	retry              []table.Retrier
	catch              []string // ErrorEquals of the one Catch
	script             func(s *stage)
	want               string // the output, or the error as "name: cause"
	after              time.Duration
	events             string // after TaskStateEntered TaskScheduled TaskStarted TaskSubmitted
}

// stage is what a script acts on.
type stage struct {
	*testing.T
	worker
	ctx       context.Context
	engine    *memory.Engine
	execution *asl.Execution[asl.Value]
	tokens    []string // of the attempts
}

// at waits until so many seconds have passed.
func (s *stage) at(seconds int) {
	_ = clock.SleepUntil(s.ctx, s.engine.Clock(), begin.Add(time.Duration(seconds)*time.Second))
}

func (s *stage) want(wanted string, err error) {
	s.Helper()
	if got := code(s.T, err); got != wanted {
		s.Errorf("have %q, want %q: %v", got, wanted, err)
	}
}

func (s *stage) token() string { return s.tokens[len(s.tokens)-1] }

// over checks that nobody takes an answer of a token any more.
func (s *stage) over(token string) {
	s.Helper()
	s.want(asl.CodeTaskTimedOut, s.success(s.ctx, token, "1"))
	s.want(asl.CodeTaskTimedOut, s.failure(s.ctx, token, nil, nil))
	s.want(asl.CodeTaskTimedOut, s.heartbeat(s.ctx, token))
}

func beats(until int) func(*stage) {
	return func(s *stage) {
		for second := 8; second <= until; second += 8 {
			s.at(second)
			s.want("", s.heartbeat(s.ctx, s.token()))
		}
	}
}

func succeed(second int) func(*stage) {
	return func(s *stage) {
		s.at(second)
		s.want("", s.success(s.ctx, s.token(), `{"a":[1.50,null]}`))
	}
}

func fail(second int, name, cause *string) func(*stage) {
	return func(s *stage) {
		s.at(second)
		s.want("", s.failure(s.ctx, s.token(), name, cause))
	}
}

func steps(list ...func(*stage)) func(*stage) {
	return func(s *stage) {
		for _, step := range list {
			step(s)
		}
	}
}

const exited = " TaskStateExited PassStateEntered PassStateExited"

var scenes = []scene{
	{name: "success", script: succeed(10), want: `{"a":[1.50,null]}`, after: 10 * time.Second, events: "TaskSucceeded TaskStateExited"},
	{name: "failure", script: fail(10, aws.String("Mine"), aws.String("a cause")), want: "Mine: a cause", after: 10 * time.Second, events: "TaskFailed"},
	{name: "failure without a cause", script: fail(10, aws.String("Mine"), nil), want: "Mine", after: 10 * time.Second, events: "TaskFailed"},
	{name: "failure without an error", script: fail(10, nil, aws.String("a cause")), want: "a cause", after: 10 * time.Second, events: "TaskFailed"},
	{name: "failure without anything", script: fail(10, nil, nil), want: "failed without error and cause", after: 10 * time.Second, events: "TaskFailed"},
	{name: "failure, caught by name", catch: []string{"Mine"}, script: fail(10, aws.String("Mine"), aws.String(`{"b":2}`)),
		want: `{"Error":"Mine","Cause":"{\"b\":2}"}`, after: 10 * time.Second, events: "TaskFailed" + exited},
	{name: "failure without anything, caught", catch: []string{asl.ErrorAll}, script: fail(10, nil, nil),
		want: `{"Error":null,"Cause":null}`, after: 10 * time.Second, events: "TaskFailed" + exited},
	{name: "failure without an error, not caught as a failed task", catch: []string{asl.ErrorTaskFailed}, script: fail(10, nil, nil),
		want: "failed without error and cause", after: 10 * time.Second, events: "TaskFailed"},

	{name: "heartbeats", heartbeat: 10, script: steps(beats(40), succeed(45)), want: `{"a":[1.50,null]}`, after: 45 * time.Second,
		events: "TaskSucceeded TaskStateExited"},
	{name: "heartbeat that does not come", heartbeat: 10, script: beats(0), want: "States.Timeout", after: 10 * time.Second, events: "TaskTimedOut"},
	{name: "heartbeat that stops", heartbeat: 10, script: beats(16), want: "States.Timeout", after: 26 * time.Second, events: "TaskTimedOut"},
	{name: "missed heartbeat, caught as itself", heartbeat: 10, catch: []string{asl.ErrorHeartbeatTimeout}, script: beats(16),
		want: `{"Error":"States.Timeout","Cause":""}`, after: 26 * time.Second, events: "TaskTimedOut" + exited},
	{name: "missed heartbeat, caught as a timeout", heartbeat: 10, catch: []string{asl.ErrorTimeout}, script: beats(16),
		want: `{"Error":"States.Timeout","Cause":""}`, after: 26 * time.Second, events: "TaskTimedOut" + exited},
	{name: "missed heartbeat, caught with all", heartbeat: 10, catch: []string{asl.ErrorAll}, script: beats(16),
		want: `{"Error":"States.Timeout","Cause":""}`, after: 26 * time.Second, events: "TaskTimedOut" + exited},

	{name: "timeout", timeout: 20, script: beats(0), want: "States.Timeout", after: 20 * time.Second, events: "TaskTimedOut"},
	{name: "timeout, which heartbeats do not put off", timeout: 20, heartbeat: 10, script: beats(16), want: "States.Timeout",
		after: 20 * time.Second, events: "TaskTimedOut"},
	{name: "timeout, not caught as a missed heartbeat", timeout: 20, catch: []string{asl.ErrorHeartbeatTimeout}, script: beats(0),
		want: "States.Timeout", after: 20 * time.Second, events: "TaskTimedOut"},
	{name: "timeout, not caught as a failed task", timeout: 20, catch: []string{asl.ErrorTaskFailed}, script: beats(0),
		want: "States.Timeout", after: 20 * time.Second, events: "TaskTimedOut"},
	{name: "retry, whose token is another", timeout: 20,
		retry: []table.Retrier{{ErrorEquals: []string{asl.ErrorTimeout}, IntervalSeconds: 5, MaxAttempts: 1, BackoffRate: 1}},
		script: func(s *stage) {
			s.at(22)
			s.over(s.tokens[0])
			s.at(26)
			s.over(s.tokens[0])
			succeed(30)(s)
		},
		want: `{"a":[1.50,null]}`, after: 30 * time.Second,
		events: "TaskTimedOut TaskScheduled TaskStarted TaskSubmitted TaskSucceeded TaskStateExited"},
	{name: "abort", script: func(s *stage) { s.at(10); told.Stop(s.execution, "Enough", "of this") }, want: "aborted: Enough: of this", after: 10 * time.Second},
	{name: "several answers", script: func(s *stage) {
		succeed(10)(s)
		s.over(s.token()) // at the same moment, before the execution goes on
	}, want: `{"a":[1.50,null]}`, after: 10 * time.Second, events: "TaskSucceeded TaskStateExited"},
	{name: "wrong tokens", script: func(s *stage) {
		for _, garbage := range []string{"x", "asltoken.", s.token() + "x", s.token()[:20], "x" + s.token(), s.token() + "\n", strings.Repeat("x", 1024)} {
			s.want(asl.CodeInvalidToken, s.success(s.ctx, garbage, "1"))
			s.want(asl.CodeInvalidToken, s.failure(s.ctx, garbage, nil, nil))
			s.want(asl.CodeInvalidToken, s.heartbeat(s.ctx, garbage))
		}
		foreign := tokenOfAnother(s.T)
		s.want(asl.CodeTaskDoesNotExist, s.success(s.ctx, foreign, "1"))
		s.want(asl.CodeTaskDoesNotExist, s.failure(s.ctx, foreign, nil, nil))
		s.want(asl.CodeTaskDoesNotExist, s.heartbeat(s.ctx, foreign))
		succeed(10)(s)
	}, want: `{"a":[1.50,null]}`, after: 10 * time.Second, events: "TaskSucceeded TaskStateExited"},
}

func TestTokens(t *testing.T) {
	for _, how := range []string{"in process", "over HTTP"} {
		for _, row := range scenes {
			t.Run(how+"/"+row.name, func(t *testing.T) {
				again.Same(t, func() string { return row.play(t, how == "over HTTP") })
			})
		}
	}
}

func (row scene) play(t *testing.T, http bool) (history string) {
	engine := memory.NewDriven(begin)
	s := &stage{T: t, worker: inProcess{engine}, engine: engine}
	if http {
		s.worker = newClient(t, engine)
	}
	task := &table.Task{Name: "Ask", Resource: "arn:aws:states:::ecs:runTask.waitForTaskToken", TimeoutSeconds: row.timeout,
		HeartbeatSeconds: row.heartbeat, Retry: row.retry, End: true, Run: table.WaitForTaskToken("Ask",
			func(c *asl.Context, _ *table.Reader) string { return c.Task.Token },
			asl.SendFunc(func(_ context.Context, token, parameter string) error {
				if token != parameter {
					t.Errorf("the token is %q, the machine puts in %q", token, parameter)
				}
				s.tokens = append(s.tokens, token)
				return nil
			}))}
	if row.catch != nil {
		task.Catch = []table.Catcher{{ErrorEquals: row.catch, Next: "Caught"}}
	}
	m, err := table.NewMachine[asl.Value, asl.Value](engine, table.Definition{
		Name: "Lab", StartAt: "Ask", States: []table.State{task, &table.Pass{Name: "Caught", End: true}},
	})
	if err != nil {
		t.Fatal(err)
	}
	engine.Driven().Run(clock.NewContext(context.Background(), engine.Clock()), func(ctx context.Context) {
		s.ctx = ctx
		if s.execution, err = m.Start(ctx, value.EmptyObject); err != nil {
			t.Error(err)
			return
		}
		_ = clock.Sleep(ctx, time.Millisecond) // the task has handed out its token then
		row.script(s)
		row.check(s)
		for _, e := range told.History(s.execution) {
			text, _ := e.MarshalJSON()
			history += string(text) + "\n"
		}
	})
	return history
}

func (row scene) check(s *stage) {
	output, err := s.execution.Running().Wait(s.ctx)
	got := output.String()
	if err != nil {
		got = err.Error()
	}
	if got != row.want {
		s.Errorf("have %s\nwant %s", got, row.want)
	}
	if after := s.engine.Clock().Now().Sub(begin); after != row.after {
		s.Errorf("it took %v, want %v", after, row.after)
	}
	var events []string
	for _, e := range told.History(s.execution)[5:] {
		if !strings.HasPrefix(string(e.Type), "Execution") {
			events = append(events, string(e.Type))
		}
		if e.Type == asl.TaskTimedOut && (e.Err.Name != asl.ErrorTimeout || !e.Err.Causeless) {
			s.Errorf("the history has %+v", e.Err)
		}
	}
	if got := strings.Join(events, " "); got != row.events {
		s.Errorf("the history goes on with %s\nwant %s", got, row.events)
	}
	for _, token := range s.tokens {
		s.over(token)
	}
}

// tokenOfAnother returns a token of an engine that is not this one.
func tokenOfAnother(t *testing.T) (token string) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	given := make(chan string, 1)
	m, err := table.NewMachine[asl.Value, asl.Value](memory.New(), table.Definition{
		Name: "Other", StartAt: "Ask", States: []table.State{&table.Task{
			Name: "Ask", Resource: "arn:aws:states:::ecs:runTask.waitForTaskToken", End: true, Run: table.WaitForTaskToken("Work",
				func(*asl.Context, *table.Reader) string { return "" },
				asl.SendFunc(func(_ context.Context, token, _ string) error { given <- token; return nil })),
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	e, err := m.Start(ctx, value.EmptyObject)
	if err != nil {
		t.Fatal(err)
	}
	token = <-given
	cancel()
	_, _ = e.Running().Wait(t.Context())
	return token
}
