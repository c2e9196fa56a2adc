package otel

import (
	"context"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/ecstask"
)

// traceparent is the environment variable of the W3C trace context, as OpenTelemetry names it.
const traceparent = "TRACEPARENT"

// Environment returns an API of Amazon ECS that puts the trace context of the execution (TRACEPARENT, W3C) into the environment of the
// containers that a RunTask names in its overrides, unless it is there. The span that containers continue is that of the call.
//
//	ecstask.New(tracing.Environment(ecs.NewFromConfig(configuration)))
func (t *Tracing) Environment(api ecstask.API) ecstask.API { return environment{api, t} }

type environment struct {
	ecstask.API
	*Tracing
}

// RunTask implements [ecstask.API]. Whoever repeats an attempt's call sends the same bytes: the context follows from the attempt.
func (e environment) RunTask(ctx context.Context, in *ecs.RunTaskInput, options ...func(*ecs.Options)) (*ecs.RunTaskOutput, error) {
	a := asl.AttemptFrom(ctx)
	if a == nil || in == nil || in.Overrides == nil {
		return e.API.RunTask(ctx, in, options...)
	}
	arn := a.Execution()
	call := sampled(traceOf(arn), spanOf(arn, a.ID()))
	header := propagation.MapCarrier{}
	propagation.TraceContext{}.Inject(trace.ContextWithSpanContext(ctx, call), header)
	began := time.Now()
	out, err := e.API.RunTask(ctx, with(in, header.Get("traceparent")), options...)
	// The execution's first event is its span's.
	spanned := identify(context.Background(), call.TraceID(), call.SpanID(), sampled(traceOf(arn), spanOf(arn, "1")))
	_, s := e.tracer.Start(spanned, "RunTask", trace.WithTimestamp(began), trace.WithSpanKind(trace.SpanKindProducer), trace.WithAttributes(
		attribute.String("asl.execution", arn), attribute.String("asl.state_machine", a.Machine), attribute.String("asl.state", a.State),
	))
	if err != nil {
		s.RecordError(err)
	}
	s.End()
	return out, err
}

// with returns parameters whose overrides have the variable.
func with(in *ecs.RunTaskInput, context string) *ecs.RunTaskInput {
	changed, overrides := *in, *in.Overrides
	overrides.ContainerOverrides = slices.Clone(overrides.ContainerOverrides)
	for i := range overrides.ContainerOverrides {
		c := &overrides.ContainerOverrides[i]
		if !slices.ContainsFunc(c.Environment, func(v types.KeyValuePair) bool { return aws.ToString(v.Name) == traceparent }) {
			c.Environment = append(slices.Clone(c.Environment), types.KeyValuePair{Name: aws.String(traceparent), Value: &context})
		}
	}
	changed.Overrides = &overrides
	return &changed
}
