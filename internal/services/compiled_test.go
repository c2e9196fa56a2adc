package services

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/r-seed-632eed22/aslgen/gen"
)

// jobs are the Resources of all jobs that are waited for.
var jobs = []string{
	"athena:startQueryExecution.sync", "batch:submitJob.sync", "bedrock:createModelCustomizationJob.sync", "codebuild:startBuild.sync",
	"codebuild:startBuildBatch.sync", "databrew:startJobRun.sync", "eks:createCluster.sync", "eks:createFargateProfile.sync",
	"eks:createNodegroup.sync", "eks:deleteCluster.sync", "eks:deleteFargateProfile.sync", "eks:deleteNodegroup.sync", "eks:runJob.sync",
	"elasticmapreduce:addStep.sync", "elasticmapreduce:createCluster.sync", "elasticmapreduce:terminateCluster.sync",
	"emr-containers:deleteVirtualCluster.sync", "emr-containers:startJobRun.sync", "emr-serverless:cancelJobRun.sync",
	"emr-serverless:createApplication.sync", "emr-serverless:deleteApplication.sync", "emr-serverless:startApplication.sync",
	"emr-serverless:startJobRun.sync", "emr-serverless:stopApplication.sync",
	"glue:startJobRun.sync", "mediaconvert:createJob.sync", "sagemaker:createHyperParameterTuningJob.sync", "sagemaker:createLabelingJob.sync",
	"sagemaker:createProcessingJob.sync", "sagemaker:createTrainingJob.sync", "sagemaker:createTransformJob.sync", "states:startExecution.sync",
	"states:startExecution.sync:2",
}

// jobsMachine waits for jobs of all kinds.
func jobsMachine(t *testing.T) []byte {
	t.Helper()
	states := map[string]any{}
	for i, resource := range jobs {
		state := map[string]any{"Type": "Task", "Resource": "arn:aws:states:::" + resource, "TimeoutSeconds": 60, "Arguments": "{% $states.input %}"}
		if i == len(jobs)-1 {
			state["End"] = true
		} else {
			state["Next"] = fmt.Sprintf("Job %d", i+1)
		}
		states[fmt.Sprintf("Job %d", i)] = state
	}
	text, err := json.Marshal(map[string]any{"QueryLanguage": "JSONata", "StartAt": "Job 0", "States": states})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// What is generated for real machines over many services, and for all jobs, compiles. Making the tasks of the latter looks up how each waits.
func TestCompiled(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles many services of the AWS SDK")
	}
	f := newFolder(t)
	f.generate("Jobs", jobsMachine(t))
	f.write("jobs_test.go", jobsTest)
	n := 0
	for _, definition := range wildMachines(t, "machines.jsonl") {
		n++
		f.generate(fmt.Sprintf("M%d", n), definition)
	}
	f.test()
}

// folder is a package of generated code.
type folder struct {
	*testing.T
	name string
}

func newFolder(t *testing.T) folder {
	t.Helper()
	name, err := os.MkdirTemp(".", "compiled_")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(name) })
	return folder{t, name}
}

func (f folder) write(name, text string) {
	f.Helper()
	if err := os.WriteFile(filepath.Join(f.name, name), []byte(text), 0o600); err != nil {
		f.Fatal(err)
	}
}

// generate writes the code of a machine.
func (f folder) generate(machine string, definition []byte) {
	f.Helper()
	file := machine + ".asl.json"
	r, err := gen.Generate(f.Context(), fstest.MapFS{file: {Data: definition}}, gen.Config{
		Files: []string{file}, Package: "compiled", Machine: machine, Output: filepath.Join(f.name, machine+"_asl.go"),
	})
	if err != nil {
		f.Fatal(err)
	}
	for _, d := range r.Diagnostics.All() {
		f.Logf("%s: %s", machine, d.Message)
	}
	for _, made := range r.Files {
		f.write(filepath.Base(made.Name), string(made.Data))
	}
}

// test compiles the package and runs its tests.
func (f folder) test() {
	f.Helper()
	if said, err := exec.CommandContext(f.Context(), "go", "test", "-gcflags=-e", "./"+f.name).CombinedOutput(); err != nil {
		f.Errorf("go test: %v\n%s", err, said)
	}
}

const jobsTest = `package compiled

import (
	"reflect"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
)

func TestJobs(t *testing.T) {
	tasks := reflect.ValueOf(NewJobsTasks(NewJobsClients(aws.Config{Region: "us-east-1"})))
	for i := range tasks.NumField() {
		if tasks.Field(i).Field(0).IsNil() {
			t.Errorf("%s is not wired", tasks.Type().Field(i).Name)
		}
	}
}
`
