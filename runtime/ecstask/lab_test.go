package ecstask_test

import (
	"context"
	"fmt"
	"log/slog"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/r-seed-632eed22/aslgen/internal/told"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/awsshape"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/ecstask"
	"github.com/r-seed-632eed22/aslgen/runtime/ecstask/ecsfake"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

var begin = time.Date(2026, 1, 2, 3, 4, 5, 678e6, time.UTC)

// lab is an engine on a driven clock, an ECS endpoint on that clock, and a client between them. The endpoint has the task
// definition "job" of two containers: main, which is essential, and router, which is not and ends well after a second.
// main takes a minute, unless it was given a task token: then it sends that back with {"done":true} after ten seconds.
type lab struct {
	testing.TB
	*ecsfake.Server
	engine     *memory.Engine
	client     *ecstask.Client
	log        *strings.Builder            // what the client logs, without times
	executions []*asl.Execution[asl.Value] // that were started
}

const tokenVariable = "TASK_TOKEN_ENV_VARIABLE"

func newLab(t testing.TB, options ...ecstask.Option) *lab {
	t.Helper()
	engine := memory.NewDriven(begin)
	fake, err := ecsfake.Start(ecsfake.Options{Clock: engine.Clock(), Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(fake.Close)
	l := &lab{TB: t, Server: fake, engine: engine, log: &strings.Builder{}}
	l.connect(fake.Client(), options...)
	if _, err := fake.RegisterTaskDefinition(&ecs.RegisterTaskDefinitionInput{
		Family: aws.String("job"),
		ContainerDefinitions: []types.ContainerDefinition{
			{Name: aws.String("main"), Image: aws.String("job:1")}, {Name: aws.String("router"), Essential: aws.Bool(false)},
		},
	}); err != nil {
		t.Fatal(err)
	}
	fake.SetProgram("job", "router", ecsfake.Exits(0, time.Second))
	fake.SetProgram("job", "main", ecsfake.Func(func(ctx context.Context, c ecsfake.Container) int {
		token := c.Environment[tokenVariable]
		if token == "" {
			if clock.Sleep(ctx, time.Minute) != nil {
				return 143
			}
			return 0
		}
		if clock.Sleep(ctx, 10*time.Second) == nil {
			_ = engine.SendTaskSuccess(ctx, token, value.MustParse(`{"done":true}`)) // who asks too late hears so
		}
		return 0
	}))
	return l
}

// connect has the lab's machines call another API.
func (l *lab) connect(api ecstask.API, options ...ecstask.Option) {
	logger := slog.New(slog.NewTextHandler(l.log, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}}))
	l.client = ecstask.New(api, append([]ecstask.Option{ecstask.WithClock(l.engine.Clock()), ecstask.WithLogger(logger)}, options...)...)
}

// run runs a script on the lab's clock.
func (l *lab) run(script func(ctx context.Context)) {
	l.engine.Driven().Run(clock.NewContext(context.Background(), l.engine.Clock()), script)
}

func (l *lab) sleep(ctx context.Context, d time.Duration) {
	l.Helper()
	if err := clock.Sleep(ctx, d); err != nil {
		l.Fatal(err)
	}
}

// elapsed is how long the lab's clock has run.
func (l *lab) elapsed() time.Duration { return l.engine.Clock().Now().Sub(begin) }

// pattern is a way in which a state machine runs an ECS task.
type pattern struct {
	name     string // that ends the resource
	resource string
	prefix   string // of errors
	effect   func(c *ecstask.Client, parameters func(*asl.Context, *table.Reader) *ecs.RunTaskInput) *table.Effect
}

var (
	runSync = pattern{"sync", "arn:aws:states:::ecs:runTask.sync", "ECS",
		func(c *ecstask.Client, p func(*asl.Context, *table.Reader) *ecs.RunTaskInput) *table.Effect {
			return table.Sync("Work", p, c.Sync())
		}}
	waitForToken = pattern{"token", "arn:aws:states:::ecs:runTask.waitForTaskToken", "ECS",
		func(c *ecstask.Client, p func(*asl.Context, *table.Reader) *ecs.RunTaskInput) *table.Effect {
			return table.WaitForTaskToken("Work", p, c.WaitForTaskToken())
		}}
	requestResponse = pattern{"request-response", "arn:aws:states:::ecs:runTask", "ECS",
		func(c *ecstask.Client, p func(*asl.Context, *table.Reader) *ecs.RunTaskInput) *table.Effect {
			return table.RequestResponse("Work", p, c.RequestResponse())
		}}
	awsSDK = pattern{"aws-sdk", "arn:aws:states:::aws-sdk:ecs:runTask", "Ecs",
		func(c *ecstask.Client, p func(*asl.Context, *table.Reader) *ecs.RunTaskInput) *table.Effect {
			return table.RequestResponse("Work", p, c.SDKRunTask())
		}}
)

// state returns a Task state named Run that runs "job" and ends the machine.
func (l *lab) state(p pattern, edit ...func(*ecs.RunTaskInput)) *table.Task {
	parameters := func(c *asl.Context, _ *table.Reader) *ecs.RunTaskInput {
		in := &ecs.RunTaskInput{TaskDefinition: aws.String("job")}
		if p.name == waitForToken.name {
			handOver(c, in)
		}
		for _, f := range edit {
			f(in)
		}
		return in
	}
	return &table.Task{Name: "Run", Resource: p.resource, Run: p.effect(l.client, parameters), End: true}
}

// handOver gives the task token to the container main.
func handOver(c *asl.Context, in *ecs.RunTaskInput) {
	in.Overrides = &types.TaskOverride{ContainerOverrides: []types.ContainerOverride{{
		Name:        aws.String("main"),
		Environment: []types.KeyValuePair{{Name: aws.String(tokenVariable), Value: aws.String(c.Task.Token)}},
	}}}
}

// caught is where the states of these tests go with Catch.
const caught = "Caught"

// machine returns the machine that runs a state and, if that is caught, ends with the Error Output.
func (l *lab) machine(state *table.Task, options ...asl.Option) *asl.Machine[asl.Value, asl.Value] {
	l.Helper()
	m, err := table.NewMachine[asl.Value, asl.Value](l.engine, table.Definition{
		Name: "Lab", StartAt: "Run", States: []table.State{state, &table.Pass{Name: caught, End: true}},
	}, options...)
	if err != nil {
		l.Fatal(err)
	}
	return m
}

func (l *lab) start(ctx context.Context, state *table.Task, options ...asl.Option) *asl.Execution[asl.Value] {
	l.Helper()
	e, err := l.machine(state, options...).Start(ctx, value.EmptyObject)
	if err != nil {
		l.Fatal(err)
	}
	l.executions = append(l.executions, e)
	return e
}

// histories closes the lab and returns all that its executions have done, and its tasks.
func (l *lab) histories() string {
	l.Helper()
	l.Close()
	var b strings.Builder
	for _, e := range l.executions {
		fmt.Fprintln(&b, e.Running().ID(), told.Status(e))
		for _, event := range told.History(e) {
			text, err := event.MarshalJSON()
			if err != nil {
				l.Error(err)
			}
			fmt.Fprintf(&b, "%s\n", text)
		}
	}
	for _, task := range l.Tasks() {
		fmt.Fprintln(&b, *task.TaskArn, described(task), task.CreatedAt, task.StoppedAt)
	}
	return b.String()
}

// tokens returns the client tokens of the calls of RunTask, each once.
func (l *lab) tokens() (list []string) {
	seen := map[string]bool{}
	for _, c := range l.Calls(ecsfake.RunTask) {
		if text, _ := c.Input.Get("clientToken").AsString(); !seen[text] {
			seen[text] = true
			list = append(list, text)
		}
	}
	return list
}

// types of events, in order, without those of the execution.
func eventTypes(history []asl.Event) string {
	var list []string
	for _, e := range history {
		if !strings.HasPrefix(string(e.Type), "Execution") {
			list = append(list, string(e.Type))
		}
	}
	return strings.Join(list, " ")
}

// described says how tasks have ended, in the order in which they were started: "EssentialContainerExited [0 -]" has a
// container with exit code 0 and one with none.
func described(tasks ...types.Task) string {
	list := make([]string, len(tasks))
	for i, t := range tasks {
		codes := make([]string, len(t.Containers))
		for k, c := range t.Containers {
			if codes[k] = "-"; c.ExitCode != nil {
				codes[k] = fmt.Sprint(*c.ExitCode)
			}
		}
		status := aws.ToString(t.LastStatus)
		if status == "STOPPED" {
			status = string(t.StopCode)
		}
		list[i] = fmt.Sprintf("%s [%s]", status, strings.Join(codes, " "))
	}
	return strings.Join(list, "; ")
}

// readable is a cause as tables write it: tasks described, any other text without what is new on every run.
func readable(t testing.TB, cause string) string {
	t.Helper()
	document, err := value.Parse([]byte(cause))
	if err != nil {
		return masked(cause)
	}
	if tasks := document.Get("Tasks"); !tasks.IsAbsent() {
		return masked(document.Get("Failures").String()) + " " + described(decodeTasks(t, tasks)...)
	}
	return described(decodeTasks(t, value.Array(document))...)
}

func decodeTasks(t testing.TB, documents asl.Value) []types.Task {
	t.Helper()
	tasks := make([]types.Task, documents.Len())
	for i, d := range documents.Elements() {
		if err := awsshape.StepFunctions.Decode(d, &tasks[i]); err != nil {
			t.Errorf("it is no task: %v: %s", err, d)
		}
	}
	return tasks
}

var (
	requestID = regexp.MustCompile(`00000000-0000-4000-8000-\d{12}`)
	taskARN   = regexp.MustCompile(`arn:aws:ecs:us-east-1:123456789012:task/default/[0-9a-f]{32}`)
	port      = regexp.MustCompile(`127\.0\.0\.1:\d+`)
)

// masked replaces what is new on every run.
func masked(text string) string {
	text = requestID.ReplaceAllString(text, "<id>")
	text = taskARN.ReplaceAllString(text, "<task>")
	return port.ReplaceAllString(text, "<host>")
}

// wantNoGoroutines waits until no goroutine runs this module's code but this one and those that are known.
func wantNoGoroutines(t testing.TB, functions ...string) {
	t.Helper()
	buffer := make([]byte, 1<<20)
	for range 10_000 {
		stacks := string(buffer[:runtime.Stack(buffer, true)])
		left := ""
		for _, stack := range strings.Split(stacks, "\n\n")[1:] {
			for _, f := range functions {
				if strings.Contains(stack, f) {
					left = stack
				}
			}
		}
		if left == "" {
			return
		}
		runtime.Gosched()
	}
	t.Errorf("a goroutine is left:\n%s", buffer[:runtime.Stack(buffer, true)])
}

func parse(t testing.TB, text string) asl.Value {
	t.Helper()
	v, err := value.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return v
}
