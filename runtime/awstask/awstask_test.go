package awstask_test

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/smithy-go"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/awstask"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// service is an endpoint that answers each call with a text, and keeps what it was asked.
type service struct {
	status         int
	header, answer string
	asked          *http.Request
	body           string
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	text, _ := io.ReadAll(r.Body)
	s.asked, s.body = r, string(text)
	w.Header().Set("x-amzn-RequestId", "request")
	w.Header().Set("x-amz-request-id", "request")
	w.Header().Set("x-amz-id-2", "host")
	if name, of, ok := strings.Cut(s.header, ": "); ok {
		w.Header().Set(name, of)
	}
	w.WriteHeader(s.status)
	_, _ = io.WriteString(w, s.answer)
}

func (s *service) config(t *testing.T) aws.Config {
	t.Helper()
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return aws.Config{
		Region: "us-east-1", BaseEndpoint: aws.String(server.URL), Credentials: credentials.NewStaticCredentialsProvider("id", "secret", ""),
		Retryer: func() aws.Retryer { return aws.NopRetryer{} },
	}
}

// run makes a call with parameters.
func run[R any](t *testing.T, c asl.Call[value.Value, R], parameters string) (value.Value, error) {
	t.Helper()
	a := (&asl.Frame{State: "Call"}).NewAttempt("")
	return c.Call(t.Context(), a, value.MustParse(parameters))
}

// failed holds an error to a name and a cause.
func failed(t *testing.T, err error, name, cause string) {
	t.Helper()
	if e, ok := errors.AsType[*asl.Error](err); !ok || e.Name != name || e.Cause != cause {
		t.Errorf("it fails with %v, not with %s: %s", err, name, cause)
	}
}

func TestOptimized(t *testing.T) {
	s := &service{status: 200, answer: `{"executionArn": "arn", "startDate": 1.5e9}`}
	start := awstask.DecodedCall("states:startExecution", awstask.Call(sfn.NewFromConfig(s.config(t)).StartExecution))
	got, err := run(t, start, `{"StateMachineArn": "m", "Input": {"a": [1]}}`)
	if err != nil {
		t.Fatal(err)
	}
	if s.body != `{"input":"{\"a\":[1]}","stateMachineArn":"m"}` {
		t.Error(s.body)
	}
	var names []string
	for name := range got.Members() {
		names = append(names, name)
	}
	if text := strings.Join(names, " "); text != "ExecutionArn SdkHttpMetadata SdkResponseMetadata StartDate" || got.Get("StartDate").String() != "1500000000000" ||
		got.Get("SdkResponseMetadata").String() != `{"RequestId":"request"}` {
		t.Error(got)
	}

	*s = service{status: 400, answer: `{"__type": "com.amazonaws.swf#StateMachineDoesNotExist", "message": "State Machine Does Not Exist: 'm'"}`}
	_, err = run(t, start, `{"StateMachineArn": "m"}`)
	failed(t, err, "StepFunctions.StateMachineDoesNotExistException", "State Machine Does Not Exist: 'm' (Service: AWSStepFunctions; "+
		"Status Code: 400; Error Code: StateMachineDoesNotExist; Request ID: request; Proxy: null)")
	*s = service{status: 400, answer: `{"__type": "AccessDeniedException", "message": "no"}`}
	_, err = run(t, start, `{"StateMachineArn": "m"}`)
	failed(t, err, "StepFunctions.AWSStepFunctionsException", "no (Service: AWSStepFunctions; Status Code: 400; Error Code: AccessDeniedException; Request ID: request; Proxy: null)")
}

func TestSDK(t *testing.T) {
	s := &service{status: 200, header: "ETag: e", answer: "the text"}
	client := s3.NewFromConfig(s.config(t), func(o *s3.Options) { o.UsePathStyle = true })
	get := awstask.DecodedCall("aws-sdk:s3:getObject", awstask.Call(client.GetObject))
	got, err := run(t, get, `{"Bucket": "b", "Key": "k"}`)
	if err != nil || got.Get("Body").String() != `"the text"` || got.Get("ETag").String() != `"e"` || !got.Get("SdkHttpMetadata").IsAbsent() {
		t.Error(got, err)
	}

	put := awstask.DecodedCall("aws-sdk:s3:putObject", awstask.Call(client.PutObject))
	*s = service{status: 200}
	if _, err := run(t, put, `{"Bucket": "b", "Key": "k", "Body": {"a": 1}, "ServerSideEncryption": "AES256", "SsekmsKeyId": "id", "Expires": "2030-01-01T00:00:00Z"}`); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(s.body, `{"a":1}`) || s.asked.Header.Get("X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id") != "id" || s.asked.Header.Get("Expires") != "Tue, 01 Jan 2030 00:00:00 GMT" {
		t.Error(s.body, s.asked.Header)
	}

	*s = service{status: 404, answer: `<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>`}
	_, err = run(t, get, `{"Bucket": "b", "Key": "k"}`)
	failed(t, err, "S3.NoSuchKeyException", "The specified key does not exist. (Service: S3, Status Code: 404, Request ID: request, Extended Request ID: host) (SDK Attempt Count: 1)")
	*s = service{status: 403, answer: `<Error><Code>AccessDenied</Code><Message>no</Message></Error>`}
	if _, err = run(t, get, `{"Bucket": "b", "Key": "k"}`); err == nil || !strings.HasPrefix(err.Error(), "S3.S3Exception") {
		t.Error(err)
	}
}

func TestUnusable(t *testing.T) {
	s := &service{status: 200}
	get := awstask.DecodedCall("aws-sdk:s3:getObject", awstask.Call(s3.NewFromConfig(s.config(t)).GetObject))
	for parameters, reason := range map[string]string{
		`{"Bucket": "b"}`: "The field 'Key' is required but was missing",
		`{"Bucket": "b", "Key": "k", "SSECustomerKey": "x"}`: `The field "SSECustomerKey" is not supported by Step Functions`,
		`{"Bucket": "b", "Key": "k", "PartNumber": "1"}`:     "The value for the field 'PartNumber' must be a NUMBER",
	} {
		_, err := run(t, get, parameters)
		failed(t, err, asl.ErrorRuntime, "The Parameters '"+value.MustParse(parameters).String()+"' could not be used to start the Task: ["+reason+"]")
	}
	if s.asked != nil {
		t.Error("the service was called")
	}
}

// What the types of DynamoDB, Lambda and EventBridge have in common with these.
type (
	attribute        interface{ isAttribute() }
	attributeMemberS struct{ Value string }
	attributeMemberM struct{ Value map[string]attribute }
	attributeMemberB struct{ Value []byte }
	putInput         struct {
		ClientToken *string
		Item        map[string]attribute
		Count       int32
		At          *time.Time
	}
	putOutput struct {
		Attributes map[string]attribute
		Count      int32
		Consistent bool
	}
	invokeInput  struct{ Payload []byte }
	invokeOutput struct {
		FunctionError *string
		Payload       []byte
		StatusCode    int32
	}
	eventsOutput struct {
		Entries          []struct{ ErrorCode *string }
		FailedEntryCount int32
	}
	options struct{}
)

func (*attributeMemberS) isAttribute() {}
func (*attributeMemberM) isAttribute() {}
func (*attributeMemberB) isAttribute() {}

func TestUnions(t *testing.T) {
	var given *putInput
	method := func(_ context.Context, in *putInput, _ ...func(*options)) (*putOutput, error) {
		given = in
		return &putOutput{Attributes: in.Item}, nil
	}
	union := awstask.Union[attribute](&attributeMemberS{}, &attributeMemberM{}, &attributeMemberB{})
	put := awstask.DecodedCall("dynamodb:putItem", awstask.Call(method), union)
	const item = `{"a":{"S":"x"},"b":{"M":{"c":{"B":"y"}}},"e":{"S":""}}`
	got, err := run(t, put, `{"Item": `+item+`, "Count": 3, "At": "2030-01-01T00:00:00Z"}`)
	if err != nil || got.Get("Attributes").String() != item || got.Get("Count").String() != "0" || got.Get("Consistent").String() != "false" {
		t.Error(got, err)
	}
	if given.Count != 3 || given.At.Year() != 2030 || len(*given.ClientToken) != 52 {
		t.Errorf("%+v", given)
	}
	for parameters, reason := range map[string]string{
		`{"Item": {"a": {"S": 1}}}`:                         "The value for the field 'S' must be a STRING",
		`{"Item": {"a": {"X": "1"}}}`:                       `The field "X" is not supported by Step Functions`,
		`{"Item": {"a": {"S": "1", "B": "2"}}}`:             "The value for the field 'a' must be a JSON Object with one member",
		`{"Item": {"a": {"S": "1"}}, "Count": 99999999999}`: "The value for the field 'Count' must be a NUMBER",
	} {
		if _, err := run(t, put, parameters); err == nil || !strings.HasSuffix(err.Error(), "["+reason+"]") {
			t.Error(err, reason)
		}
	}
}

func TestAnswers(t *testing.T) {
	out := &invokeOutput{StatusCode: 200, Payload: []byte(`{"errorType": "Full", "errorMessage": "m"}`)}
	var sent string
	method := func(_ context.Context, in *invokeInput, _ ...func(*options)) (*invokeOutput, error) {
		sent = string(in.Payload)
		return out, nil
	}
	invoke := awstask.DecodedCall("lambda:invoke", awstask.Call(method))
	got, err := run(t, invoke, `{"Payload": {"a": "b"}}`)
	if err != nil || sent != `{"a":"b"}` || got.Get("Payload").Get("errorType").String() != `"Full"` {
		t.Error(got, err, sent)
	}
	out.FunctionError = aws.String("Unhandled")
	_, err = run(t, invoke, `{"Payload": "text"}`)
	failed(t, err, "Full", `{"errorType":"Full","errorMessage":"m"}`)
	out.Payload = nil
	_, err = run(t, invoke, `{}`)
	failed(t, err, "Lambda.Unknown", "null")

	put := awstask.DecodedCall("events:putEvents", awstask.Call(func(context.Context, *invokeInput, ...func(*options)) (*eventsOutput, error) {
		return &eventsOutput{FailedEntryCount: 1, Entries: []struct{ ErrorCode *string }{{aws.String("c")}}}, nil
	}))
	_, err = run(t, put, `{}`)
	failed(t, err, "EventBridge.FailedEntry", `{"Entries":[{"ErrorCode":"c"}],"FailedEntryCount":1}`)

	broken := awstask.DecodedCall("sqs:sendMessage", awstask.Call(func(context.Context, *invokeInput, ...func(*options)) (*invokeOutput, error) {
		return nil, &smithy.OperationError{ServiceID: "SQS", OperationName: "SendMessage", Err: errors.New("no route")}
	}))
	if _, err = run(t, broken, `{}`); err == nil || !strings.HasPrefix(err.Error(), "SQS.SdkClientException") {
		t.Error(err)
	}
}

// A state's Credentials are those of its call.
func TestAsRole(t *testing.T) {
	s := &service{status: 200, answer: `{"executionArn": "arn", "startDate": 1.5e9}`}
	client := sfn.NewFromConfig(s.config(t))
	roles := func(role string) aws.CredentialsProvider {
		return credentials.NewStaticCredentialsProvider(role, "secret", "")
	}
	start := awstask.DecodedCall("states:startExecution", awstask.Call(client.StartExecution, awstask.AsRole(roles)))
	a := (&asl.Frame{State: "Call"}).NewAttempt("")
	for _, role := range []string{"", "theirs"} {
		a.RoleARN = role
		if _, err := start.Call(t.Context(), a, value.MustParse(`{"StateMachineArn": "m"}`)); err != nil {
			t.Fatal(err)
		}
		if got := s.asked.Header.Get("Authorization"); !strings.Contains(got, "Credential="+cmp.Or(role, "id")+"/") {
			t.Errorf("as %q it is signed as %s", role, got)
		}
	}
	plain := awstask.DecodedCall("states:startExecution", awstask.Call(client.StartExecution))
	_, err := plain.Call(t.Context(), a, value.MustParse(`{"StateMachineArn": "m"}`))
	failed(t, err, asl.ErrorRuntime, "The task is to be done as the role theirs, and its effect does not say how")
}
