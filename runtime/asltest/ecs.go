package asltest

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/awsshape"
)

// What tasks of ECS come to under .sync, for [MockJob]. Those that fail raise what Step Functions does: States.TaskFailed, whose cause is the
// task as JSON (E31), or AmazonECS.Unknown, whose cause has the Failures of RunTask (E54).

// ECSExited is a task whose container has exited with a code: 0 is success, another one fails the state.
func ECSExited(container string, code int32) Outcome {
	t := stoppedTask("Essential container in task exited", types.TaskStopCodeEssentialContainerExited)
	t.Containers = []types.Container{{Name: aws.String(container), ExitCode: aws.Int32(code), LastStatus: aws.String("STOPPED")}}
	if code == 0 {
		return Return(t)
	}
	return failedTask(t)
}

// ECSOutOfMemory is a task whose container was killed for want of memory.
func ECSOutOfMemory(container string) Outcome {
	t := stoppedTask("Essential container in task exited", types.TaskStopCodeEssentialContainerExited)
	t.Containers = []types.Container{{
		Name: aws.String(container), ExitCode: aws.Int32(137), LastStatus: aws.String("STOPPED"),
		Reason: aws.String("OutOfMemoryError: Container killed due to memory usage"),
	}}
	return failedTask(t)
}

// ECSCannotPull is a task that never ran, since the image of its container is not to be had.
func ECSCannotPull(container, image string) Outcome {
	t := stoppedTask("CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref "+image+": not found",
		types.TaskStopCodeTaskFailedToStart)
	t.Containers = []types.Container{{Name: aws.String(container), LastStatus: aws.String("STOPPED")}}
	return failedTask(t)
}

// ECSNeverStarted is a task that stopped before its container ran, for a reason.
func ECSNeverStarted(container, reason string) Outcome {
	t := stoppedTask(reason, types.TaskStopCodeTaskFailedToStart)
	t.Containers = []types.Container{{Name: aws.String(container), LastStatus: aws.String("STOPPED")}}
	return failedTask(t)
}

// ECSSpotInterrupted is a task on Fargate Spot whose capacity was taken back.
func ECSSpotInterrupted(container string) Outcome {
	t := stoppedTask("Your Spot Task was interrupted.", types.TaskStopCodeSpotInterruption)
	t.Containers = []types.Container{{Name: aws.String(container), ExitCode: aws.Int32(143), LastStatus: aws.String("STOPPED")}}
	return failedTask(t)
}

// ECSFailures is a call of RunTask that starts no task for a reason, such as RESOURCE:MEMORY or AGENT.
func ECSFailures(reason string) Outcome {
	response := &ecs.RunTaskOutput{
		Tasks:    []types.Task{},
		Failures: []types.Failure{{Arn: aws.String("arn:aws:ecs:us-east-1:123456789012:container-instance/default/1"), Reason: aws.String(reason)}},
	}
	return Throw("AmazonECS.Unknown", awsshape.StepFunctions.Encode(response).String())
}

// ECSNoCapacity is a call of RunTask for which Fargate has no capacity at the moment.
func ECSNoCapacity() Outcome {
	return ECSFailures("Capacity is unavailable at this time. Please try again later or in a different availability zone")
}

// stoppedTask is a task that has stopped for a reason.
func stoppedTask(reason string, code types.TaskStopCode) *types.Task {
	started := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	return &types.Task{
		TaskArn: aws.String("arn:aws:ecs:us-east-1:123456789012:task/default/1"), ClusterArn: aws.String("arn:aws:ecs:us-east-1:123456789012:cluster/default"),
		TaskDefinitionArn: aws.String("arn:aws:ecs:us-east-1:123456789012:task-definition/job:1"), LastStatus: aws.String("STOPPED"), DesiredStatus: aws.String("STOPPED"),
		CreatedAt: aws.Time(started), StoppedAt: aws.Time(started.Add(time.Minute)), StoppedReason: aws.String(reason), StopCode: code,
	}
}

func failedTask(t *types.Task) Outcome {
	return Throw(asl.ErrorTaskFailed, awsshape.StepFunctions.Encode(t).String())
}
