// Package runtime runs state machines that aslgen generated. Import it as asl:
//
//	import asl "github.com/r-seed-632eed22/aslgen/runtime"
//
// A generated machine is a table of [State] values. This package walks that table as AWS Step Functions does: paths,
// templates, Retry, Catch, timeouts, the context object and the events of the history. It knows nothing of goroutines,
// clocks or services: those belong to an [Engine], such as the one of package memory, and to the effects ([Job], [Call],
// [Send]) that the machine is made with.
//
// Rules are cited by their numbers in docs/rules.md (R20: the order of paths in a Task, and so on).
package runtime

import "github.com/r-seed-632eed22/aslgen/runtime/value"

// Value is the JSON document that flows between states; package value makes and reads it.
type Value = value.Value

// Generated code refers to these. A file that needs a younger runtime, or one that this runtime no longer runs, does not
// compile, and the comment at its use says what to do.
const (
	MinVersion = 2 // the oldest form of generated code that this package runs
	MaxVersion = 2 // the form that this aslgen generates
)

// EnforceVersion fails to compile for a negative constant: `_ = asl.EnforceVersion(1 - asl.MinVersion)`.
type EnforceVersion uint
