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

// TestMoto runs a machine over Amazon EventBridge and Step Functions against moto, a simulation of AWS in Python, where that has it. Other services
// are those of example/orders and example/ecsjobs.
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
	"Tell": {"Type": "Task", "Resource": "arn:aws:states:::events:putEvents", "ResultPath": "$.told", "Next": "Start",
		"Parameters": {"Entries": [{"Source": "orders", "DetailType": "Placed", "Detail": {"id.$": "$.id"}}]}},
	"Start": {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution", "ResultPath": "$.started", "End": true,
		"Parameters": {"StateMachineArn.$": "$.machine", "Input": {"id.$": "$.id"}}}
}}`

const motoTest = `package compiled

import (
	"os"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"github.com/r-seed-632eed22/aslgen/runtime/memory"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

func TestMoto(t *testing.T) {
	c := NewMotoClients(aws.Config{
		Region: "us-east-1", BaseEndpoint: aws.String(os.Getenv("MOTO")), Credentials: credentials.NewStaticCredentialsProvider("id", "secret", ""),
	})
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
