// Package table holds what generated code is made of, and nobody else needs: the states of a machine as the rows of a table, the
// effects and templates in them, and the reader that templates read with. It is for generated code alone, as package protoimpl of
// protocol buffers is.
package table

// Generated code refers to these. A file that needs a younger runtime, or one that this runtime no longer runs, does not
// compile, and the comment at its use says what to do.
const (
	MinVersion = 2 // the oldest form of generated code that this package runs
	MaxVersion = 2 // the form that this aslgen generates
)

// EnforceVersion fails to compile for a negative constant: `_ = table.EnforceVersion(1 - table.MinVersion)`.
type EnforceVersion uint
