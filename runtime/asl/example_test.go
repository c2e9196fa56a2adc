package asl_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/r-seed-632eed22/aslgen/example/ecsjobs"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// A generated machine runs on an engine, with a Go function for its task. The engine's clock drives itself, so two days take
// no time.
func Example() {
	begin := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	engine := memory.NewDriven(begin)
	machine, err := ecsjobs.NewRunJob(engine, ecsjobs.RunJobTasks{
		RunECSTask: asl.JobFunc(func(ctx context.Context, in *ecs.RunTaskInput) (*types.Task, error) {
			fmt.Println("runs", in.Overrides.ContainerOverrides[0].Command)
			return &types.Task{StopCode: types.TaskStopCodeEssentialContainerExited}, clock.Sleep(ctx, 48*time.Hour)
		}),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	task, err := machine.Run(context.Background(), ecsjobs.RunJobInput{Commands: []string{"one", "two"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(task.StopCode, "after", engine.Clock().Now().Sub(begin))
	// Output:
	// runs [one two]
	// EssentialContainerExited after 48h0m0s
}

// What fails a task is an error with AWS's name. Where no state catches it, it is that of the execution.
func ExampleError() {
	machine, err := ecsjobs.NewRunJob(memory.NewDriven(time.Time{}), ecsjobs.RunJobTasks{
		RunECSTask: asl.JobFunc(func(context.Context, *ecs.RunTaskInput) (*types.Task, error) {
			return nil, &asl.Error{Name: "AmazonECS.Unknown", Cause: "RESOURCE:MEMORY"}
		}),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = machine.Run(context.Background(), ecsjobs.RunJobInput{})
	if failed, ok := errors.AsType[*asl.Error](err); ok {
		fmt.Println(failed.Name)
		fmt.Println(failed.Cause)
	}
	// Output:
	// AmazonECS.Unknown
	// RESOURCE:MEMORY
}

// An observer is told of every event of every execution of the machine.
func ExampleObserve() {
	print := asl.ObserverFunc(func(_ string, e asl.Event) { fmt.Println(e.ID, e.Type) })
	machine, err := ecsjobs.NewRunJob(memory.NewDriven(time.Time{}), ecsjobs.RunJobTasks{
		RunECSTask: asl.JobFunc(func(context.Context, *ecs.RunTaskInput) (*types.Task, error) { return &types.Task{}, nil }),
	}, asl.Observe(print))
	if err != nil {
		fmt.Println(err)
		return
	}
	if _, err := machine.Run(context.Background(), ecsjobs.RunJobInput{}); err != nil {
		fmt.Println(err)
	}
	// Output:
	// 1 ExecutionStarted
	// 2 TaskStateEntered
	// 3 TaskScheduled
	// 4 TaskStarted
	// 5 TaskSubmitted
	// 6 TaskSucceeded
	// 7 TaskStateExited
	// 8 ExecutionSucceeded
}

// One state runs by itself, as the TestState API has it: nothing is called, and the result of its work is given.
func ExampleProgram() {
	machine, err := ecsjobs.NewRunJob(memory.New(), ecsjobs.RunJobTasks{
		RunECSTask: asl.JobFunc(func(context.Context, *ecs.RunTaskInput) (*types.Task, error) { panic("is not called") }),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	result, err := machine.Program().TestState(context.Background(), ecsjobs.RunJobStateRunECSTask, asl.StateTest{
		Input:  value.MustParse(`{"commands": ["one"]}`),
		Result: value.MustParse(`{"StopCode": "EssentialContainerExited"}`),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(result.Status, result.Output)
	fmt.Println(result.Inspection[asl.StepAfterParameters].Get("Overrides"))
	// Output:
	// SUCCEEDED {"StopCode":"EssentialContainerExited"}
	// {"ContainerOverrides":[{"Command":["one"],"Name":"container-name"}]}
}
