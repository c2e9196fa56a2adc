package ecsfake_test

import (
	"context"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/r-seed-632eed22/aslgen/runtime/ecstask/ecsfake"
)

// defineProcess registers a task definition whose container runs this test's own binary as a program.
func defineProcess(t testing.TB, fake *ecsfake.Server, arguments ...string) {
	t.Helper()
	_, err := fake.RegisterTaskDefinition(&ecs.RegisterTaskDefinitionInput{
		Family: aws.String("job"),
		ContainerDefinitions: []types.ContainerDefinition{{
			Name: aws.String("main"), EntryPoint: []string{os.Args[0]}, Command: arguments,
			Environment: environment("A", "definition", "B", "definition"),
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestProcess(t *testing.T) {
	t.Setenv("ECSFAKE_TEST_SECRET", "not for the process")
	output := newOutput()
	ctx, call, fake := wall(t, ecsfake.Options{Output: output, StepFunctionsURL: "http://sfn"})
	defineProcess(t, fake, "program-print", "default")
	override := types.ContainerOverride{
		Name: aws.String("main"), Command: []string{"program-print", "over", "ridden"}, Environment: environment("B", "override"),
	}
	task := call.run(ctx, "job", func(in *ecs.RunTaskInput) {
		in.Overrides = &types.TaskOverride{ContainerOverrides: []types.ContainerOverride{override}}
	})
	if got := exits(call.waitStopped(ctx, fake, *task.TaskArn)); got != exited+"[0]" {
		t.Error(got)
	}
	environ, _, _ := strings.Cut(output.waitFor("\nend"), "\nend")
	lines := strings.Split(environ, "\n")
	want := []string{
		"over ridden", "A=definition", "AWS_ACCESS_KEY_ID=ecsfake", "AWS_ENDPOINT_URL_SFN=http://sfn", "AWS_REGION=us-east-1",
		"AWS_SECRET_ACCESS_KEY=ecsfake", "B=override", "HOME=" + os.Getenv("HOME"), "PATH=" + os.Getenv("PATH"),
	}
	if !slices.Equal(lines, want) {
		t.Errorf("have %q\nwant %q", lines, want)
	}
}

func TestProcessEnds(t *testing.T) {
	for _, row := range []struct {
		command []string
		want    string
	}{
		{[]string{"program-exit", "0"}, exited + "[0]"},
		{[]string{"program-exit", "41"}, exited + "[41]"},
		{[]string{"program-wait"}, "UserInitiated: enough [7]"},
		{[]string{"program-block"}, "UserInitiated: enough [143]"},
		{[]string{"program-deaf"}, "UserInitiated: enough [137]"},
	} {
		t.Run(row.command[0], func(t *testing.T) {
			output := newOutput()
			options := ecsfake.Options{Output: output, Timing: ecsfake.Timing{StopTimeout: 10 * time.Second}}
			if row.command[0] == "program-deaf" {
				options.Timing.StopTimeout = time.Millisecond
			}
			ctx, call, fake := wall(t, options)
			defineProcess(t, fake, row.command...)
			arn := *call.run(ctx, "job").TaskArn
			if strings.HasPrefix(row.want, "User") {
				output.waitFor("ready")
				call.stop(ctx, arn, "enough")
			}
			if got := exits(call.waitStopped(ctx, fake, arn)); got != row.want {
				t.Errorf("have %s, want %s", got, row.want)
			}
		})
	}
}

// A driven clock stands still while a process runs, so it takes no time.
func TestProcessHoldsDrivenClock(t *testing.T) {
	drive(t, ecsfake.Options{Timing: timing}, func(ctx context.Context, t test, fake *ecsfake.Server) {
		defineProcess(t, fake, "program-exit", "3")
		arn := *t.run(ctx, "job").TaskArn
		if got := exits(t.waitStopped(ctx, fake, arn)); got != exited+"[3]" {
			t.Error(got)
		}
		if got := t.Now().Sub(begin); got != 35*time.Second {
			t.Error(got)
		}
	})
}

// A process that does not end lets a driven clock go on after a while, so that it can be stopped, and killed.
func TestProcessReleasesDrivenClock(t *testing.T) {
	output := newOutput()
	options := ecsfake.Options{Output: output, Timing: ecsfake.Timing{ProcessHold: 100 * time.Millisecond}}
	drive(t, options, func(ctx context.Context, t test, fake *ecsfake.Server) {
		defineProcess(t, fake, "program-deaf")
		arn := *t.run(ctx, "job").TaskArn
		output.waitForOn(ctx, t, "ready")
		t.sleep(ctx, time.Hour)
		t.stop(ctx, arn, "enough")
		if got := exits(t.waitStopped(ctx, fake, arn)); got != "UserInitiated: enough [137]" {
			t.Error(got)
		}
		if got := t.Now().Sub(begin); got < time.Hour+30*time.Second {
			t.Error(got)
		}
	})
}

// waitForOn waits on a driven clock, whose goroutines run meanwhile.
func (o *watchedOutput) waitForOn(ctx context.Context, t test, text string) {
	written := t.NewGate()
	go func() {
		o.waitFor(text)
		written.Open()
	}()
	if err := written.Wait(ctx, time.Time{}); err != nil {
		t.Fatal(err)
	}
}

// A process gets the time it needs to end by itself when it is told to.
func TestProcessStoppedOnDrivenClock(t *testing.T) {
	output := newOutput()
	drive(t, ecsfake.Options{Output: output}, func(ctx context.Context, t test, fake *ecsfake.Server) {
		defineProcess(t, fake, "program-wait")
		arn := *t.run(ctx, "job").TaskArn
		output.waitForOn(ctx, t, "ready")
		t.stop(ctx, arn, "enough")
		if got := exits(t.waitStopped(ctx, fake, arn)); got != "UserInitiated: enough [7]" || !t.Now().Equal(begin) {
			t.Error(got, t.Now())
		}
	})
}

func TestInherit(t *testing.T) {
	t.Setenv("ECSFAKE_TEST_A", "a")
	output := newOutput()
	ctx, call, fake := wall(t, ecsfake.Options{Output: output, Inherit: []string{"ECSFAKE_TEST_A", "ECSFAKE_TEST_B"}})
	defineProcess(t, fake, "program-print", "done")
	call.waitStopped(ctx, fake, *call.run(ctx, "job").TaskArn)
	have := output.waitFor("\nend")
	if !strings.Contains(have, "\nECSFAKE_TEST_A=a\n") || strings.Contains(have, "PATH=") || strings.Contains(have, "TEST_B") {
		t.Error(have)
	}
}

// What a process leaves of its group ends with it, as in a container.
func TestProcessLeavesNoChildren(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("elsewhere the group cannot be told from another's once the process has ended")
	}
	output := newOutput()
	ctx, call, fake := wall(t, ecsfake.Options{Output: output})
	defineProcess(t, fake, "program-orphan")
	if got := exits(call.waitStopped(ctx, fake, *call.run(ctx, "job").TaskArn)); got != exited+"[0]" {
		t.Error(got)
	}
	child, _, _ := strings.Cut(output.waitFor("child"), " ")
	if pid, err := strconv.Atoi(child); err != nil || running(pid) {
		t.Errorf("the child %q still runs: %v", child, err)
	}
}
