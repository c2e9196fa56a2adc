package ecsfake_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/smithy-go"

	"github.com/r-seed-632eed22/aslgen/runtime/ecstask/ecsfake"
)

// onlineJob is a server with a task definition and a task that runs for an hour.
func onlineJob(t *testing.T, run func(ctx context.Context, t test, fake *ecsfake.Server, arn string)) {
	t.Helper()
	drive(t, ecsfake.Options{}, func(ctx context.Context, t test, fake *ecsfake.Server) {
		define(t, fake, ecsfake.Exits(0, time.Hour))
		run(ctx, t, fake, *t.run(ctx, "job").TaskArn)
	})
}

// calls are the operations, each with a call that succeeds.
func calls(t test, arn string) map[ecsfake.Operation]func(context.Context) error {
	return map[ecsfake.Operation]func(context.Context) error{
		ecsfake.RunTask: func(ctx context.Context) error {
			_, err := t.tryRun(ctx, "job")
			return err
		},
		ecsfake.DescribeTasks: func(ctx context.Context) error {
			_, err := t.DescribeTasks(ctx, &ecs.DescribeTasksInput{Tasks: []string{arn}})
			return err
		},
		ecsfake.StopTask: func(ctx context.Context) error {
			_, err := t.StopTask(ctx, &ecs.StopTaskInput{Task: &arn})
			return err
		},
		ecsfake.RegisterTaskDefinition: func(ctx context.Context) error {
			_, err := t.RegisterTaskDefinition(ctx, &ecs.RegisterTaskDefinitionInput{
				Family: aws.String("other"), ContainerDefinitions: []types.ContainerDefinition{{Name: aws.String("main")}},
			})
			return err
		},
	}
}

func TestExceptions(t *testing.T) {
	onlineJob(t, func(ctx context.Context, t test, fake *ecsfake.Server, arn string) {
		for operation, call := range calls(t, arn) {
			for _, code := range []string{
				"AccessDeniedException", "BlockedException", "ClientException", "ClusterNotFoundException",
				"ConflictException", "InvalidParameterException", "PlatformTaskDefinitionIncompatibilityException",
				"PlatformUnknownException", "ServerException", "UnsupportedFeatureException", "ThrottlingException",
				"ServiceUnavailable",
			} {
				running := len(fake.Running())
				fake.Inject(ecsfake.Exception(operation, code, "injected "+code))
				wantException(t, call(ctx), code, "injected "+code)
				if len(fake.Running()) != running {
					t.Errorf("%s with %s did something", operation, code)
				}
			}
			if err := call(ctx); err != nil {
				t.Error(err)
			}
		}
	})
}

// The SDK knows the modelled exceptions as types, and which of them are the server's fault.
func TestExceptionTypes(t *testing.T) {
	onlineJob(t, func(ctx context.Context, t test, fake *ecsfake.Server, arn string) {
		fake.Inject(ecsfake.Exception(ecsfake.RunTask, "ServerException", "no luck"))
		_, err := t.tryRun(ctx, "job")
		var server *types.ServerException
		var response interface{ HTTPStatusCode() int }
		if !errors.As(err, &server) || !errors.As(err, &response) || response.HTTPStatusCode() != 500 {
			t.Errorf("%v", err)
		}
		fake.Inject(ecsfake.Exception(ecsfake.RunTask, "BlockedException", "blocked"))
		_, err = t.tryRun(ctx, "job")
		var blocked *types.BlockedException
		if !errors.As(err, &blocked) || !errors.As(err, &response) || response.HTTPStatusCode() != 400 {
			t.Errorf("%v", err)
		}
	})
}

func TestCutConnections(t *testing.T) {
	onlineJob(t, func(ctx context.Context, t test, fake *ecsfake.Server, arn string) {
		for operation, call := range calls(t, arn) {
			count := fake.Count(operation)
			fake.Inject(ecsfake.LoseRequest(operation))
			fake.Inject(ecsfake.LoseAnswer(operation), ecsfake.Times(2))
			for range 3 {
				err := call(ctx)
				var api smithy.APIError
				if !errors.Is(err, io.EOF) || errors.As(err, &api) {
					t.Errorf("%s: %v", operation, err)
				}
			}
			if err := call(ctx); err != nil {
				t.Error(err)
			}
			// One request a call: nobody below repeats them.
			if got := fake.Count(operation) - count; got != 4 {
				t.Errorf("%s: %d calls", operation, got)
			}
			if last := fake.Calls(operation)[count:]; !last[0].Lost || !last[2].Lost || last[3].Lost {
				t.Errorf("%+v", last)
			}
		}
		// The first task, two whose answers were lost, and the last one.
		if got := len(fake.Tasks()); got != 4 {
			t.Errorf("%d tasks", got)
		}
	})
}

func TestLostAnswersForAPeriod(t *testing.T) {
	onlineJob(t, func(ctx context.Context, t test, fake *ecsfake.Server, arn string) {
		fake.Inject(ecsfake.LoseAnswer(ecsfake.RunTask), ecsfake.For(time.Minute))
		token := func(in *ecs.RunTaskInput) { in.ClientToken = aws.String("the-same") }
		failed := 0
		var out *ecs.RunTaskOutput
		for {
			var err error
			if out, err = t.tryRun(ctx, "job", token); err == nil {
				break
			}
			if !errors.Is(err, io.EOF) {
				t.Fatal(err)
			}
			failed++
			t.sleep(ctx, 7*time.Second)
		}
		if failed != 9 || t.Now().Sub(begin) != 63*time.Second {
			t.Error(failed, t.Now())
		}
		if tasks := fake.Tasks(); len(tasks) != 2 || *out.Tasks[0].TaskArn != *tasks[1].TaskArn {
			t.Errorf("%+v", tasks)
		}
	})
}

func TestFailures(t *testing.T) {
	memory := types.Failure{Arn: aws.String("a"), Reason: aws.String("RESOURCE:MEMORY"), Detail: aws.String("d")}
	for _, row := range []struct{ count, started, wantStarted int }{
		{1, 0, 0}, {1, 1, 1}, {3, 2, 2}, {3, 5, 3},
	} {
		t.Run(fmt.Sprint(row), func(t *testing.T) {
			onlineJob(t, func(ctx context.Context, t test, fake *ecsfake.Server, _ string) {
				fake.Inject(ecsfake.Failures(row.started, memory, types.Failure{Reason: aws.String("AGENT")}))
				count := func(in *ecs.RunTaskInput) {
					in.Count = aws.Int32(int32(row.count))
					in.ClientToken = aws.String("token")
				}
				out, err := t.tryRun(ctx, "job", count)
				if err != nil {
					t.Fatal(err)
				}
				if len(out.Failures) != 2 || *out.Failures[0].Reason != "RESOURCE:MEMORY" || *out.Failures[0].Arn != "a" ||
					len(out.Tasks) != row.wantStarted || len(fake.Tasks()) != 1+row.wantStarted {
					t.Errorf("%+v", out)
				}
				// What started nothing can be tried again with the same token.
				out, err = t.tryRun(ctx, "job", count)
				if err != nil || (len(out.Failures) > 0) != (row.wantStarted > 0) {
					t.Errorf("%v, %+v", err, out)
				}
			})
		})
	}
}

func TestFates(t *testing.T) {
	for _, row := range []struct {
		name  string
		fault ecsfake.Fault
		want  string
		after time.Duration
	}{
		{"start failure", ecsfake.StartFailure("CannotPullContainerError: no such image"),
			"TaskFailedToStart: CannotPullContainerError: no such image [-]", 35 * time.Second},
		{"spot", ecsfake.Stops(types.TaskStopCodeSpotInterruption, "Your Spot Task was interrupted.", time.Minute),
			"SpotInterruption: Your Spot Task was interrupted. [143]", 95 * time.Second},
		{"stop order too late", ecsfake.Stops(types.TaskStopCodeSpotInterruption, "too late", 2*time.Hour),
			exited + "[0]", time.Hour + 35*time.Second},
		{"exit code", ecsfake.Runs("main", ecsfake.Exits(17, time.Second)), exited + "[17]", 36 * time.Second},
		{"no exit code", ecsfake.Runs("", ecsfake.Vanishes(time.Second)), exited + "[-]", 36 * time.Second},
		{"other container", ecsfake.Runs("sidecar", ecsfake.Exits(17, time.Second)), exited + "[0]", time.Hour + 35*time.Second},
	} {
		t.Run(row.name, func(t *testing.T) {
			drive(t, ecsfake.Options{Timing: timing}, func(ctx context.Context, t test, fake *ecsfake.Server) {
				define(t, fake, ecsfake.Exits(0, time.Hour))
				fake.Inject(row.fault)
				faulty, sound := t.run(ctx, "job"), t.run(ctx, "job")
				stopped := t.waitStopped(ctx, fake, *faulty.TaskArn)
				if got := exits(stopped); got != row.want || t.Now().Sub(begin) != row.after {
					t.Errorf("have %s after %v", got, t.Now().Sub(begin))
				}
				if stopped.StopCode == types.TaskStopCodeTaskFailedToStart {
					checkStartFailure(t, stopped)
				}
				if got := exits(t.waitStopped(ctx, fake, *sound.TaskArn)); got != exited+"[0]" {
					t.Error(got)
				}
			})
		})
	}
}

func checkStartFailure(t test, stopped types.Task) {
	t.Helper()
	if stopped.PullStartedAt != nil || stopped.StartedAt != nil || stopped.Containers[0].ImageDigest != nil ||
		*stopped.Containers[0].Reason != *stopped.StoppedReason || stopped.Version != 4 ||
		*stopped.Containers[0].LastStatus != "STOPPED" {
		t.Errorf("%+v", stopped)
	}
}

func TestMissing(t *testing.T) {
	onlineJob(t, func(ctx context.Context, t test, fake *ecsfake.Server, first string) {
		second, third := *t.run(ctx, "job").TaskArn, *t.run(ctx, "job").TaskArn
		see := func(want ...bool) {
			t.Helper()
			tasks, failures := t.describe(ctx, first, second, third)
			have := map[string]bool{}
			for _, task := range tasks {
				have[*task.TaskArn] = true
			}
			for _, f := range failures {
				if *f.Reason != "MISSING" || have[*f.Arn] {
					t.Errorf("%+v", f)
				}
			}
			if have[first] != want[0] || have[second] != want[1] || have[third] != want[2] {
				t.Errorf("have %v", have)
			}
		}
		fake.Inject(ecsfake.Missing(), ecsfake.OfTask(first), ecsfake.Times(2))
		fake.Inject(ecsfake.Missing(), ecsfake.OfTask(second), ecsfake.For(time.Minute))
		see(false, false, true)
		see(false, false, true)
		see(true, false, true)
		t.sleep(ctx, time.Minute)
		see(true, true, true)
		fake.Inject(ecsfake.Missing())
		see(false, false, false)
		see(true, true, true)
		fake.Inject(ecsfake.Missing(), ecsfake.Always(), ecsfake.OfFamily("job"), ecsfake.Skip(1))
		see(true, true, true)
		for range 5 {
			see(false, false, false)
		}
		fake.ClearFaults()
		see(true, true, true)
	})
}

func TestConditions(t *testing.T) {
	drive(t, ecsfake.Options{}, func(ctx context.Context, t test, fake *ecsfake.Server) {
		for _, family := range []string{"a", "b"} {
			if _, err := fake.Define(family, "main", ecsfake.Exits(0, -1)); err != nil {
				t.Fatal(err)
			}
		}
		// One after the other, and only for family b.
		fake.Inject(ecsfake.Exception(ecsfake.RunTask, "First", ""), ecsfake.OfFamily("b"))
		fake.Inject(ecsfake.StartFailure("Second"), ecsfake.OfFamily("b"))
		fake.Inject(ecsfake.Runs("", ecsfake.Exits(3, 0)), ecsfake.OfFamily("b"))
		fake.Inject(ecsfake.Exception(ecsfake.RunTask, "Started", ""), ecsfake.Always(), ecsfake.Matching(
			func(c ecsfake.Call) bool { return !c.Input.Get("startedBy").IsAbsent() }))
		t.run(ctx, "a")
		_, err := t.tryRun(ctx, "b:1")
		wantException(t, err, "First", "")
		// Neither an invalid call nor a repeated one takes the fault that is meant for a start.
		token := func(in *ecs.RunTaskInput) { in.ClientToken = aws.String("token") }
		_, err = t.tryRun(ctx, "b:2")
		wantException(t, err, "ClientException", "TaskDefinition not found.")
		failed := t.run(ctx, "arn:aws:ecs:us-east-1:123456789012:task-definition/b:1", token)
		t.run(ctx, "arn:aws:ecs:us-east-1:123456789012:task-definition/b:1", token)
		if got := exits(t.waitStopped(ctx, fake, *failed.TaskArn)); got != "TaskFailedToStart: Second [-]" {
			t.Error(got)
		}
		if got := exits(t.waitStopped(ctx, fake, *t.run(ctx, "b").TaskArn)); got != exited+"[3]" {
			t.Error(got)
		}
		for range 3 {
			_, err = t.tryRun(ctx, "a", func(in *ecs.RunTaskInput) { in.StartedBy = aws.String("me") })
			wantException(t, err, "Started", "")
		}
		// Faults of single tasks, for the operations that name one.
		task := t.run(ctx, "a")
		fake.Inject(ecsfake.Exception(ecsfake.StopTask, "OfTask", ""), ecsfake.OfTask(*task.TaskArn), ecsfake.OfFamily("a"))
		fake.Inject(ecsfake.Exception(ecsfake.DescribeTasks, "OfFamily", ""), ecsfake.OfFamily("b"))
		t.describe(ctx, *task.TaskArn)
		_, err = t.StopTask(ctx, &ecs.StopTaskInput{Task: task.TaskArn})
		wantException(t, err, "OfTask", "")
		_, err = t.DescribeTasks(ctx, &ecs.DescribeTasksInput{Tasks: []string{*task.TaskArn, *failed.TaskArn}})
		wantException(t, err, "OfFamily", "")
	})
}

func TestTimesWithinAPeriod(t *testing.T) {
	onlineJob(t, func(ctx context.Context, t test, fake *ecsfake.Server, arn string) {
		for _, wait := range []time.Duration{0, 2 * time.Minute} {
			fake.Inject(ecsfake.Exception(ecsfake.DescribeTasks, "ThrottlingException", ""), ecsfake.Times(2), ecsfake.For(time.Minute))
			t.sleep(ctx, wait)
			failed := 0
			for range 4 {
				if _, err := t.DescribeTasks(ctx, &ecs.DescribeTasksInput{Tasks: []string{arn}}); err != nil {
					failed++
				}
			}
			if want := map[bool]int{true: 2}[wait == 0]; failed != want {
				t.Errorf("%d failed after %v", failed, wait)
			}
		}
	})
}
