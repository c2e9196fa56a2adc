package ecsfake_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/smithy-go"

	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/ecstask/ecsfake"
)

var begin = time.Date(2026, 1, 2, 3, 4, 5, 678e6, time.UTC)

// TestMain is also the program that process containers of the tests run.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && programs[os.Args[1]] != nil {
		programs[os.Args[1]](os.Args[2:])
		return
	}
	os.Exit(m.Run())
}

var programs = map[string]func([]string){
	"program-exit": func(arguments []string) {
		code, _ := strconv.Atoi(arguments[0])
		os.Exit(code)
	},
	"program-print": func(arguments []string) {
		fmt.Println(strings.Join(arguments, " "))
		environ := os.Environ()
		slices.Sort(environ)
		fmt.Fprintln(os.Stderr, strings.Join(environ, "\n")+"\nend")
	},
	"program-wait": func([]string) { // until SIGTERM
		terminated := make(chan os.Signal, 1)
		signal.Notify(terminated, syscall.SIGTERM)
		fmt.Println("ready")
		<-terminated
		os.Exit(7)
	},
	"program-children": func([]string) { // a child that outlives it unless it is killed
		child := exec.Command(os.Args[0], "program-block")
		child.Stdout = os.Stdout // its pipe stays open as long as the child
		if err := child.Start(); err != nil {
			panic(err)
		}
		fmt.Println(os.Getpid(), child.Process.Pid, "parent")
		time.Sleep(time.Hour)
	},
	"program-orphan": func([]string) { // it ends, and leaves a child
		child := exec.Command(os.Args[0], "program-block")
		if err := child.Start(); err != nil {
			panic(err)
		}
		fmt.Println(child.Process.Pid, "child")
	},
	"program-block": func([]string) { // until a signal ends it
		fmt.Println("ready")
		time.Sleep(time.Hour)
	},
	"program-deaf": func([]string) {
		signal.Ignore(syscall.SIGTERM)
		fmt.Println("ready")
		time.Sleep(time.Hour)
	},
}

// watchedOutput is where processes write to, and tests wait for what they write.
type watchedOutput struct {
	mu      sync.Mutex
	data    bytes.Buffer
	written chan struct{}
}

func newOutput() *watchedOutput { return &watchedOutput{written: make(chan struct{}, 1)} }

func (o *watchedOutput) Write(data []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.data.Write(data)
	select {
	case o.written <- struct{}{}:
	default:
	}
	return len(data), nil
}

func (o *watchedOutput) waitFor(text string) string {
	for {
		o.mu.Lock()
		have := o.data.String()
		o.mu.Unlock()
		if strings.Contains(have, text) {
			return have
		}
		<-o.written
	}
}

// start returns a server on the wall clock, unless the options say otherwise, that is closed at the end of the test.
func start(t *testing.T, options ecsfake.Options) *ecsfake.Server {
	t.Helper()
	options.Seed = 1
	fake, err := ecsfake.Start(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(fake.Close)
	return fake
}

// script is what runs on a driven clock against a server.
type script func(ctx context.Context, t test, fake *ecsfake.Server)

// drive runs a script on a driven clock that stands at begin.
func drive(t *testing.T, options ecsfake.Options, run script) {
	t.Helper()
	driven := clock.NewDriven(begin)
	options.Clock = driven
	fake := start(t, options)
	driven.Run(clock.NewContext(context.Background(), driven), func(ctx context.Context) {
		run(ctx, test{t, driven, fake.Client()}, fake)
	})
}

// test has what a test of the API calls again and again. A failure ends the script.
type test struct {
	*testing.T
	clock.Clock
	*ecs.Client
}

func (t test) run(ctx context.Context, definition string, edit ...func(*ecs.RunTaskInput)) types.Task {
	t.Helper()
	out, err := t.tryRun(ctx, definition, edit...)
	if err != nil || len(out.Failures) > 0 || len(out.Tasks) != 1 {
		t.Fatalf("%v, %+v", err, out)
	}
	return out.Tasks[0]
}

func (t test) tryRun(ctx context.Context, definition string, edit ...func(*ecs.RunTaskInput)) (*ecs.RunTaskOutput, error) {
	input := &ecs.RunTaskInput{TaskDefinition: &definition}
	for _, f := range edit {
		f(input)
	}
	return t.RunTask(ctx, input)
}

func (t test) describe(ctx context.Context, arns ...string) ([]types.Task, []types.Failure) {
	t.Helper()
	out, err := t.DescribeTasks(ctx, &ecs.DescribeTasksInput{Tasks: arns})
	if err != nil {
		t.Fatal(err)
	}
	return out.Tasks, out.Failures
}

func (t test) describeOne(ctx context.Context, arn string) types.Task {
	t.Helper()
	tasks, failures := t.describe(ctx, arn)
	if len(tasks) != 1 || len(failures) != 0 {
		t.Fatalf("%d tasks, failures %+v", len(tasks), failures)
	}
	return tasks[0]
}

func (t test) stop(ctx context.Context, arn, reason string) types.Task {
	t.Helper()
	out, err := t.StopTask(ctx, &ecs.StopTaskInput{Task: &arn, Reason: &reason})
	if err != nil {
		t.Fatal(err)
	}
	return *out.Task
}

func (t test) sleep(ctx context.Context, d time.Duration) {
	t.Helper()
	if err := clock.Sleep(ctx, d); err != nil {
		t.Fatal(err)
	}
}

func (t test) waitStopped(ctx context.Context, fake *ecsfake.Server, arn string) types.Task {
	t.Helper()
	stopped, err := fake.WaitStopped(ctx, arn)
	if err != nil {
		t.Fatal(err)
	}
	return stopped
}

// wantException checks that err is an API exception.
func wantException(t testing.TB, err error, code, message string) {
	t.Helper()
	var api smithy.APIError
	if !errors.As(err, &api) || api.ErrorCode() != code || !strings.Contains(api.ErrorMessage(), message) {
		t.Errorf("have %v\nwant %s: %s", err, code, message)
	}
}

// exits says how a stopped task ended, such as "EssentialContainerExited: … [0 -]".
func exits(task types.Task) string {
	codes := []string{}
	for _, c := range task.Containers {
		if c.ExitCode == nil {
			codes = append(codes, "-")
			continue
		}
		codes = append(codes, fmt.Sprint(*c.ExitCode))
	}
	return fmt.Sprintf("%s: %s %v", task.StopCode, aws.ToString(task.StoppedReason), codes)
}

func define(t testing.TB, fake *ecsfake.Server, p ecsfake.Program) {
	t.Helper()
	if _, err := fake.Define("job", "main", p); err != nil {
		t.Fatal(err)
	}
}

const exited = "EssentialContainerExited: Essential container in task exited "
