package asl

import (
	"context"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Type is the type of a workflow.
type Type string

// The types of workflows.
const (
	Standard Type = "STANDARD"
	Express  Type = "EXPRESS"
)

// Program is a state machine without the types of its input and output: what an [Engine] runs. Generated code makes it.
type Program interface {
	Name() string
	Type() Type
	// Definition returns the text of the machine's file, "" if it is not part of the program.
	Definition() string
	// Checksum tells one version of the machine from another: that of its file, in hexadecimal.
	Checksum() string
	// Observers returns the observers that the machine was made with.
	Observers() []Observer
	// Run carries out an execution, whose frame is f, from its beginning to its end and records how it went.
	Run(h Host, f *Frame) (value.Value, error)
	// Resume carries out an execution from where its frame stood when the host was called with it last, in Enter or Fork, to
	// its end: with the deadline, the back-off or the wait that it had, and no second event of what has begun. A state that the
	// program does not have is an error.
	Resume(h Host, f *Frame) (value.Value, error)
	// ResumeChild carries out a child of a Map Run from where its frame stands, for a host that runs it apart from the execution around it.
	// until is when the time of that is over.
	ResumeChild(h Host, f *Frame, until time.Time) Outcome
	// Restore has a stored attempt be carried out by the program: by the state of its name, with its parameters in the type
	// that the state's effect takes. It is an error if the program has no such state, or the parameters do not have the type.
	Restore(a *Attempt) error
	// TestState runs the named state, which may be one inside a Parallel or Map state, from its input to its output (4.10).
	// It calls no effect, needs no engine, and lets no time pass. The error says what is wrong with the test (T3); that the
	// state fails is part of the result.
	TestState(ctx context.Context, name string, t StateTest) (*StateResult, error)
}
