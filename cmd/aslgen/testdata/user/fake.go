// This command runs a machine against an ECS endpoint on loopback.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	jobs "example.com/jobs"
	"github.com/r-seed-632eed22/aslgen/runtime/ecstask"
	"github.com/r-seed-632eed22/aslgen/runtime/ecstask/ecsfake"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
)

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	engine := memory.NewDriven(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	fake, err := ecsfake.Start(ecsfake.Options{Clock: engine.Clock()})
	if err != nil {
		return err
	}
	defer fake.Close()
	if _, err := fake.Define("job-id", "container-name", ecsfake.Func(func(_ context.Context, c ecsfake.Container) int {
		fmt.Println("container:", c.Arguments)
		return 0
	})); err != nil {
		return err
	}
	client := ecstask.New(fake.Client(), ecstask.WithClock(engine.Clock()))
	machine, err := jobs.NewRunJob(engine, jobs.NewRunJobTasks(jobs.RunJobClients{ECS: client}))
	if err != nil {
		return err
	}
	task, err := machine.Run(ctx, jobs.RunJobInput{Commands: []string{"one", "two"}})
	if err != nil {
		return err
	}
	fmt.Println("machine:", task.StopCode, *task.Containers[0].ExitCode)
	return nil
}
