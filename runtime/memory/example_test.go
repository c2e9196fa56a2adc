package memory_test

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ecs"

	"github.com/r-seed-632eed22/aslgen/example/ecsjobs"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// A task waits for its token, which comes back a week later on the engine's clock.
func ExampleNewDriven() {
	monday := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	engine := memory.NewDriven(monday)
	machine, err := ecsjobs.NewManageJob(engine, ecsjobs.ManageJobTasks{
		ManageECSTask: asl.SendFunc(func(ctx context.Context, token string, _ *ecs.RunTaskInput) error {
			engine.Clock().Go(context.WithoutCancel(ctx), func(ctx context.Context) {
				if err := clock.Sleep(ctx, 7*24*time.Hour); err != nil {
					fmt.Println(err)
				}
				if err := engine.SendTaskSuccess(ctx, token, value.String("approved")); err != nil {
					fmt.Println(err)
				}
			})
			return nil
		}),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	output, err := machine.Run(context.Background(), value.EmptyObject)
	fmt.Println(output, err)
	fmt.Println(engine.Clock().Now().Format(time.DateTime))
	// Output:
	// "approved" <nil>
	// 2026-03-09 09:00:00
}

// An execution that nobody answers is stopped. On a driven clock a script runs as one of the clock's goroutines.
func ExampleEngine_Driven() {
	engine := memory.NewDriven(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
	machine, err := ecsjobs.NewManageJob(engine, ecsjobs.ManageJobTasks{
		ManageECSTask: asl.SendFunc(func(context.Context, string, *ecs.RunTaskInput) error { return nil }),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	engine.Driven().Run(clock.NewContext(context.Background(), engine.Clock()), func(ctx context.Context) {
		execution, err := machine.Start(ctx, value.EmptyObject, asl.Named("monday"))
		if err != nil {
			fmt.Println(err)
			return
		}
		if err := clock.Sleep(ctx, time.Hour); err != nil {
			fmt.Println(err)
		}
		d, err := execution.Running().Describe(ctx)
		fmt.Println(execution.Running().Name(), d.Status, err)
		if err := execution.Running().Stop(ctx, "Overdue", "nobody has answered"); err != nil {
			fmt.Println(err)
		}
		_, err = execution.Wait(ctx)
		fmt.Println(asl.StatusOf(err), err)
	})
	// Output:
	// monday RUNNING <nil>
	// ABORTED aborted: Overdue: nobody has answered
}
