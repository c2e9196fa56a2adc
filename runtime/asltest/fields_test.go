package asltest_test

import (
	"testing"

	"github.com/r-seed-632eed22/aslgen/runtime/asltest"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// What TestState says of mocks, "" where it takes them.
func TestFieldValidation(t *testing.T) {
	const integration = "arn:aws:states:::"
	for _, row := range []struct {
		mode             asltest.FieldValidationMode
		resource, result string
		want             string
	}{
		{asltest.Strict, "events:putEvents", `{"Entries": "e"}`, "Field 'Entries' must be an array"},
		{asltest.Strict, "events:putEvents", `{"Entries": [{"EventId": "a"}, {"EventId": ["b"]}]}`, "Field 'EventId' must be a string"},
		{asltest.Strict, "states:startExecution", `{}`, "Required field 'ExecutionArn' is missing"},
		{asltest.Present, "states:startExecution", `{}`, ""},
		{asltest.Strict, "states:startExecution", `{"ExecutionArn": "a", "StartDate": 1764103483}`, "Field 'StartDate' must be a string"},
		{asltest.Strict, "states:startExecution.sync", `{"Status": "SUCCEEDED", "Output": 1}`, "Required field 'ExecutionArn' is missing"},
		{asltest.Present, "states:startExecution.sync", `{"Output": 1}`, "Field 'Output' must be a string"},
		{asltest.Present, "states:startExecution.sync:2", `{"Output": {"a": 1}}`, ""},
		{asltest.Strict, "lambda:invoke", `{"StatusCode": "200"}`, "Field 'StatusCode' must be a number"},
		{asltest.Strict, "lambda:invoke", `{"Payload": {"a": [1]}, "Unknown": true}`, ""},
		{asltest.Present, "aws-sdk:lambda:getFunction", `{"Configuration": {"MemorySize": 127}}`, "Field 'MemorySize' is less than the minimum value"},
		{asltest.Strict, "aws-sdk:kms:encrypt", `{"CiphertextBlob": ""}`, "Field 'CiphertextBlob' is smaller than the minimum length"},
		{asltest.Present, "aws-sdk:s3:getObject", `{"StorageClass": "Papyrus"}`, "Field 'StorageClass' is not an expected value"},
		{asltest.None, "aws-sdk:s3:getObject", `{"StorageClass": "Papyrus"}`, ""},
		{asltest.Present, "aws-sdk:ec2:describeInstances", `{"Reservations": [{"Instances": [{"EbsOptimized": "yes"}]}]}`, "Field 'EbsOptimized' must be a boolean"},
		{asltest.Present, "aws-sdk:dynamodb:getItem", `{"Item": {"id": {"S": 1}}}`, "Field 'S' must be a string"},
		{asltest.Present, "aws-sdk:bedrockagentruntime:retrieve", `{"RetrievalResults": [{"Metadata": {"k": {"a": 1}}}]}`, ""},
		{asltest.Strict, "sqs:sendMessage.waitForTaskToken", `5`, ""},
		{asltest.Strict, "apigateway:invoke", `{}`, ""},
	} {
		result, err := value.Parse([]byte(row.result))
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if err := asltest.FieldValidation(row.mode)(integration+row.resource, result); err != nil {
			got = err.Error()
		}
		want := row.want
		if want != "" {
			want = "Mock result schema validation error: " + want
		}
		if got != want {
			t.Errorf("%s %s %s: %q, not %q", row.mode, row.resource, row.result, got, want)
		}
	}
	if err := asltest.FieldValidation(asltest.Strict)("arn:aws:lambda:us-east-1:123456789012:function:f", value.True); err != nil {
		t.Error(err)
	}
}
