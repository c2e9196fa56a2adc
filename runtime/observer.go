package runtime

import (
	"context"
	"log/slog"
	"strings"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Observer is told of every event of every execution, in the order of the history, from the goroutine that runs the
// execution: it should return soon. Task tokens and the values of containers' environments are replaced by "[redacted]",
// unless the observer is wrapped in [Unredacted].
type Observer interface {
	// Event tells of an event of the execution with the ARN.
	Event(execution string, e Event)
}

// ObserverFunc is a function as an Observer.
type ObserverFunc func(execution string, e Event)

// Event implements [Observer].
func (f ObserverFunc) Event(execution string, e Event) { f(execution, e) }

// Unredacted returns an Observer that sees events as they are, with tokens and environments.
func Unredacted(o Observer) Observer { return unredacted{o} }

type unredacted struct{ Observer }

// Redacted returns an Observer that hands on to o events without secrets. Engines wrap every observer in it.
func Redacted(o Observer) Observer {
	if _, as := o.(unredacted); as {
		return o
	}
	return ObserverFunc(func(execution string, e Event) { o.Event(execution, redactEvent(e)) })
}

// LogTo returns an Observer that writes each event to a logger, failures at level Warn and the rest at Info.
func LogTo(logger *slog.Logger) Observer {
	return ObserverFunc(func(execution string, e Event) {
		attributes := []slog.Attr{slog.String("execution", execution), slog.Int64("id", e.ID)}
		level := slog.LevelInfo
		if e.State != "" {
			attributes = append(attributes, slog.String("state", e.State))
		}
		if e.Task != nil {
			attributes = append(attributes, slog.String("state", e.Task.State), slog.String("resource", e.Task.ResourceType+":"+e.Task.Resource))
		}
		if arn := ecsTask(e); arn != "" {
			attributes = append(attributes, slog.String("task", arn))
		}
		if e.Err != nil {
			level = slog.LevelWarn
			attributes = append(attributes, slog.String("error", e.Err.Name), slog.String("cause", e.Err.Cause))
		}
		logger.LogAttrs(context.Background(), level, string(e.Type), attributes...)
	})
}

const redactedText = "[redacted]"

func redactEvent(e Event) Event {
	e.Input, e.Output = redact(e.Input), redact(e.Output)
	if e.Task != nil && !e.Task.Parameters.IsAbsent() {
		task := *e.Task
		task.Parameters = redact(task.Parameters)
		e.Task = &task
	}
	if e.Err != nil && strings.HasPrefix(e.Err.Cause, "{") {
		if cause, err := value.Parse([]byte(e.Err.Cause)); err == nil {
			failed := *e.Err
			failed.Cause = redact(cause).String()
			e.Err = &failed
		}
	}
	return e
}

// redact replaces the values in every list named Environment, and every string that is a task token.
func redact(v value.Value) value.Value {
	switch v.Kind() {
	case value.StringKind:
		if s, _ := v.AsString(); strings.Contains(s, tokenMark) {
			return value.String(redactedText)
		}
	case value.ArrayKind:
		for i, e := range v.Elements() {
			if r := redact(e); !value.Same(r, e) {
				v = v.WithElement(i, r)
			}
		}
	case value.ObjectKind:
		for name, m := range v.Members() {
			r := redact(m)
			if name == "Environment" {
				r = redactEnvironment(m)
			}
			if !value.Same(r, m) {
				v = v.With(name, r)
			}
		}
	}
	return v
}

func redactEnvironment(v value.Value) value.Value {
	for i, e := range v.Elements() {
		if !e.Get("Value").IsAbsent() {
			v = v.WithElement(i, e.With("Value", value.String(redactedText)))
		}
	}
	return v
}
