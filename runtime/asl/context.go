package asl

import (
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Context is the context object, what paths that begin with $$ read (1.9). Its texts are made when they are asked for.
type Context struct {
	Execution *ContextExecution // which the frames of an execution share; it does not change
	State     ContextState
	Task      struct { // while the parameters of a .sync or .waitForTaskToken task are made
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

// ContextExecution is $$.Execution, and the $$.StateMachine that it is of.
type ContextExecution struct {
	Account      Account
	Machine      string // name of the state machine; that of a child of a distributed Map ends with the Map's label: "Load/Items"
	Name         string
	Type         Type
	Unique       string // last part of the ARN of an EXPRESS execution, whose name need not be unique; "" of a STANDARD one
	RoleARN      string // "" is none
	Input        value.Value
	Started      time.Time
	RedriveCount int
	Redriven     time.Time // zero if it was not
	Synchronous  bool      // as by StartSyncExecution: there is no RedriveCount to show
}

// ID returns the ARN of the execution.
func (e *ContextExecution) ID() string {
	kind, name := "execution", e.Machine+":"+e.Name
	if e.Type == Express {
		kind = "express"
	}
	if e.Unique != "" {
		name += ":" + e.Unique
	}
	return e.Account.ARN(kind, name)
}

// StartTime returns when the execution began, as the context object has it.
func (e *ContextExecution) StartTime() string { return Timestamp(e.Started) }

// RedriveTime returns when the execution was redriven last, as the context object has it.
func (e *ContextExecution) RedriveTime() string { return Timestamp(e.Redriven) }

// StateMachine returns the ARN of the state machine.
func (e *ContextExecution) StateMachine() string { return e.Account.ARN("stateMachine", e.Machine) }

// ContextState is $$.State.
type ContextState struct {
	Name       string
	Entered    time.Time
	RetryCount int // only Task states show it
}

// EnteredTime returns when the state was entered, as the context object has it.
func (s *ContextState) EnteredTime() string { return Timestamp(s.Entered) }

// Timestamp writes t as the context object has it: ISO 8601 in UTC, milliseconds without trailing zeros (R85).
func Timestamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.999Z07:00") }
