package main

import (
	"bytes"
	"context"
	"net/http/httptest"
	"regexp"
	"testing"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
	"github.com/r-seed-632eed22/aslgen/runtime/sfnapi"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// TestMapProgress: ps says how many items of the Map are done that an execution stands in, inline or not, beside a Map that it has left.
func TestMapProgress(t *testing.T) {
	engine := memory.New()
	in, release := make(chan bool), make(chan bool)
	work := func() table.Branch {
		return table.Branch{StartAt: "Work", States: []table.State{&table.Task{Name: "Work", Resource: "arn:aws:lambda:us-east-1:123456789012:function:f", End: true,
			Run: table.RequestResponse("Work", table.Input, asl.CallFunc(func(_ context.Context, item asl.Value) (asl.Value, error) {
				in <- true
				<-release
				return item, nil
			}))}}}
	}
	idle := table.Branch{StartAt: "Idle", States: []table.State{&table.Pass{Name: "Idle", End: true}}}
	m, err := table.NewMachine[asl.Value, asl.Value](engine, table.Definition{Name: "Rows", StartAt: "Before", States: []table.State{
		&table.Map{Name: "Before", Next: "Inline", ItemProcessor: idle},
		&table.Map{Name: "Inline", Next: "Distributed", MaxConcurrency: 1, ItemProcessor: work()},
		&table.Map{Name: "Distributed", End: true, MaxConcurrency: 1, ItemProcessor: work(), Distributed: &table.Distributed{ExecutionType: asl.Standard}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(sfnapi.NewAPIHandler(engine))
	t.Cleanup(server.Close)
	x, err := m.StartDocument(t.Context(), value.MustParse(`[1,2,3]`), asl.Named("one"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"0/3", "1/3", "2/3", "0/3", "1/3", "2/3"} {
		<-in
		var stdout, stderr bytes.Buffer
		if code := run(t.Context(), []string{"ps", "-endpoint", server.URL}, &stdout, &stderr); code != exitOK {
			t.Fatal(stderr.String())
		}
		if !regexp.MustCompile(`(?m)^Rows +one +RUNNING .* ` + want + ` *$`).MatchString(stdout.String()) {
			t.Errorf("not %s:\n%s", want, stdout.String())
		}
		release <- true
	}
	if _, err := x.Running().Wait(t.Context()); err != nil {
		t.Error(err)
	}
}
