package awsname_test

import (
	"testing"

	"github.com/r-seed-632eed22/aslgen/internal/awsname"
)

func TestNames(t *testing.T) {
	for _, row := range []struct {
		name  string
		of    func(string) string
		names map[string]string
	}{
		{"Member", awsname.Member, map[string]string{
			"DBInstanceIdentifier": "DbInstanceIdentifier", "BOOL": "Bool", "NULL": "Nul", "SS": "Ss", "S": "S", "eTag": "ETag", "ETag": "ETag",
			"ChecksumCRC32": "ChecksumCRC32", "MD5OfMessageBody": "Md5OfMessageBody", "queueUrl": "QueueUrl", "equals": "EqualsValue",
			"default": "DefaultValue", "Return": "ReturnValue", "S3Bucket": "S3Bucket", "SSEKMSKeyId": "SsekmsKeyId", "EC2InstanceId": "Ec2InstanceId",
		}},
		{"Action", awsname.Action, map[string]string{"DescribeDBInstances": "describeDBInstances", "PutItem": "putItem", "GetSAMLProvider": "getSAMLProvider"}},
		{"Exception", awsname.Exception, map[string]string{
			"NoSuchBucket": "NoSuchBucketException", "DBInstanceNotFoundFault": "DbInstanceNotFoundException",
			"ResourceNotFoundException": "ResourceNotFoundException", "StateMachineDoesNotExist": "StateMachineDoesNotExistException",
		}},
		{"Service", awsname.Service, map[string]string{
			"DynamoDB": "DynamoDb", "SFN": "Sfn", "S3": "S3", "ACM PCA": "AcmPca", "CloudWatch Logs": "CloudWatchLogs", "IoT": "Iot", "EC2": "Ec2",
			"Database Migration Service": "DatabaseMigration", "Lex Runtime V2": "LexRuntimeV2", "SESv2": "SesV2", "Bedrock Agent": "BedrockAgent",
			"Elastic Load Balancing v2": "ElasticLoadBalancingV2", "Secrets Manager": "SecretsManager",
		}},
	} {
		for in, want := range row.names {
			if got := row.of(in); got != want {
				t.Errorf("%s(%q) is %s, not %s", row.name, in, got, want)
			}
		}
	}
}
