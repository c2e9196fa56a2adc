package infer

import (
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/ast"
	"github.com/r-seed-632eed22/aslgen/gen/catalog"
	"github.com/r-seed-632eed22/aslgen/gen/shape"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// jsonata returns where a JSONata state leads. Its expressions give any value.
func (e *evaluation) jsonata() (edges []edge) {
	s := e.state
	result := e.document
	switch s.Type.Text {
	case "Fail":
		return nil
	case "Succeed":
		return []edge{{with: flow{e.ataOutput(s.Output, result), e.variables}}}
	case "Choice":
		return e.ataChoice()
	case "Task":
		r, _, _ := catalog.ParseResource(s.Resource.Text)
		e.readsToken = true // an expression may read it
		result = e.result(s, r)
	case "Parallel":
		result = e.ataParallel()
	case "Map":
		result = e.ataMap()
	}
	edges = []edge{{e.named(s.Next), flow{e.ataOutput(s.Output, result), e.ataAssigned(s.Assign)}}}
	textOrNull := shape.Join(shape.Text, shape.Null)
	failed := shape.Object(shape.Field{Name: "Error", JSON: textOrNull}, shape.Field{Name: "Cause", JSON: textOrNull})
	for _, c := range s.Catch {
		edges = append(edges, edge{e.named(c.Next), flow{e.ataOutput(c.Output, failed), e.ataAssigned(c.Assign)}})
	}
	return edges
}

func (e *evaluation) ataChoice() (edges []edge) {
	for _, r := range e.state.Choices {
		output := e.document
		if n := e.state.Output; n != nil {
			output = e.ataOutput(n, output)
		}
		edges = append(edges, edge{e.named(r.Next), flow{e.ataOutput(r.Output, output), e.ataAssigned(r.Assign)}})
	}
	if s := e.state; s.Default != nil {
		edges = append(edges, edge{e.named(s.Default), flow{e.ataOutput(s.Output, e.document), e.ataAssigned(s.Assign)}})
	}
	return edges
}

func (e *evaluation) ataParallel() *shape.JSON {
	in := e.document
	if e.state.Arguments != nil {
		in = ataValue(e.state.Arguments)
	}
	var elem *shape.JSON
	for _, b := range e.state.Branches {
		if out := e.follow(b, flow{in, e.variables}, e.item); out != nil {
			elem = shape.Join(elem, out)
		}
	}
	return shape.Array(elem)
}

func (e *evaluation) ataMap() *shape.JSON {
	in := shape.Any
	if m := e.state.Field("ItemSelector"); m != nil {
		in = ataValue(m.Value)
	}
	variables := e.variables
	if isDistributed(e.state) {
		in, variables = shape.Any, shape.Nothing
	}
	out := e.follow(e.state.ItemProcessor, flow{in, variables}, shape.Any)
	if e.state.Field("ResultWriter") != nil {
		return shape.Any
	}
	return shape.Array(out)
}

func (e *evaluation) ataOutput(n *ast.Node, otherwise *shape.JSON) *shape.JSON {
	if n == nil {
		return otherwise
	}
	return ataValue(n)
}

func (e *evaluation) ataAssigned(n *ast.Node) *shape.JSON {
	if n == nil {
		return e.variables
	}
	variables := e.variables
	for _, f := range ataValue(n).Fields {
		variables = variables.With(f)
	}
	return variables
}

// ataValue is what a field of a JSONata state gives: its expressions give any value.
func ataValue(n *ast.Node) *shape.JSON {
	switch n.Kind {
	case value.StringKind:
		if strings.HasPrefix(n.Text, "{%") {
			return shape.Any
		}
	case value.ObjectKind:
		fields := make([]shape.Field, len(n.Members))
		for i, m := range n.Members {
			fields[i] = shape.Field{Name: m.Name, JSON: ataValue(m.Value)}
		}
		return shape.Object(fields...)
	case value.ArrayKind:
		var elem *shape.JSON
		for _, inner := range n.Elements {
			elem = shape.Join(elem, ataValue(inner))
		}
		return shape.Array(elem)
	}
	return literal(n, "")
}
