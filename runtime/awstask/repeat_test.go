package awstask_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/awstask"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// faulty answers all calls but the first, which it has a fault for.
type faulty struct {
	*httptest.Server
	fault  http.HandlerFunc
	dialed func(ctx context.Context, network string) (net.Conn, error) // in place of the first connection
	http2  bool

	mu     sync.Mutex
	bodies []string
}

// asked returns the bodies of the requests.
func (f *faulty) asked() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.bodies
}

// next returns how the next connection is made, nil for the usual way.
func (f *faulty) next() func(ctx context.Context, network string) (net.Conn, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	dial := f.dialed
	f.dialed = nil
	return dial
}

func (f *faulty) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	text, _ := io.ReadAll(r.Body)
	f.mu.Lock()
	f.bodies = append(f.bodies, string(text))
	first := len(f.bodies) == 1
	f.mu.Unlock()
	if first && f.fault != nil {
		f.fault(w, r)
		return
	}
	_, _ = io.WriteString(w, `{"executionArn": "arn", "startDate": 1.5e9, "status": "SUCCEEDED"}`)
}

// client returns a client that repeats what the SDK repeats, and waits no longer than a second for an answer.
func (f *faulty) client(t *testing.T) *sfn.Client {
	t.Helper()
	f.Server = httptest.NewUnstartedServer(f)
	f.EnableHTTP2 = f.http2
	f.StartTLS()
	t.Cleanup(f.Close)
	transport := f.Client().Transport.(*http.Transport)
	transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		if dial := f.next(); dial != nil {
			return dial(ctx, network)
		}
		return new(net.Dialer).DialContext(ctx, network, address)
	}
	return sfn.NewFromConfig(aws.Config{
		Region: "us-east-1", BaseEndpoint: aws.String(f.URL), Credentials: credentials.NewStaticCredentialsProvider("id", "secret", ""),
		HTTPClient: &http.Client{Transport: transport, Timeout: time.Second},
		Retryer: func() aws.Retryer {
			return retry.NewStandard(func(o *retry.StandardOptions) { o.MaxBackoff = time.Millisecond })
		},
	})
}

func answered(status int, answer string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, answer)
	}
}

// closed is a connection whose other side ends it at once.
func closed(context.Context, string) (net.Conn, error) {
	near, far := net.Pipe()
	return near, far.Close()
}

// refusing is a port on which nobody listens any more.
func refusing(ctx context.Context, network string) (net.Conn, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	_ = l.Close()
	return new(net.Dialer).DialContext(ctx, network, l.Addr().String())
}

// A call without a token is repeated only if it was surely not carried out. Otherwise it fails, and Retry decides.
func TestLostAnswers(t *testing.T) {
	for name, row := range map[string]struct {
		fault  http.HandlerFunc
		dialed func(ctx context.Context, network string) (net.Conn, error)
		fails  string
	}{
		"the connection breaks": {fault: func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, fails: "StepFunctions.SdkClientException"},
		"no answer in time":     {fault: func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, fails: "StepFunctions.SdkClientException"},
		"half an answer": {fault: func(w http.ResponseWriter, r *http.Request) {
			answered(200, `{"exec`)(w, r)
			panic(http.ErrAbortHandler)
		}, fails: "StepFunctions.SdkClientException"},
		"the service's own fault": {fault: answered(500, `{"__type": "InternalFailure"}`), fails: "StepFunctions.AWSStepFunctionsException"},
		"no service behind":       {fault: answered(504, ``), fails: "StepFunctions.AWSStepFunctionsException"},
		"refused":                 {fault: answered(400, `{"__type": "ThrottlingException"}`)},
		"refused, 503":            {fault: answered(503, `{"__type": "SlowDown"}`)},
		"not received":            {fault: answered(400, `{"__type": "RequestTimeout"}`)},
		"nobody listens":          {dialed: refusing},
		"no handshake of TLS":     {dialed: closed},
	} {
		for _, protocol := range []string{"HTTP/1.1", "HTTP/2"} {
			t.Run(name+", "+protocol, func(t *testing.T) {
				t.Parallel()
				f := &faulty{fault: row.fault, dialed: row.dialed, http2: protocol == "HTTP/2"}
				client := f.client(t)
				_, err := run(t, awstask.DecodedCall("states:startExecution", awstask.Call(client.StartExecution)), `{"StateMachineArn": "m"}`)
				calls := 1 // that reach the service
				if row.fails == "" && row.fault != nil {
					calls = 2
				}
				e, _ := errors.AsType[*asl.Error](err)
				if (err == nil) != (row.fails == "") || err != nil && (e == nil || e.Name != row.fails) || len(f.asked()) != calls {
					t.Errorf("%d calls, %v; want %d, %s", len(f.asked()), err, calls, row.fails)
				}
			})
		}
	}
}

// What only reads, and what the service knows by a token or a name, is repeated as the SDK does.
func TestRepeatedAnyway(t *testing.T) {
	breaks := func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
	f := &faulty{fault: breaks}
	if _, err := run(t, awstask.DecodedCall("aws-sdk:sfn:describeExecution", awstask.Call(f.client(t).DescribeExecution)), `{"ExecutionArn": "e"}`); err != nil {
		t.Error(err)
	}
	f = &faulty{fault: breaks}
	if _, err := run(t, awstask.DecodedCall("aws-sdk:sfn:redriveExecution", awstask.Call(f.client(t).RedriveExecution)), `{"ExecutionArn": "e"}`); err != nil {
		t.Error(err)
	}
	if len(f.asked()) != 2 || f.asked()[0] != f.asked()[1] || !strings.Contains(f.asked()[0], "clientToken") {
		t.Errorf("%q", f.asked())
	}
	f = &faulty{fault: breaks}
	client := f.client(t)
	job := awstask.DecodedJob("states:startExecution.sync", awstask.Sync[*sfn.DescribeExecutionOutput]("states:startExecution.sync",
		client.StartExecution, client.DescribeExecution, client.StopExecution))
	if _, err := job.Start(t.Context(), (&asl.Frame{State: "Run"}).NewAttempt(""), value.MustParse(`{"StateMachineArn": "m"}`)); err != nil {
		t.Error(err)
	}
	if len(f.asked()) != 2 || f.asked()[0] != f.asked()[1] {
		t.Errorf("%q", f.asked())
	}
}

// A client keeps its own retryer, which may be none, and one that is told to repeat more.
func TestOwnRetryer(t *testing.T) {
	f := &faulty{fault: answered(400, `{"__type": "ThrottlingException"}`)}
	client := f.client(t)
	call := awstask.Call(func(ctx context.Context, in *sfn.StartExecutionInput, options ...func(*sfn.Options)) (*sfn.StartExecutionOutput, error) {
		return client.StartExecution(ctx, in, append([]func(*sfn.Options){func(o *sfn.Options) { o.Retryer = aws.NopRetryer{} }}, options...)...)
	})
	if _, err := run(t, awstask.DecodedCall("states:startExecution", call), `{"StateMachineArn": "m"}`); err == nil || len(f.asked()) != 1 {
		t.Errorf("%d calls, %v", len(f.asked()), err)
	}
	var exists *types.ExecutionAlreadyExists
	f = &faulty{fault: answered(400, `{"__type": "ExecutionAlreadyExists"}`)}
	client = f.client(t)
	call = awstask.Call(func(ctx context.Context, in *sfn.StartExecutionInput, options ...func(*sfn.Options)) (*sfn.StartExecutionOutput, error) {
		return client.StartExecution(ctx, in, append([]func(*sfn.Options){func(o *sfn.Options) {
			o.Retryer = retry.AddWithErrorCodes(o.Retryer, exists.ErrorCode())
		}}, options...)...)
	})
	if _, err := run(t, awstask.DecodedCall("states:startExecution", call), `{"StateMachineArn": "m"}`); err != nil || len(f.asked()) != 2 {
		t.Errorf("%d calls, %v", len(f.asked()), err)
	}
}
