package ecsfake_test

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/r-seed-632eed22/aslgen/internal/again"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/ecstask/ecsfake"
)

var timing = ecsfake.Timing{Provisioning: 10 * time.Second, Pending: 20 * time.Second, Deprovisioning: 5 * time.Second}

func TestLife(t *testing.T) {
	drive(t, ecsfake.Options{Timing: timing}, func(ctx context.Context, t test, fake *ecsfake.Server) {
		define(t, fake, ecsfake.Exits(0, time.Minute))
		arn := *t.run(ctx, "job").TaskArn
		for _, stage := range []struct {
			seconds int
			status  string
		}{
			{0, "PROVISIONING"}, {9, "PROVISIONING"}, {10, "PENDING"}, {29, "PENDING"}, {30, "RUNNING"}, {89, "RUNNING"},
			{90, "DEPROVISIONING"}, {94, "DEPROVISIONING"}, {95, "STOPPED"},
		} {
			clock.SleepUntil(ctx, t.Clock, begin.Add(time.Duration(stage.seconds)*time.Second))
			if status := *t.describeOne(ctx, arn).LastStatus; status != stage.status {
				t.Errorf("after %d s: have %s, want %s", stage.seconds, status, stage.status)
			}
		}
		if got := exits(t.describeOne(ctx, arn)); got != exited+"[0]" {
			t.Error(got)
		}
		t.sleep(ctx, time.Hour-time.Second)
		t.describeOne(ctx, arn)
		t.sleep(ctx, time.Second)
		if _, failures := t.describe(ctx, arn); len(failures) != 1 || *failures[0].Reason != "MISSING" || *failures[0].Arn != arn {
			t.Errorf("an hour after it stopped: %+v", failures)
		}
	})
}

// The members of a task after RunTask and after its end, with the values that do not change from task to task.
func TestShape(t *testing.T) {
	drive(t, ecsfake.Options{Timing: timing}, func(ctx context.Context, t test, fake *ecsfake.Server) {
		define(t, fake, ecsfake.Exits(0, time.Minute))
		first := t.run(ctx, "job", fargate)
		t.waitStopped(ctx, fake, *first.TaskArn)
		for name, compare := range map[string]struct {
			task types.Task
			want []string
		}{
			"first": {first, []string{"Attachments", "Attributes", "AvailabilityZone", "ClusterArn", "Containers", "Cpu",
				"CreatedAt", "DesiredStatus", "EphemeralStorage", "Group", "InferenceAccelerators", "LastStatus", "LaunchType",
				"Memory", "Overrides", "PlatformFamily", "PlatformVersion", "StartedBy", "Tags", "TaskArn",
				"TaskDefinitionArn", "Version"}},
			"stopped": {t.describeOne(ctx, *first.TaskArn), []string{"Attachments", "Attributes", "AvailabilityZone",
				"ClusterArn", "Connectivity", "ConnectivityAt", "Containers", "Cpu", "CreatedAt", "DesiredStatus",
				"EphemeralStorage", "ExecutionStoppedAt", "Group", "InferenceAccelerators", "LastStatus", "LaunchType",
				"Memory", "Overrides", "PlatformFamily", "PlatformVersion", "PullStartedAt", "PullStoppedAt", "StartedAt",
				"StartedBy", "StopCode", "StoppedAt", "StoppedReason", "StoppingAt", "Tags", "TaskArn", "TaskDefinitionArn",
				"Version"}},
		} {
			if got := setMembers(compare.task); !slices.Equal(got, compare.want) {
				t.Errorf("%s\nhave %v\nwant %v", name, got, compare.want)
			}
		}
		if first.Version != 1 || len(first.Attachments[0].Details) != 1 || *first.Attachments[0].Status != "PRECREATED" ||
			*first.Group != "family:job" || *first.Cpu != "256" || *first.Memory != "512" || first.Tags == nil {
			t.Errorf("%+v", first)
		}
		checkContainer(t, "first", first.Containers[0], []string{"ContainerArn", "Cpu", "GpuIds", "LastStatus",
			"ManagedAgents", "Name", "NetworkBindings", "NetworkInterfaces", "TaskArn"})
		stopped := t.describeOne(ctx, *first.TaskArn)
		if stopped.Version != 5 || len(stopped.Attachments[0].Details) != 5 || *stopped.Attachments[0].Status != "DELETED" {
			t.Errorf("%+v", stopped)
		}
		checkContainer(t, "stopped", stopped.Containers[0], []string{"ContainerArn", "Cpu", "ExitCode", "GpuIds",
			"ImageDigest", "LastStatus", "ManagedAgents", "Name", "NetworkBindings", "NetworkInterfaces", "RuntimeId",
			"TaskArn"})
		for what, have := range map[string]*time.Time{
			"created 0s": stopped.CreatedAt, "connected 10s": stopped.ConnectivityAt, "pulling 10s": stopped.PullStartedAt,
			"pulled 30s": stopped.PullStoppedAt, "started 30s": stopped.StartedAt, "stopping 1m30s": stopped.StoppingAt,
			"execution stopped 1m29.322s": stopped.ExecutionStoppedAt, "stopped 1m35s": stopped.StoppedAt,
		} {
			words := len(what) - len(have.Sub(begin).String())
			if words < 0 || what[words:] != have.Sub(begin).String() {
				t.Errorf("want %s, have %v", what, have.Sub(begin))
			}
		}
	})
}

func fargate(in *ecs.RunTaskInput) {
	in.LaunchType = types.LaunchTypeFargate
	in.StartedBy = aws.String("AWS Step Functions")
	in.NetworkConfiguration = &types.NetworkConfiguration{
		AwsvpcConfiguration: &types.AwsVpcConfiguration{Subnets: []string{"subnet-1"}},
	}
}

func checkContainer(t test, when string, c types.Container, want []string) {
	t.Helper()
	if got := setMembers(c); !slices.Equal(got, want) {
		t.Errorf("container, %s\nhave %v\nwant %v", when, got, want)
	}
}

// setMembers returns the names of the fields that are set, in alphabetical order.
func setMembers(shape any) (names []string) {
	v := reflect.ValueOf(shape)
	for i := range v.NumField() {
		if v.Type().Field(i).IsExported() && !v.Field(i).IsZero() {
			names = append(names, v.Type().Field(i).Name)
		}
	}
	slices.Sort(names)
	return names
}

func TestStopTask(t *testing.T) {
	forever := ecsfake.Exits(0, -1)
	for _, stage := range []struct {
		name    string
		program ecsfake.Program
		after   time.Duration // of the call to StopTask
		want    string
		version int64
		ends    time.Duration // from begin
	}{
		{"provisioning", forever, 9 * time.Second, "UserInitiated: enough [-]", 3, 14 * time.Second},
		{"pending", forever, 29 * time.Second, "UserInitiated: enough [-]", 4, 34 * time.Second},
		{"running", forever, time.Minute, "UserInitiated: enough [143]", 5, 65 * time.Second},
		{"slow", forever.StopsIn(20 * time.Second), time.Minute, "UserInitiated: enough [143]", 5, 85 * time.Second},
		{"too slow", forever.StopsIn(time.Hour), time.Minute, "UserInitiated: enough [137]", 5, 95 * time.Second},
		{"no code", ecsfake.Vanishes(-1), time.Minute, "UserInitiated: enough [-]", 5, 65 * time.Second},
	} {
		t.Run(stage.name, func(t *testing.T) {
			drive(t, ecsfake.Options{Timing: timing}, func(ctx context.Context, t test, fake *ecsfake.Server) {
				define(t, fake, stage.program)
				arn := *t.run(ctx, "job").TaskArn
				t.sleep(ctx, stage.after)
				if answer := t.stop(ctx, arn, "enough"); *answer.DesiredStatus != "STOPPED" {
					t.Error(*answer.DesiredStatus)
				}
				t.stop(ctx, arn, "more than enough")
				stopped := t.waitStopped(ctx, fake, arn)
				if got := exits(stopped); got != stage.want || stopped.Version != stage.version {
					t.Errorf("have %s, version %d", got, stopped.Version)
				}
				if got := t.Now().Sub(begin); got != stage.ends {
					t.Errorf("ended after %v, want %v", got, stage.ends)
				}
				t.stop(ctx, arn, "it has stopped already")
			})
		})
	}
}

func TestSeveralContainers(t *testing.T) {
	drive(t, ecsfake.Options{}, func(ctx context.Context, t test, fake *ecsfake.Server) {
		container := func(name string, essential bool) types.ContainerDefinition {
			return types.ContainerDefinition{Name: &name, Essential: &essential}
		}
		out, err := t.RegisterTaskDefinition(ctx, &ecs.RegisterTaskDefinitionInput{
			Family: aws.String("job"),
			ContainerDefinitions: []types.ContainerDefinition{
				container("main", true), container("early", false), container("sidecar", false), container("second", true),
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		fake.SetProgram("job", "main", ecsfake.Exits(3, time.Minute))
		fake.SetProgram("job", "early", ecsfake.Exits(4, time.Second))
		fake.SetProgram("job", "sidecar", ecsfake.Exits(0, -1).StopsIn(10*time.Second))
		fake.SetProgram("job", "second", ecsfake.Exits(0, time.Hour))
		arn := *t.run(ctx, *out.TaskDefinition.TaskDefinitionArn).TaskArn
		t.sleep(ctx, 2*time.Second)
		task := t.describeOne(ctx, arn)
		if *task.LastStatus != "RUNNING" || *task.Containers[1].ExitCode != 4 || *task.Containers[0].LastStatus != "RUNNING" {
			t.Errorf("%+v", task)
		}
		if got := exits(t.waitStopped(ctx, fake, arn)); got != exited+"[3 4 143 143]" {
			t.Error(got)
		}
		if got := t.Now().Sub(begin); got != 70*time.Second {
			t.Error(got)
		}
	})
}

func TestFunc(t *testing.T) {
	drive(t, ecsfake.Options{StepFunctionsURL: "http://sfn"}, func(ctx context.Context, t test, fake *ecsfake.Server) {
		_, err := fake.RegisterTaskDefinition(&ecs.RegisterTaskDefinitionInput{
			Family: aws.String("job"),
			ContainerDefinitions: []types.ContainerDefinition{{
				Name: aws.String("main"), EntryPoint: []string{"run"}, Command: []string{"default"},
				Environment: environment("A", "definition", "B", "definition"),
			}},
		})
		if err != nil {
			t.Fatal(err)
		}
		var seen ecsfake.Container
		fake.SetProgram("job", "main", ecsfake.Func(func(ctx context.Context, c ecsfake.Container) int {
			seen = c
			clock.Sleep(ctx, time.Minute)
			return 5
		}))
		fake.Setenv("C", "all")
		override := types.ContainerOverride{
			Name: aws.String("main"), Command: []string{"one", "two"}, Environment: environment("B", "override", "AWS_REGION", "x"),
		}
		arn := *t.run(ctx, "job", func(in *ecs.RunTaskInput) {
			in.Overrides = &types.TaskOverride{ContainerOverrides: []types.ContainerOverride{override}}
		}).TaskArn
		if got := exits(t.waitStopped(ctx, fake, arn)); got != exited+"[5]" || t.Now().Sub(begin) != time.Minute {
			t.Error(got, t.Now())
		}
		want := ecsfake.Container{
			Task: arn, Cluster: "arn:aws:ecs:us-east-1:123456789012:cluster/default",
			Definition: "arn:aws:ecs:us-east-1:123456789012:task-definition/job:1", Family: "job", Name: "main",
			Arguments: []string{"run", "one", "two"},
			Environment: map[string]string{
				"A": "definition", "B": "override", "C": "all", "AWS_REGION": "x", "AWS_ENDPOINT_URL_SFN": "http://sfn",
				"AWS_ACCESS_KEY_ID": "ecsfake", "AWS_SECRET_ACCESS_KEY": "ecsfake",
			},
		}
		if !reflect.DeepEqual(seen, want) {
			t.Errorf("have %+v\nwant %+v", seen, want)
		}
	})
}

func environment(pairs ...string) (list []types.KeyValuePair) {
	for i := 0; i < len(pairs); i += 2 {
		list = append(list, types.KeyValuePair{Name: &pairs[i], Value: &pairs[i+1]})
	}
	return list
}

func TestFuncIsStopped(t *testing.T) {
	drive(t, ecsfake.Options{}, func(ctx context.Context, t test, fake *ecsfake.Server) {
		define(t, fake, ecsfake.Func(func(ctx context.Context, _ ecsfake.Container) int {
			if err := clock.Sleep(ctx, time.Hour); err != ecsfake.ErrStopped {
				t.Error(err)
			}
			return 6
		}))
		arn := *t.run(ctx, "job").TaskArn
		t.sleep(ctx, time.Minute)
		t.stop(ctx, arn, "")
		if got := exits(t.waitStopped(ctx, fake, arn)); got != "UserInitiated:  [6]" || t.Now().Sub(begin) != time.Minute {
			t.Error(got, t.Now())
		}

		define(t, fake, ecsfake.Func(func(ctx context.Context, _ ecsfake.Container) int {
			for end := t.Now().Add(time.Hour); t.Now().Before(end); {
				clock.SleepUntil(context.WithoutCancel(ctx), t.Clock, end)
			}
			return 0
		}))
		arn = *t.run(ctx, "job").TaskArn
		t.sleep(ctx, time.Minute)
		t.stop(ctx, arn, "")
		if got := exits(t.waitStopped(ctx, fake, arn)); got != "UserInitiated:  [137]" {
			t.Error(got)
		}
		if got := t.Now().Sub(begin); got != 2*time.Minute+30*time.Second {
			t.Error(got)
		}
	})
}

func TestCommandThatCannotRun(t *testing.T) {
	for name, command := range map[string][]string{
		"CannotStartContainerError: the container has neither": nil,
		"CannotStartContainerError: fork/exec /does/not/exist": {"/does/not/exist"},
	} {
		drive(t, ecsfake.Options{}, func(ctx context.Context, t test, fake *ecsfake.Server) {
			fake.RegisterTaskDefinition(&ecs.RegisterTaskDefinitionInput{
				Family: aws.String("job"),
				ContainerDefinitions: []types.ContainerDefinition{
					{Name: aws.String("sidecar")}, {Name: aws.String("main"), Command: command},
				},
			})
			fake.SetProgram("job", "sidecar", ecsfake.Exits(0, -1))
			stopped := t.waitStopped(ctx, fake, *t.run(ctx, "job").TaskArn)
			reason := aws.ToString(stopped.Containers[1].Reason)
			if stopped.StopCode != "TaskFailedToStart" || len(reason) < len(name) || reason[:len(name)] != name ||
				*stopped.StoppedReason != reason || stopped.Containers[1].ExitCode != nil || stopped.StartedAt != nil {
				t.Errorf("have %s\nwant %s", exits(stopped), name)
			}
		})
	}
}

func TestSetProgram(t *testing.T) {
	drive(t, ecsfake.Options{}, func(ctx context.Context, t test, fake *ecsfake.Server) {
		if _, err := fake.Define("a b", "main", ecsfake.Exits(0, 0)); err == nil {
			t.Error("an illegal family is taken")
		}
		defineProcess(t, fake, "program-exit", "3")
		fake.SetProgram("job", "main", ecsfake.Exits(4, 0))
		if got := exits(t.waitStopped(ctx, fake, *t.run(ctx, "job").TaskArn)); got != exited+"[4]" {
			t.Error(got)
		}
		fake.SetProgram("job", "main", nil)
		if got := exits(t.waitStopped(ctx, fake, *t.run(ctx, "job").TaskArn)); got != exited+"[3]" {
			t.Error(got)
		}
	})
}

// A run with many tasks, functions and calls is the same every time.
func TestDrivenRunsRepeat(t *testing.T) {
	run := func() (history string) {
		drive(t, ecsfake.Options{Timing: timing}, func(ctx context.Context, t test, fake *ecsfake.Server) {
			define(t, fake, ecsfake.Func(func(ctx context.Context, c ecsfake.Container) int {
				history += fmt.Sprintln(c.Task, t.Now())
				clock.Sleep(ctx, 7*time.Second)
				history += fmt.Sprintln(c.Task, t.Now())
				return 0
			}))
			fake.Inject(ecsfake.Runs("", ecsfake.Exits(1, 7*time.Second)), ecsfake.Skip(2), ecsfake.Times(3))
			for range 8 {
				t.run(ctx, "job", fargate)
			}
			for _, task := range fake.Running() {
				t.waitStopped(ctx, fake, *task.TaskArn)
			}
			for _, task := range fake.Tasks() {
				history += fmt.Sprintln(*task.TaskArn, *task.StoppedAt, *task.Containers[0].RuntimeId, exits(task))
			}
		})
		return history
	}
	again.Same(t, run)
}
