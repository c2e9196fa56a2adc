package sfnapi_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/durable"
	"github.com/r-seed-632eed22/aslgen/runtime/sfnapi"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// BenchmarkChildren asks for a page of a hundred of the children of a Map Run, and for one of them, on an engine that keeps them on disk.
func BenchmarkChildren(b *testing.B) {
	for _, children := range []int{500, 5000} {
		engine, err := durable.Open(b.TempDir())
		if err != nil {
			b.Fatal(err)
		}
		m, err := table.NewMachine[asl.Value, asl.Value](engine, table.Definition{Name: "Shelf", Checksum: "1", StartAt: "Each", States: []table.State{&table.Map{
			Name: "Each", End: true, ItemProcessor: table.Branch{StartAt: "Leave", States: []table.State{&table.Pass{Name: "Leave", End: true}}},
			Distributed: &table.Distributed{ExecutionType: asl.Standard},
		}}})
		if err != nil {
			b.Fatal(err)
		}
		x, err := m.StartDocument(b.Context(), value.Array(slices.Repeat([]value.Value{value.True}, children)...))
		if err != nil {
			b.Fatal(err)
		}
		if _, err := x.Running().Wait(b.Context()); err != nil {
			b.Fatal(err)
		}
		ctx := b.Context()
		c := apiClient(b, sfnapi.NewAPIHandler(engine))
		id := x.Running().ID()
		runs, err := c.ListMapRuns(ctx, &sfn.ListMapRunsInput{ExecutionArn: &id})
		if err != nil {
			b.Fatal(err)
		}
		var page *sfn.ListExecutionsOutput
		b.Run(fmt.Sprint("page/", children), func(b *testing.B) {
			for b.Loop() {
				if page, err = c.ListExecutions(ctx, &sfn.ListExecutionsInput{MapRunArn: runs.MapRuns[0].MapRunArn}); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprint("one/", children), func(b *testing.B) {
			for b.Loop() {
				if _, err := c.DescribeExecution(ctx, &sfn.DescribeExecutionInput{ExecutionArn: page.Executions[0].ExecutionArn}); err != nil {
					b.Fatal(err)
				}
			}
		})
		if err := engine.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
