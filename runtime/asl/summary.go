package asl

import (
	"errors"
	"fmt"
	"strings"

	"github.com/r-seed-632eed22/aslgen/internal/visible"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Summary returns in one short line with what an execution has ended, given its history and the error of Wait: the state, the
// error and, where the cause is an ECS task, the reason, the exit codes of its containers and its ARN. Of another cause it has
// the beginning, up to the first document in it: history and log have all of it. What the history shows to be secret is left
// out, as for an [Observer], and nothing in the line is obeyed by a terminal. Without a history it is the line of any error.
func Summary(history []Event, err error) string {
	var known secrets
	for _, e := range history {
		known.learnEvent(e)
	}
	var parts []string
	if state := lastState(history); state != "" {
		parts = append(parts, fmt.Sprintf("state %q", state))
	}
	failure, failed := errors.AsType[*Error](err)
	switch {
	case !failed:
		parts = append(parts, err.Error())
	default:
		if failure.Name != "" {
			parts = append(parts, failure.Name)
		}
		parts = append(parts, summaryOfCause(failure.Cause)...)
	}
	line := strings.Join(parts, ": ")
	if failed && failure.Place != "" {
		line += " (" + failure.Place + ")"
	}
	return visible.Line(known.text(line))
}

// lastState returns the state that the last event comes from: where several run at a time, that of the one which failed.
func lastState(history []Event) string {
	for at := len(history) - 1; at >= 0; {
		if history[at].State != "" && history[at].Map == nil {
			return history[at].State
		}
		if previous := int(history[at].Previous) - 1; previous >= 0 && previous < at {
			at = previous
		} else {
			at--
		}
	}
	return ""
}

// summaryOfCause returns what a line says of a cause.
func summaryOfCause(cause string) []string {
	task, err := value.Parse([]byte(cause))
	arn, isTask := task.Get("TaskArn").AsString()
	if err != nil || !isTask {
		if cause = short(cause); cause == "" {
			return nil
		}
		return []string{cause}
	}
	var parts []string
	if reason, ok := task.Get("StoppedReason").AsString(); ok {
		parts = append(parts, short(reason))
	}
	for _, container := range task.Get("Containers").Elements() {
		name, _ := container.Get("Name").AsString()
		if code := container.Get("ExitCode"); code.Kind() == value.NumberKind {
			parts = append(parts, fmt.Sprintf("container %q exited with %s", name, code))
		} else if reason, ok := container.Get("Reason").AsString(); ok {
			parts = append(parts, fmt.Sprintf("container %q: %s", name, short(reason)))
		}
	}
	return append(parts, arn)
}

// short returns the beginning of a text: its first line, without a document, and no more than 200 characters.
func short(text string) string {
	const most = 200
	end := strings.IndexAny(text, "\n{[")
	if end < 0 {
		end = len(text)
	}
	n := 0
	for i := range text[:end] {
		if n++; n > most {
			end = i
			break
		}
	}
	if end < len(text) {
		return strings.TrimSpace(text[:end]) + "…"
	}
	return text
}
