package services

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	batchtypes "github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dynamodbtypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	gluetypes "github.com/aws/aws-sdk-go-v2/service/glue/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/awstask"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// breaking is where the connection breaks after the first request has been read.
type breaking struct{ bodies []string }

func (b *breaking) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	text, _ := io.ReadAll(r.Body)
	b.bodies = append(b.bodies, string(text))
	if len(b.bodies) == 1 {
		panic(http.ErrAbortHandler)
	}
	_, _ = io.WriteString(w, `{}`)
}

func (b *breaking) config(t *testing.T) aws.Config {
	t.Helper()
	server := httptest.NewServer(b)
	t.Cleanup(server.Close)
	return aws.Config{
		Region: "us-east-1", BaseEndpoint: aws.String(server.URL), Credentials: credentials.NewStaticCredentialsProvider("id", "secret", ""),
		Retryer: func() aws.Retryer {
			return retry.NewStandard(func(o *retry.StandardOptions) { o.MaxBackoff = time.Millisecond })
		},
	}
}

// attempt makes one attempt of a task.
type attempt func(ctx context.Context, a *asl.Attempt, parameters value.Value) error

func call[In, Out, O any](integration string, method func(context.Context, *In, ...func(*O)) (*Out, error), options ...awstask.Option) attempt {
	return func(ctx context.Context, a *asl.Attempt, parameters value.Value) error {
		_, err := awstask.DecodedCall(integration, awstask.Call(method), options...).Call(ctx, a, parameters)
		return err
	}
}

func start[In, R any](integration string, effect asl.Job[*In, R]) attempt {
	return func(ctx context.Context, a *asl.Attempt, parameters value.Value) error {
		_, err := awstask.DecodedJob(integration, effect).Start(ctx, a, parameters)
		return err
	}
}

// A call without an idempotency token whose answer is lost is not made again: it fails with the error that the integration gives for it,
// which Retry and Catch see (I4). One that has a token is made again with it, and so is one that only reads.
func TestLostAnswers(t *testing.T) {
	const submit, run = "batch:submitJob.sync", "glue:startJobRun.sync"
	attribute := awstask.Union[dynamodbtypes.AttributeValue](&dynamodbtypes.AttributeValueMemberS{}, &dynamodbtypes.AttributeValueMemberN{})
	for _, row := range []struct {
		made       func(aws.Config) attempt
		parameters string
		fails      string
	}{
		{func(c aws.Config) attempt { return call("sqs:sendMessage", sqs.NewFromConfig(c).SendMessage) },
			`{"QueueUrl": "q", "MessageBody": "b"}`, "SQS.SdkClientException"},
		{func(c aws.Config) attempt { return call("aws-sdk:sqs:sendMessage", sqs.NewFromConfig(c).SendMessage) },
			`{"QueueUrl": "q", "MessageBody": "b"}`, "Sqs.SdkClientException"},
		{func(c aws.Config) attempt { return call("sns:publish", sns.NewFromConfig(c).Publish) },
			`{"TopicArn": "t", "Message": "m"}`, "SNS.SdkClientException"},
		{func(c aws.Config) attempt { return call("lambda:invoke", lambda.NewFromConfig(c).Invoke) },
			`{"FunctionName": "f", "Payload": {}}`, "Lambda.SdkClientException"},
		{func(c aws.Config) attempt {
			return call("dynamodb:updateItem", dynamodb.NewFromConfig(c).UpdateItem, attribute)
		},
			`{"TableName": "t", "Key": {"k": {"S": "x"}}, "UpdateExpression": "ADD n :one", "ExpressionAttributeValues": {":one": {"N": "1"}}}`, "DynamoDB.SdkClientException"},
		{func(c aws.Config) attempt { return call("batch:submitJob", batch.NewFromConfig(c).SubmitJob) },
			`{"JobName": "n", "JobQueue": "q", "JobDefinition": "d"}`, "Batch.SdkClientException"},
		{func(c aws.Config) attempt {
			jobs := batch.NewFromConfig(c)
			return start(submit, awstask.Sync[*batchtypes.JobDetail](submit, jobs.SubmitJob, jobs.DescribeJobs, jobs.TerminateJob))
		}, `{"JobName": "n", "JobQueue": "q", "JobDefinition": "d"}`, "Batch.SdkClientException"},
		{func(c aws.Config) attempt {
			jobs := glue.NewFromConfig(c)
			return start(run, awstask.Sync[*gluetypes.JobRun](run, jobs.StartJobRun, jobs.GetJobRun, jobs.BatchStopJobRun))
		}, `{"JobName": "n"}`, "Glue.SdkClientException"},

		{func(c aws.Config) attempt {
			return call("dynamodb:getItem", dynamodb.NewFromConfig(c).GetItem, attribute)
		},
			`{"TableName": "t", "Key": {"k": {"S": "x"}}}`, ""},
		{func(c aws.Config) attempt {
			return call("athena:startQueryExecution", athena.NewFromConfig(c).StartQueryExecution)
		},
			`{"QueryString": "SELECT 1"}`, ""},
	} {
		b := &breaking{}
		err := row.made(b.config(t))(t.Context(), (&asl.Frame{State: "Call"}).NewAttempt(""), value.MustParse(row.parameters))
		e, _ := errors.AsType[*asl.Error](err)
		switch {
		case row.fails == "" && (err != nil || len(b.bodies) != 2 || len(slices.Compact(b.bodies)) != 1):
			t.Errorf("%s: %q, %v", row.parameters, b.bodies, err)
		case row.fails != "" && (e == nil || e.Name != row.fails || len(b.bodies) != 1):
			t.Errorf("%s: %d calls, %v", row.fails, len(b.bodies), err)
		}
	}
}
