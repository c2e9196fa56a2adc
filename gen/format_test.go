package gen_test

import (
	"bytes"
	"reflect"
	"testing"
	"testing/fstest"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/r-seed-632eed22/aslgen/gen"
)

// A formatted machine says what it said, is formatted already.
func TestFormatEveryMachine(t *testing.T) {
	for _, text := range realMachines(t) {
		format := func(text string) string {
			t.Helper()
			f, found, err := gen.Format(fstest.MapFS{"a.asl.json": {Data: []byte(text)}}, "a.asl.json")
			if err != nil || f == nil {
				t.Fatalf("%v %v\n%.200s", err, found, text)
			}
			return string(f.After)
		}
		after := format(text)
		if again := format(after); again != after {
			t.Errorf("%s\nbecomes\n%s", after, again)
		}
		if !jsontext.Value(text).IsValid(jsontext.AllowDuplicateNames(true)) {
			continue
		}
		var a, b any
		if json.Unmarshal([]byte(text), &a, jsontext.AllowDuplicateNames(true)) != nil {
			continue
		}
		if err := json.Unmarshal([]byte(after), &b, jsontext.AllowDuplicateNames(true)); err != nil || !reflect.DeepEqual(a, b) {
			t.Errorf("%s\nsays something else than\n%s", after, text)
		}
	}
}

// A template stays as it is, and so does what is no JSON.
func TestNotFormatted(t *testing.T) {
	files := fstest.MapFS{
		"template.json": {Data: []byte(`{"Resources": {"A": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"Definition": {"StartAt": "A"}}}}}`)},
		"a.asl.json":    {Data: bytes.Repeat([]byte("["), 10)},
	}
	if f, _, err := gen.Format(files, "template.json"); f != nil || err == nil || err.Error() != "template.json: only machines in JSON are formatted" {
		t.Error(f, err)
	}
	if f, found, err := gen.Format(files, "a.asl.json"); f != nil || err != nil || !found.HasErrors() {
		t.Error(f, found, err)
	}
}
