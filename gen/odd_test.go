package gen_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/r-seed-632eed22/aslgen/gen"
)

// What cannot be seen in a name is escaped in comments: Go takes not all of it, and a reader would be misled by the rest.
func TestInvisibleCharacters(t *testing.T) {
	for _, name := range []string{`\ufeffRun`, `R\u0000un`, `Run\u202e`, `\u200bRun`} {
		machine := `{"StartAt":"` + name + `","States":{"` + name + `":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke",
			"Parameters":{"FunctionName.$":"$['` + name + `']"},"End":true}}}`
		r, err := gen.Generate(t.Context(), fstest.MapFS{"run.asl.json": {Data: []byte(machine)}}, gen.Config{Files: []string{"run.asl.json"}})
		if err == nil {
			err = r.Diagnostics.Err()
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if code := string(r.Files[0].Data); strings.ContainsAny(code, "\ufeff\x00\u202e\u200b") {
			t.Errorf("%s stands in the code as it is:\n%s", name, code)
		}
	}
}

// What a task waits for must be known, for that is what its effect is.
func TestPlaceholderInPattern(t *testing.T) {
	machine := `{"StartAt":"Run","States":{"Run":{"Type":"Task","Resource":"arn:aws:states:::batch:submitJob.sync${x}","Parameters":{},"End":true}}}`
	r, err := gen.Generate(t.Context(), fstest.MapFS{"run.asl.json": {Data: []byte(machine)}}, gen.Config{Files: []string{"run.asl.json"}})
	if err != nil {
		t.Fatal(err)
	}
	if found := r.Diagnostics.Err(); found == nil || !strings.Contains(found.Error(), "what the task waits for is not known") {
		t.Error(found)
	}
}

// Members of the input may be named as the machine's own types are.
func TestDescribeByName(t *testing.T) {
	machine := `{"StartAt":"Run","States":{"Run":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{
		"FunctionName.$":"$.Config.name","Payload":{"a.$":"$.Tasks.a","b.$":"$.Input.b","c":"${Bucket}"}},"End":true}}}`
	m, err := gen.Describe(t.Context(), fstest.MapFS{"run.asl.json": {Data: []byte(machine)}}, gen.Config{Files: []string{"run.asl.json"}})
	if err != nil {
		t.Fatal(err)
	}
	if m.Name != "Run" || len(m.Tasks) != 1 || m.Tasks[0].Name != "Run" || len(m.Config) != 1 || m.Config[0].Placeholder != "Bucket" || m.Document {
		t.Errorf("%+v", m)
	}
}

// Tasks whose results are read alike have one type, also if it has a Rest, whose tag has the type's name.
func TestOneTypeWithRest(t *testing.T) {
	const task = `{"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f", "ResultSelector": {"id.$": "$['-']"}, `
	machine := `{"StartAt": "A", "States": {"A": ` + task + `"Next": "B"}, "B": ` + task + `"End": true}}}`
	r, err := gen.Generate(t.Context(), fstest.MapFS{"m.asl.json": {Data: []byte(machine)}}, gen.Config{Files: []string{"m.asl.json"}, Package: "p"})
	if err != nil || len(r.Files) != 1 {
		t.Fatal(err, r.Diagnostics.Err())
	}
	if code := string(r.Files[0].Data); strings.Count(code, `asl:"fields:p.MAResult"`) != 1 || strings.Contains(code, "MBResult") {
		t.Errorf("the code is\n%s", code)
	}
}
