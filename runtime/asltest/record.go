package asltest

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
)

// Recording is an observer that keeps the histories of executions, as [Replay] reads them: of a run against real services, say, to be run again
// without them. A machine is given it with [asl.Observe]. Secrets are redacted, as for every observer; a replay takes any text for them.
type Recording struct {
	folder string

	mu     sync.Mutex
	events map[string][]asl.Event // by executions that run
	errs   []error
}

// Record returns a recording that writes the history of each execution to a folder once it has ended, as the execution's name with .json.
func Record(folder string) *Recording {
	return &Recording{folder: folder, events: map[string][]asl.Event{}}
}

// Event implements [asl.Observer].
func (r *Recording) Event(execution string, e asl.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events[execution] = append(r.events[execution], e)
	switch e.Type {
	case asl.ExecutionSucceeded, asl.ExecutionFailed, asl.ExecutionAborted, asl.ExecutionTimedOut:
		r.errs = append(r.errs, r.write(execution))
		delete(r.events, execution)
	}
}

// write writes the history of an execution.
func (r *Recording) write(execution string) error {
	text, err := json.MarshalIndent(map[string]any{"events": r.events[execution]}, "", " ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(r.folder, 0o777); err != nil {
		return err
	}
	name := execution[strings.LastIndexByte(execution, ':')+1:]
	return os.WriteFile(filepath.Join(r.folder, name+".json"), append(text, '\n'), 0o666)
}

// Err returns what histories could not be written for.
func (r *Recording) Err() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return errors.Join(r.errs...)
}
