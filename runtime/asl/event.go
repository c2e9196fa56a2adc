package asl

import (
	"strings"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// EventType is a type of history event, by AWS's name (H3).
type EventType string

// The event types that executions have so far.
const (
	ExecutionStarted   EventType = "ExecutionStarted"
	ExecutionSucceeded EventType = "ExecutionSucceeded"
	ExecutionFailed    EventType = "ExecutionFailed"
	ExecutionAborted   EventType = "ExecutionAborted"
	ExecutionTimedOut  EventType = "ExecutionTimedOut"
	ExecutionRedriven  EventType = "ExecutionRedriven"

	TaskScheduled EventType = "TaskScheduled"
	TaskStarted   EventType = "TaskStarted"
	TaskSubmitted EventType = "TaskSubmitted"
	TaskSucceeded EventType = "TaskSucceeded"
	TaskFailed    EventType = "TaskFailed"
	TaskTimedOut  EventType = "TaskTimedOut"

	LambdaFunctionScheduled EventType = "LambdaFunctionScheduled"
	LambdaFunctionStarted   EventType = "LambdaFunctionStarted"
	LambdaFunctionSucceeded EventType = "LambdaFunctionSucceeded"
	LambdaFunctionFailed    EventType = "LambdaFunctionFailed"
	LambdaFunctionTimedOut  EventType = "LambdaFunctionTimedOut"

	ActivityScheduled EventType = "ActivityScheduled"
	ActivityStarted   EventType = "ActivityStarted"
	ActivitySucceeded EventType = "ActivitySucceeded"
	ActivityFailed    EventType = "ActivityFailed"
	ActivityTimedOut  EventType = "ActivityTimedOut"

	ParallelStateStarted   EventType = "ParallelStateStarted"
	ParallelStateSucceeded EventType = "ParallelStateSucceeded"
	ParallelStateFailed    EventType = "ParallelStateFailed"

	MapStateStarted       EventType = "MapStateStarted"
	MapStateSucceeded     EventType = "MapStateSucceeded"
	MapStateFailed        EventType = "MapStateFailed"
	MapIterationStarted   EventType = "MapIterationStarted"
	MapIterationSucceeded EventType = "MapIterationSucceeded"
	MapIterationFailed    EventType = "MapIterationFailed"
	MapIterationAborted   EventType = "MapIterationAborted"
	MapRunStarted         EventType = "MapRunStarted"
	MapRunSucceeded       EventType = "MapRunSucceeded"
	MapRunFailed          EventType = "MapRunFailed"
	MapRunAborted         EventType = "MapRunAborted"
	MapRunRedriven        EventType = "MapRunRedriven"

	EvaluationFailed EventType = "EvaluationFailed"

	// The types of states' events are made of the state's type: PassStateEntered, PassStateExited, …
	stateEntered = "StateEntered"
	stateExited  = "StateExited"
	stateAborted = "StateAborted"
)

// Event is one event of an execution's history (H1, H4).
type Event struct {
	ID       int64 // from 1, without gaps
	Previous int64 // the event that led to this one; 0 for the first event and the first …StateEntered
	Time     time.Time
	Type     EventType
	State    string       // name of the state, in …StateEntered, …StateExited, MapIteration…, and in what tells a failure
	Input    value.Value  // of an execution, a state, a Lambda function or an activity
	Output   value.Value  // of an execution, a state or a task
	Assigned value.Value  // the variables that a state has assigned, an object
	RoleARN  string       // of ExecutionStarted: the execution's role, if it has one
	Task     *TaskDetails // of Task… events, and of …Scheduled ones
	Map      *MapDetails  // of MapStateStarted, MapIteration…, MapRunStarted, MapRunRedriven, and a child's ExecutionStarted
	Redrives int          // of ExecutionRedriven and MapRunRedriven: how often that has happened, this time too
	Location string       // of EvaluationFailed: the field, with slashes before the names in it; "" if it is none
	Err      *Error       // of events that tell a failure
}

// MapDetails is what events tell of a Map.
type MapDetails struct {
	Length int    // of MapStateStarted: how many items there are
	Index  int    // of MapIteration…: the item's, from 0
	RunARN string // of MapRunStarted and MapRunRedriven, and of the ExecutionStarted of a child

	// GetExecutionHistory does not show these, of MapRunStarted and MapRunRedriven,
	Inner                      string // the beginning of the paths of its children
	MaxConcurrency             int
	Exports                    bool // a ResultWriter writes the results to objects
	ToleratedFailureCount      int64
	ToleratedFailurePercentage float64
	// nor these, with Length, of the ExecutionStarted of a child.
	Children, Items int // how many children there are, and how many items this one has
}

// TaskDetails is what Task… events tell about the task.
type TaskDetails struct {
	State        string // whose task it is, which GetExecutionHistory does not show here
	ResourceType string // ecs
	Resource     string // runTask.sync
	// These are set in TaskScheduled alone, Attempt in every …Scheduled event. GetExecutionHistory does not show it.
	Attempt    int // of the state since it was entered, from 1
	Region     string
	Parameters value.Value
	RoleARN    string        // of Credentials, "" if the state has none
	Timeout    time.Duration // 0 if the state sets none (H6)
	Heartbeat  time.Duration
}

// MarshalJSON writes the event as GetExecutionHistory does: lower camel case, documents as strings of JSON (H2, H4).
func (e Event) MarshalJSON() ([]byte, error) {
	details := e.details()
	v := value.Object(
		value.Field("timestamp", value.String(Timestamp(e.Time))),
		value.Field("type", value.String(string(e.Type))),
		value.Field("id", value.Int(e.ID)),
		value.Field("previousEventId", value.Int(e.Previous)),
	)
	if details.Len() > 0 {
		v = v.With(e.detailsName(), details)
	}
	return v.MarshalJSON()
}

var notTruncated = value.Object(value.Field("truncated", value.False))

func (e Event) detailsName() string {
	name := string(e.Type)
	for _, suffix := range []string{stateEntered, stateExited, stateAborted} {
		if strings.HasSuffix(name, suffix) {
			name = suffix
		}
	}
	return strings.ToLower(name[:1]) + name[1:] + "EventDetails"
}

// named reports whether GetExecutionHistory shows the event's state.
func (e Event) named() bool {
	name := string(e.Type)
	return strings.HasSuffix(name, stateEntered) || strings.HasSuffix(name, stateExited) || strings.HasSuffix(name, stateAborted) ||
		strings.HasPrefix(name, "MapIteration")
}

func (e Event) details() value.Value {
	var members []value.Member
	text := func(name, s string) {
		if s != "" {
			members = append(members, value.Field(name, value.String(s)))
		}
	}
	document := func(name string, v value.Value) {
		if !v.IsAbsent() {
			members = append(members, value.Field(name, value.String(v.String())),
				value.Field(name+"Details", notTruncated))
		}
	}
	seconds := func(name string, d time.Duration) {
		if d > 0 {
			members = append(members, value.Field(name, value.Int(int64(d/time.Second))))
		}
	}
	if e.Type == EvaluationFailed {
		text("state", e.State)
		text("location", e.Location)
	} else if e.named() {
		text("name", e.State)
	}
	if t := e.Task; t != nil {
		text("resourceType", t.ResourceType)
		text("resource", t.Resource)
		text("region", t.Region)
		if !t.Parameters.IsAbsent() {
			text("parameters", t.Parameters.String())
		}
		if t.RoleARN != "" {
			members = append(members, value.Field("taskCredentials", value.Object(value.Field("roleArn", value.String(t.RoleARN)))))
		}
		seconds("timeoutInSeconds", t.Timeout)
		seconds("heartbeatInSeconds", t.Heartbeat)
	}
	if m := e.Map; m != nil {
		switch {
		case e.Type == ExecutionStarted:
		case m.RunARN != "":
			text("mapRunArn", m.RunARN)
		case e.Type == MapStateStarted:
			members = append(members, value.Field("length", value.Int(int64(m.Length))))
		default:
			members = append(members, value.Field("index", value.Int(int64(m.Index))))
		}
	}
	if e.Redrives > 0 {
		members = append(members, value.Field("redriveCount", value.Int(int64(e.Redrives))))
	}
	document("input", e.Input)
	document("output", e.Output)
	if !e.Assigned.IsAbsent() {
		var variables []value.Member // each the text of its JSON
		for name, v := range e.Assigned.Members() {
			variables = append(variables, value.Field(name, value.String(v.String())))
		}
		members = append(members, value.Field("assignedVariables", value.Object(variables...)),
			value.Field("assignedVariablesDetails", notTruncated))
	}
	text("roleArn", e.RoleARN)
	if e.Err != nil {
		if !e.Err.Unnamed {
			text("error", e.Err.Name)
		}
		if !e.Err.Causeless {
			text("cause", e.Err.Cause)
		}
	}
	return value.Object(members...)
}
