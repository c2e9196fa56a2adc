package sfnapi_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/durable"
	"github.com/r-seed-632eed22/aslgen/runtime/sfnapi"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// mostEvents is how many events a history has at most, and pageEvents a page of it.
const mostEvents, pageEvents = 25_000, 1000

// BenchmarkHistory reads the longest history of the durable engine with the AWS SDK, all pages of it and the first page alone, from either
// end. Its execution calls a task until there is no more room for events, with a document of 1 KB that is another one each time.
func BenchmarkHistory(b *testing.B) {
	engine, err := durable.Open(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	defer func() {
		if err := engine.Close(); err != nil {
			b.Error(err)
		}
	}()
	server := httptest.NewServer(sfnapi.NewAPIHandler(engine))
	defer server.Close()
	client := sfn.New(sfn.Options{
		Region: "us-east-1", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("k", "s", ""), HTTPClient: http.DefaultClient,
	})
	in := &sfn.GetExecutionHistoryInput{ExecutionArn: aws.String(endless(b, engine)), MaxResults: pageEvents}
	for _, in.ReverseOrder = range []bool{false, true} {
		b.Run(fmt.Sprintf("pages/reverse=%v", in.ReverseOrder), func(b *testing.B) {
			for b.Loop() {
				if n := events(b, client, *in); n != mostEvents {
					b.Fatalf("%d events", n)
				}
			}
		})
		b.Run(fmt.Sprintf("page/reverse=%v", in.ReverseOrder), func(b *testing.B) {
			for b.Loop() {
				if h, err := client.GetExecutionHistory(b.Context(), in); err != nil || len(h.Events) != pageEvents {
					b.Fatal(err)
				}
			}
		})
	}
}

// events returns how many events all pages have.
func events(b *testing.B, client *sfn.Client, in sfn.GetExecutionHistoryInput) (n int) {
	for pages := sfn.NewGetExecutionHistoryPaginator(client, &in); pages.HasMorePages(); {
		h, err := pages.NextPage(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		n += len(h.Events)
	}
	return n
}

// endless runs an execution that ends only for its history, and returns its ARN.
func endless(b *testing.B, engine *durable.Engine) string {
	task := &table.Task{Name: "Again", Resource: "arn:aws:lambda:us-east-1:123456789012:function:f", Next: "Again",
		Run: table.RequestResponse("Again", table.Input, asl.CallFunc(func(_ context.Context, in asl.Value) (asl.Value, error) {
			n, _ := in.Get("n").AsInt()
			return in.With("n", value.Int(n+1)), nil
		}))}
	m, err := table.NewMachine[asl.Value, asl.Value](engine, table.Definition{Name: "Endless", StartAt: "Again", States: []table.State{task}, Checksum: "1"})
	if err != nil {
		b.Fatal(err)
	}
	x, err := m.Start(b.Context(), value.Object(value.Field("n", value.Int(0)), value.Field("text", value.String(strings.Repeat("x", 1000)))))
	if err != nil {
		b.Fatal(err)
	}
	if _, err := x.Wait(b.Context()); err == nil {
		b.Fatal("it has ended")
	}
	return x.Running().ID()
}
