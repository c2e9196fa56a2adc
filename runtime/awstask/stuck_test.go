package awstask_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/awstask"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Parameters and answers of EMR Serverless and EKS, as the SDK would have them.
type (
	servedInput     struct{ ApplicationId *string }
	served          struct{ ApplicationId, State *string }
	servedOutput    struct{ Application *served }
	nodegroupInput  struct{ ClusterName, NodegroupName *string }
	nodegroup       struct{ NodegroupName, Status *string }
	nodegroupOutput struct{ Nodegroup *nodegroup }
)

// oneByOne returns texts in order, and the last one again and again.
func oneByOne(texts string) func() *string {
	all := strings.Fields(texts)
	return func() *string {
		text := all[0]
		if len(all) > 1 {
			all = all[1:]
		}
		return &text
	}
}

// waited runs a job on a clock of its own, and returns its result and how long it took.
func waited(t *testing.T, parameters string, job func(awstask.JobOption) asl.Job[value.Value, value.Value]) (result value.Value, took time.Duration, err error) {
	t.Helper()
	driven := clock.NewDriven(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	begin := driven.Now()
	effect := job(awstask.Clock(driven))
	driven.Run(clock.NewContext(t.Context(), driven), func(ctx context.Context) {
		var started asl.Started
		if started, err = effect.Start(ctx, (&asl.Frame{}).NewAttempt(""), value.MustParse(parameters)); err == nil {
			result, err = effect.Wait(ctx, started.Handle)
		}
	})
	return result, driven.Now().Sub(begin), err
}

// An application whose start fails stands as before, and is not waited for for ever; one whose start is slow to show is.
func TestApplicationDoesNotStart(t *testing.T) {
	start := func(states string) (value.Value, time.Duration, error) {
		state := oneByOne(states)
		return waited(t, `{"ApplicationId": "a"}`, func(o awstask.JobOption) asl.Job[value.Value, value.Value] {
			run := awstask.Sync[value.Value]("emr-serverless:startApplication.sync",
				func(context.Context, *servedInput, ...func(*options)) (*struct{}, error) { return &struct{}{}, nil },
				func(_ context.Context, in *servedInput, _ ...func(*options)) (*servedOutput, error) {
					return &servedOutput{&served{in.ApplicationId, state()}}, nil
				},
				func(context.Context, *servedInput, ...func(*options)) (*struct{}, error) { return &struct{}{}, nil }, o)
			return awstask.DecodedJob("emr-serverless:startApplication.sync", run)
		})
	}
	for _, states := range []string{"STARTING STARTING STOPPED", "CREATED"} {
		_, took, err := start(states)
		failed(t, err, asl.ErrorTaskFailed, `{"Application":{"ApplicationId":"a","State":"`+states[strings.LastIndexByte(states, ' ')+1:]+`"},"ApplicationId":"a"}`)
		if took < time.Minute || took > 90*time.Second {
			t.Errorf("%s: it took %v", states, took)
		}
	}
	if result, took, err := start("STOPPED STOPPED STARTING STARTED"); err != nil || took > 20*time.Second || result.Get("ApplicationId").String() != `"a"` {
		t.Errorf("%s, %v after %v", result, err, took)
	}
}

// A node group that is created and comes up with faults fails.
func TestDegradedNodegroup(t *testing.T) {
	state := oneByOne("CREATING DEGRADED")
	_, _, err := waited(t, `{"ClusterName": "c", "NodegroupName": "n"}`, func(o awstask.JobOption) asl.Job[value.Value, value.Value] {
		run := awstask.Sync[value.Value]("eks:createNodegroup.sync",
			func(context.Context, *nodegroupInput, ...func(*options)) (*struct{}, error) { return &struct{}{}, nil },
			func(_ context.Context, in *nodegroupInput, _ ...func(*options)) (*nodegroupOutput, error) {
				return &nodegroupOutput{&nodegroup{in.NodegroupName, state()}}, nil
			}, awstask.NotStopped, o)
		return awstask.DecodedJob("eks:createNodegroup.sync", run)
	})
	failed(t, err, asl.ErrorTaskFailed, `{"Nodegroup":{"NodegroupName":"n","Status":"DEGRADED"}}`)
}
