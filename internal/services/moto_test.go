package services

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/r-seed-632eed22/aslgen/gen"
	"github.com/r-seed-632eed22/aslgen/internal/moto"
)

// TestMoto runs a machine over Amazon EventBridge, Batch and Step Functions against moto, a simulation of AWS in Python, where that has it. Other
// services are those of example/orders and example/ecsjobs. A job of Batch has succeeded there when it is asked for, without a container.
func TestMoto(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles services of the AWS SDK")
	}
	url := moto.Start(t)
	folder, err := os.MkdirTemp(".", "moto_")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	r, err := gen.Generate(t.Context(), fstest.MapFS{"moto.asl.json": {Data: []byte(motoMachine)}}, gen.Config{
		Files: []string{"moto.asl.json"}, Package: "compiled", Machine: "Moto", Output: filepath.Join(folder, "moto_asl.go"),
	})
	if err == nil {
		err = r.Diagnostics.Err()
	}
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{"moto_test.go": motoTest}
	for _, f := range r.Files {
		files[filepath.Base(f.Name)] = string(f.Data)
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	test := exec.CommandContext(t.Context(), "go", "test", "./"+folder)
	test.Env = append(os.Environ(), "MOTO="+url)
	if said, err := test.CombinedOutput(); err != nil {
		t.Errorf("go test: %v\n%s", err, said)
	}
}

const motoMachine = `{"StartAt": "Tell", "States": {
	"Tell": {"Type": "Task", "Resource": "arn:aws:states:::events:putEvents", "ResultPath": "$.told", "Next": "Pack",
		"Parameters": {"Entries": [{"Source": "orders", "DetailType": "Placed", "Detail": {"id.$": "$.id"}}]}},
	"Pack": {"Type": "Task", "Resource": "arn:aws:states:::batch:submitJob.sync", "ResultPath": "$.packed", "Next": "Start", "TimeoutSeconds": 60,
		"Parameters": {"JobName.$": "$.id", "JobQueue": "orders", "JobDefinition": "pack", "ContainerOverrides": {"Command": ["pack", "now"]}}},
	"Start": {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution", "ResultPath": "$.started", "End": true,
		"Parameters": {"StateMachineArn.$": "$.machine", "Input": {"id.$": "$.id"}}}
}}`

const motoTest = `package compiled

import (
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	"github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"github.com/r-seed-632eed22/aslgen/runtime/memory"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// role makes a role, and returns its ARN.
func role(t *testing.T, name string) string {
	form := url.Values{"Action": {"CreateRole"}, "Version": {"2010-05-08"}, "RoleName": {name}, "AssumeRolePolicyDocument": {"{}"}}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, os.Getenv("MOTO"), strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=id/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=s")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	return "arn:aws:iam::123456789012:role/" + name
}

// queue makes the queue and the definition of jobs that the machine names.
func queue(t *testing.T, jobs *batch.Client) {
	_, err := jobs.CreateComputeEnvironment(t.Context(), &batch.CreateComputeEnvironmentInput{
		ComputeEnvironmentName: aws.String("orders"), Type: types.CETypeUnmanaged, State: types.CEStateEnabled, ServiceRole: aws.String(role(t, "batch")),
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = jobs.CreateJobQueue(t.Context(), &batch.CreateJobQueueInput{
		JobQueueName: aws.String("orders"), Priority: aws.Int32(1), State: types.JQStateEnabled,
		ComputeEnvironmentOrder: []types.ComputeEnvironmentOrder{{ComputeEnvironment: aws.String("orders"), Order: aws.Int32(1)}},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = jobs.RegisterJobDefinition(t.Context(), &batch.RegisterJobDefinitionInput{
		JobDefinitionName: aws.String("pack"), Type: types.JobDefinitionTypeContainer,
		ContainerProperties: &types.ContainerProperties{Image: aws.String("busybox"), Command: []string{"pack"}, Vcpus: aws.Int32(1), Memory: aws.Int32(128)},
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestMoto(t *testing.T) {
	c := NewMotoClients(aws.Config{
		Region: "us-east-1", BaseEndpoint: aws.String(os.Getenv("MOTO")), Credentials: credentials.NewStaticCredentialsProvider("id", "secret", ""),
	})
	queue(t, c.Batch)
	made, err := c.SFN.CreateStateMachine(t.Context(), &sfn.CreateStateMachineInput{
		Name: aws.String("Other"), RoleArn: aws.String("arn:aws:iam::123456789012:role/other"),
		Definition: aws.String("{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Pass\",\"End\":true}}}"),
	})
	if err != nil {
		t.Fatal(err)
	}
	m, err := NewMoto(memory.New(), NewMotoTasks(c))
	if err != nil {
		t.Fatal(err)
	}
	x, err := m.StartDocument(t.Context(), value.Object(value.Field("id", value.String("o-1")), value.Field("machine", value.String(*made.StateMachineArn))))
	if err != nil {
		t.Fatal(err)
	}
	output, err := x.Running().Wait(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if n := output.Get("told").Get("FailedEntryCount").String(); n != "0" || output.Get("told").Get("Entries").At(0).Get("EventId").IsAbsent() {
		t.Error(output)
	}
	packed := output.Get("packed")
	status, _ := packed.Get("Status").AsString()
	command := packed.Get("Container").Get("Command").String()
	if status != "SUCCEEDED" || packed.Get("StoppedAt").IsAbsent() || command != "[\"pack\",\"now\"]" {
		t.Error(packed)
	}
	arn, _ := output.Get("started").Get("ExecutionArn").AsString()
	d, err := c.SFN.DescribeExecution(t.Context(), &sfn.DescribeExecutionInput{ExecutionArn: &arn})
	if err != nil || *d.StateMachineArn != *made.StateMachineArn {
		t.Fatal(output, err)
	}
	given, err := value.Parse([]byte(*d.Input))
	if id, _ := given.Get("id").AsString(); err != nil || id != "o-1" {
		t.Error(*d.Input, err)
	}
}
`
