package sfnapi_test

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/sfnapi"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// TestReaders: who reads a history page by page reads it as it was at first, though it goes on, and though others begin to read it meanwhile.
func TestReaders(t *testing.T) {
	for name, engine := range keepers(t) {
		t.Run(name, func(t *testing.T) {
			asked, answer := make(chan bool), make(chan bool)
			ask := &table.Task{Name: "Ask", Resource: "arn:aws:lambda:us-east-1:123456789012:function:f", End: true,
				Run: table.RequestResponse("Ask", table.Input, asl.CallFunc(func(_ context.Context, in asl.Value) (asl.Value, error) {
					asked <- true
					<-answer
					return in, nil
				}))}
			m, err := table.NewMachine[asl.Value, asl.Value](engine, table.Definition{Name: "Read", Checksum: "1", StartAt: "Ask", States: []table.State{ask}})
			if err != nil {
				t.Fatal(err)
			}
			x, err := m.StartDocument(t.Context(), value.True)
			if err != nil {
				t.Fatal(err)
			}
			c := apiClient(t, sfnapi.NewAPIHandler(engine))
			read := func(reverse bool) func() (ids []int64) {
				in := &sfn.GetExecutionHistoryInput{ExecutionArn: aws.String(x.Running().ID()), ReverseOrder: reverse, MaxResults: 1}
				pages := sfn.NewGetExecutionHistoryPaginator(c, in)
				next := func() int64 {
					h, err := pages.NextPage(t.Context())
					if err != nil || len(h.Events) != 1 {
						t.Fatal(h, err)
					}
					return h.Events[0].Id
				}
				first := next()
				return func() []int64 {
					ids := []int64{first}
					for pages.HasMorePages() {
						ids = append(ids, next())
					}
					return ids
				}
			}
			<-asked
			before, backwards := read(false), read(true)
			answer <- true
			if _, err := x.Running().Wait(t.Context()); err != nil {
				t.Fatal(err)
			}
			after, others := read(false), read(true)
			was, is := backwards(), others()
			if len(was) == 0 || was[0] != int64(len(was)) || was[len(was)-1] != 1 || len(before()) != len(was) {
				t.Errorf("the history was %d, and %d", was, before())
			}
			if got := after(); len(is) <= len(was) || is[0] != int64(len(is)) || is[len(is)-1] != 1 || len(got) != len(is) || got[len(got)-1] != is[0] {
				t.Errorf("the history is %d, and %d", is, got)
			}
		})
	}
}
