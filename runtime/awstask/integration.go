package awstask

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"

	"github.com/r-seed-632eed22/aslgen/internal/awsname"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/awsanswer"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// integration says what Step Functions makes of a service's answers.
type integration struct {
	name     string // sqs:sendMessage
	service  string // sqs
	sdk      bool   // the AWS SDK integration
	prefix   string // of the names of errors; "" is the service's own
	fallback string // what an error becomes that the service's model does not have
	client   string // what causes call the service
}

// optimized are the optimized integrations whose errors are known (I2, I3, I5c).
var optimized = map[string]integration{
	"athena":    {prefix: "Athena", fallback: "AmazonAthenaException", client: "AmazonAthena"},
	"batch":     {prefix: "Batch", fallback: "AWSBatchException", client: "AWSBatch"},
	"codebuild": {prefix: "CodeBuild", fallback: "AWSCodeBuildException", client: "AWSCodeBuild"},
	"dynamodb":  {prefix: "DynamoDB", fallback: "AmazonDynamoDBException", client: "AmazonDynamoDBv2"},
	"events":    {prefix: "EventBridge", fallback: "AmazonEventBridgeException", client: "AmazonEventBridge"},
	"glue":      {prefix: "Glue", fallback: "AWSGlueException", client: "AWSGlue"},
	"lambda":    {prefix: "Lambda", fallback: "AWSLambdaException", client: "AWSLambda"},
	"sagemaker": {prefix: "SageMaker", fallback: "AmazonSageMakerException", client: "AmazonSageMaker"},
	"sns":       {prefix: "SNS", fallback: "AmazonSNSException", client: "AmazonSNS"},
	"sqs":       {prefix: "SQS", fallback: "AmazonSQSException", client: "AmazonSQS"},
	"states":    {prefix: "StepFunctions", fallback: "AWSStepFunctionsException", client: "AWSStepFunctions"},
}

// integrationOf returns what is known of the integration that a Resource ends in.
func integrationOf(name string) integration {
	service, _, _ := strings.Cut(name, ":")
	i := optimized[service]
	i.name, i.service, i.sdk = name, service, service == "aws-sdk"
	if i.prefix == "" && !i.sdk {
		i.prefix = awsname.Service(service)
	}
	return i
}

// failure turns an error of the SDK into the one that Step Functions raises. The end of ctx is what it is, and so is an error of another
// kind, which a mock has returned.
func (i integration) failure(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	operation, called := errors.AsType[*smithy.OperationError](err)
	if called && i.prefix == "" {
		i.prefix = awsname.Service(operation.Service())
	}
	api, answered := errors.AsType[smithy.APIError](err)
	switch {
	case answered:
	case called:
		return &asl.Error{Name: i.prefix + ".SdkClientException", Cause: err.Error()}
	default:
		return err
	}
	status, request := awsanswer.Failed(err)
	var host interface{ ServiceHostID() string } // of S3
	if i.sdk && errors.As(err, &host) {
		request += ", Extended Request ID: " + host.ServiceHostID()
	}
	return &asl.Error{Name: i.prefix + "." + i.exception(api), Cause: i.cause(api, status, request)}
}

// exception returns the second part of an error's name: that of the SDK's type for it, which those have that are in the model.
func (i integration) exception(api smithy.APIError) string {
	t := reflect.TypeOf(api)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch modelled := t != reflect.TypeFor[smithy.GenericAPIError](); {
	case modelled && i.sdk:
		return awsname.Exception(t.Name())
	case modelled:
		return strings.TrimSuffix(t.Name(), "Exception") + "Exception"
	case i.sdk:
		return i.prefix + "Exception"
	case i.fallback != "":
		return i.fallback
	}
	return "Amazon" + i.prefix + "Exception"
}

func (i integration) cause(api smithy.APIError, status int, request string) string {
	if i.sdk {
		return fmt.Sprintf("%s (Service: %s, Status Code: %d, Request ID: %s) (SDK Attempt Count: 1)", api.ErrorMessage(), i.prefix, status, request)
	}
	client := i.client
	if client == "" {
		client = "Amazon" + i.prefix
	}
	return fmt.Sprintf("%s (Service: %s; Status Code: %d; Error Code: %s; Request ID: %s; Proxy: null)", api.ErrorMessage(), client, status, api.ErrorCode(), request)
}

// present returns a result as the integration shows it.
func (i integration) present(result value.Value, m middleware.Metadata) (value.Value, error) {
	switch {
	case i.sdk:
		return result, nil
	case i.name == "lambda:invoke":
		return i.invoked(result, m)
	case i.name == "events:putEvents": // it shows no metadata (I1)
		if n, _ := result.Get("FailedEntryCount").AsInt(); n > 0 {
			return value.Value{}, &asl.Error{Name: "EventBridge.FailedEntry", Cause: result.String()}
		}
		return result, nil
	}
	return withMetadata(result, m), nil
}

// withMetadata adds what optimized integrations show of the answer (I1). Their members are in the order of the alphabet.
func withMetadata(result value.Value, m middleware.Metadata) value.Value {
	http, response := awsanswer.Metadata(m)
	return awsanswer.Sorted(result.With("SdkHttpMetadata", http).With("SdkResponseMetadata", response))
}

// invoked reads the payload of a function's answer: its result, or its error (L1, L2).
func (i integration) invoked(result value.Value, m middleware.Metadata) (value.Value, error) {
	payload := value.Null
	if text, ok := result.Get("Payload").AsString(); ok {
		parsed, err := value.Parse([]byte(text))
		if err != nil {
			parsed = value.String(text)
		}
		payload = parsed
	}
	if !result.Get("FunctionError").IsAbsent() {
		name, ok := payload.Get("errorType").AsString()
		if !ok {
			name = "Lambda.Unknown"
		}
		return value.Value{}, &asl.Error{Name: name, Cause: payload.String()}
	}
	return withMetadata(result.With("Payload", payload), m), nil
}
