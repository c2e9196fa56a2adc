package runtime

import (
	"errors"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// savedFrame is a [Frame] as it is written. What is not in it is made again: the config, and the history's place.
type savedFrame struct {
	Execution   string       `json:"execution"`
	Path        string       `json:"path,omitzero"`
	Context     savedContext `json:"context"`
	State       string       `json:"state"`
	Document    value.Value  `json:"document"`
	Variables   value.Value  `json:"variables,omitzero"`
	Entry       int          `json:"entry"`
	Retries     []int        `json:"retries,omitzero"`
	Wake        time.Time    `json:"wake,omitzero"`
	Deadline    time.Time    `json:"deadline,omitzero"`
	Began       time.Time    `json:"began,omitzero"`
	Last        int64        `json:"last"`
	Before      int64        `json:"before,omitzero"`
	Entered     int64        `json:"entered,omitzero"`
	EnteredTime string       `json:"enteredTime,omitzero"`
	Started     int64        `json:"started,omitzero"`
	MapRun      string       `json:"mapRun,omitzero"`
}

type savedContext struct {
	ID           string      `json:"id"`
	Name         string      `json:"name"`
	Input        value.Value `json:"input"`
	RoleARN      string      `json:"roleArn,omitzero"`
	StartTime    string      `json:"startTime"`
	RedriveCount int         `json:"redriveCount,omitzero"`
	Synchronous  bool        `json:"synchronous,omitzero"`
	MachineID    string      `json:"machineId"`
	MachineName  string      `json:"machineName"`
	Item         *savedItem  `json:"item,omitzero"`
}

type savedItem struct {
	Index  int         `json:"index"`
	Value  value.Value `json:"value,omitzero"`
	Key    value.Value `json:"key,omitzero"`
	Source value.Value `json:"source,omitzero"`
}

// MarshalJSON writes the frame, all but its Recorder.
func (f *Frame) MarshalJSON() ([]byte, error) {
	c := &f.Context
	s := savedFrame{
		f.Execution, f.Path, savedContext{
			c.Execution.ID, c.Execution.Name, c.Execution.Input, c.Execution.RoleARN, c.Execution.StartTime, c.Execution.RedriveCount,
			c.Execution.Synchronous, c.StateMachine.ID, c.StateMachine.Name, nil,
		},
		f.State, f.Document, f.Variables, f.Entry, f.Retries, f.Wake, f.Deadline, f.Began,
		f.Last, f.Before, f.Entered, f.EnteredTime, f.Started, f.MapRun,
	}
	if c.Map != nil {
		s.Context.Item = &savedItem{c.Map.Item.Index, c.Map.Item.Value, c.Map.Item.Key, c.Map.Item.Source}
	}
	return json.Marshal(&s)
}

// UnmarshalJSON reads a frame that MarshalJSON has written. Its Recorder is left as it is.
func (f *Frame) UnmarshalJSON(data []byte) error {
	var s savedFrame
	if err := json.Unmarshal(data, &s, json.RejectUnknownMembers(true)); err != nil {
		return err
	}
	c := s.Context
	*f = Frame{
		Execution: s.Execution, Path: s.Path, State: s.State, Document: s.Document, Variables: s.Variables, Entry: s.Entry, Retries: s.Retries,
		Wake: s.Wake, Deadline: s.Deadline, Began: s.Began, Last: s.Last, Before: s.Before, Entered: s.Entered, EnteredTime: s.EnteredTime,
		Started: s.Started, MapRun: s.MapRun, Recorder: f.Recorder,
		Context: Context{
			Execution:    ContextExecution{c.ID, c.Input, c.Name, c.RoleARN, c.StartTime, c.RedriveCount, c.Synchronous},
			StateMachine: ContextStateMachine{c.MachineID, c.MachineName},
		},
	}
	if i := c.Item; i != nil {
		f.Context.Map = &ContextMap{ContextItem{i.Index, i.Value, i.Key, i.Source}}
	}
	return nil
}

// SavedError is an error that ends a frame, in a form that a host can keep: JSON.
type SavedError struct {
	Kind      ErrorKind `json:"kind"`
	Name      string    `json:"name,omitzero"`
	Cause     string    `json:"cause,omitzero"`
	Place     string    `json:"place,omitzero"`
	State     string    `json:"state,omitzero"`
	At        []string  `json:"at,omitzero"`
	Unnamed   bool      `json:"unnamed,omitzero"`
	Causeless bool      `json:"causeless,omitzero"`
	Heartbeat bool      `json:"heartbeat,omitzero"`
	Terminal  bool      `json:"terminal,omitzero"`
}

// ErrorKind says which error a [SavedError] is.
type ErrorKind string

// The kinds of errors that end a frame.
const (
	ErrorKindFailed   ErrorKind = "failed"   // an [*Error]
	ErrorKindTimedOut ErrorKind = "timedOut" // the time of the whole execution is over
	ErrorKindAborted  ErrorKind = "aborted"  // an [*Aborted]
	ErrorKindSibling  ErrorKind = "sibling"  // [ErrSiblingFailed]
)

// SaveError returns an error that a frame has ended with as a host can keep it. Frames that only were put away have no such
// error: ok is false.
func SaveError(err error) (s SavedError, ok bool) {
	if aborted, is := errors.AsType[*Aborted](err); is {
		return SavedError{Kind: ErrorKindAborted, Name: aborted.Name, Cause: aborted.Cause}, true
	}
	if errors.Is(err, ErrSiblingFailed) {
		return SavedError{Kind: ErrorKindSibling}, true
	}
	e := errorOf(err)
	if e == nil {
		return s, false
	}
	s = SavedError{ErrorKindFailed, e.Name, e.Cause, e.Place, e.state, e.at, e.Unnamed, e.Causeless, e.heartbeat, e.terminal}
	if TimedOut(err) {
		s.Kind = ErrorKindTimedOut
	}
	return s, true
}

// Err returns the error that was saved.
func (s SavedError) Err() error {
	switch s.Kind {
	case ErrorKindAborted:
		return &Aborted{Name: s.Name, Cause: s.Cause}
	case ErrorKindSibling:
		return ErrSiblingFailed
	}
	e := &Error{
		Name: s.Name, Cause: s.Cause, Place: s.Place, Unnamed: s.Unnamed, Causeless: s.Causeless,
		state: s.State, at: s.At, heartbeat: s.Heartbeat, terminal: s.Terminal,
	}
	if s.Kind == ErrorKindTimedOut {
		return &timedOut{e}
	}
	return e
}
