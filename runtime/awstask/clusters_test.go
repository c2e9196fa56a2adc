package awstask_test

import (
	"context"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/awstask"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// The types of Amazon EMR and Amazon EKS, as far as these tests need them.
type (
	terminateClusterInput struct{ JobFlowIds []string }
	cancelInput           struct {
		ClusterId *string
		StepIds   []string
	}
	cancelOutput  struct{ CancelStepsInfoList []cancelled }
	cancelled     struct{ StepId *string }
	clusterInput  struct{ ClusterId *string }
	clusterOutput struct{ Cluster *emrCluster }
	emrCluster    struct {
		Id     *string
		Status *emrStatus
	}
	emrStatus         struct{ State string }
	nameInput         struct{ Name *string }
	eksOutput         struct{ Cluster *eksCluster }
	eksCluster        struct{ Name, Status string }
	applicationInput  struct{ ApplicationId *string }
	applicationOutput struct{}
)

// What an action has names of its own for is called by those of the operation, and so is a mock; the answer has the action's names.
func TestOwnNames(t *testing.T) {
	cancel := func(_ context.Context, in *cancelInput) (*cancelOutput, error) {
		if len(in.StepIds) == 0 {
			missing := smithy.InvalidParamsError{Context: "CancelStepsInput"}
			missing.Add(smithy.NewErrParamRequired("StepIds"))
			return nil, missing
		}
		return &cancelOutput{[]cancelled{{&in.StepIds[0]}}}, nil
	}
	method := func(ctx context.Context, in *cancelInput, _ ...func(*options)) (*cancelOutput, error) {
		return cancel(ctx, in)
	}
	for what, effect := range map[string]asl.Call[*cancelInput, *cancelOutput]{"method": awstask.Call(method), "mock": asl.CallFunc(cancel)} {
		call := awstask.DecodedCall("elasticmapreduce:cancelStep", effect)
		got, err := run(t, call, `{"ClusterId": "j", "StepId": "s"}`)
		if err != nil || got.Get("CancelStepsInfo").String() != `{"StepId":"s"}` {
			t.Errorf("%s: %s, %v", what, got, err)
		}
		_, err = run(t, call, `{"ClusterId": "j"}`)
		failed(t, err, asl.ErrorRuntime, `The Parameters '{"ClusterId":"j"}' could not be used to start the Task: [The field 'StepId' is required but was missing]`)
		_, err = run(t, call, `{"StepIds": ["s"]}`)
		failed(t, err, asl.ErrorRuntime, `The Parameters '{"StepIds":["s"]}' could not be used to start the Task: [The field "StepIds" is not supported by Step Functions]`)
	}
}

// What the guide has an answer repeat is there.
func TestRepeated(t *testing.T) {
	start := awstask.DecodedCall("emr-serverless:startApplication", awstask.Call(
		func(context.Context, *applicationInput, ...func(*options)) (*applicationOutput, error) {
			return &applicationOutput{}, nil
		}))
	if got, err := run(t, start, `{"ApplicationId": "a"}`); err != nil || got.Get("ApplicationId").String() != `"a"` {
		t.Errorf("%s, %v", got, err)
	}
}

// A job's result has the name of what was worked on, of a mock too; nothing is called where nothing stops it.
func TestClusterEnds(t *testing.T) {
	terminate := func(_ context.Context, in *terminateClusterInput, _ ...func(*options)) (*struct{}, error) {
		if len(in.JobFlowIds) != 1 || in.JobFlowIds[0] != "j" {
			t.Errorf("%+v", in)
		}
		return &struct{}{}, nil
	}
	describe := func(_ context.Context, in *clusterInput, _ ...func(*options)) (*clusterOutput, error) {
		return &clusterOutput{&emrCluster{in.ClusterId, &emrStatus{"TERMINATED"}}}, nil
	}
	const ended = `{"Cluster":{"Id":"j","Status":{"State":"TERMINATED"}},"ClusterId":"j"}`
	for what, effect := range map[string]asl.Job[*terminateClusterInput, *clusterOutput]{
		"methods": awstask.Sync[*clusterOutput]("elasticmapreduce:terminateCluster.sync", terminate, describe, awstask.NotStopped, awstask.PollEvery(time.Millisecond)),
		"mock": asl.JobFunc(func(ctx context.Context, in *terminateClusterInput) (*clusterOutput, error) {
			return describe(ctx, &clusterInput{&in.JobFlowIds[0]})
		}),
	} {
		job := awstask.DecodedJob("elasticmapreduce:terminateCluster.sync", effect)
		started, err := job.Start(t.Context(), (&asl.Frame{}).NewAttempt(""), value.MustParse(`{"ClusterId": "j"}`))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := job.Wait(t.Context(), started.Handle); err != nil || got.String() != ended {
			t.Errorf("%s: %s, %v", what, got, err)
		}
		if err := job.Stop(t.Context(), started.Handle, "enough"); err != nil {
			t.Error(err)
		}
	}
	if _, err := awstask.NotStopped(t.Context(), nil); err != nil {
		t.Error(err)
	}
}

// What is deleted has succeeded when its service does not know it any more, with what was last seen of it, if anything was.
func TestGone(t *testing.T) {
	for _, row := range []struct {
		statuses []string
		want     string
		failure  string
	}{
		{[]string{"DELETING", "DELETING"}, `{"Cluster":{"Name":"c","Status":"DELETING"}}`, ""},
		{nil, `{}`, ""},
		{[]string{"DELETING", "ACTIVE"}, "", `{"Cluster":{"Name":"c","Status":"ACTIVE"}}`},
	} {
		left := row.statuses
		job := awstask.DecodedJob("eks:deleteCluster.sync", awstask.Sync[*eksOutput]("eks:deleteCluster.sync",
			func(context.Context, *nameInput, ...func(*options)) (*eksOutput, error) { return &eksOutput{}, nil },
			func(_ context.Context, in *nameInput, _ ...func(*options)) (*eksOutput, error) {
				if len(left) == 0 {
					return nil, &smithy.GenericAPIError{Code: "ResourceNotFoundException", Message: "No cluster found for name: " + aws.ToString(in.Name)}
				}
				status := left[0]
				left = left[1:]
				return &eksOutput{&eksCluster{*in.Name, status}}, nil
			}, awstask.NotStopped, awstask.PollEvery(time.Millisecond)))
		started, err := job.Start(t.Context(), (&asl.Frame{}).NewAttempt(""), value.MustParse(`{"Name": "c"}`))
		if err != nil {
			t.Fatal(err)
		}
		got, err := job.Wait(t.Context(), started.Handle)
		switch {
		case row.failure != "":
			failed(t, err, asl.ErrorTaskFailed, row.failure)
		case err != nil || got.String() != row.want:
			t.Errorf("%v: %s, %v", row.statuses, got, err)
		}
	}
}
