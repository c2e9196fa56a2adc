package otel

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
)

// metrics counts what is told of.
type metrics struct {
	*follower
	started    metric.Int64Counter
	executions metric.Float64Histogram
	states     metric.Float64Histogram
	attempts   metric.Float64Histogram
}

// NewMetrics returns an [asl.Observer] that counts, with a meter of the provider:
//
//   - asl.executions.started, by asl.state_machine;
//   - asl.execution.duration in seconds, by asl.state_machine and asl.status;
//   - asl.state.duration in seconds, by asl.state_machine, asl.state and asl.status;
//   - asl.attempt.duration in seconds, by asl.state_machine, asl.state, asl.resource, asl.status and, of those that fail, error.type.
//
// Children of Map Runs have the state machine of their Map Run, Machine/Label. What began in another process is not counted.
func NewMetrics(provider metric.MeterProvider) (asl.Observer, error) {
	meter := provider.Meter(scope)
	m := &metrics{}
	m.follower = newFollower(nil, m.measure)
	var err error
	if m.started, err = meter.Int64Counter("asl.executions.started", metric.WithUnit("{execution}"), metric.WithDescription("Executions that have started.")); err != nil {
		return nil, err
	}
	for _, h := range []struct {
		of         *metric.Float64Histogram
		name, what string
	}{
		{&m.executions, "asl.execution.duration", "How long executions took."},
		{&m.states, "asl.state.duration", "How long executions were in states."},
		{&m.attempts, "asl.attempt.duration", "How long attempts at tasks took."},
	} {
		if *h.of, err = meter.Float64Histogram(h.name, metric.WithUnit("s"), metric.WithDescription(h.what)); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// Event implements [asl.Observer].
func (m *metrics) Event(execution string, e asl.Event) {
	if e.Type == asl.ExecutionStarted {
		m.started.Add(context.Background(), 1, metric.WithAttributes(attribute.String("asl.state_machine", machineOf(execution))))
	}
	m.follower.Event(execution, e)
}

func (m *metrics) measure(w *work) {
	attributes := []attribute.KeyValue{attribute.String("asl.state_machine", w.machine), attribute.String("asl.status", string(w.status))}
	histogram := m.executions
	switch w.kind {
	case iteration:
		return
	case state:
		histogram = m.states
		attributes = append(attributes, attribute.String("asl.state", w.name))
	case attempt:
		histogram = m.attempts
		attributes = append(attributes, attribute.String("asl.state", w.name), attribute.String("asl.resource", w.resource))
		if w.err != nil && !w.err.Unnamed {
			attributes = append(attributes, attribute.String("error.type", w.err.Name))
		}
	}
	histogram.Record(context.Background(), w.end.Sub(w.start).Seconds(), metric.WithAttributes(attributes...))
}
