package awstask_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/awstask"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
	"github.com/r-seed-632eed22/aslgen/runtime/sfnapi"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// machines are three machines that an engine serves on the Step Functions API: one gives back its input, one fails, one waits.
func machines(t *testing.T) (*memory.Engine, *sfn.Client) {
	t.Helper()
	engine := memory.New(memory.WithEnded(10))
	for name, state := range map[string]table.State{
		"Echo": &table.Succeed{Name: "S"}, "Broken": &table.Fail{Name: "S", Error: "E", Cause: "c"}, "Slow": &table.Wait{Name: "S", Seconds: 1000, End: true},
	} {
		if _, err := table.NewMachine[asl.Value, asl.Value](engine, table.Definition{Name: name, StartAt: "S", States: []table.State{state}}); err != nil {
			t.Fatal(err)
		}
	}
	server := httptest.NewServer(sfnapi.NewAPIHandler(engine))
	t.Cleanup(server.Close)
	return engine, sfn.NewFromConfig(aws.Config{
		Region: "us-east-1", BaseEndpoint: aws.String(server.URL), Credentials: credentials.NewStaticCredentialsProvider("id", "secret", ""),
	})
}

// executed starts a machine and waits for it.
func executed(t *testing.T, engine *memory.Engine, client *sfn.Client, pattern, machine string) (value.Value, error) {
	t.Helper()
	job := awstask.DecodedJob("states:startExecution."+pattern, awstask.Sync[*sfn.DescribeExecutionOutput]("states:startExecution."+pattern,
		client.StartExecution, client.DescribeExecution, client.StopExecution, awstask.PollEvery(time.Millisecond)))
	a := (&asl.Frame{Execution: t.Name(), State: machine}).NewAttempt("")
	parameters := value.Object(value.Field("StateMachineArn", value.String(engine.Account().StateMachineARN(machine))), value.Field("Input", value.MustParse(`{"a": 1}`)))
	started, err := job.Start(t.Context(), a, parameters)
	if err != nil {
		t.Fatal(err)
	}
	again, err := job.Start(t.Context(), a, parameters)
	if err != nil || again.Handle != started.Handle {
		t.Errorf("the same attempt starts %s and %s, %v", started.Handle, again.Handle, err)
	}
	if started.Submitted.Get("ExecutionArn").String() != string(must(json.Marshal(started.Handle))) {
		t.Error(started)
	}
	if machine == "Slow" {
		if err := job.Stop(t.Context(), started.Handle, "enough"); err != nil {
			t.Error(err)
		}
	}
	return job.Wait(t.Context(), started.Handle)
}

func must(text []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return text
}

// A machine waits for another one over the API, as it does on Step Functions (S1, S2).
func TestExecutions(t *testing.T) {
	engine, client := machines(t)
	got, err := executed(t, engine, client, "sync", "Echo")
	if err != nil || got.Get("Status").String() != `"SUCCEEDED"` || got.Get("Output").String() != `"{\"a\":1}"` {
		t.Error(got, err)
	}
	got, err = executed(t, engine, client, "sync:2", "Echo")
	if err != nil || got.Get("Output").String() != `{"a":1}` || got.Get("Input").String() != `{"a":1}` {
		t.Error(got, err)
	}
	for machine, want := range map[string]string{"Broken": `"Cause":"c"`, "Slow": `"Status":"ABORTED"`} {
		_, err = executed(t, engine, client, "sync:2", machine)
		if e, ok := errors.AsType[*asl.Error](err); !ok || e.Name != asl.ErrorTaskFailed || !strings.Contains(e.Cause, want) {
			t.Error(machine, err)
		}
	}
}

// What Batch has in common with these.
type (
	submitInput    struct{ JobName *string }
	submitOutput   struct{ JobId *string }
	describeInput  struct{ Jobs []string }
	describeOutput struct{ Jobs []batchJob }
	batchJob       struct{ JobId, Status *string }
	terminateInput struct{ JobId, Reason *string }
)

func TestJobs(t *testing.T) {
	asked := 0
	job := awstask.DecodedJob("batch:submitJob.sync", awstask.Sync[*batchJob]("batch:submitJob.sync",
		func(context.Context, *submitInput, ...func(*options)) (*submitOutput, error) {
			return &submitOutput{aws.String("id")}, nil
		},
		func(_ context.Context, in *describeInput, _ ...func(*options)) (*describeOutput, error) {
			if asked++; asked < 3 {
				return &describeOutput{[]batchJob{{&in.Jobs[0], aws.String("RUNNING")}}}, nil
			}
			return &describeOutput{[]batchJob{{&in.Jobs[0], aws.String("FAILED")}}}, nil
		},
		func(context.Context, *terminateInput, ...func(*options)) (*struct{}, error) { return &struct{}{}, nil },
		awstask.PollEvery(time.Millisecond)))
	started, err := job.Start(t.Context(), (&asl.Frame{}).NewAttempt(""), value.MustParse(`{"JobName": "j"}`))
	if err != nil || started.Handle != "id" {
		t.Fatal(started, err)
	}
	_, err = job.Wait(t.Context(), started.Handle)
	failed(t, err, asl.ErrorTaskFailed, `{"JobId":"id","Status":"FAILED"}`)
	if asked != 3 {
		t.Errorf("it was asked %d times", asked)
	}
	if err := job.Stop(t.Context(), "id", "enough"); err != nil {
		t.Error(err)
	}
}

func TestNoSuchJob(t *testing.T) {
	defer func() {
		if said := recover(); said != "awstask: it is not known how sqs:sendMessage.sync waits" {
			t.Error(said)
		}
	}()
	method := func(context.Context, *submitInput, ...func(*options)) (*submitOutput, error) { return nil, nil }
	awstask.Sync[*batchJob]("sqs:sendMessage.sync", method, method, method)
}
