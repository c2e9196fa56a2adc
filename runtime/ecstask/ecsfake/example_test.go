package ecsfake_test

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/ecstask/ecsfake"
)

// A Go function stands for a container. The AWS SDK's client starts its task and finds it stopped an hour later, on a clock
// that drives itself.
func ExampleStart() {
	driven := clock.NewDriven(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	server, err := ecsfake.Start(ecsfake.Options{Clock: driven, Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer server.Close()
	if _, err := server.Define("report", "main", ecsfake.Func(func(ctx context.Context, c ecsfake.Container) int {
		fmt.Println("reports", c.Environment["MONTH"])
		if clock.Sleep(ctx, time.Hour) != nil {
			return 143
		}
		return 0
	})); err != nil {
		fmt.Println(err)
		return
	}
	driven.Run(context.Background(), func(ctx context.Context) {
		started, err := server.Client().RunTask(ctx, &ecs.RunTaskInput{
			TaskDefinition: aws.String("report"),
			Overrides: &types.TaskOverride{ContainerOverrides: []types.ContainerOverride{{
				Name: aws.String("main"), Environment: []types.KeyValuePair{{Name: aws.String("MONTH"), Value: aws.String("March")}},
			}}},
		})
		if err != nil {
			fmt.Println(err)
			return
		}
		task, err := server.WaitStopped(ctx, *started.Tasks[0].TaskArn)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(*task.LastStatus, *task.Containers[0].ExitCode, task.StoppedAt.Sub(*task.CreatedAt))
	})
	// Output:
	// reports March
	// STOPPED 0 1h0m0s
}

// Faults are put in one after the other: the first call of RunTask is throttled, the task of the second never starts.
func ExampleServer_Inject() {
	driven := clock.NewDriven(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	server, err := ecsfake.Start(ecsfake.Options{Clock: driven, Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer server.Close()
	if _, err := server.Define("report", "main", ecsfake.Exits(0, time.Hour)); err != nil {
		fmt.Println(err)
		return
	}
	server.Inject(ecsfake.Exception(ecsfake.RunTask, "ThrottlingException", "Rate exceeded"))
	server.Inject(ecsfake.StartFailure("CannotPullContainerError: no such image"))
	driven.Run(context.Background(), func(ctx context.Context) {
		in := &ecs.RunTaskInput{TaskDefinition: aws.String("report")}
		_, err := server.Client().RunTask(ctx, in)
		fmt.Println("failed:", err != nil)
		started, err := server.Client().RunTask(ctx, in)
		if err != nil {
			fmt.Println(err)
			return
		}
		task, err := server.WaitStopped(ctx, *started.Tasks[0].TaskArn)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(task.StopCode, *task.StoppedReason)
	})
	fmt.Println(server.Count(ecsfake.RunTask), "calls")
	// Output:
	// failed: true
	// TaskFailedToStart CannotPullContainerError: no such image
	// 2 calls
}
