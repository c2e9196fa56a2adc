package schema_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/invopop/jsonschema"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/r-seed-632eed22/aslgen/gen/internal/schema"
	"github.com/r-seed-632eed22/aslgen/gen/internal/shape"
)

type object = map[string]any

// validator knows the part of JSON Schema that the schemas of this package use.
type validator struct{ root object }

func newValidator(t *testing.T, s *jsonschema.Schema) *validator {
	t.Helper()
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	v := &validator{}
	if err := json.Unmarshal(text, &v.root); err != nil {
		t.Fatal(err)
	}
	return v
}

func (v *validator) valid(s, value any) bool {
	rules, ok := s.(object)
	if !ok {
		return s == true
	}
	for keyword, rule := range rules {
		if !v.keyword(rules, keyword, rule, value) {
			return false
		}
	}
	return true
}

func (v *validator) keyword(rules object, keyword string, rule, value any) bool {
	members, isObject := value.(object)
	text, isText := value.(string)
	number, isNumber := value.(float64)
	holds := func(s any) bool { return v.valid(s, value) }
	switch keyword {
	case "$schema", "$defs", "title", "description", "then":
		return true
	case "additionalProperties":
		if rules["properties"] != nil {
			return true // looked at with those
		}
		return v.keyword(object{"additionalProperties": rule}, "properties", object{}, value)
	case "$ref":
		return holds(v.root["$defs"].(object)[strings.TrimPrefix(rule.(string), "#/$defs/")])
	case "type":
		_, isList := value.([]any)
		_, isBool := value.(bool)
		return map[string]bool{"object": isObject, "string": isText, "array": isList, "boolean": isBool, "null": value == nil, "number": isNumber, "integer": isNumber && number == float64(int64(number))}[rule.(string)]
	case "enum":
		return slices.Contains(rule.([]any), value)
	case "pattern":
		return !isText || regexp.MustCompile(rule.(string)).MatchString(text)
	case "minimum":
		return !isNumber || number >= rule.(float64)
	case "maximum":
		return !isNumber || number <= rule.(float64)
	case "minProperties":
		return len(members) >= int(rule.(float64))
	case "maxProperties":
		return len(members) <= int(rule.(float64))
	case "items":
		list, _ := value.([]any)
		return !slices.ContainsFunc(list, func(e any) bool { return !v.valid(rule, e) })
	case "anyOf":
		return slices.ContainsFunc(rule.([]any), holds)
	case "allOf":
		return !slices.ContainsFunc(rule.([]any), func(s any) bool { return !holds(s) })
	case "if":
		return !holds(rule) || holds(rules["then"])
	case "required":
		return !isObject || !slices.ContainsFunc(rule.([]any), func(name any) bool { _, has := members[name.(string)]; return !has })
	case "properties":
		for name, member := range members {
			s, known := rule.(object)[name]
			if !known {
				s = rules["additionalProperties"]
			}
			if (known || s != nil) && !v.valid(s, member) {
				return false
			}
		}
		return true
	}
	panic("the schema has a keyword that this test does not know: " + keyword)
}

// The machines of this project are valid, and common mistakes in the parameters of ECS tasks are not.
func TestDefinition(t *testing.T) {
	definition, err := schema.Definition("aws-sdk:dynamodb:getItem")
	if err != nil {
		t.Fatal(err)
	}
	v := newValidator(t, definition)
	for name, want := range map[string]bool{
		"seed_run_job": true, "seed_manage_job": true, "every_parameter": true, "index_rebuild": true, "align_genome": true,
		"poll_with_sdk": true, "transcode_video": true, "faults_run_task": false, "faults_camel_case": false,
	} {
		archive, err := txtar.ParseFile("../../../testdata/" + name + ".txtar")
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			var machine any
			if f.Name != "machine.asl.json" || json.Unmarshal(f.Data, &machine) != nil {
				continue
			}
			if got := v.valid(v.root, machine); got != want {
				t.Errorf("%s: valid %v, want %v", name, got, want)
			}
		}
	}
}

func TestParameters(t *testing.T) {
	for _, test := range []struct {
		integration string
		language    schema.Language
		text        string
		valid       bool
	}{
		{"sqs:sendMessage", schema.JSONPath, `{"QueueUrl": "q", "MessageBody": {"any": "JSON"}, "DelaySeconds": 5}`, true},
		{"sqs:sendMessage", schema.JSONPath, `{"QueueURL": "q", "MessageBody": "b"}`, false},
		{"sqs:sendMessage", schema.JSONata, `{"QueueUrl": "{% $q %}", "MessageBody": 5, "DelaySeconds": "{% 5 %}"}`, true},
		{"dynamodb:putItem", schema.JSONPath, `{"TableName": "t", "Item": {"id": {"S.$": "$.id"}, "n": {"M": {"b": {"BOOL": true}}}}}`, true},
		{"dynamodb:putItem", schema.JSONPath, `{"TableName": "t", "Item": {"id": {"S": "a", "N": "1"}}}`, false},
		{"aws-sdk:rds:describeDBInstances", schema.JSONata, `{"DbInstanceIdentifier": "d", "MaxRecords": 20}`, true},
		{"aws-sdk:rds:describeDBInstances", schema.JSONata, `{"DBInstanceIdentifier": "d"}`, false},
		{"aws-sdk:organizations:deleteOrganization", schema.JSONata, `{}`, true},
		{"aws-sdk:organizations:deleteOrganization", schema.JSONata, `{"A": 1}`, false},
		{"aws-sdk:s3:putObject.waitForTaskToken", schema.JSONPath, `{"Bucket": "b", "Key": "k", "StorageClass": "PAPYRUS", "Metadata": {"a": "b"}}`, true},
		{"ecs:runTask", schema.JSONPath, `{"TaskDefinition": "t"}`, true},
		{"ecs:runTask", schema.JSONPath, `{"TaskDefinition.$": "$.t", "Count": 2}`, true},
		{"ecs:runTask", schema.JSONPath, `{"TaskDefinition.$": "t"}`, false},
		{"ecs:runTask", schema.JSONPath, `{}`, false},
		{"ecs:runTask", schema.JSONPath, `{"taskDefinition": "t"}`, false},
		{"ecs:runTask", schema.JSONPath, `{"TaskDefinition": "t", "LaunchType": "FARGATE", "Count": 1.5}`, false},
		{"ecs:runTask", schema.JSONPath, `{"TaskDefinition": "t", "LaunchType": "fargate"}`, false},
		{"ecs:runTask", schema.JSONPath, `{"TaskDefinition": "t", "LaunchType": "${LaunchType}"}`, true},
		{"ecs:runTask.sync", schema.JSONPath, `{"TaskDefinition": "t", "Count": 1}`, false},
		{"ecs:runTask.sync", schema.JSONPath, `{"TaskDefinition": "t", "Overrides": {"ContainerOverrides": [{"Name": "n", "Cpu": 1}]}}`, true},
		{"ecs:runTask.sync", schema.JSONPath, `{"TaskDefinition": "t", "Overrides": {"ContainerOverrides": [{"Name": "n", "Cpu": "1"}]}}`, false},
		{"ecs:runTask.sync", schema.JSONPath, `{"TaskDefinition": "t", "Overrides": {"TaskRoleArn": 1}}`, false},
		{"ecs:runTask.sync", schema.JSONata, `{"TaskDefinition": "{% $t %}", "EnableExecuteCommand": "{% $e %}"}`, true},
		{"ecs:runTask.sync", schema.JSONata, `{"TaskDefinition": "t", "EnableExecuteCommand": "yes"}`, false},
		{"ecs:runTask.sync", schema.JSONata, `{"TaskDefinition.$": "$.t"}`, false},
	} {
		s, err := schema.Parameters(test.integration, test.language)
		if err != nil {
			t.Fatal(err)
		}
		var value any
		if err := json.Unmarshal([]byte(test.text), &value); err != nil {
			t.Fatal(err)
		}
		v := newValidator(t, s)
		if got := v.valid(v.root, value); got != test.valid {
			t.Errorf("%s %s %s: valid %v", test.integration, test.language, test.text, got)
		}
	}
	if _, err := schema.Parameters("ecs:runTsk", schema.JSONPath); err == nil || !strings.Contains(err.Error(), `did you mean "ecs:runTask"?`) {
		t.Error(err)
	}
}

// A document of plain values, as the input and output of a machine are.
func TestOf(t *testing.T) {
	s := schema.Of(&shape.Type{Kind: shape.Struct, Members: []shape.Member{
		{Name: "name", Type: &shape.Type{Kind: shape.String}, Required: true},
		{Name: "any"},
	}}, schema.Plain)
	got, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"$schema":"https://json-schema.org/draft/2020-12/schema","properties":{"name":{"type":"string"},"any":true},"additionalProperties":false,"type":"object","required":["name"]}`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
