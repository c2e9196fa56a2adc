package runtime

import (
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Context is the context object, what paths that begin with $$ read (1.9). Times are ISO 8601 in UTC.
type Context struct {
	Execution    ContextExecution
	State        ContextState
	StateMachine ContextStateMachine
	Task         ContextTask
	Map          *ContextMap // in a Map's templates and iterations

	itemMemory int64 // of [ItemMemory]; 0 is the usual

	given value.Value // what paths see in place of Execution, State and StateMachine, in a test that gives it
}

// ContextMap is $$.Map.
type ContextMap struct{ Item ContextItem }

// ContextItem is $$.Map.Item.
type ContextItem struct {
	Index  int
	Value  value.Value
	Key    value.Value // of an item that is a member of an object; absent otherwise
	Source value.Value // where a distributed Map's item comes from; absent otherwise
}

// ContextExecution is $$.Execution.
type ContextExecution struct {
	ID           string // the execution's ARN
	Input        value.Value
	Name         string
	RoleARN      string
	StartTime    string
	RedriveCount int
	Synchronous  bool // as by StartSyncExecution: there is no RedriveCount to show
}

// ContextState is $$.State.
type ContextState struct {
	Name        string
	EnteredTime string
	RetryCount  int // only Task states show it
	retries     bool
}

// ContextStateMachine is $$.StateMachine.
type ContextStateMachine struct {
	ID   string // the state machine's ARN
	Name string
}

// ContextTask is $$.Task, present while the parameters of a .sync or .waitForTaskToken task are made.
type ContextTask struct {
	Token string
}

// document returns the context object as paths see it.
func (c *Context) document() value.Value {
	v := c.given
	if v.IsAbsent() {
		v = c.execution()
	}
	if c.Map != nil {
		v = v.With("Map", value.Object(value.Field("Item", value.Object(
			value.Field("Index", value.Int(int64(c.Map.Item.Index))),
			value.Field("Value", c.Map.Item.Value),
			value.Field("Key", c.Map.Item.Key),
			value.Field("Source", c.Map.Item.Source),
		))))
	}
	if c.Task.Token != "" {
		v = v.With("Task", value.Object(value.Field("Token", value.String(c.Task.Token))))
	}
	return v
}

// execution returns the part of the context object that every state has.
func (c *Context) execution() value.Value {
	state := value.Object(
		value.Field("EnteredTime", value.String(c.State.EnteredTime)),
		value.Field("Name", value.String(c.State.Name)),
	)
	if c.State.retries {
		state = state.With("RetryCount", value.Int(int64(c.State.RetryCount)))
	}
	execution := value.Object(
		value.Field("Id", value.String(c.Execution.ID)),
		value.Field("Input", c.Execution.Input),
		value.Field("StartTime", value.String(c.Execution.StartTime)),
		value.Field("Name", value.String(c.Execution.Name)),
		value.Field("RoleArn", value.String(c.Execution.RoleARN)),
	)
	if c.Execution.RoleARN == "" {
		execution = execution.With("RoleArn", value.Null)
	}
	if !c.Execution.Synchronous {
		execution = execution.With("RedriveCount", value.Int(int64(c.Execution.RedriveCount)))
	}
	return value.Object(
		value.Field("Execution", execution),
		value.Field("StateMachine", value.Object(
			value.Field("Id", value.String(c.StateMachine.ID)),
			value.Field("Name", value.String(c.StateMachine.Name)),
		)),
		value.Field("State", state),
	)
}

// Timestamp writes t as the context object has it: milliseconds, without trailing zeros (R85).
func Timestamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.999Z07:00") }
