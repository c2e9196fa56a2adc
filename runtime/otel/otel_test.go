package otel_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/r-seed-632eed22/aslgen/example/ecsjobs"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/durable"
	"github.com/r-seed-632eed22/aslgen/runtime/ecstask"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
	"github.com/r-seed-632eed22/aslgen/runtime/otel"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

var start = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func call(name string, f func() error) *table.Task {
	return &table.Task{Name: name, Resource: "arn:aws:lambda:us-east-1:123456789012:function:f", End: true,
		Run: table.RequestResponse(name, table.Input, asl.CallFunc(func(_ context.Context, in asl.Value) (asl.Value, error) { return in, f() }))}
}

// tree draws spans: each with how long it took, what is wrong with it, and what is inside it.
func tree(spans tracetest.SpanStubs) string {
	var b strings.Builder
	slices.SortStableFunc(spans, func(a, b tracetest.SpanStub) int {
		return cmp.Or(a.StartTime.Compare(b.StartTime), cmp.Compare(a.Name, b.Name))
	})
	var draw func(s tracetest.SpanStub, depth int)
	draw = func(s tracetest.SpanStub, depth int) {
		fmt.Fprintf(&b, "%s%s %v", strings.Repeat("  ", depth), s.Name, s.EndTime.Sub(s.StartTime))
		for _, a := range s.Attributes {
			if a.Key == "asl.attempt" || a.Key == "error.type" {
				fmt.Fprint(&b, " ", a.Value.String())
			}
		}
		if s.Status.Description != "" {
			fmt.Fprint(&b, " (", s.Status.Description, ")")
		}
		if len(s.Links) > 0 {
			b.WriteString(" linked")
		}
		b.WriteString("\n")
		for _, inner := range spans {
			if inner.Parent.SpanID() == s.SpanContext.SpanID() && inner.Parent.TraceID() == s.SpanContext.TraceID() {
				draw(inner, depth+1)
			}
		}
	}
	for _, s := range spans {
		if !s.Parent.IsValid() {
			draw(s, 0)
		}
	}
	return b.String()
}

// TestSpans: what runs is a tree of spans, on the times of the events.
func TestSpans(t *testing.T) {
	exporter := tracetest.NewInMemoryExporter()
	tracing := otel.NewTracing(sdktrace.WithSyncer(exporter))
	reader := metric.NewManualReader()
	metrics, err := otel.NewMetrics(metric.NewMeterProvider(metric.WithReader(reader)))
	if err != nil {
		t.Fatal(err)
	}
	engine := memory.NewDriven(start)
	tries := 0
	flaky := call("Flaky", func() error {
		if tries++; tries == 1 {
			return errors.New("again")
		}
		return nil
	})
	flaky.Retry = []table.Retrier{{ErrorEquals: []string{asl.ErrorAll}, IntervalSeconds: 3, MaxAttempts: 1, BackoffRate: 1}}
	broken := call("Broken", func() error { return &asl.Error{Name: "Broken", Cause: "in two"} })
	wait := func(name string, seconds int) *table.Wait {
		return &table.Wait{Name: name, Seconds: seconds, End: true}
	}
	branch := func(s table.State, name string) table.Branch {
		return table.Branch{StartAt: name, States: []table.State{s}}
	}
	flaky.End, flaky.Next = false, "Fan"
	m, err := table.NewMachine[asl.Value, asl.Value](engine, table.Definition{Name: "Spans", StartAt: "Flaky", States: []table.State{
		flaky,
		&table.Parallel{Name: "Fan", Next: "Each", ResultPath: table.NullPath, Branches: []table.Branch{branch(wait("Short", 1), "Short"), branch(wait("Long", 2), "Long")}},
		&table.Map{Name: "Each", Next: "Children", MaxConcurrency: 1, ItemProcessor: branch(wait("Rest", 1), "Rest")},
		&table.Map{Name: "Children", Next: "End", ItemProcessor: branch(wait("Nap", 2), "Nap"), Distributed: &table.Distributed{ExecutionType: asl.Standard}},
		&table.Parallel{Name: "End", End: true, Branches: []table.Branch{branch(wait("Cut off", 60), "Cut off"), branch(broken, "Broken")}},
	}}, asl.Observe(tracing), asl.Observe(metrics))
	if err != nil {
		t.Fatal(err)
	}
	engine.Driven().Run(t.Context(), func(ctx context.Context) {
		x, err := m.StartDocument(ctx, value.MustParse(`[1,2]`))
		if err == nil {
			_, err = x.Running().Wait(ctx)
		}
		if failed := asl.ErrorOf(err); failed == nil || failed.Name != "Broken" {
			t.Error(err)
		}
	})
	const want = `Spans 9s Broken (in two)
  Flaky 3s
    arn:aws:lambda:us-east-1:123456789012:function:f 0s 1 States.TaskFailed (again)
    arn:aws:lambda:us-east-1:123456789012:function:f 0s 2
  Fan 2s
    Long 2s
    Short 1s
  Each 2s
    Each[0] 1s
      Rest 1s
    Each[1] 1s
      Rest 1s
  Children 2s
  End 0s Broken (in two)
    Broken 0s Broken (in two)
      arn:aws:lambda:us-east-1:123456789012:function:f 0s 1 Broken (in two)
    Cut off 0s (ABORTED)
Spans/Children 2s linked
  Nap 2s
Spans/Children 2s linked
  Nap 2s
`
	if got := tree(exporter.GetSpans()); got != want {
		t.Errorf("the spans are\n%s\nnot\n%s", got, want)
	}
	if err := tracing.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	checkMetrics(t, reader)
}

func checkMetrics(t *testing.T, reader *metric.ManualReader) {
	t.Helper()
	var all metricdata.ResourceMetrics
	if err := reader.Collect(t.Context(), &all); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, m := range all.ScopeMetrics[0].Metrics {
		switch d := m.Data.(type) {
		case metricdata.Sum[int64]:
			for _, p := range d.DataPoints {
				got[m.Name+text(p.Attributes)] = fmt.Sprint(p.Value)
			}
		case metricdata.Histogram[float64]:
			for _, p := range d.DataPoints {
				got[m.Name+text(p.Attributes)] = fmt.Sprintf("%d, %gs", p.Count, p.Sum)
			}
		}
	}
	for name, want := range map[string]string{
		"asl.executions.started[Spans]":                    "1",
		"asl.executions.started[Spans/Children]":           "2",
		"asl.execution.duration[Spans FAILED]":             "1, 9s",
		"asl.execution.duration[Spans/Children SUCCEEDED]": "2, 4s",
		"asl.state.duration[Flaky Spans SUCCEEDED]":        "1, 3s",
		"asl.attempt.duration[arn:aws:lambda:us-east-1:123456789012:function:f Flaky Spans FAILED States.TaskFailed]": "1, 0s",
	} {
		if got[name] != want {
			t.Errorf("%s is %q, not %q: %v", name, got[name], want, got)
		}
	}
}

func text(of attribute.Set) string {
	var values []string
	for _, a := range of.ToSlice() {
		values = append(values, a.Value.String())
	}
	return fmt.Sprint(values)
}

// TestRestart: an execution whose process ends half way has the spans that it would have had, each once.
func TestRestart(t *testing.T) {
	folder := t.TempDir()
	exporter := tracetest.NewInMemoryExporter()
	machine := func() (*durable.Engine, *asl.Machine[asl.Value, asl.Value]) {
		tracing := otel.NewTracing(sdktrace.WithSyncer(exporter))
		engine, err := durable.Open(folder)
		if err != nil {
			t.Fatal(err)
		}
		tracing.Histories(func(arn string) ([]asl.Event, error) {
			x, err := engine.Execution(arn)
			if err != nil {
				return nil, err
			}
			return x.History(t.Context())
		})
		m, err := table.NewMachine[asl.Value, asl.Value](engine, table.Definition{Name: "Two", Checksum: "1", StartAt: "First", States: []table.State{
			&table.Wait{Name: "First", Seconds: 0, Next: "Second"}, ask("Second"),
		}}, asl.Observe(tracing))
		if err != nil {
			t.Fatal(err)
		}
		return engine, m
	}
	tokens = make(chan string, 1)
	engine, m := machine()
	x, err := m.StartDocument(t.Context(), value.EmptyObject)
	if err != nil {
		t.Fatal(err)
	}
	token := <-tokens
	if err := engine.Close(); err != nil {
		t.Fatal(err)
	}
	engine, _ = machine()
	if err := engine.SendTaskSuccess(t.Context(), token, value.True); err != nil {
		t.Fatal(err)
	}
	again, err := engine.Execution(x.Running().ID())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := again.Wait(t.Context()); err != nil {
		t.Error(err)
	}
	if err := engine.Close(); err != nil { // by then observers have heard of all
		t.Error(err)
	}
	var names []string
	for line := range strings.Lines(tree(exporter.GetSpans())) {
		name, _, _ := strings.Cut(strings.TrimRight(line, "\n"), "s")
		names = append(names, strings.TrimRight(name, "0123456789.mµ "))
	}
	if got := strings.Join(names, "|"); got != "Two|  Fir|  Second|    ek" {
		t.Errorf("the spans are %s:\n%s", got, tree(exporter.GetSpans()))
	}
}

// tokens are those that the task of ask has handed out.
var tokens chan string

func ask(name string) *table.Task {
	return &table.Task{Name: name, Resource: "arn:aws:states:::eks:runJob.waitForTaskToken", End: true,
		Run: table.WaitForTaskToken(name, table.Input, asl.SendFunc(func(_ context.Context, token string, _ asl.Value) error {
			tokens <- token
			return nil
		}))}
}

// recorded is an Amazon ECS that notes the parameters of RunTask.
type recorded struct {
	ecstask.API
	inputs []*ecs.RunTaskInput
}

func (r *recorded) RunTask(_ context.Context, in *ecs.RunTaskInput, _ ...func(*ecs.Options)) (*ecs.RunTaskOutput, error) {
	r.inputs = append(r.inputs, in)
	return &ecs.RunTaskOutput{Tasks: []types.Task{{TaskArn: aws.String("arn:aws:ecs:us-east-1:123456789012:task/c/1")}}}, nil
}

func (r *recorded) DescribeTasks(context.Context, *ecs.DescribeTasksInput, ...func(*ecs.Options)) (*ecs.DescribeTasksOutput, error) {
	return &ecs.DescribeTasksOutput{Tasks: []types.Task{{TaskArn: aws.String("arn:aws:ecs:us-east-1:123456789012:task/c/1"), LastStatus: aws.String("STOPPED"),
		Containers: []types.Container{{Name: aws.String("container-name"), ExitCode: new(int32)}}}}}, nil
}

// TestEnvironment: the container is told of a span of the execution's trace.
func TestEnvironment(t *testing.T) {
	exporter := tracetest.NewInMemoryExporter()
	tracing := otel.NewTracing(sdktrace.WithSyncer(exporter))
	service := &recorded{}
	engine := memory.NewDriven(start)
	m, err := ecsjobs.NewRunJob(engine, ecsjobs.NewRunJobTasks(ecsjobs.RunJobClients{ECS: ecstask.New(tracing.Environment(service), ecstask.WithClock(engine.Clock()))}), asl.Observe(tracing))
	if err != nil {
		t.Fatal(err)
	}
	engine.Driven().Run(t.Context(), func(ctx context.Context) {
		x, err := m.StartDocument(ctx, value.MustParse(`{"commands":["a"]}`))
		if err == nil {
			_, err = x.Running().Wait(ctx)
		}
		if err != nil {
			t.Error(err)
		}
	})
	environment := service.inputs[0].Overrides.ContainerOverrides[0].Environment
	at := slices.IndexFunc(environment, func(v types.KeyValuePair) bool { return *v.Name == "TRACEPARENT" })
	if at < 0 {
		t.Fatalf("%+v", environment)
	}
	for _, s := range exporter.GetSpans() {
		if s.Name != "RunTask" {
			continue
		}
		if want := fmt.Sprintf("00-%s-%s-01", s.SpanContext.TraceID(), s.SpanContext.SpanID()); *environment[at].Value != want {
			t.Errorf("TRACEPARENT is %s, not %s", *environment[at].Value, want)
		}
		if !strings.Contains(tree(exporter.GetSpans()), "\n  RunTask ") {
			t.Errorf("the span is not inside the execution's:\n%s", tree(exporter.GetSpans()))
		}
		return
	}
	t.Error("there is no span of the call")
}
