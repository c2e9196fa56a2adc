package ecstask_test

import (
	"context"
	"fmt"
	"time"

	"github.com/r-seed-632eed22/aslgen/example/ecsjobs"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/ecstask"
	"github.com/r-seed-632eed22/aslgen/runtime/ecstask/ecsfake"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
)

// A client makes the effects of a machine's ECS tasks. Here it calls an endpoint on loopback, and both go by the engine's
// clock; with ecs.NewFromConfig and no option it calls Amazon ECS.
func ExampleNew() {
	begin := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	engine := memory.NewDriven(begin)
	fake, err := ecsfake.Start(ecsfake.Options{Clock: engine.Clock(), Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer fake.Close()
	if _, err := fake.Define("job-id", "container-name", ecsfake.Exits(0, time.Hour)); err != nil {
		fmt.Println(err)
		return
	}
	client := ecstask.New(fake.Client(), ecstask.WithClock(engine.Clock()), ecstask.PollEvery(10*time.Second))
	machine, err := ecsjobs.NewRunJob(engine, ecsjobs.NewRunJobTasks(ecsjobs.RunJobClients{ECS: client}))
	if err != nil {
		fmt.Println(err)
		return
	}
	task, err := machine.Run(context.Background(), ecsjobs.RunJobInput{Commands: []string{"one"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(task.StopCode, *task.Containers[0].ExitCode, *task.StartedBy)
	fmt.Println(engine.Clock().Now().Sub(begin).Truncate(time.Minute))
	// Output:
	// EssentialContainerExited 0 AWS Step Functions
	// 1h0m0s
}

// Stopping an execution stops the ECS task that it waits for.
func ExampleClient_Sync() {
	engine := memory.NewDriven(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	fake, err := ecsfake.Start(ecsfake.Options{Clock: engine.Clock(), Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer fake.Close()
	if _, err := fake.Define("job-id", "container-name", ecsfake.Exits(0, 24*time.Hour)); err != nil {
		fmt.Println(err)
		return
	}
	client := ecstask.New(fake.Client(), ecstask.WithClock(engine.Clock()))
	machine, err := ecsjobs.NewRunJob(engine, ecsjobs.RunJobTasks{RunECSTask: client.Sync()})
	if err != nil {
		fmt.Println(err)
		return
	}
	engine.Driven().Run(clock.NewContext(context.Background(), engine.Clock()), func(ctx context.Context) {
		execution, err := machine.Start(ctx, ecsjobs.RunJobInput{Commands: []string{"one"}})
		if err != nil {
			fmt.Println(err)
			return
		}
		if err := clock.Sleep(ctx, time.Minute); err != nil {
			fmt.Println(err)
		}
		fmt.Println(*fake.Tasks()[0].LastStatus)
		if err := execution.Running().Stop(ctx, "", "not needed any more"); err != nil {
			fmt.Println(err)
		}
		_, err = execution.Wait(ctx)
		fmt.Println(err)
		task, err := fake.WaitStopped(ctx, *fake.Tasks()[0].TaskArn)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(*task.LastStatus, task.StopCode)
	})
	// Output:
	// RUNNING
	// aborted: not needed any more
	// STOPPED UserInitiated
}
