package awstask_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
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

// work carries an attempt out with a job.
type work struct {
	asl.Work
	job asl.Job[value.Value, *batchJob]
}

func (w work) Start(ctx context.Context, a *asl.Attempt) (asl.Started, error) {
	return w.job.Start(ctx, a, a.Parameters)
}

func (w work) Wait(ctx context.Context, handle string) (value.Value, error) {
	return w.job.Wait(ctx, handle)
}

func (w work) Stop(ctx context.Context, handle, reason string) error {
	return w.job.Stop(ctx, handle, reason)
}

// A job of a state with Credentials is started, asked for and stopped as their role.
func TestJobAsRole(t *testing.T) {
	type roleOptions struct{ Credentials aws.CredentialsProvider }
	var mu sync.Mutex
	var calls []string
	note := func(call string, options []func(*roleOptions)) {
		o := roleOptions{credentials.NewStaticCredentialsProvider("own", "secret", "")}
		for _, f := range options {
			f(&o)
		}
		by, err := o.Credentials.Retrieve(t.Context())
		if err != nil {
			t.Error(err)
		}
		mu.Lock()
		defer mu.Unlock()
		calls = append(calls, call+" as "+by.AccessKeyID)
	}
	run := func(role string, options ...awstask.JobOption) error {
		job := awstask.DecodedJob("batch:submitJob.sync", awstask.Sync[*batchJob]("batch:submitJob.sync",
			func(_ context.Context, _ *submitInput, o ...func(*roleOptions)) (*submitOutput, error) {
				note("submit", o)
				return &submitOutput{aws.String("id")}, nil
			},
			func(_ context.Context, in *describeInput, o ...func(*roleOptions)) (*describeOutput, error) {
				note("describe", o)
				return &describeOutput{[]batchJob{{&in.Jobs[0], aws.String("SUCCEEDED")}}}, nil
			},
			func(_ context.Context, _ *terminateInput, o ...func(*roleOptions)) (*struct{}, error) {
				note("terminate", o)
				return &struct{}{}, nil
			}, append(options, awstask.PollEvery(time.Millisecond))...))
		a := (&asl.Frame{}).NewAttempt("")
		a.RoleARN, a.Work, a.Parameters = role, work{job: job}, value.MustParse(`{"JobName": "j"}`)
		started, err := a.Start(t.Context())
		if err != nil {
			return err
		}
		if _, err := a.Wait(t.Context(), started.Handle); err != nil {
			return err
		}
		return a.Stop(t.Context(), started.Handle, "enough")
	}
	roles := awstask.AsRole(func(role string) aws.CredentialsProvider {
		return credentials.NewStaticCredentialsProvider(role, "secret", "")
	})
	for _, role := range []string{"", "theirs"} {
		calls = nil
		if err := run(role, roles); err != nil {
			t.Fatal(err)
		}
		by := cmp.Or(role, "own")
		if want := []string{"submit as " + by, "describe as " + by, "terminate as " + by}; !slices.Equal(calls, want) {
			t.Errorf("calls %q, want %q", calls, want)
		}
	}
	failed(t, run("theirs"), asl.ErrorRuntime, "The task is to be done as the role theirs, and its effect does not say how")
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
