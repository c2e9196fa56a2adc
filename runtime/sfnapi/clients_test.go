package sfnapi_test

import (
	"encoding/json"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
	"github.com/r-seed-632eed22/aslgen/runtime/sfnapi"
)

// signedServer serves machines on a server that takes requests signed with a key, and returns an environment in which AWS's clients use it.
func signedServer(t *testing.T) (environment []string) {
	t.Helper()
	engine := memory.New(memory.WithEnded(10))
	for name, d := range map[string]table.Definition{
		"Quick": {StartAt: "P", States: []table.State{&table.Pass{Name: "P", End: true}}},
		"Slow":  {StartAt: "W", States: []table.State{&table.Wait{Name: "W", Seconds: 3600, End: true}}},
	} {
		d.Name, d.Checksum = name, name
		if _, err := table.NewMachine[asl.Value, asl.Value](engine, d); err != nil {
			t.Fatal(err)
		}
	}
	s, err := sfnapi.NewAPIServer("0.0.0.0:0", engine, sfnapi.WithKeys(map[string]string{"AKIDEPLOY": "s3cret/with+signs"}))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s.Handler)
	t.Cleanup(server.Close)
	return append(os.Environ(), "AWS_ENDPOINT_URL_SFN="+server.URL, "AWS_ACCESS_KEY_ID=AKIDEPLOY", "AWS_SECRET_ACCESS_KEY=s3cret/with+signs", "AWS_REGION=us-east-1",
		"AWS_DEFAULT_REGION=us-east-1", "AWS_EC2_METADATA_DISABLED=true", "AWS_CONFIG_FILE=/dev/null", "AWS_SHARED_CREDENTIALS_FILE=/dev/null", "AWS_PAGER=")
}

const machines = "arn:aws:states:us-east-1:123456789012:stateMachine:"

// TestBoto3 has boto3 start, ask for, list and stop executions, where Python has it.
func TestBoto3(t *testing.T) {
	if err := exec.CommandContext(t.Context(), "python3", "-c", "import boto3").Run(); err != nil {
		t.Skip("Python has no boto3: pip install boto3")
	}
	script := exec.CommandContext(t.Context(), "python3", "-c", `
import boto3, time
c = boto3.client('stepfunctions')
machines = '`+machines+`'
x = c.start_execution(stateMachineArn=machines + 'Quick', name='one', input='{"a": 1}')['executionArn']
d = c.describe_execution(executionArn=x)
while d['status'] == 'RUNNING':
    d = c.describe_execution(executionArn=x)
assert d['status'] == 'SUCCEEDED' and d['output'] == '{"a":1}', d
events = [e['type'] for page in c.get_paginator('get_execution_history').paginate(executionArn=x, PaginationConfig={'PageSize': 2}) for e in page['events']]
assert events == ['ExecutionStarted', 'PassStateEntered', 'PassStateExited', 'ExecutionSucceeded'], events
y = c.start_execution(stateMachineArn=machines + 'Slow')['executionArn']
running = c.list_executions(stateMachineArn=machines + 'Slow', statusFilter='RUNNING')['executions']
assert [e['executionArn'] for e in running] == [y], running
c.stop_execution(executionArn=y, error='Enough', cause='of it')
while c.describe_execution(executionArn=y)['status'] == 'RUNNING':
    pass
d = c.describe_execution(executionArn=y)
assert (d['status'], d['error'], d['cause']) == ('ABORTED', 'Enough', 'of it'), d
try:
    c.describe_execution(executionArn=x + '2')
    assert False
except c.exceptions.ExecutionDoesNotExist:
    pass
try:
    c.send_task_success(taskToken='nobody', output='{}')
    assert False
except c.exceptions.InvalidToken:
    pass
`)
	script.Env = signedServer(t)
	if said, err := script.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, said)
	}
}

// TestCLI has the AWS CLI start and ask for an execution, where it is installed.
func TestCLI(t *testing.T) {
	if err := exec.CommandContext(t.Context(), "aws", "--version").Run(); err != nil {
		t.Skip("the AWS CLI is not here")
	}
	environment := signedServer(t)
	call := func(arguments ...string) (answer map[string]any) {
		t.Helper()
		c := exec.CommandContext(t.Context(), "aws", append([]string{"stepfunctions", "--output", "json"}, arguments...)...)
		c.Env = environment
		said, err := c.Output()
		if err != nil {
			t.Fatalf("aws %q: %v\n%s", arguments, err, said)
		}
		if len(said) > 0 && json.Unmarshal(said, &answer) != nil {
			t.Fatalf("aws %q: %s", arguments, said)
		}
		return answer
	}
	arn, _ := call("start-execution", "--state-machine-arn", machines+"Slow", "--name", "one")["executionArn"].(string)
	if !strings.HasSuffix(arn, ":execution:Slow:one") {
		t.Fatal(arn)
	}
	call("stop-execution", "--execution-arn", arn, "--error", "Enough")
	if d := call("describe-execution", "--execution-arn", arn); d["status"] != "ABORTED" || d["error"] != "Enough" {
		t.Error(d)
	}
	if list, _ := call("list-state-machines")["stateMachines"].([]any); len(list) != 2 {
		t.Error(list)
	}
}
