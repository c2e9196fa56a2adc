package sfnapi_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/aws/smithy-go"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/durable"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
	"github.com/r-seed-632eed22/aslgen/runtime/sfnapi"
)

// TestExecutions has the AWS SDK start, ask for and stop executions, on both engines that can be asked.
func TestExecutions(t *testing.T) {
	for name, engine := range keepers(t) {
		t.Run(name, func(t *testing.T) {
			machine := func(name string, d table.Definition) string {
				d.Name, d.Checksum = name, name
				if _, err := table.NewMachine[asl.Value, asl.Value](engine, d); err != nil {
					t.Fatal(err)
				}
				return engine.Account().StateMachineARN(name)
			}
			quick := machine("Quick", table.Definition{StartAt: "P", States: []table.State{&table.Pass{Name: "P", Next: "Q"}, &table.Pass{Name: "Q", End: true}}})
			slow := machine("Slow", table.Definition{StartAt: "W", States: []table.State{&table.Wait{Name: "W", Seconds: 3600, End: true}}})
			express := machine("Express", table.Definition{Type: asl.Express, StartAt: "F", States: []table.State{&table.Fail{Name: "F", Error: "No", Cause: "way"}}})
			c := apiClient(t, sfnapi.NewAPIHandler(engine))
			executions(t, c, quick, slow)
			synchronous(t, c, express, quick)
		})
	}
}

// keepers are the engines that can be asked.
func keepers(t *testing.T) map[string]sfnapi.Keeper {
	t.Helper()
	kept, err := durable.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = kept.Close() })
	return map[string]sfnapi.Keeper{"memory": memory.New(memory.WithEnded(10)), "durable": kept}
}

// apiClient returns a client of the API that a handler serves.
func apiClient(t testing.TB, h http.Handler) *sfn.Client {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return sfn.New(sfn.Options{
		Region: "us-east-1", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("k", "s", ""),
		Retryer: aws.NopRetryer{},
		// The SDK puts "sync-" before the host for StartSyncExecution and TestState.
		HTTPClient: &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, server.Listener.Addr().String())
		}}},
	})
}

// executions starts, asks and stops.
func executions(t *testing.T, c *sfn.Client, quick, slow string) {
	ctx := t.Context()
	first, err := c.StartExecution(ctx, &sfn.StartExecutionInput{StateMachineArn: &quick, Name: aws.String("one"), Input: aws.String(`{"a": 1}`)})
	if err != nil {
		t.Fatal(err)
	}
	var d *sfn.DescribeExecutionOutput
	for d == nil || d.Status == types.ExecutionStatusRunning {
		if d, err = c.DescribeExecution(ctx, &sfn.DescribeExecutionInput{ExecutionArn: first.ExecutionArn}); err != nil {
			t.Fatal(err)
		}
	}
	if d.Status != types.ExecutionStatusSucceeded || *d.Output != `{"a":1}` || *d.Name != "one" || *d.StateMachineArn != quick || d.StopDate == nil {
		t.Errorf("%+v", d)
	}
	var all []types.HistoryEvent
	in := &sfn.GetExecutionHistoryInput{ExecutionArn: first.ExecutionArn, MaxResults: 2}
	for pages := 1; ; pages++ {
		h, err := c.GetExecutionHistory(ctx, in)
		if err != nil || len(h.Events) > 2 {
			t.Fatal(len(h.Events), err)
		}
		all = append(all, h.Events...)
		if in.NextToken = h.NextToken; in.NextToken == nil {
			break
		}
	}
	if len(all) != 6 || all[0].Type != types.HistoryEventTypeExecutionStarted || all[1].StateEnteredEventDetails.Input == nil || all[5].Id != 6 || all[0].Timestamp == nil {
		t.Errorf("the history: %+v", all)
	}
	backwards, err := c.GetExecutionHistory(ctx, &sfn.GetExecutionHistoryInput{ExecutionArn: first.ExecutionArn, ReverseOrder: true, IncludeExecutionData: aws.Bool(false)})
	if err != nil || backwards.Events[0].Id != 6 || backwards.Events[1].StateExitedEventDetails.Output != nil {
		t.Errorf("backwards, without data: %+v, %v", backwards, err)
	}
	waits, err := c.StartExecution(ctx, &sfn.StartExecutionInput{StateMachineArn: &slow})
	if err != nil {
		t.Fatal(err)
	}
	running, err := c.ListExecutions(ctx, &sfn.ListExecutionsInput{StateMachineArn: &slow, StatusFilter: types.ExecutionStatusRunning})
	if err != nil || len(running.Executions) != 1 || *running.Executions[0].ExecutionArn != *waits.ExecutionArn {
		t.Errorf("%+v, %v", running, err)
	}
	// The pages are of the history as it was when the first was read: nothing is on two of them.
	newest := &sfn.GetExecutionHistoryInput{ExecutionArn: waits.ExecutionArn, ReverseOrder: true, MaxResults: 1}
	page, err := c.GetExecutionHistory(ctx, newest)
	for err == nil && (len(page.Events) == 0 || page.Events[0].Id < 2) { // until it waits: at first it may have no event yet
		page, err = c.GetExecutionHistory(ctx, newest)
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.StopExecution(ctx, &sfn.StopExecutionInput{ExecutionArn: waits.ExecutionArn, Error: aws.String("Enough"), Cause: aws.String("of it")}); err != nil {
		t.Error(err)
	}
	for d = nil; d == nil || d.Status == types.ExecutionStatusRunning; {
		if d, err = c.DescribeExecution(ctx, &sfn.DescribeExecutionInput{ExecutionArn: waits.ExecutionArn}); err != nil {
			t.Fatal(err)
		}
	}
	newest.NextToken = page.NextToken
	if page, err = c.GetExecutionHistory(ctx, newest); err != nil || page.Events[0].Id != 1 {
		t.Errorf("%+v, %v", page, err)
	}
	if d.Status != types.ExecutionStatusAborted || *d.Error != "Enough" || *d.Cause != "of it" || d.RedriveStatus != types.ExecutionRedriveStatusRedrivable {
		t.Errorf("%+v", d)
	}
	for range 2 { // with the same token
		if _, err := c.RedriveExecution(ctx, &sfn.RedriveExecutionInput{ExecutionArn: waits.ExecutionArn, ClientToken: aws.String("t")}); err != nil {
			t.Error(err)
		}
	}
	d, err = c.DescribeExecution(ctx, &sfn.DescribeExecutionInput{ExecutionArn: waits.ExecutionArn})
	if err != nil || d.Status != types.ExecutionStatusRunning || *d.RedriveCount != 1 || d.RedriveDate == nil || d.Error != nil ||
		*d.RedriveStatusReason != "Execution is RUNNING and cannot be redriven" {
		t.Errorf("%+v, %v", d, err)
	}
	if _, err := c.StopExecution(ctx, &sfn.StopExecutionInput{ExecutionArn: waits.ExecutionArn}); err != nil {
		t.Error(err)
	}
	for _, row := range []struct {
		want string
		call func() error
	}{
		{"StateMachineDoesNotExist", func() error {
			_, err := c.StartExecution(ctx, &sfn.StartExecutionInput{StateMachineArn: aws.String(quick + "2")})
			return err
		}},
		{"InvalidArn", func() error {
			_, err := c.StartExecution(ctx, &sfn.StartExecutionInput{StateMachineArn: aws.String("x")})
			return err
		}},
		{"InvalidExecutionInput", func() error {
			_, err := c.StartExecution(ctx, &sfn.StartExecutionInput{StateMachineArn: &quick, Input: aws.String("{")})
			return err
		}},
		{"ExecutionNotRedrivable", func() error {
			_, err := c.RedriveExecution(ctx, &sfn.RedriveExecutionInput{ExecutionArn: first.ExecutionArn})
			return err
		}},
		{"InvalidName", func() error {
			_, err := c.StartExecution(ctx, &sfn.StartExecutionInput{StateMachineArn: &quick, Name: aws.String("a b")})
			return err
		}},
		{"ExecutionDoesNotExist", func() error {
			_, err := c.DescribeExecution(ctx, &sfn.DescribeExecutionInput{ExecutionArn: aws.String(*first.ExecutionArn + "2")})
			return err
		}},
		{"InvalidToken", func() error {
			_, err := c.ListExecutions(ctx, &sfn.ListExecutionsInput{StateMachineArn: &quick, NextToken: aws.String("x")})
			return err
		}},
		{"UnknownOperationException", func() error {
			_, err := c.CreateActivity(ctx, &sfn.CreateActivityInput{Name: aws.String("a")})
			return err
		}},
	} {
		if failed, ok := errors.AsType[smithy.APIError](row.call()); !ok || failed.ErrorCode() != row.want {
			t.Errorf("%s: %v", row.want, failed)
		}
	}
}

// synchronous starts an execution and has its end in the answer; machines are listed and described.
func synchronous(t *testing.T, c *sfn.Client, express, quick string) {
	list, err := c.ListStateMachines(t.Context(), &sfn.ListStateMachinesInput{})
	if err != nil || len(list.StateMachines) != 3 {
		t.Errorf("%+v, %v", list, err)
	}
	m, err := c.DescribeStateMachine(t.Context(), &sfn.DescribeStateMachineInput{StateMachineArn: &express})
	if err != nil || m.Type != types.StateMachineTypeExpress || *m.Name != "Express" {
		t.Errorf("%+v, %v", m, err)
	}
	_, err = c.StartSyncExecution(t.Context(), &sfn.StartSyncExecutionInput{StateMachineArn: &quick})
	if failed, ok := errors.AsType[smithy.APIError](err); !ok || failed.ErrorCode() != "StateMachineTypeNotSupported" {
		t.Error(err)
	}
	out, err := c.StartSyncExecution(t.Context(), &sfn.StartSyncExecutionInput{StateMachineArn: &express})
	if err != nil || out.Status != types.SyncExecutionStatusFailed || *out.Error != "No" || *out.Cause != "way" {
		t.Errorf("%+v, %v", out, err)
	}
}

// TestBearer: an address that others reach needs a secret, and then requests do.
func TestBearer(t *testing.T) {
	engine := memory.New()
	if _, err := sfnapi.NewAPIServer("0.0.0.0:0", engine, sfnapi.WithSecret("")); err == nil {
		t.Error("it serves everybody")
	}
	for _, addr := range []string{"", ":0", "127.0.0.1:0", "localhost:0", "[::1]:0"} {
		if _, err := sfnapi.NewAPIServer(addr, engine); err != nil && addr != "" {
			t.Errorf("%s: %v", addr, err)
		}
	}
	s, err := sfnapi.NewAPIServer("0.0.0.0:0", engine, sfnapi.WithSecret("hunter2"))
	if err != nil {
		t.Fatal(err)
	}
	for header, want := range map[string]int{"": 403, "Bearer hunter": 403, "Bearer hunter2": 200} {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader("{}"))
		r.Header.Set("X-Amz-Target", "AWSStepFunctions.ListStateMachines")
		r.Header.Set("Authorization", header)
		w := httptest.NewRecorder()
		if s.Handler.ServeHTTP(w, r); w.Code != want {
			t.Errorf("%q: %d", header, w.Code)
		}
	}
}
