package asl

import (
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Context is the context object, what paths that begin with $$ read (1.9). Times are ISO 8601 in UTC.
type Context struct {
	Execution    ContextExecution
	State        ContextState
	StateMachine ContextStateMachine
	Task         struct { // while the parameters of a .sync or .waitForTaskToken task are made
		Token string
	}
	Item *ContextItem // $$.Map.Item, in a Map's templates and iterations
}

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
}

// ContextStateMachine is $$.StateMachine.
type ContextStateMachine struct {
	ID   string // the state machine's ARN
	Name string
}

// Timestamp writes t as the context object has it: milliseconds, without trailing zeros (R85).
func Timestamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.999Z07:00") }
