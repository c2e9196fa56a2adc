package asl

import (
	"context"
	"log/slog"
)

// Observer is told of every event of every execution once, in the order of the history, from the goroutine that appends
// it: it should return soon. It may ask the execution for its status and history, and stop it, but must not wait for it.
//
// Secrets are replaced by "[redacted]" in every field, unless the observer is wrapped in [Unredacted]: task tokens, the values
// of lists and objects named Environment, and, from then on, the text of these values wherever it stands, a value of
// less than four characters only in an Environment. An input that nothing has put into an Environment yet is no secret.
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
			if e.Task.Attempt > 0 {
				attributes = append(attributes, slog.Int("attempt", e.Task.Attempt))
			}
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
