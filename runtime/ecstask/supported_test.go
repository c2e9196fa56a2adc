package ecstask_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/ecstask/ecsfake"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// supported are the parameters on AWS's list for the integration, and how each is written on the wire, where names begin
// with a small letter at every depth.
var supported = []struct {
	name, member string
	edit         func(*ecs.RunTaskInput)
	wire         string
}{
	{"Cluster", "cluster", func(in *ecs.RunTaskInput) { in.Cluster = aws.String("jobs") }, `"jobs"`},
	{"Group", "group", func(in *ecs.RunTaskInput) { in.Group = aws.String("nightly") }, `"nightly"`},
	{"LaunchType", "launchType", func(in *ecs.RunTaskInput) { in.LaunchType = types.LaunchTypeEc2 }, `"EC2"`},
	{"NetworkConfiguration", "networkConfiguration", func(in *ecs.RunTaskInput) {
		in.NetworkConfiguration = &types.NetworkConfiguration{AwsvpcConfiguration: &types.AwsVpcConfiguration{
			Subnets: []string{"subnet-1"}, SecurityGroups: []string{"sg-1"}, AssignPublicIp: types.AssignPublicIpEnabled,
		}}
	}, `{"awsvpcConfiguration":{"assignPublicIp":"ENABLED","securityGroups":["sg-1"],"subnets":["subnet-1"]}}`},
	{"Overrides", "overrides", func(in *ecs.RunTaskInput) {
		in.Overrides = &types.TaskOverride{Cpu: aws.String("512"), TaskRoleArn: aws.String("role"), ContainerOverrides: []types.ContainerOverride{{
			Name: aws.String("main"), Command: []string{"a", "b"},
			Environment: []types.KeyValuePair{{Name: aws.String("NAME"), Value: aws.String("value")}},
		}}}
	}, `{"containerOverrides":[{"command":["a","b"],"environment":[{"name":"NAME","value":"value"}],"name":"main"}],"cpu":"512","taskRoleArn":"role"}`},
	{"PlacementConstraints", "placementConstraints", func(in *ecs.RunTaskInput) {
		in.PlacementConstraints = []types.PlacementConstraint{{Type: types.PlacementConstraintTypeMemberOf, Expression: aws.String("attribute:x == y")}}
	}, `[{"expression":"attribute:x == y","type":"memberOf"}]`},
	{"PlacementStrategy", "placementStrategy", func(in *ecs.RunTaskInput) {
		in.PlacementStrategy = []types.PlacementStrategy{{Type: types.PlacementStrategyTypeSpread, Field: aws.String("attribute:ecs.availability-zone")}}
	}, `[{"field":"attribute:ecs.availability-zone","type":"spread"}]`},
	{"PlatformVersion", "platformVersion", func(in *ecs.RunTaskInput) { fargate(in); in.PlatformVersion = aws.String("1.4.0") }, `"1.4.0"`},
	{"PropagateTags", "propagateTags", func(in *ecs.RunTaskInput) { in.PropagateTags = types.PropagateTagsTaskDefinition }, `"TASK_DEFINITION"`},
	{"TaskDefinition", "taskDefinition", func(in *ecs.RunTaskInput) { in.TaskDefinition = aws.String("job:1") }, `"job:1"`},
}

// Each supported parameter reaches RunTask, with a value that ECS takes.
func TestSupportedParameters(t *testing.T) {
	for _, row := range supported {
		t.Run(row.name, func(t *testing.T) {
			l := newLab(t)
			l.run(func(ctx context.Context) {
				if _, err := l.start(ctx, l.state(runSync, row.edit)).Running().Wait(ctx); err != nil {
					t.Error(err)
				}
			})
			calls := l.Calls(ecsfake.RunTask)
			if len(calls) != 1 {
				t.Fatalf("%d calls of RunTask", len(calls))
			}
			if got := calls[0].Input.Get(row.member).String(); got != row.wire {
				t.Errorf("RunTask got %s\nwant %s", got, row.wire)
			}
		})
	}
}

// When RunTask has started nothing the state fails at once: nobody waits for a token that no task has.
func TestFailuresEndTheWaitForAToken(t *testing.T) {
	l := newLab(t)
	l.Inject(ecsfake.Failures(0, noMemory))
	l.run(func(ctx context.Context) {
		var token string
		_, err := l.start(ctx, l.state(waitForToken, func(in *ecs.RunTaskInput) {
			token = *in.Overrides.ContainerOverrides[0].Environment[0].Value
		})).Running().Wait(ctx)
		if failed, ok := errors.AsType[*asl.Error](err); !ok || failed.Name != "AmazonECS.Unknown" || l.elapsed() != 0 {
			t.Errorf("after %v: %v", l.elapsed(), err)
		}
		l.sleep(ctx, time.Second)
		err = l.engine.SendTaskSuccess(ctx, token, value.EmptyObject)
		if late, ok := errors.AsType[*asl.APIError](err); !ok || late.Code != asl.CodeTaskTimedOut {
			t.Errorf("an answer to the token: %v", err)
		}
	})
	if calls := l.Count(ecsfake.RunTask); calls != 1 || len(l.Tasks()) != 0 {
		t.Errorf("%d calls, %d tasks", calls, len(l.Tasks()))
	}
}

// A launch type that only the execution knows is judged by ECS.
func TestUnknownLaunchType(t *testing.T) {
	l := newLab(t)
	l.run(func(ctx context.Context) {
		_, err := l.start(ctx, l.state(runSync, func(in *ecs.RunTaskInput) { in.LaunchType = "FARGOTE" })).Running().Wait(ctx)
		if failed, ok := errors.AsType[*asl.Error](err); !ok || failed.Name != "ECS.InvalidParameterException" {
			t.Error(err)
		}
	})
	if len(l.Tasks()) != 0 {
		t.Error("a task was started")
	}
}
