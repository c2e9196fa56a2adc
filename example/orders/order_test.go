package orders

import (
	"context"
	"errors"
	"io"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/batch"
	batchtypes "github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// order is what the machine begins with.
const order = `{"id": "o-1", "cents": 250}`

// mocks are Go functions in place of all services, in the SDK's types. They note what they are given.
func mocks(engine *memory.Engine, saved *dynamodb.PutItemInput, report *string) OrderTasks {
	return OrderTasks{
		Save: asl.CallFunc(func(_ context.Context, in *dynamodb.PutItemInput) (*dynamodb.PutItemOutput, error) {
			*saved = *in
			return &dynamodb.PutItemOutput{}, nil
		}),
		Charge: asl.CallFunc(func(_ context.Context, in *OrderChargeParameters) (*OrderChargeResult, error) {
			order, _ := in.Order.AsString()
			return &OrderChargeResult{Receipt: value.String("paid " + order)}, nil
		}),
		Prepare: asl.JobFunc(func(_ context.Context, in *batch.SubmitJobInput) (*batchtypes.JobDetail, error) {
			return &batchtypes.JobDetail{JobId: aws.String("job-" + *in.JobName), Container: &batchtypes.ContainerDetail{ExitCode: aws.Int32(0)}}, nil
		}),
		Report: asl.CallFunc(func(_ context.Context, in *s3.PutObjectInput) (*s3.PutObjectOutput, error) {
			text, err := io.ReadAll(in.Body)
			*report = string(text)
			return &s3.PutObjectOutput{ETag: aws.String("tag")}, err
		}),
		Tell: asl.CallFunc(func(_ context.Context, in *sns.PublishInput) (*sns.PublishOutput, error) {
			if *in.Message != `{"order":"o-1","receipt":"paid o-1"}` {
				return nil, errors.New(*in.Message)
			}
			return &sns.PublishOutput{MessageId: aws.String("m")}, nil
		}),
		Approve: asl.SendFunc(func(ctx context.Context, token string, in *sqs.SendMessageInput) error {
			return engine.SendTaskSuccess(ctx, token, value.MustParse(`{"by": "me"}`))
		}),
	}
}

func run(t *testing.T, engine asl.Engine, tasks OrderTasks) (string, error) {
	t.Helper()
	machine, err := NewOrder(engine, tasks)
	if err != nil {
		t.Fatal(err)
	}
	execution, err := machine.StartDocument(t.Context(), value.MustParse(order))
	if err != nil {
		t.Fatal(err)
	}
	output, err := execution.Running().Wait(t.Context())
	return output.String(), err
}

// served is what an order ends with.
const served = `{"id":"o-1","cents":250,"charged":{"receipt":"paid o-1"},"prepared":{"job":"job-o-1","exitCode":0},"reported":{"tag":"tag"},"approved":{"by":"me"}}`

// reported is what is written down of it.
const reported = `{"id":"o-1","cents":250,"charged":{"receipt":"paid o-1"},"prepared":{"job":"job-o-1","exitCode":0}}`

func TestOrder(t *testing.T) {
	engine := memory.NewDriven(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	var saved dynamodb.PutItemInput
	var report string
	got, err := run(t, engine, mocks(engine, &saved, &report))
	if err != nil || got != served {
		t.Errorf("%s, %v", got, err)
	}
	if id, ok := saved.Item["id"].(*types.AttributeValueMemberS); !ok || id.Value != "o-1" || *saved.TableName != "orders" {
		t.Errorf("%+v", saved)
	}
	if report != reported {
		t.Error(report)
	}
}

// An error of the SDK has the name that Step Functions gives it, in mocks too.
func TestKnownOrder(t *testing.T) {
	engine := memory.NewDriven(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	var saved dynamodb.PutItemInput
	tasks := mocks(engine, &saved, new(string))
	tasks.Save = asl.CallFunc(func(context.Context, *dynamodb.PutItemInput) (*dynamodb.PutItemOutput, error) {
		return nil, &types.ConditionalCheckFailedException{Message: aws.String("The conditional request failed")}
	})
	if got, err := run(t, engine, tasks); err != nil || got != `{"id":"o-1","cents":250}` {
		t.Errorf("%s, %v", got, err)
	}
}

// A fault of Lambda that passes is tried again.
func TestRetriedCharge(t *testing.T) {
	engine := memory.NewDriven(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	tasks := mocks(engine, new(dynamodb.PutItemInput), new(string))
	failed := false
	tasks.Charge = asl.CallFunc(func(ctx context.Context, in *OrderChargeParameters) (*OrderChargeResult, error) {
		if !failed {
			failed = true
			return nil, &asl.Error{Name: "Lambda.ServiceException", Cause: "a moment"}
		}
		order, _ := in.Order.AsString()
		return &OrderChargeResult{Receipt: value.String("paid " + order)}, nil
	})
	if got, err := run(t, engine, tasks); err != nil || got != served {
		t.Errorf("%s, %v", got, err)
	}
}
