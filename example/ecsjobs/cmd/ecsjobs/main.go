// Command ecsjobs runs both state machines of package ecsjobs: against an ECS endpoint on loopback whose containers are
// processes of this very program, and with the Step Functions API's callbacks served beside it.
package main

import (
	"context"
	_ "embed"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/r-seed-632eed22/aslgen/example/ecsjobs"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/ecstask"
	"github.com/r-seed-632eed22/aslgen/runtime/ecstask/ecsfake"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
	"github.com/r-seed-632eed22/aslgen/runtime/sfnapi"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	work := run
	if len(os.Args) > 1 && os.Args[1] == containerArgument {
		work = container
	}
	if err := work(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	engine := memory.New()
	callbacks, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: sfnapi.NewHandler(engine)}
	go func() { _ = server.Serve(callbacks) }()
	defer server.Close()

	fake, err := ecsfake.Start(ecsfake.Options{
		StepFunctionsURL: "http://" + callbacks.Addr().String(),
		Output:           indented{os.Stdout},
	})
	if err != nil {
		return err
	}
	defer fake.Close()
	if err := register(ctx, fake.Client()); err != nil {
		return err
	}
	client := ecstask.New(inVPC{fake.Client()})

	if err := runJob(ctx, engine, client); err != nil {
		return fmt.Errorf("RunJob: %w", err)
	}
	if err := manageJob(ctx, engine, client); err != nil {
		return fmt.Errorf("ManageJob: %w", err)
	}
	if err := inJSONata(ctx, engine, client); err != nil {
		return fmt.Errorf("in JSONata: %w", err)
	}
	return waitForContainers(ctx, fake)
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

// waitForContainers waits for the tasks that still run: the answer with a token ends the machine before its container ends.
func waitForContainers(ctx context.Context, fake *ecsfake.Server) error {
	for _, task := range fake.Running() {
		if _, err := fake.WaitStopped(ctx, *task.TaskArn); err != nil {
			return err
		}
	}
	return nil
}

// register registers the task definition that both machines name: its one container is this program.
func register(ctx context.Context, client *ecs.Client) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	_, err = client.RegisterTaskDefinition(ctx, &ecs.RegisterTaskDefinitionInput{
		Family: aws.String("job-id"),
		ContainerDefinitions: []types.ContainerDefinition{{
			Name:       aws.String("container-name"),
			Image:      aws.String("ecsjobs"),
			EntryPoint: []string{self, containerArgument},
			Essential:  aws.Bool(true),
		}},
	})
	return err
}

// runJob runs the machine that waits for its task to stop.
func runJob(ctx context.Context, engine *memory.Engine, client *ecstask.Client) error {
	fmt.Println("RunJob runs a task and waits for it to complete (ecs:runTask.sync):")
	machine, err := ecsjobs.NewRunJob(engine, ecsjobs.NewRunJobTasks(ecsjobs.RunJobClients{ECS: client}), asl.Observe(asl.ObserverFunc(show)))
	if err != nil {
		return err
	}
	task, err := machine.Run(ctx, ecsjobs.RunJobInput{Commands: []string{"test command 1", "test command 2", "test command 3"}})
	if err != nil {
		return err
	}
	fmt.Printf("  the task ended as %s, exit code %d\n", task.StopCode, *task.Containers[0].ExitCode)
	return nil
}

// manageJob runs the machine that waits for its task token to come back.
func manageJob(ctx context.Context, engine *memory.Engine, client *ecstask.Client) error {
	fmt.Println("\nManageJob waits until the task returns its token (ecs:runTask.waitForTaskToken):")
	machine, err := ecsjobs.NewManageJob(engine, ecsjobs.NewManageJobTasks(ecsjobs.ManageJobClients{ECS: client}), asl.Observe(asl.ObserverFunc(show)))
	if err != nil {
		return err
	}
	output, err := machine.Run(ctx, value.EmptyObject)
	if err != nil {
		return err
	}
	fmt.Printf("  the task answered %s\n", output)
	return nil
}

// inJSONata runs the same two machines as JSONata has them.
func inJSONata(ctx context.Context, engine *memory.Engine, client *ecstask.Client) error {
	fmt.Println("\nThe same two machines in JSONata:")
	runs, err := ecsjobs.NewRunJobJSONata(engine, ecsjobs.NewRunJobJSONataTasks(ecsjobs.RunJobJSONataClients{ECS: client}))
	if err != nil {
		return err
	}
	ended, err := runs.Run(ctx, ecsjobs.RunJobJSONataInput{Commands: []string{"test command 4"}})
	if err != nil {
		return err
	}
	fmt.Printf("  RunJobJSONata: %s ended with exit code %v\n", ended.Task, ended.ExitCode)
	manages, err := ecsjobs.NewManageJobJSONata(engine, ecsjobs.NewManageJobJSONataTasks(ecsjobs.ManageJobJSONataClients{ECS: client}))
	if err != nil {
		return err
	}
	answer, err := manages.Run(ctx, value.EmptyObject)
	if err != nil {
		return err
	}
	fmt.Printf("  ManageJobJSONata: the task answered %s\n", answer)
	return nil
}

// show prints an event of an execution.
func show(_ string, e asl.Event) {
	line := fmt.Sprintf("  %2d %-19s %s", e.ID, e.Type, e.State)
	if e.Task != nil {
		line += e.Task.ResourceType + ":" + e.Task.Resource
	}
	if e.Err != nil {
		line += " " + e.Err.Error()
	}
	fmt.Println(line)
}
