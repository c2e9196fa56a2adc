package asl

import (
	"errors"
	"fmt"
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
	EnteredTime time.Time    `json:"enteredTime,omitzero"`
	Started     int64        `json:"started,omitzero"`
	MapRun      string       `json:"mapRun,omitzero"`
	MapRedrives int          `json:"mapRedrives,omitzero"`
	Redriven    bool         `json:"redriven,omitzero"`
}

type savedContext struct {
	Account      Account     `json:"account"`
	Machine      string      `json:"machine"`
	Name         string      `json:"name"`
	Type         Type        `json:"type"`
	Unique       string      `json:"unique,omitzero"`
	RoleARN      string      `json:"roleArn,omitzero"`
	Input        value.Value `json:"input"`
	Started      time.Time   `json:"started"`
	RedriveCount int         `json:"redriveCount,omitzero"`
	Redriven     time.Time   `json:"redriven,omitzero"`
	Synchronous  bool        `json:"synchronous,omitzero"`
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
	e := f.Context.Execution
	s := savedFrame{
		f.Execution, f.Path, savedContext{
			e.Account, e.Machine, e.Name, e.Type, e.Unique, e.RoleARN, e.Input, e.Started, e.RedriveCount, e.Redriven, e.Synchronous, nil,
		},
		f.State, f.Document, f.Variables, f.Entry, f.Retries, f.Wake, f.Deadline, f.Began,
		f.Last, f.Before, f.Entered, f.EnteredTime, f.Started, f.MapRun, f.MapRedrives, f.Redriven,
	}
	if item := f.Context.Item; item != nil {
		s.Context.Item = &savedItem{item.Index, item.Value, item.Key, item.Source}
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
		Started: s.Started, MapRun: s.MapRun, MapRedrives: s.MapRedrives, Redriven: s.Redriven, Recorder: f.Recorder,
		Context: Context{Execution: &ContextExecution{
			c.Account, c.Machine, c.Name, c.Type, c.Unique, c.RoleARN, c.Input, c.Started, c.RedriveCount, c.Redriven, c.Synchronous,
		}},
	}
	if i := c.Item; i != nil {
		f.Context.Item = &ContextItem{i.Index, i.Value, i.Key, i.Source}
	}
	return nil
}

// SavedError is an error that ends a frame, in a form that a host can keep: JSON.
type SavedError struct {
	Status    Status   `json:"status,omitzero"` // FAILED, TIMED_OUT of the whole execution, ABORTED; "" is [ErrSiblingFailed]
	Name      string   `json:"name,omitzero"`
	Cause     string   `json:"cause,omitzero"`
	Place     string   `json:"place,omitzero"`
	State     string   `json:"state,omitzero"`
	At        []string `json:"at,omitzero"`
	Unnamed   bool     `json:"unnamed,omitzero"`
	Causeless bool     `json:"causeless,omitzero"`
	Heartbeat bool     `json:"heartbeat,omitzero"`
	Terminal  bool     `json:"terminal,omitzero"`
}

// SaveError returns an error that a frame has ended with as a host can keep it. Frames that only were put away have no such
// error: ok is false.
func SaveError(err error) (s SavedError, ok bool) {
	if aborted, is := errors.AsType[*Aborted](err); is {
		return SavedError{Status: StatusAborted, Name: aborted.Name, Cause: aborted.Cause}, true
	}
	if errors.Is(err, ErrSiblingFailed) {
		return SavedError{}, true
	}
	e := ErrorOf(err)
	if e == nil {
		return s, false
	}
	s = SavedError{StatusFailed, e.Name, e.Cause, e.Place, e.State, e.At, e.Unnamed, e.Causeless, e.Heartbeat, e.Terminal}
	if TimedOut(err) {
		s.Status = StatusTimedOut
	}
	return s, true
}

// Err returns the error that was saved.
func (s SavedError) Err() error {
	switch s.Status {
	case StatusAborted:
		return &Aborted{Name: s.Name, Cause: s.Cause}
	case "":
		return ErrSiblingFailed
	}
	e := &Error{
		Name: s.Name, Cause: s.Cause, Place: s.Place, Unnamed: s.Unnamed, Causeless: s.Causeless,
		State: s.State, At: s.At, Heartbeat: s.Heartbeat, Terminal: s.Terminal,
	}
	if s.Status == StatusTimedOut {
		return ExecutionTimeout(e)
	}
	return e
}

// Tries returns how often the state has been tried again.
func (f *Frame) Tries() (n int) {
	for _, of := range f.Retries {
		n += of
	}
	return n
}

// Inner returns the beginning of the paths of the branches or iterations that the state of the frame runs; their numbers follow. A
// retry of the state makes others, so that its tasks' attempts have other ids (E60).
func (f *Frame) Inner() string {
	return fmt.Sprintf("%s/%s/%d.%d.", f.Path, f.State, f.Entry, f.Tries())
}
