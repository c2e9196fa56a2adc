package sfnapi_test

import (
	"fmt"
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
	"github.com/r-seed-632eed22/aslgen/runtime/sfnapi"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// A worker with the AWS SDK takes the tasks of an activity, beats, and ends them.
func TestActivities(t *testing.T) {
	engine, activities := memory.New(memory.WithEnded(10)), sfnapi.NewActivities()
	server := httptest.NewServer(sfnapi.NewAPIHandler(engine, sfnapi.WithActivities(activities)))
	t.Cleanup(server.Close)
	c := sfn.New(sfn.Options{Region: "us-east-1", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("k", "s", ""), Retryer: aws.NopRetryer{}})
	made, err := c.CreateActivity(t.Context(), &sfn.CreateActivityInput{Name: aws.String("work")})
	if err != nil {
		t.Fatal(err)
	}
	var call asl.Call[asl.Value, asl.Value]
	sfnapi.Work(activities, &call)
	m, err := table.NewMachine[asl.Value, asl.Value](engine, table.Definition{Name: "M", StartAt: "Work", States: []table.State{
		&table.Task{Name: "Work", Resource: *made.ActivityArn, End: true, Run: table.RequestResponse("Work", table.Input, call)},
	}})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{`{"n":0} [done]`, ` [TooMany: of them]`} {
		x, err := m.StartDocument(t.Context(), value.MustParse(fmt.Sprintf(`{"n": %d}`, i)))
		if err != nil {
			t.Fatal(err)
		}
		task, err := c.GetActivityTask(t.Context(), &sfn.GetActivityTaskInput{ActivityArn: made.ActivityArn, WorkerName: aws.String("w")})
		if err != nil || *task.Input != fmt.Sprintf(`{"n":%d}`, i) {
			t.Fatal(task, err)
		}
		if _, err := c.SendTaskHeartbeat(t.Context(), &sfn.SendTaskHeartbeatInput{TaskToken: task.TaskToken}); err != nil {
			t.Error(err)
		}
		if i == 0 {
			_, err = c.SendTaskSuccess(t.Context(), &sfn.SendTaskSuccessInput{TaskToken: task.TaskToken, Output: task.Input})
		} else {
			_, err = c.SendTaskFailure(t.Context(), &sfn.SendTaskFailureInput{TaskToken: task.TaskToken, Error: aws.String("TooMany"), Cause: aws.String("of them")})
		}
		if err != nil {
			t.Error(err)
		}
		output, err := x.Running().Wait(t.Context())
		got := fmt.Sprintf("%s [done]", output)
		if err != nil {
			got = fmt.Sprintf(" [%v]", err)
		}
		if got != want {
			t.Errorf("it ends with %s, not with %s", got, want)
		}
		if _, err := c.SendTaskSuccess(t.Context(), &sfn.SendTaskSuccessInput{TaskToken: task.TaskToken, Output: task.Input}); err == nil {
			t.Error("a second answer is taken")
		}
	}
	all, err := c.ListActivities(t.Context(), &sfn.ListActivitiesInput{})
	if err != nil || len(all.Activities) != 1 || *all.Activities[0].Name != "work" {
		t.Error(all, err)
	}
	if d, err := c.DescribeActivity(t.Context(), &sfn.DescribeActivityInput{ActivityArn: made.ActivityArn}); err != nil || *d.Name != "work" {
		t.Error(d, err)
	}
}
