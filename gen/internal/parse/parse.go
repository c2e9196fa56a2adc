// Package parse reads ASL files. It is tolerant: what it cannot use it reports and leaves out, so that one run shows every
// fault of a file.
package parse

import (
	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
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
	if d.ofAnotherTool(node) {
		return nil
	}
	return d.machine(node)
}

// otherTools are the fields by which a file of a deployment tool is known that may hold machines.
var otherTools = map[string]string{
	"AWSTemplateFormatVersion": "a template of CloudFormation",
	"Resources":                "a template of CloudFormation",
	"stepFunctions":            "a file of the Serverless Framework",
	"resource":                 "a configuration of Terraform",
}

// ofAnotherTool reports a file of a deployment tool: one without the fields of a machine, but with those of the tool.
func (d *decoder) ofAnotherTool(n *ast.Node) bool {
	var known *ast.Member
	for i := range n.Members {
		switch m := &n.Members[i]; {
		case m.Name == "StartAt" || m.Name == "States":
			return false
		case known == nil && otherTools[m.Name] != "":
			known = m
		}
	}
	if known == nil {
		return false
	}
	d.errorf(known.Span, diag.NotMachine, "this is %s, not a state machine", otherTools[known.Name]).
		WithHint("put each definition into a file of its own, which the tool reads too")
	return true
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
