package temporal

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"

	"github.com/r-seed-632eed22/aslgen/example/ecsjobs"
	"github.com/r-seed-632eed22/aslgen/internal/runner"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/ecstask"
	"github.com/r-seed-632eed22/aslgen/runtime/ecstask/ecsfake"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
	"github.com/r-seed-632eed22/aslgen/runtime/sfnapi"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// workerOf tells the test binary that it is a worker to be killed: the server's address, the task queue, the address of ECS.
const workerOf = "ASLGEN_TEMPORAL_WORKER"

func TestMain(m *testing.M) {
	if os.Getenv(runner.Serves) != "" {
		runner.MainOn(func(s *runner.Spec) runner.Result {
			var of []Option
			if s.Cuts != 0 {
				of = append(of, WithContinueAfter(0))
			}
			r, _ := simulate(s, of...)
			return r
		})
		return
	}
	of := os.Getenv(workerOf)
	if of == "" {
		code := m.Run()
		stopServer()
		os.Exit(code)
	}
	part := strings.Split(of, ",")
	if err := work(part[0], part[1], part[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// work is a worker of RunJob, until it is killed.
func work(address, queue, url string) error {
	c, err := client.Dial(client.Options{HostPort: address, Logger: quiet})
	if err != nil {
		return err
	}
	e := New(c, queue, WithLease(2*time.Second))
	p, err := runJob(e, clientAt(url))
	if err != nil {
		return err
	}
	w := worker.New(c, queue, e.WorkerOptions())
	e.RegisterWorker(w, p)
	return w.Run(make(chan any))
}

func clientAt(url string) *ecs.Client {
	return ecs.New(ecs.Options{Region: "us-east-1", BaseEndpoint: &url, Credentials: credentials.NewStaticCredentialsProvider("k", "s", "")})
}

func runJob(e asl.Engine, client *ecs.Client) (asl.Program, error) {
	tasks := ecstask.New(client, ecstask.PollEvery(50*time.Millisecond))
	m, err := ecsjobs.NewRunJob(e, ecsjobs.NewRunJobTasks(ecsjobs.RunJobClients{ECS: tasks}))
	if err != nil {
		return nil, err
	}
	return m.Program(), nil
}

// devServer is the server that the tests have started.
var devServer struct {
	once    sync.Once
	address string
	command *exec.Cmd
	err     error
}

// server returns the address of a server: that of ASL_TEMPORAL, or of one that TEMPORAL_CLI starts.
func server(t testing.TB) string {
	t.Helper()
	if address := os.Getenv("ASL_TEMPORAL"); address != "" {
		return address
	}
	cli := os.Getenv("TEMPORAL_CLI")
	if cli == "" {
		t.Skip("there is no server of Temporal: ASL_TEMPORAL is to be its address, or TEMPORAL_CLI the command temporal, which " +
			"go install github.com/temporalio/cli/cmd/temporal@v1.5.1 builds")
	}
	devServer.once.Do(func() { devServer.err = startServer(cli) })
	if devServer.err != nil {
		t.Fatal(devServer.err)
	}
	return devServer.address
}

func startServer(cli string) error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	address := l.Addr().String()
	if err := l.Close(); err != nil {
		return err
	}
	_, port, _ := net.SplitHostPort(address)
	cmd := exec.Command(cli, "server", "start-dev", "--headless", "--ip", "127.0.0.1", "--port", port, "--log-level", "error")
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		return err
	}
	devServer.address, devServer.command = address, cmd
	for range 300 {
		c, err := client.Dial(client.Options{HostPort: address, Logger: quiet})
		if err == nil {
			c.Close()
			return nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	return errors.New("the server does not come up")
}

func stopServer() {
	if devServer.command != nil {
		_ = devServer.command.Process.Kill()
		_ = devServer.command.Wait()
	}
}

// place is an engine on a server, with an ECS.
type place struct {
	testing.TB
	*Engine
	address, queue string
	ecs            *ecsfake.Server
}

func newPlace(t testing.TB, of ...Option) *place {
	t.Helper()
	address := server(t)
	c, err := client.Dial(client.Options{HostPort: address, Logger: quiet})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	p := &place{TB: t, address: address, queue: fmt.Sprintf("%s-%d", t.Name(), time.Now().UnixNano())}
	p.Engine = New(c, p.queue, append([]Option{WithLease(2 * time.Second)}, of...)...)
	if p.ecs, err = ecsfake.Start(ecsfake.Options{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.ecs.Close)
	return p
}

// work starts a worker in this process.
func (p *place) work(programs ...asl.Program) {
	p.Helper()
	w := worker.New(p.client, p.queue, p.WorkerOptions())
	p.RegisterWorker(w, programs...)
	if err := w.Start(); err != nil {
		p.Fatal(err)
	}
	p.Cleanup(w.Stop)
}

// spawn starts a worker of RunJob as a process.
func (p *place) spawn() *exec.Cmd {
	p.Helper()
	self, err := os.Executable()
	if err != nil {
		p.Fatal(err)
	}
	cmd := exec.Command(self, "-test.run", "^$")
	cmd.Env = append(os.Environ(), workerOf+"="+p.address+","+p.queue+","+p.ecs.URL())
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		p.Fatal(err)
	}
	p.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	return cmd
}

func (p *place) start(m asl.Program, name, input string) asl.Running {
	p.Helper()
	x, err := p.Start(p.Context(), m, asl.StartRequest{Name: name, Input: value.MustParse(input)})
	if err != nil {
		p.Fatal(err)
	}
	return x
}

// unique is a name that no execution of another run of the tests has.
func unique(name string) string { return fmt.Sprintf("%s-%d", name, time.Now().UnixNano()) }

// ends waits for an execution and compares how it ends: its error's name, or else its output.
func (p *place) ends(x asl.Running, want string) {
	p.Helper()
	ctx, cancel := context.WithTimeout(p.Context(), time.Minute)
	defer cancel()
	output, err := x.Wait(ctx)
	got := output.String()
	if failed, ok := errors.AsType[*asl.Error](err); ok {
		got = failed.Name
	} else if err != nil {
		got = err.Error()
	}
	if got != want {
		p.Errorf("it ends with %s, not with %s: %v", got, want, err)
	}
}

// succeeds waits for an execution that does.
func (p *place) succeeds(x asl.Running) {
	p.Helper()
	ctx, cancel := context.WithTimeout(p.Context(), time.Minute)
	defer cancel()
	if _, err := x.Wait(ctx); err != nil {
		p.Error(err)
	}
}

// until waits for a condition.
func (p *place) until(what string, is func() bool) {
	p.Helper()
	for range 600 {
		if is() {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	p.Fatal("never: " + what)
}

func (p *place) types(x asl.Running) (all []string) {
	p.Helper()
	events, err := x.History(p.Context())
	if err != nil {
		p.Error(err)
	}
	for _, e := range events {
		all = append(all, string(e.Type))
	}
	return all
}

// machine is a program of states, the first of which it starts at.
func (p *place) machine(e asl.Engine, name, start, checksum string, states ...table.State) asl.Program {
	p.Helper()
	m, err := table.NewMachine[asl.Value, asl.Value](e, table.Definition{Name: name, StartAt: start, Checksum: checksum, States: states})
	if err != nil {
		p.Fatal(err)
	}
	return m.Program()
}

func call(name string, f func(ctx context.Context, in asl.Value) (asl.Value, error)) *table.Task {
	return &table.Task{Name: name, Resource: "arn:aws:lambda:us-east-1:123456789012:function:f", End: true,
		Run: table.RequestResponse(name, table.Input, asl.CallFunc(f))}
}

// A worker is killed while it waits for the task: another goes on with the same task.
func TestWorkerKilled(t *testing.T) {
	p := newPlace(t)
	if _, err := p.ecs.Define("job-id", "container-name", ecsfake.Exits(0, 6*time.Second)); err != nil {
		t.Fatal(err)
	}
	m, err := runJob(p.Engine, p.ecs.Client())
	if err != nil {
		t.Fatal(err)
	}
	first := p.spawn()
	x := p.start(m, unique("killed"), `{"commands": ["one"]}`)
	p.until("a task", func() bool { return len(p.ecs.Tasks()) == 1 })
	time.Sleep(300 * time.Millisecond) // so that its start is known
	if err := first.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	p.spawn()
	p.succeeds(x)
	if tasks, calls := len(p.ecs.Tasks()), p.ecs.Count(ecsfake.RunTask); tasks != 1 || calls != 1 {
		t.Errorf("%d tasks, RunTask is called %d times", tasks, calls)
	}
	want := []string{"ExecutionStarted", "TaskStateEntered", "TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded", "TaskStateExited", "ExecutionSucceeded"}
	if got := p.types(x); strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("the history is %v", got)
	}
}

// What is stopped, or has no time any more, stops its ECS task.
func TestStops(t *testing.T) {
	p := newPlace(t)
	if _, err := p.ecs.Define("job-id", "container-name", ecsfake.Exits(0, time.Hour)); err != nil {
		t.Fatal(err)
	}
	m, err := runJob(p.Engine, p.ecs.Client())
	if err != nil {
		t.Fatal(err)
	}
	p.work(m)
	x := p.start(m, unique("stopped"), `{"commands": ["one"]}`)
	p.until("a task", func() bool { return len(p.ecs.Tasks()) == 1 })
	if err := x.Stop(t.Context(), "Enough", "of it"); err != nil {
		t.Error(err)
	}
	p.ends(x, "aborted: Enough: of it")
	if n := p.ecs.Count(ecsfake.StopTask); n != 1 {
		t.Errorf("StopTask is called %d times", n)
	}
	if d, err := x.Describe(t.Context()); err != nil || d.Status != asl.StatusAborted || d.Input.String() != `{"commands":["one"]}` || d.Stopped.IsZero() {
		t.Errorf("%+v, %v", d, err)
	}
	if err := x.Stop(t.Context(), "", ""); err != nil {
		t.Errorf("what has ended is stopped with %v", err)
	}
}

// An answer ends the task that waits for it, early or not; a second one is too late. Heartbeats put off the end of the time.
func TestTokens(t *testing.T) {
	p := newPlace(t)
	tokens := make(chan string, 10)
	var early atomic.Bool
	ask := &table.Task{Name: "Ask", Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken", End: true, HeartbeatSeconds: 3,
		Run: table.WaitForTaskToken("Ask", table.Input, asl.SendFunc(func(ctx context.Context, token string, _ asl.Value) error {
			tokens <- token
			if early.Load() {
				return p.SendTaskSuccess(ctx, token, value.String("early"))
			}
			return nil
		}))}
	m := p.machine(p.Engine, "Ask", "Ask", "1", ask)
	p.work(m)
	x := p.start(m, unique("late"), `{}`)
	token := <-tokens
	for range 3 {
		time.Sleep(2 * time.Second)
		if err := p.SendTaskHeartbeat(t.Context(), token); err != nil {
			t.Error(err)
		}
	}
	if err := p.CheckTaskToken(t.Context(), token); err != nil {
		t.Error(err)
	}
	if err := p.SendTaskSuccess(t.Context(), token, value.String("late")); err != nil {
		t.Error(err)
	}
	p.ends(x, `"late"`)
	for _, code := range []error{p.SendTaskSuccess(t.Context(), token, value.True), p.CheckTaskToken(t.Context(), token)} {
		if refused, _ := errors.AsType[*asl.APIError](code); refused == nil || refused.Code != asl.CodeTaskTimedOut {
			t.Errorf("a second answer: %v", code)
		}
	}
	silent := p.start(m, unique("silent"), `{}`)
	<-tokens
	early.Store(true)
	p.ends(silent, "States.Timeout")
	p.ends(p.start(m, unique("early"), `{}`), `"early"`)
	if err := p.SendTaskSuccess(t.Context(), "none", value.True); err == nil {
		t.Error("what is no token is taken")
	}
}

// A Map Run has children in workflows, and an execution that is long goes on in new ones. Its history is that of the memory engine.
func TestMapRunsAndLongExecutions(t *testing.T) {
	p := newPlace(t, WithPages(20, 10), WithContinueAfter(60))
	states := func(as asl.Type) []table.State {
		add := call("Add", func(_ context.Context, in asl.Value) (asl.Value, error) {
			n, _ := in.Get("n").AsInt()
			return value.Object(value.Field("n", value.Int(n+1)), value.Field("items", in.Get("items"))), nil
		})
		add.Next, add.End = "Enough", false
		return []table.State{
			add,
			&table.Choice{Name: "Enough", Choices: []table.Rule{{Variable: "$.n", Operator: "NumericLessThan", Value: 20, Next: "Add"}}, Default: "Each"},
			&table.Map{Name: "Each", ItemsPath: "$.items", End: true, Distributed: &table.Distributed{ExecutionType: as},
				ItemProcessor: table.Branch{StartAt: "Twice", States: []table.State{call("Twice", func(_ context.Context, in asl.Value) (asl.Value, error) {
					n, _ := in.AsInt()
					return value.Int(2 * n), nil
				})}}},
		}
	}
	var items, twice []string
	for i := range 100 {
		items, twice = append(items, fmt.Sprint(i)), append(twice, fmt.Sprint(2*i))
	}
	input := `{"n": 0, "items": [` + strings.Join(items, ",") + `]}`
	types := []asl.Type{asl.Standard, asl.Express}
	var machines []asl.Program
	for _, as := range types {
		machines = append(machines, p.machine(p.Engine, "Every"+string(as), "Add", "1", states(as)...))
	}
	p.work(machines...)
	for i, as := range types {
		x := p.start(machines[i], unique("all"), input)
		p.ends(x, "["+strings.Join(twice, ",")+"]")
		engine := memory.New()
		same, err := engine.Start(t.Context(), p.machine(engine, "Every", "Add", "1", states(as)...), asl.StartRequest{Input: value.MustParse(input)})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := same.Wait(t.Context()); err != nil {
			t.Error(err)
		}
		if got, want := p.types(x), p.types(same); strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("the history is\n%v\nnot\n%v", got, want)
		}
	}
}

// A name is taken, but for the same input while it runs. The engine can be asked for executions.
func TestNames(t *testing.T) {
	p := newPlace(t)
	m := p.machine(p.Engine, unique("Nap"), "Rest", "1", &table.Wait{Name: "Rest", Seconds: 3600, End: true})
	p.work(m)
	x := p.start(m, "one", `{"a": 1}`)
	if same := p.start(m, "one", `{"a":1}`); same.ID() != x.ID() {
		t.Errorf("the same start gives %s", same.ID())
	}
	taken := func(input string) {
		_, err := p.Start(t.Context(), m, asl.StartRequest{Name: "one", Input: value.MustParse(input)})
		if refused, _ := errors.AsType[*asl.APIError](err); refused == nil || refused.Code != asl.CodeExecutionAlreadyExists {
			t.Errorf("with %s it starts with %v", input, err)
		}
	}
	taken(`{}`)
	again, err := p.Execution(x.ID())
	if err != nil {
		t.Fatal(err)
	}
	if d, err := again.Describe(t.Context()); err != nil || d.Status != asl.StatusRunning || d.Input.String() != `{"a":1}` {
		t.Errorf("%+v, %v", d, err)
	}
	p.until("a list", func() bool { all := p.Executions(m.Name()); return len(all) == 1 && all[0].ID() == x.ID() })
	if _, err := p.Execution(x.ID() + "2"); err == nil {
		t.Error("an execution that there is not is found")
	}
	if err := again.Stop(t.Context(), "", ""); err != nil {
		t.Error(err)
	}
	p.ends(x, "aborted")
	taken(`{"a": 1}`)
}

// A worker without the version that an execution was started with leaves it alone.
func TestVersions(t *testing.T) {
	p := newPlace(t)
	name := unique("Job")
	states := func(result string) table.State {
		return &table.Pass{Name: "P", Result: value.String(result), End: true}
	}
	older, newer := p.machine(p.Engine, name, "P", "older-checksum", states("old")), p.machine(p.Engine, name, "P", "newer-checksum", states("new"))
	p.work(newer)
	x := p.start(older, "old", `{}`)
	p.ends(p.start(newer, "new", `{}`), `"new"`)
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if output, err := x.Wait(ctx); err == nil {
		t.Errorf("the new version ends the old one's execution with %s", output)
	}
	p.work(older)
	p.ends(x, `"old"`)
}

// The Step Functions API is served over the engine.
func TestAPI(t *testing.T) {
	p := newPlace(t)
	m := p.machine(p.Engine, unique("Served"), "Rest", "1", &table.Wait{Name: "Rest", Seconds: 3600, End: true})
	p.work(m)
	server := httptest.NewServer(sfnapi.NewAPIHandler(p.Engine))
	t.Cleanup(server.Close)
	c := sfn.New(sfn.Options{Region: "us-east-1", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("k", "s", "")})
	arn := p.Account().StateMachineARN(m.Name())
	x, err := c.StartExecution(t.Context(), &sfn.StartExecutionInput{StateMachineArn: &arn})
	if err != nil {
		t.Fatal(err)
	}
	status := func() string {
		d, err := c.DescribeExecution(t.Context(), &sfn.DescribeExecutionInput{ExecutionArn: x.ExecutionArn})
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(d.Status, *d.RedriveCount)
	}
	for i, want := range []string{"ABORTED0", "ABORTED1"} {
		if _, err := c.StopExecution(t.Context(), &sfn.StopExecutionInput{ExecutionArn: x.ExecutionArn}); err != nil {
			t.Fatal(err)
		}
		p.until(want, func() bool { return status() == want })
		if i > 0 {
			break
		}
		if _, err := c.RedriveExecution(t.Context(), &sfn.RedriveExecutionInput{ExecutionArn: x.ExecutionArn}); err != nil {
			t.Fatal(err)
		}
		p.until("it runs", func() bool { return status() == "RUNNING1" })
	}
	h, err := c.GetExecutionHistory(t.Context(), &sfn.GetExecutionHistoryInput{ExecutionArn: x.ExecutionArn})
	var types []string
	if err == nil {
		for _, e := range h.Events {
			types = append(types, string(e.Type))
		}
	}
	want := "ExecutionStarted WaitStateEntered ExecutionAborted ExecutionRedriven ExecutionAborted"
	if got := strings.Join(types, " "); err != nil || got != want {
		t.Errorf("the history is %s, %v", got, err)
	}
	p.until("it is listed", func() bool {
		all, err := c.ListExecutions(t.Context(), &sfn.ListExecutionsInput{StateMachineArn: &arn})
		return err == nil && len(all.Executions) == 1 && *all.Executions[0].ExecutionArn == *x.ExecutionArn
	})
}
