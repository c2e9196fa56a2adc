package ecsjobs_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/google/go-cmp/cmp"

	"github.com/r-seed-632eed22/aslgen/example/ecsjobs"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/ecstask"
	"github.com/r-seed-632eed22/aslgen/runtime/ecstask/ecsfake"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
	"github.com/r-seed-632eed22/aslgen/runtime/sfnapi"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// The input that the machine's users write.
func runJobInput(t *testing.T) (input ecsjobs.RunJobInput) {
	t.Helper()
	text, err := os.ReadFile("run_job_input.json")
	if err == nil {
		err = json.Unmarshal(text, &input)
	}
	if err != nil {
		t.Fatal(err)
	}
	return input
}

// A Go function stands for the ECS task, which takes ten minutes of the driven clock.
func TestRunJobWithAMock(t *testing.T) {
	engine := memory.NewDriven(start)
	var got *ecs.RunTaskInput
	tasks := ecsjobs.RunJobTasks{
		RunECSTask: asl.JobFunc(func(ctx context.Context, in *ecs.RunTaskInput) (*types.Task, error) {
			got = in
			return &types.Task{StopCode: types.TaskStopCodeEssentialContainerExited}, clock.Sleep(ctx, 10*time.Minute)
		}),
	}
	machine, err := ecsjobs.NewRunJob(engine, tasks)
	if err != nil {
		t.Fatal(err)
	}
	input := runJobInput(t)
	task, err := machine.Run(t.Context(), input)
	if err != nil {
		t.Fatal(err)
	}
	if task.StopCode != types.TaskStopCodeEssentialContainerExited {
		t.Errorf("the output is %+v", task)
	}
	if elapsed := engine.Clock().Now().Sub(start); elapsed != 10*time.Minute {
		t.Errorf("it took %v", elapsed)
	}
	if *got.Cluster != "cluster-arn" || *got.TaskDefinition != "job-id" {
		t.Errorf("RunTask got %+v", got)
	}
	container := got.Overrides.ContainerOverrides[0]
	if *container.Name != "container-name" || !slices.Equal(container.Command, input.Commands) {
		t.Errorf("the container is overridden with %+v", container)
	}
}

// What the mock fails with is what the execution fails with: the machine has no Catch.
func TestRunJobThatFails(t *testing.T) {
	tasks := ecsjobs.RunJobTasks{
		RunECSTask: asl.JobFunc(func(context.Context, *ecs.RunTaskInput) (*types.Task, error) {
			return nil, &asl.Error{Name: "AmazonECS.Unknown", Cause: "no capacity"}
		}),
	}
	machine, err := ecsjobs.NewRunJob(memory.NewDriven(start), tasks)
	if err != nil {
		t.Fatal(err)
	}
	execution, err := machine.Start(t.Context(), ecsjobs.RunJobInput{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = execution.Wait(t.Context())
	if failed, ok := errors.AsType[*asl.Error](err); !ok || failed.Name != "AmazonECS.Unknown" || failed.Cause != "no capacity" {
		t.Errorf("it ended with %v", err)
	}
	if d, err := execution.Running().Describe(t.Context()); err != nil || d.Status != asl.StatusFailed {
		t.Errorf("its status is %s, %v", d.Status, err)
	}
}

// Every task needs an effect, and the error says which lacks one.
func TestWithoutEffects(t *testing.T) {
	_, err := ecsjobs.NewRunJob(memory.New(), ecsjobs.RunJobTasks{})
	if err == nil || !strings.Contains(err.Error(), ecsjobs.RunJobStateRunECSTask) || !strings.Contains(err.Error(), "the field RunECSTask of") {
		t.Errorf("a machine without effects: %v", err)
	}
}

// An ECS endpoint on loopback runs the task; clock, poller and container go by the driven clock.
func TestRunJobOnECS(t *testing.T) {
	engine := memory.NewDriven(start)
	fake, err := ecsfake.Start(ecsfake.Options{
		Clock:  engine.Clock(),
		Seed:   1,
		Timing: ecsfake.Timing{Provisioning: 20 * time.Second, Pending: 10 * time.Second},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer fake.Close()
	var commands []string
	exitCode := 0
	if _, err := fake.Define("job-id", "container-name", ecsfake.Func(func(ctx context.Context, c ecsfake.Container) int {
		commands = c.Arguments
		_ = clock.Sleep(ctx, time.Hour)
		return exitCode
	})); err != nil {
		t.Fatal(err)
	}
	client := ecstask.New(fake.Client(), ecstask.WithClock(engine.Clock()))
	machine, err := ecsjobs.NewRunJob(engine, ecsjobs.NewRunJobTasks(ecsjobs.RunJobClients{ECS: client}))
	if err != nil {
		t.Fatal(err)
	}
	input := runJobInput(t)

	task, err := machine.Run(t.Context(), input)
	if err != nil {
		t.Fatal(err)
	}
	if got := *task.Containers[0].ExitCode; got != 0 || *task.StartedBy != "AWS Step Functions" {
		t.Errorf("the task ended with %d, started by %s", got, *task.StartedBy)
	}
	if !slices.Equal(commands, input.Commands) {
		t.Errorf("the container got %q", commands)
	}
	if ran := task.StoppedAt.Sub(*task.CreatedAt); ran < time.Hour+30*time.Second {
		t.Errorf("the task lived for %v", ran)
	}

	exitCode = 3
	_, err = machine.Run(t.Context(), input)
	if failed, ok := errors.AsType[*asl.Error](err); !ok || failed.Name != asl.ErrorTaskFailed {
		t.Errorf("a task that exits with 3 ends the execution with %v", err)
	}
}

// A Go function stands for the task that gets the token. It reports back two days later.
func TestManageJobWithAMock(t *testing.T) {
	engine := memory.NewDriven(start)
	tasks := ecsjobs.ManageJobTasks{
		ManageECSTask: asl.SendFunc(func(ctx context.Context, token string, in *ecs.RunTaskInput) error {
			variable := in.Overrides.ContainerOverrides[0].Environment[0]
			if *variable.Name != "TASK_TOKEN_ENV_VARIABLE" || *variable.Value != token {
				t.Errorf("the container's environment has %s=%s, the token is %s", *variable.Name, *variable.Value, token)
			}
			engine.Clock().Go(context.WithoutCancel(ctx), func(ctx context.Context) {
				_ = clock.Sleep(ctx, 48*time.Hour)
				if err := engine.SendTaskSuccess(ctx, token, value.Object(value.Field("done", value.True))); err != nil {
					t.Error(err)
				}
			})
			return nil
		}),
	}
	machine, err := ecsjobs.NewManageJob(engine, tasks)
	if err != nil {
		t.Fatal(err)
	}
	execution, err := machine.Start(t.Context(), value.EmptyObject)
	if err != nil {
		t.Fatal(err)
	}
	output, err := execution.Wait(t.Context())
	if err != nil || output.String() != `{"done":true}` {
		t.Fatalf("%s, %v", output, err)
	}
	if elapsed := engine.Clock().Now().Sub(start); elapsed != 48*time.Hour {
		t.Errorf("it took %v", elapsed)
	}
	var events []asl.EventType
	history, err := execution.Running().History(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range history {
		events = append(events, e.Type)
	}
	if diff := cmp.Diff([]asl.EventType{
		"ExecutionStarted", "TaskStateEntered", "TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded", "TaskStateExited",
		"ExecutionSucceeded",
	}, events); diff != "" {
		t.Error(diff)
	}
}

// The container reports back as on AWS: with the AWS SDK's client of Step Functions, over HTTP. All on the wall clock.
func TestManageJobCallsBack(t *testing.T) {
	for _, test := range []struct {
		name   string
		answer func(context.Context, *sfn.Client, *string) error
		want   string // of the output or the error
	}{
		{"success", func(ctx context.Context, c *sfn.Client, token *string) error {
			if _, err := c.SendTaskHeartbeat(ctx, &sfn.SendTaskHeartbeatInput{TaskToken: token}); err != nil {
				return err
			}
			_, err := c.SendTaskSuccess(ctx, &sfn.SendTaskSuccessInput{TaskToken: token, Output: aws.String(`{"n": 1.50}`)})
			return err
		}, `{"n":1.50}`},
		{"failure", func(ctx context.Context, c *sfn.Client, token *string) error {
			_, err := c.SendTaskFailure(ctx, &sfn.SendTaskFailureInput{TaskToken: token, Error: aws.String("Broken"), Cause: aws.String("disk")})
			return err
		}, "Broken: disk"},
	} {
		t.Run(test.name, func(t *testing.T) {
			engine := memory.New()
			callbacks := httptest.NewServer(sfnapi.NewHandler(engine))
			defer callbacks.Close()
			fake, err := ecsfake.Start(ecsfake.Options{StepFunctionsURL: callbacks.URL})
			if err != nil {
				t.Fatal(err)
			}
			defer fake.Close()
			if _, err := fake.Define("job-id", "container-name", ecsfake.Func(func(ctx context.Context, c ecsfake.Container) int {
				if err := test.answer(ctx, stepFunctions(c), aws.String(c.Environment["TASK_TOKEN_ENV_VARIABLE"])); err != nil {
					t.Error(err)
					return 1
				}
				return 0
			})); err != nil {
				t.Fatal(err)
			}
			machine, err := ecsjobs.NewManageJob(engine, ecsjobs.NewManageJobTasks(ecsjobs.ManageJobClients{ECS: ecstask.New(inVPC{fake.Client()})}))
			if err != nil {
				t.Fatal(err)
			}
			output, err := machine.Run(t.Context(), value.EmptyObject)
			got := output.String()
			if err != nil {
				got = err.Error()
			}
			if got != test.want {
				t.Errorf("have %s, want %s", got, test.want)
			}
			if _, err := fake.WaitStopped(t.Context(), *fake.Tasks()[0].TaskArn); err != nil { // the container reads the answer
				t.Error(err)
			}
		})
	}
}

// inVPC gives tasks the network that AWS's page leaves out, and that ECS wants on Fargate.
type inVPC struct{ *ecs.Client }

func (c inVPC) RunTask(ctx context.Context, in *ecs.RunTaskInput, options ...func(*ecs.Options)) (*ecs.RunTaskOutput, error) {
	placed := *in
	placed.NetworkConfiguration = &types.NetworkConfiguration{
		AwsvpcConfiguration: &types.AwsVpcConfiguration{Subnets: []string{"subnet-id"}},
	}
	return c.Client.RunTask(ctx, &placed, options...)
}

// stepFunctions returns the SDK's client that a container makes of its environment.
func stepFunctions(c ecsfake.Container) *sfn.Client {
	return sfn.New(sfn.Options{
		Region:       c.Environment["AWS_REGION"],
		BaseEndpoint: aws.String(c.Environment["AWS_ENDPOINT_URL_SFN"]),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{
				AccessKeyID: c.Environment["AWS_ACCESS_KEY_ID"], SecretAccessKey: c.Environment["AWS_SECRET_ACCESS_KEY"],
			}, nil
		}),
	})
}

// The machine in JSONata does what the one in JSONPath does, and makes its output of the task.
func TestRunJobJSONataWithAMock(t *testing.T) {
	engine := memory.NewDriven(start)
	machine, err := ecsjobs.NewRunJobJSONata(engine, ecsjobs.RunJobJSONataTasks{
		RunECSTask: asl.JobFunc(func(_ context.Context, in *ecs.RunTaskInput) (*types.Task, error) {
			if got := in.Overrides.ContainerOverrides[0].Command; !slices.Equal(got, []string{"one", "two"}) {
				t.Errorf("the command is %q", got)
			}
			return &types.Task{TaskArn: aws.String("arn"), Containers: []types.Container{{ExitCode: aws.Int32(0)}, {ExitCode: aws.Int32(7)}}}, nil
		}),
	})
	if err != nil {
		t.Fatal(err)
	}
	output, err := machine.Run(t.Context(), ecsjobs.RunJobJSONataInput{Commands: []string{"one", "two"}})
	if want := (ecsjobs.RunJobJSONataOutput{Task: "arn", ExitCode: 7}); err != nil || output != want {
		t.Errorf("%+v, %v", output, err)
	}
	execution, err := machine.StartDocument(t.Context(), value.EmptyObject)
	if err != nil {
		t.Fatal(err)
	}
	_, err = execution.Wait(t.Context())
	failed, ok := errors.AsType[*asl.Error](err)
	if !ok || failed.Name != asl.ErrorQueryEvaluation || !strings.Contains(failed.Cause, "'Arguments/Overrides/ContainerOverrides[0]/Command' returned nothing (undefined)") {
		t.Error(err)
	}
}
