package orders

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	batchtypes "github.com/aws/aws-sdk-go-v2/service/batch/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/r-seed-632eed22/aslgen/runtime/awstask"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// services answers calls as six services do, in their protocols: DynamoDB and SQS in JSON 1.0, SNS in Query, Batch and Lambda in REST-JSON, S3
// in REST-XML.
type services struct {
	engine *memory.Engine
	known  bool // DynamoDB has the order
	asked  int  // how often Batch was asked for the job
	calls  []string
}

func (s *services) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	call := r.Header.Get("X-Amz-Target")
	if call == "" {
		call = r.Method + " " + r.URL.Path
	}
	if strings.HasPrefix(string(body), "Action=") {
		call, _, _ = strings.Cut(string(body), "&")
	}
	s.calls = append(s.calls, call)
	w.Header().Set("X-Amzn-Requestid", "request")
	status, text := s.answer(w, r, call, string(body))
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text)
}

func (s *services) answer(w http.ResponseWriter, r *http.Request, call, body string) (status int, text string) {
	switch call {
	case "DynamoDB_20120810.PutItem":
		if s.known {
			return 400, `{"__type": "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException", "message": "The conditional request failed"}`
		}
		return 200, `{}`
	case "POST /2015-03-31/functions/charge/invocations":
		w.Header().Set("X-Amz-Executed-Version", "$LATEST")
		return 200, `{"receipt": "paid o-1"}`
	case "POST /v1/submitjob":
		return 200, `{"jobId": "job-o-1", "jobName": "o-1", "jobArn": "arn"}`
	case "POST /v1/describejobs":
		state := "RUNNING"
		if s.asked++; s.asked > 1 {
			state = "SUCCEEDED"
		}
		return 200, fmt.Sprintf(`{"jobs": [{"jobId": "job-o-1", "status": %q, "container": {"exitCode": 0}}]}`, state)
	case "PUT /reports/o-1.json":
		w.Header().Set("ETag", "tag")
		return 200, ""
	case "Action=Publish":
		return 200, `<PublishResponse><PublishResult><MessageId>m</MessageId></PublishResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></PublishResponse>`
	case "AmazonSQS.SendMessage":
		text, _ := value.MustParse(body).Get("MessageBody").AsString()
		token, _ := value.MustParse(text).Get("token").AsString()
		go func() { _ = s.engine.SendTaskSuccess(r.Context(), token, value.MustParse(`{"by": "me"}`)) }()
		return 200, `{"MessageId": "m"}`
	}
	return 404, "unknown: " + call
}

// clients are those of real services, but for where they are.
func clients(t *testing.T, s *services) OrderClients {
	t.Helper()
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	configuration := aws.Config{
		Region: "us-east-1", BaseEndpoint: aws.String(server.URL), Credentials: credentials.NewStaticCredentialsProvider("id", "secret", ""),
		Retryer: func() aws.Retryer { return aws.NopRetryer{} },
	}
	c := NewOrderClients(configuration)
	c.S3 = s3.NewFromConfig(configuration, func(o *s3.Options) { o.UsePathStyle = true })
	return c
}

func TestServices(t *testing.T) {
	s := &services{engine: memory.New()}
	c := clients(t, s)
	tasks := NewOrderTasks(c)
	tasks.Prepare = awstask.Sync[*batchtypes.JobDetail]("batch:submitJob.sync", c.Batch.SubmitJob, c.Batch.DescribeJobs, c.Batch.TerminateJob, awstask.PollEvery(time.Millisecond))
	got, err := run(t, s.engine, tasks)
	if err != nil || got != served {
		t.Errorf("%s, %v", got, err)
	}
	const calls = "DynamoDB_20120810.PutItem, POST /2015-03-31/functions/charge/invocations, POST /v1/submitjob, POST /v1/describejobs, POST /v1/describejobs, " +
		"PUT /reports/o-1.json, Action=Publish, AmazonSQS.SendMessage"
	if list := strings.Join(s.calls, ", "); list != calls {
		t.Errorf("the services are called with %s", list)
	}
}

func TestKnownAtService(t *testing.T) {
	s := &services{engine: memory.New(), known: true}
	if got, err := run(t, s.engine, NewOrderTasks(clients(t, s))); err != nil || got != `{"id":"o-1","cents":250}` {
		t.Errorf("%s, %v", got, err)
	}
}
