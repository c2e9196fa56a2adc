package asltest_test

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/r-seed-632eed22/aslgen/example/ecsjobs"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asltest"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// A mock that the service could not have answered is refused, as TestState refuses it.
func ExampleFieldValidation() {
	answer := asltest.FieldValidation(asltest.Present)
	fmt.Println(answer("arn:aws:states:::aws-sdk:s3:getObject", value.MustParse(`{"ContentLength": "9000"}`)))

	machine, err := ecsjobs.NewRunJob(memory.New(), ecsjobs.RunJobTasks{
		RunECSTask: asl.JobFunc(func(context.Context, *ecs.RunTaskInput) (*types.Task, error) { panic("is not called") }),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	result, err := machine.Program().TestState(context.Background(), ecsjobs.RunJobStateRunECSTask, asl.StateTest{
		Input:       value.MustParse(`{"commands": ["one"]}`),
		Result:      value.MustParse(`{"StopCode": "EssentialContainerExited"}`),
		CheckResult: answer,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(result.Status)
	// Output:
	// Mock result schema validation error: Field 'ContentLength' must be a number
	// SUCCEEDED
}
