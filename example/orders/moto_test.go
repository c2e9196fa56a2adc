package orders

import (
	"context"
	"crypto/md5"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/r-seed-632eed22/aslgen/internal/moto"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// TestMoto runs the machine as it is against moto, but for Lambda, which runs no function there, and Batch, whose jobs have no container there:
// the machine reads its exit code.
func TestMoto(t *testing.T) {
	configuration := aws.Config{
		Region: "us-east-1", BaseEndpoint: aws.String(moto.Start(t)), Credentials: credentials.NewStaticCredentialsProvider("id", "secret", ""),
	}
	c := NewOrderClients(configuration)
	c.S3 = s3.NewFromConfig(configuration, func(o *s3.Options) { o.UsePathStyle = true })
	queue := prepare(t, c)
	engine := memory.New()
	tasks, mocked := NewOrderTasks(c), mocks(nil, new(dynamodb.PutItemInput), new(string))
	tasks.Charge, tasks.Prepare = mocked.Charge, mocked.Prepare
	go approve(t.Context(), engine, c.SQS, queue)
	got, err := run(t, engine, tasks)
	if want := strings.Replace(served, `{"tag":"tag"}`, fmt.Sprintf(`{"tag":"\"%x\""}`, md5.Sum([]byte(reported))), 1); err != nil || got != want {
		t.Errorf("%s, %v", got, err)
	}
	item, err := c.DynamoDB.GetItem(t.Context(), &dynamodb.GetItemInput{
		TableName: aws.String("orders"), Key: map[string]types.AttributeValue{"id": &types.AttributeValueMemberS{Value: "o-1"}},
	})
	if err != nil || item.Item["cents"].(*types.AttributeValueMemberN).Value != "250" {
		t.Error(item, err)
	}
	if got, err = run(t, engine, tasks); err != nil || got != `{"id":"o-1","cents":250}` {
		t.Errorf("again: %s, %v", got, err)
	}
}

// prepare makes what the machine finds at AWS, and returns its queue.
func prepare(t *testing.T, c OrderClients) *string {
	t.Helper()
	check := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err := c.DynamoDB.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName: aws.String("orders"), BillingMode: types.BillingModePayPerRequest,
		KeySchema:            []types.KeySchemaElement{{AttributeName: aws.String("id"), KeyType: types.KeyTypeHash}},
		AttributeDefinitions: []types.AttributeDefinition{{AttributeName: aws.String("id"), AttributeType: types.ScalarAttributeTypeS}},
	})
	check(err)
	_, err = c.S3.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String("reports")})
	check(err)
	_, err = c.SNS.CreateTopic(t.Context(), &sns.CreateTopicInput{Name: aws.String("orders")})
	check(err)
	queue, err := c.SQS.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: aws.String("approvals")})
	check(err)
	return queue.QueueUrl
}

// approve answers for the token in the first message of a queue.
func approve(ctx context.Context, engine *memory.Engine, client *sqs.Client, queue *string) {
	for ctx.Err() == nil {
		got, err := client.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: queue, WaitTimeSeconds: 1})
		if err != nil || len(got.Messages) == 0 {
			continue
		}
		token, _ := value.MustParse(*got.Messages[0].Body).Get("token").AsString()
		_ = engine.SendTaskSuccess(ctx, token, value.MustParse(`{"by": "me"}`))
		return
	}
}
