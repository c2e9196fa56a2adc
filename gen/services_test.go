package gen_test

import (
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// serviceDefects are kinds of mistake in calls of services.
var serviceDefects = []defect{
	// Services and actions.
	{what: "a service misspelt", find: `aws-sdk:(\w+):`, with: `aws-sdk:${1}s:`},
	{what: "a service by its name elsewhere", find: `aws-sdk:cloudwatch:`, with: `aws-sdk:monitoring:`},
	{what: "an action misspelt", find: `aws-sdk:(\w+):(\w+)"`, with: `aws-sdk:$1:${2}s"`, but: "getCrawlers is an action too"},
	{what: "an action with a capital", find: `aws-sdk:(\w+):get(\w+)"`, with: `aws-sdk:$1:Get$2"`},
	{what: "an action in the letters of Java", find: `describeDBInstances`, with: `describeDbInstances`},
	{what: "an action that is not offered", find: `athena:startQueryExecution`, with: `athena:createWorkGroup`},
	{what: "a pattern that the service lacks", find: `(sns:publish|dynamodb:putItem|sqs:sendMessage)"`, with: `$1.sync"`},

	// Members.
	{what: "a member misspelt", find: `"(FunctionName|TableName|QueueUrl|TopicArn|Entries|JobQueue|WorkerType|WorkGroup|Bucket|Namespace|KeyId|ImageId)":`, with: `"${1}s":`},
	{what: "a member in camel case", find: `"J(obName|obDefinition)":|"C(luster)":|"S(ecretId)":`, with: `"j$1$2$3":`},
	{what: "a member in the letters of the API", find: `"DbInstanceIdentifier":`, with: `"DBInstanceIdentifier":`},
	{what: "a member of a member misspelt", find: `"(DetailType|EventBusName|OutputLocation|Attempts|S3Uri|InstanceCount)":`, with: `"${1}x":`},
	{what: "a member of a list's element misspelt", find: `"Name": "(LEVEL|DAY)"`, with: `"Nam": "$1"`},
	{what: "a member of another service", find: `"Key": "all.csv"`, with: `"Key": "all.csv", "QueueUrl": "q"`},
	{what: "no required member", find: `"(FunctionName|TableName|QueueUrl|JobQueue|QueryString|Bucket|SecretId|AlarmName|Task|StateMachineArn)":[^\n]*\n`, with: "\n", near: inState},

	// Kinds of JSON.
	{what: "a number as a text", find: `"(DelaySeconds|NumberOfWorkers|Attempts|InstanceCount|MaxRecords|MinCount|Period|Threshold)": ([\d.]+)`, with: `"$1": "$2"`},
	{what: "a number with a fraction", find: `"(DelaySeconds|NumberOfWorkers|Attempts|MaxCount|Period)": (\d+)`, with: `"$1": $2.5`},
	{what: "a boolean as a text", find: `"(BOOL|Overwrite|EbsOptimized)": (true|false)`, with: `"$1": "$2"`},
	{what: "a list as a text", find: `"(SS|Command|SecurityGroupIds|AlarmActions)": \[[^\]]*\]`, with: `"$1": "one"`},
	{what: "an object as a text", find: `"(RetryStrategy|ResultConfiguration|TransformOutput|M)": \{[^{}]*\}`, with: `"$1": "one"`},
	{what: "an object in place of a list", find: `"(Environment|ResourceRequirements|EnvironmentVariablesOverride)": \[(\{[^{}]*\})\]`, with: `"$1": $2`},
	{what: "a text as an object", find: `"(QueryString|TableName|Bucket|ImageId|KeyId)": "[^"]*"`, with: `"$1": {"a": "b"}`},
	{what: "a number for an attribute", find: `\{"N": "3"\}`, with: `{"N": 3}`},
	{what: "an attribute of two types", find: `\{"N": "3"\}`, with: `{"N": "3", "S": "3"}`},
	{what: "an attribute of no type", find: `\{"BOOL": false\}`, with: `{"BOOLEAN": false}`},

	// Values.
	{what: "a value that the enumeration lacks", find: `"(InvocationType|ReturnValues|S3DataType|Statistic|ComparisonOperator)": "(\w+)"`, with: `"$1": "${2}X"`},
	{what: "a number beyond the limit", find: `"DelaySeconds": \d+|"EvaluationPeriods": \d+`, with: `"EvaluationPeriods": -1`},
	{what: "a text that is too short", find: `"(JobName|Name|SecretId|AlarmName)": "[^"]*"`, with: `"$1": ""`, but: "jobs of Batch have no least length"},

	// Results and errors.
	{what: "a member of the result misspelt", find: `\$\.(MessageId|QueryExecutionId|Crawler|Body)\b`, with: `$$.${1}s`},
	{what: "a member of the result in the letters of the API", find: `result\.DbInstances`, with: `result.DBInstances`},
	{what: "an error that is not raised", find: `"(Glue\.EntityNotFound|S3\.NoSuchKey|SecretsManager\.ResourceNotFound)Exception"`, with: `"${1}Exceptions"`},
	{what: "an error without its end", find: `"(Glue\.EntityNotFound|S3\.NoSuchKey|SecretsManager\.ResourceNotFound|DynamoDB\.ConditionalCheckFailed)Exception"`, with: `"$1"`},
	{what: "an error with the letters of the other integration", find: `"DynamoDB\.`, with: `"DynamoDb.`},
}

// TestServiceDefects is [TestDefects] for calls of services.
func TestServiceDefects(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/services.txtar")
	if err != nil {
		t.Fatal(err)
	}
	machines := map[string]string{}
	for _, f := range archive.Files {
		machines[f.Name] = string(f.Data)
		if found := vet(t, string(f.Data)); len(found.All()) > 0 {
			t.Errorf("%s: %v", f.Name, found.All())
		}
	}
	if share := putAll(t, machines, serviceDefects); share < 0.97 {
		t.Errorf("only %.3f are found", share)
	}
}
