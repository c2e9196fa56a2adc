package ecstask_test

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/ecstask"
	"github.com/r-seed-632eed22/aslgen/runtime/ecstask/ecsfake"
)

func two(in *ecs.RunTaskInput) { in.Count = aws.Int32(2) }

var (
	watched  = []pattern{runSync}
	started  = []pattern{runSync, waitForToken}
	all      = []pattern{runSync, waitForToken, requestResponse, awsSDK}
	noMemory = types.Failure{Arn: aws.String("a"), Reason: aws.String("RESOURCE:MEMORY")}
)

const (
	well      = "EssentialContainerExited [0 0]"
	stopped   = "UserInitiated [143 0]"
	unstarted = "UserInitiated [- -]"

	enough   = 120 // seconds for a task that goes well
	longer   = (enough + 5) * time.Second
	tooLong  = 10 * time.Minute
	noAnswer = "[{\"Arn\":\"<task>\",\"Reason\":\"MISSING\"}] "
)

var (
	mainTakesTooLong = injects(ecsfake.Runs("main", ecsfake.Exits(0, tooLong)))
	mainGoesOn       = ecsfake.Exits(0, -1)
)

var faults = slices.Concat(exceptions(), stopCodes(), blindness(), []fault{
	{name: "failures without tasks", patterns: started, inject: injects(ecsfake.Failures(0, noMemory)),
		error: "AmazonECS.Unknown", cause: `[{"Arn":"a","Reason":"RESOURCE:MEMORY"}] `},
	{name: "failures with a task", patterns: started, edit: two, inject: injects(ecsfake.Failures(1, noMemory)),
		error: "AmazonECS.Unknown", cause: `[{"Arn":"a","Reason":"RESOURCE:MEMORY"}] PROVISIONING [- -]`, tasks: unstarted, stops: 1},
	{name: "failures without tasks", patterns: []pattern{requestResponse, awsSDK}, inject: injects(ecsfake.Failures(0, noMemory))},
	{name: "failures with a task", patterns: []pattern{requestResponse, awsSDK}, edit: two,
		inject: injects(ecsfake.Failures(1, noMemory)), tasks: well},

	{name: "no start", patterns: watched, inject: injects(ecsfake.StartFailure("CannotPullContainerError: no such image")),
		error: "States.TaskFailed", cause: "TaskFailedToStart [- -]", tasks: "TaskFailedToStart [- -]"},
	{name: "no start, which nobody watches", patterns: []pattern{waitForToken}, timeout: enough,
		inject: injects(ecsfake.StartFailure("CannotPullContainerError: no such image")),
		error:  "States.Timeout", tasks: "TaskFailedToStart [- -]"},
	{name: "essential container", patterns: watched, inject: injects(ecsfake.Runs("main", ecsfake.Exits(3, 5*time.Second))),
		error: "States.TaskFailed", cause: "EssentialContainerExited [3 0]", tasks: "EssentialContainerExited [3 0]"},
	{name: "other container", patterns: watched, inject: injects(ecsfake.Runs("router", ecsfake.Exits(137, time.Second))),
		error: "States.TaskFailed", cause: "EssentialContainerExited [0 137]", tasks: "EssentialContainerExited [0 137]"},
	{name: "other container that does not count", patterns: watched, options: []ecstask.Option{ecstask.EssentialContainers("main")},
		inject: injects(ecsfake.Runs("router", ecsfake.Exits(137, time.Second))), tasks: "EssentialContainerExited [0 137]"},
	{name: "container that counts", patterns: watched, options: []ecstask.Option{ecstask.EssentialContainers("main")},
		inject: injects(ecsfake.Runs("main", ecsfake.Exits(3, 5*time.Second))),
		error:  "States.TaskFailed", cause: "EssentialContainerExited [3 0]", tasks: "EssentialContainerExited [3 0]"},
	{name: "none of the containers that count", patterns: watched, options: []ecstask.Option{ecstask.EssentialContainers("app")},
		inject: injects(ecsfake.Runs("router", ecsfake.Exits(137, time.Second))),
		error:  "States.TaskFailed", cause: "EssentialContainerExited [0 137]", tasks: "EssentialContainerExited [0 137]"},
	{name: "no exit codes", patterns: watched, inject: injects(ecsfake.Runs("", ecsfake.Vanishes(time.Second))),
		error: "States.TaskFailed", cause: "EssentialContainerExited [- -]", tasks: "EssentialContainerExited [- -]"},
	{name: "no exit code beside 0", patterns: watched, inject: injects(ecsfake.Runs("main", ecsfake.Vanishes(5*time.Second))),
		tasks: "EssentialContainerExited [- 0]"},
	{name: "no exit code where it counts", patterns: watched, options: []ecstask.Option{ecstask.EssentialContainers("main")},
		inject: injects(ecsfake.Runs("main", ecsfake.Vanishes(5*time.Second))),
		error:  "States.TaskFailed", cause: "EssentialContainerExited [- 0]", tasks: "EssentialContainerExited [- 0]"},

	{name: "DescribeTasks throttled", patterns: watched, tasks: well,
		inject: injects(ecsfake.Exception(ecsfake.DescribeTasks, "ThrottlingException", "Rate exceeded"), ecsfake.For(tooLong))},
	{name: "DescribeTasks out of order", patterns: watched, tasks: well,
		inject: injects(ecsfake.Exception(ecsfake.DescribeTasks, "ServerException", "try again"), ecsfake.For(tooLong))},
	{name: "DescribeTasks cut", patterns: watched, tasks: well,
		inject: injects(ecsfake.LoseAnswer(ecsfake.DescribeTasks), ecsfake.For(tooLong))},
	{name: "DescribeTasks denied for too long", patterns: watched, timeout: enough,
		inject: both(mainTakesTooLong, injects(ecsfake.Exception(ecsfake.DescribeTasks, "AccessDeniedException", "not authorized"))),
		error:  "States.Timeout", tasks: stopped, stops: 1},
	{name: "missing at first", patterns: watched, inject: injects(ecsfake.Missing(), ecsfake.For(50*time.Second)), tasks: well},
	{name: "missing for ever", patterns: watched, inject: both(mainTakesTooLong, injects(ecsfake.Missing())),
		error: asl.ErrorTaskLost, cause: noAnswer, tasks: stopped, stops: 1},
	{name: "missing after it was seen", patterns: watched, tasks: well,
		inject: injects(ecsfake.Missing(), ecsfake.Skip(2), ecsfake.Times(10))},
	{name: "missing for good after it was seen", patterns: watched,
		inject: both(mainTakesTooLong, injects(ecsfake.Missing(), ecsfake.Skip(2), ecsfake.Always())),
		error:  asl.ErrorTaskLost, cause: noAnswer + "RUNNING [- 0]", tasks: stopped, stops: 1},

	{name: "connection cut before", patterns: all, inject: injects(ecsfake.LoseRequest(ecsfake.RunTask), ecsfake.For(30*time.Second)), tasks: well},
	{name: "connection cut after", patterns: all, inject: injects(ecsfake.LoseAnswer(ecsfake.RunTask), ecsfake.For(30*time.Second)), tasks: well},
	{name: "connection cut after, then throttled", patterns: all, tasks: well,
		inject: both(injects(ecsfake.LoseAnswer(ecsfake.RunTask), ecsfake.Times(1)),
			injects(ecsfake.Exception(ecsfake.RunTask, "ThrottlingException", "Rate exceeded"), ecsfake.Times(9)))},
	{name: "connection cut before, then refused", patterns: all,
		inject: both(injects(ecsfake.LoseRequest(ecsfake.RunTask), ecsfake.Times(1)),
			injects(ecsfake.Exception(ecsfake.RunTask, "ClientException", "no"))),
		error: "ECS.ClientException", cause: optimized("no", 400, "ClientException")},
	{name: "connection cut before, for too long", patterns: watched, timeout: enough,
		inject: injects(ecsfake.LoseRequest(ecsfake.RunTask), ecsfake.For(longer)),
		error:  "States.Timeout", tasks: unstarted, stops: 1},
	{name: "connection cut after, for too long", patterns: watched, timeout: enough,
		inject: both(mainTakesTooLong, injects(ecsfake.LoseAnswer(ecsfake.RunTask), ecsfake.For(longer))),
		error:  "States.Timeout", tasks: stopped, stops: 1},
	{name: "connection cut after, for too long", patterns: []pattern{requestResponse, awsSDK}, timeout: enough,
		inject: injects(ecsfake.LoseAnswer(ecsfake.RunTask), ecsfake.For(longer)),
		error:  "States.Timeout", tasks: well},
	{name: "no connection", patterns: all, inject: (*lab).disconnect, unheard: true,
		error: "ECS.SdkClientException", cause: "operation error ECS: RunTask, https response error StatusCode: 0, RequestID: , " +
			"request send failed, Post \"http://<host>/\": dial tcp: no route to host"},

	{name: "timeout", patterns: watched, timeout: enough, inject: mainTakesTooLong,
		error: "States.Timeout", tasks: stopped, stops: 1},
	{name: "timeout, slow stop", patterns: watched, timeout: enough, inject: injects(ecsfake.Runs("main", mainGoesOn.StopsIn(20*time.Second))),
		error: "States.Timeout", tasks: stopped, stops: 1},
	{name: "timeout, too slow a stop", patterns: watched, timeout: enough, inject: injects(ecsfake.Runs("main", mainGoesOn.StopsIn(time.Hour))),
		error: "States.Timeout", tasks: "UserInitiated [137 0]", stops: 1},
	{name: "timeout, StopTask denied", patterns: watched, timeout: enough,
		inject: both(mainTakesTooLong, injects(ecsfake.Exception(ecsfake.StopTask, "AccessDeniedException", "not authorized"))),
		error:  "States.Timeout", tasks: well, stops: 1},
	{name: "timeout, StopTask throttled", patterns: watched, timeout: enough,
		inject: both(mainTakesTooLong, injects(ecsfake.Exception(ecsfake.StopTask, "ThrottlingException", "Rate exceeded"), ecsfake.Times(3))),
		error:  "States.Timeout", tasks: stopped, stops: 4},
	{name: "timeout, StopTask with an expired credential", patterns: watched, timeout: enough,
		inject: both(mainTakesTooLong, injects(ecsfake.Exception(ecsfake.StopTask, "ExpiredTokenException", "expired"), ecsfake.Times(3))),
		error:  "States.Timeout", tasks: stopped, stops: 4},
	{name: "timeout, StopTask cut", patterns: watched, timeout: enough,
		inject: both(mainTakesTooLong, injects(ecsfake.LoseRequest(ecsfake.StopTask), ecsfake.Times(3))),
		error:  "States.Timeout", tasks: stopped, stops: 4},
	{name: "timeout, StopTask's answer cut", patterns: watched, timeout: enough,
		inject: both(mainTakesTooLong, injects(ecsfake.LoseAnswer(ecsfake.StopTask), ecsfake.Times(3))),
		error:  "States.Timeout", tasks: stopped, stops: 4},
	{name: "essential container, which nobody watches", patterns: []pattern{waitForToken}, timeout: enough,
		inject: injects(ecsfake.Runs("main", ecsfake.Exits(3, 5*time.Second))),
		error:  "States.Timeout", tasks: "EssentialContainerExited [3 0]"},
	{name: "spot, which nobody watches", patterns: []pattern{waitForToken}, timeout: enough,
		inject: injects(ecsfake.Stops(types.TaskStopCodeSpotInterruption, "a reason", 2*time.Second)),
		error:  "States.Timeout", tasks: "SpotInterruption [0 0]"},
	{name: "timeout of a token's task, which goes on", patterns: []pattern{waitForToken}, timeout: enough, inject: mainTakesTooLong,
		error: "States.Timeout", tasks: well},
})

// exceptions are RunTask's own, and some that its model does not have.
func exceptions() (list []fault) {
	for _, row := range []struct {
		code, name string
		status     int
	}{
		{"AccessDeniedException", "AccessDeniedException", 400},
		{"BlockedException", "BlockedException", 400},
		{"ClientException", "ClientException", 400},
		{"ClusterNotFoundException", "ClusterNotFoundException", 400},
		{"ConflictException", "ConflictException", 400},
		{"InvalidParameterException", "InvalidParameterException", 400},
		{"PlatformTaskDefinitionIncompatibilityException", "PlatformTaskDefinitionIncompatibilityException", 400},
		{"PlatformUnknownException", "PlatformUnknownException", 400},
		{"ServerException", "ServerException", 500},
		{"UnsupportedFeatureException", "UnsupportedFeatureException", 400},
		{"ThrottlingException", "AmazonECSException", 400},
		{"RequestLimitExceeded", "AmazonECSException", 400},
		{"ServiceUnavailable", "AmazonECSException", 503},
		{"CapacityIsShort", "AmazonECSException", 400},
	} {
		list = append(list, fault{name: row.code, patterns: all,
			inject: injects(ecsfake.Exception(ecsfake.RunTask, row.code, "Some words.")),
			error:  "ECS." + row.name, cause: optimized("Some words.", row.status, row.code)})
	}
	return list
}

// blindness are the answers to DescribeTasks that say nothing of the tasks, however final they sound: they end nothing.
func blindness() (list []fault) {
	for _, code := range []string{
		"AccessDeniedException", "ClusterNotFoundException", "InvalidParameterException", "ExpiredTokenException",
		"InvalidSignatureException", "UnrecognizedClientException", "RequestExpired",
	} {
		list = append(list, fault{name: "DescribeTasks " + code, patterns: watched, tasks: well,
			inject: injects(ecsfake.Exception(ecsfake.DescribeTasks, code, "no"), ecsfake.For(tooLong))})
	}
	return list
}

// optimized is a cause of the optimized integration.
func optimized(message string, status int, code string) string {
	return fmt.Sprintf("%s (Service: AmazonECS; Status Code: %d; Error Code: %s; Request ID: <id>; Proxy: null)", message, status, code)
}

// stopCodes are the reasons for which something else than the machine stops a task.
func stopCodes() (list []fault) {
	clean := ecsfake.Func(func(ctx context.Context, _ ecsfake.Container) int {
		_ = clock.Sleep(ctx, tooLong) // until it is told to end
		return 0
	})
	for _, code := range []types.TaskStopCode{
		types.TaskStopCodeUserInitiated, types.TaskStopCodeServiceSchedulerInitiated, types.TaskStopCodeSpotInterruption,
		types.TaskStopCodeTerminationNotice, types.TaskStopCode("InfrastructureHealth"),
	} {
		stops := injects(ecsfake.Stops(code, "a reason", 10*time.Second))
		terminated, ended := string(code)+" [143 0]", string(code)+" [0 0]"
		list = append(list,
			fault{name: string(code), patterns: watched, inject: stops,
				error: "States.TaskFailed", cause: terminated, tasks: terminated},
			fault{name: string(code) + " with exit code 0", patterns: watched,
				inject: both(stops, func(l *lab) { l.SetProgram("job", "main", clean) }),
				error:  "States.TaskFailed", cause: ended, tasks: ended})
	}
	return list
}
