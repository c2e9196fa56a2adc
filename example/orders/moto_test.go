package orders

import (
	"context"
	"crypto/md5"
	"fmt"
	"net"
	"net/http"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/r-seed-632eed22/aslgen/runtime/memory"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// moto is a simulation of AWS in Python, where that has it. It runs no containers and no functions.
func moto(t *testing.T) aws.Config {
	t.Helper()
	if err := exec.CommandContext(t.Context(), "python3", "-c", "import moto.server").Run(); err != nil {
		t.Skip("Python has no moto with a server: pip install 'moto[server]'")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0") // whose port is free a moment later
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	_ = listener.Close()
	_, port, _ := net.SplitHostPort(address)
	server := exec.CommandContext(t.Context(), "python3", "-m", "moto.server", "-H", "127.0.0.1", "-p", port)
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Process.Kill(); _ = server.Wait() })
	answers := func() error {
		return post(t.Context(), "http://"+address+"/moto-api/config", `{"batch": {"use_docker": false}, "lambda": {"use_docker": false}}`)
	}
	for began := time.Now(); ; {
		if err = answers(); err == nil || time.Since(began) > time.Minute {
			break
		}
	}
	if err != nil {
		t.Fatalf("moto does not answer: %v", err)
	}
	return aws.Config{
		Region: "us-east-1", BaseEndpoint: aws.String("http://" + address), Credentials: credentials.NewStaticCredentialsProvider("id", "secret", ""),
	}
}

func post(ctx context.Context, url, body string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode >= 300 {
		return fmt.Errorf("%s: %s", url, answer.Status)
	}
	return nil
}

// TestMoto runs the machine as it is against moto, but for Lambda and Batch, which there run nothing.
func TestMoto(t *testing.T) {
	configuration := moto(t)
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
