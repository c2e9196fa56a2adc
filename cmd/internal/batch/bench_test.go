package batch_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/r-seed-632eed22/aslgen/gen"
)

// tenStates is a machine of ten states as there are many: a job with handlers, a callback, choices, and what goes between. Of
// different numbers no two have a type or a template in common.
func tenStates(n int) []byte {
	return []byte(strings.ReplaceAll(strings.ReplaceAll(`{
  "Comment": "Import number @",
  "StartAt": "Defaults",
  "States": {
    "Defaults": {"Type": "Pass", "Result": {"tries@": 0, "number@": @}, "ResultPath": "$.defaults@", "Next": "Large?"},
    "Large?": {"Type": "Choice", "Choices": [
      {"And": [{"Variable": "$.size@", "IsPresent": true}, {"Variable": "$.size@", "NumericGreaterThan": 1000}], "Next": "Split"}], "Default": "Import"},
    "Split": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "split", "Payload": {"key@.$": "$.key@"}},
      "ResultSelector": {"parts@.$": "$.Payload.parts@"}, "ResultPath": "$.split@", "Next": "Import"},
    "Import": {"Type": "Task", "Resource": "arn:aws:states:::ecs:runTask.sync", "TimeoutSeconds": 3600, "Parameters": {
        "Cluster": "imports", "TaskDefinition.$": "$.definition@", "LaunchType": "FARGATE",
        "NetworkConfiguration": {"AwsvpcConfiguration": {"Subnets.$": "$.subnets@", "AssignPublicIp": "DISABLED"}},
        "Overrides": {"ContainerOverrides": [{"Name": "import", "Command.$": "States.Array('import', $.key@)",
          "Environment": [{"Name": "EXECUTION", "Value.$": "$$.Execution.Name"}, {"Name": "NUMBER", "Value": "@"}#]}]}},
      "Retry": [{"ErrorEquals": ["AmazonECS.Unknown", "ECS.AmazonECSException"], "IntervalSeconds": 30, "MaxAttempts": 4, "BackoffRate": 2}],
      "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error@", "Next": "Report"}], "ResultPath": "$.import@", "Next": "Settle"},
    "Settle": {"Type": "Wait", "Seconds": 10, "Next": "Approve?"},
    "Approve?": {"Type": "Choice", "Choices": [{"Variable": "$.approval@", "BooleanEquals": true, "Next": "Approve"}], "Default": "Summary"},
    "Approve": {"Type": "Task", "Resource": "arn:aws:states:::ecs:runTask.waitForTaskToken", "TimeoutSeconds": 86400, "Parameters": {
        "TaskDefinition": "approve", "Overrides": {"ContainerOverrides": [{"Name": "approve", "Environment": [{"Name": "TOKEN", "Value.$": "$$.Task.Token"}]}]}},
      "ResultPath": "$.approved@", "Next": "Summary"},
    "Summary": {"Type": "Pass", "Parameters": {"text@.$": "States.Format('{} of {}', $.key@, $.defaults@.number@)", "task@.$": "$.import@.TaskArn"}, "Next": "Done"},
    "Report": {"Type": "Fail", "ErrorPath": "$.error@.Error", "CausePath": "$.error@.Cause"},
    "Done": {"Type": "Succeed"}
  }
}`, "#", strings.Repeat(`, {"Name": "EXTRA", "Value.$": "$.extra@"}`, n%5)), "@", fmt.Sprint(n)))
}

// machinesOf returns n machines of ten states, and their configuration.
func machinesOf(n int) (files fstest.MapFS, c gen.Config) {
	files, c = fstest.MapFS{}, gen.Config{Package: "imports"}
	for i := range n {
		name := fmt.Sprintf("import_%04d.asl.json", i)
		files[name] = &fstest.MapFile{Data: tenStates(i)}
		c.Files = append(c.Files, name)
	}
	return files, c
}

func generateAll(b *testing.B, files fstest.MapFS, c gen.Config) *gen.Result {
	r, err := gen.Generate(b.Context(), files, c)
	if err == nil {
		err = r.Diagnostics.Err()
	}
	if err != nil {
		b.Fatal(err)
	}
	return r
}

// BenchmarkGenerate generates the code of machines of ten states, one at a time and a thousand at once.
func BenchmarkGenerate(b *testing.B) {
	for _, n := range []int{1, 1000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			defer debug.SetGCPercent(debug.SetGCPercent(400)) // as the command does
			files, c := machinesOf(n)
			b.ReportAllocs()
			for b.Loop() {
				generateAll(b, files, c)
			}
			b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "machines/s")
		})
	}
}

// BenchmarkBuild builds the generated code of two hundred machines of ten states, in packages of twenty as a team might have
// them; what they import is built before. Its seconds are those of the processor.
func BenchmarkBuild(b *testing.B) {
	const packages, each = 10, 20
	dir := newModule(b)
	files, c := machinesOf(packages * each)
	for i, f := range generateAll(b, files, c).Files {
		pkg := filepath.Join(dir, fmt.Sprintf("imports%02d", i/each))
		writeFiles(b, pkg, map[string][]byte{f.Name: f.Data, c.Files[i]: files[c.Files[i]].Data})
	}
	writeFiles(b, filepath.Join(dir, "warm"), map[string][]byte{"import_asl.go": generateAll(b, fstest.MapFS{"import.asl.json": {Data: tenStates(0)}},
		gen.Config{Files: []string{"import.asl.json"}, Package: "warm"}).Files[0].Data, "import.asl.json": tenStates(0)})
	goTool(b, dir, "build", "./warm")
	round, used := 0, time.Duration(0)
	for b.Loop() {
		round++ // another comment, or the go command would find what it has built before
		for i := range packages {
			writeFiles(b, filepath.Join(dir, fmt.Sprintf("imports%02d", i)), map[string][]byte{"doc.go": fmt.Appendf(nil, "package imports // %p %d\n", b, round)})
		}
		used += goTool(b, dir, "build", "./...")
	}
	lines, _ := exec.Command("sh", "-c", "cat "+dir+"/imports*/*_asl.go | wc -l").Output()
	b.Logf("%s lines", strings.TrimSpace(string(lines)))
	b.ReportMetric(used.Seconds()/float64(b.N), "cpu-s/op")
	list := exec.Command("go", "list", "-export", "-f", "{{.Export}}", "./imports00")
	list.Dir = dir
	archive, err := list.Output()
	if err != nil {
		b.Fatal(err)
	}
	info, err := os.Stat(strings.TrimSpace(string(archive)))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(info.Size())/each/1024, "KB/machine")
}
