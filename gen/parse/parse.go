// Package parse reads ASL files. It is tolerant: what it cannot use it reports and leaves out, so that one run shows every
// fault of a file.
package parse

import (
	"github.com/r-seed-632eed22/aslgen/gen/ast"
	"github.com/r-seed-632eed22/aslgen/gen/diag"
	"github.com/r-seed-632eed22/aslgen/gen/source"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// File returns the state machine that the file holds, and adds to the list what is wrong with its JSON, with the types of
// its fields, and with its paths and intrinsic functions. It returns nil only if the text is not a JSON object.
func File(f *source.File, l *diag.List) *ast.Machine {
	node := readJSON(f, l)
	if node == nil {
		return nil
	}
	if node.Kind != value.ObjectKind {
		l.Errorf(f, node.Span, diag.NotObject, "a definition is a JSON object, not %s", article(node.Kind))
		return nil
	}
	d := &decoder{file: f, list: l}
	return d.machine(node)
}

// decoder turns nodes into the fields of a machine.
type decoder struct {
	file *source.File
	list *diag.List

	outermost *ast.Machine
	jsonata   bool // the query language of the state that is being decoded
}

func (d *decoder) errorf(span source.Span, code *diag.Code, format string, args ...any) *diag.Diagnostic {
	return d.list.Errorf(d.file, span, code, format, args...)
}

// article returns a kind with its article: a string, an array, null.
func article(k value.Kind) string {
	switch k {
	case value.ArrayKind, value.ObjectKind:
		return "an " + k.String()
	case value.NullKind:
		return k.String()
	}
	return "a " + k.String()
}
