// Package otel tells OpenTelemetry of executions: a span for each execution, state, iteration and attempt, metrics, and the context of the
// trace in the environment of ECS tasks.
//
//	tracing := otel.NewTracing(sdktrace.WithBatcher(exporter))
//	metrics, err := otel.NewMetrics(meterProvider)
//	machine, err := NewRunJob(engine, tasks, asl.Observe(tracing), asl.Observe(metrics))
package otel

import (
	"cmp"
	"context"
	"crypto/sha256"
	"strconv"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
)

// scope is the name of the instrumentation.
const scope = "github.com/r-seed-632eed22/aslgen/runtime/otel"

// Tracing is an [asl.Observer] that makes spans. Their ids follow from the ARN of the execution and the ids of events: whichever process ends
// a span, it belongs to the same trace, so an execution that outlives its process has one. Children of Map Runs have traces of their own, whose
// first span is linked to that of their Map.
type Tracing struct {
	*follower
	provider *sdktrace.TracerProvider
	tracer   trace.Tracer
}

// NewTracing returns what makes spans with a provider of its own that has these options, such as an exporter.
func NewTracing(options ...sdktrace.TracerProviderOption) *Tracing {
	t := &Tracing{provider: sdktrace.NewTracerProvider(append(options, sdktrace.WithIDGenerator(identified{}))...)}
	t.tracer = t.provider.Tracer(scope)
	t.follower = newFollower(nil, t.export)
	return t
}

// Histories has the spans of executions that began in another process begin when they did: history returns the events of an execution, as
// Running.History of those that a durable engine keeps does. Without it the execution, and what was under way when that process ended, have no
// span.
func (t *Tracing) Histories(history func(execution string) ([]asl.Event, error)) { t.history = history }

// Shutdown exports what is left. Observers hear no more afterwards.
func (t *Tracing) Shutdown(ctx context.Context) error { return t.provider.Shutdown(ctx) }

// export makes the span of work that has ended.
func (t *Tracing) export(w *work) {
	attributes := []attribute.KeyValue{attribute.String("asl.execution", w.execution), attribute.String("asl.state_machine", w.machine)}
	if w.kind != execution {
		attributes = append(attributes, attribute.String("asl.state", w.name))
	}
	if w.kind == attempt {
		attributes = append(attributes, attribute.String("asl.resource", w.resource), attribute.Int("asl.attempt", w.number))
	}
	if w.task != "" {
		attributes = append(attributes, attribute.String("aws.ecs.task.arn", w.task))
	}
	if w.err != nil && !w.err.Unnamed {
		attributes = append(attributes, attribute.String("error.type", w.err.Name))
	}
	parent := w.parent.context()
	if w.parent == nil && w.kind != execution { // the execution has begun in another process
		parent = sampled(w.trace(), spanOf(w.execution, "1"))
	}
	ctx := identify(context.Background(), w.trace(), w.span(), parent)
	options := []trace.SpanStartOption{trace.WithTimestamp(w.start), trace.WithAttributes(attributes...)}
	if w.run != nil {
		options = append(options, trace.WithLinks(trace.Link{SpanContext: w.run.context()}))
	}
	_, s := t.tracer.Start(ctx, w.title(), options...)
	if w.status != asl.StatusSucceeded {
		why := string(w.status)
		if w.err != nil {
			why = cmp.Or(w.err.Cause, why)
		}
		s.SetStatus(codes.Error, why)
	}
	s.End(trace.WithTimestamp(w.end))
}

// traceOf and spanOf are ids: that of an execution's trace, and of a span in it.
func traceOf(execution string) (id trace.TraceID) {
	sum := sha256.Sum256([]byte("trace " + execution))
	copy(id[:], sum[:])
	return id
}

func spanOf(execution, of string) (id trace.SpanID) {
	sum := sha256.Sum256([]byte("span " + execution + " " + of))
	copy(id[:], sum[:])
	return id
}

func (w *work) trace() trace.TraceID { return traceOf(w.execution) }

func (w *work) span() trace.SpanID { return spanOf(w.execution, strconv.FormatInt(w.event, 10)) }

// context is that of work which others are part of; of none it is empty.
func (w *work) context() trace.SpanContext {
	if w == nil {
		return trace.SpanContext{}
	}
	return sampled(w.trace(), w.span())
}

func sampled(t trace.TraceID, s trace.SpanID) trace.SpanContext {
	return trace.NewSpanContext(trace.SpanContextConfig{TraceID: t, SpanID: s, TraceFlags: trace.FlagsSampled})
}

// identified gives spans the ids that their context has.
type identified struct{}

type idsKey struct{}

type ids struct {
	trace trace.TraceID
	span  trace.SpanID
}

func identify(ctx context.Context, t trace.TraceID, s trace.SpanID, parent trace.SpanContext) context.Context {
	if parent.IsValid() {
		ctx = trace.ContextWithSpanContext(ctx, parent)
	}
	return context.WithValue(ctx, idsKey{}, ids{t, s})
}

// NewIDs implements [sdktrace.IDGenerator].
func (identified) NewIDs(ctx context.Context) (trace.TraceID, trace.SpanID) {
	of, _ := ctx.Value(idsKey{}).(ids) // which every span of this package has
	return of.trace, of.span
}

// NewSpanID implements [sdktrace.IDGenerator].
func (g identified) NewSpanID(ctx context.Context, _ trace.TraceID) trace.SpanID {
	_, s := g.NewIDs(ctx)
	return s
}
