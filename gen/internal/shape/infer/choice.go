package infer

import (
	"slices"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/shape"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
	"github.com/r-seed-632eed22/aslgen/runtime/jsonpath"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// choice returns where the rules of a Choice lead, each with what its test and the failure of those before it tell of the
// data.
func (e *evaluation) choice() (edges []edge) {
	s := e.state
	e.examples()
	for _, r := range s.Choices {
		e.tests(r)
		taken := e.refined(r, true)
		if taken != nil {
			variables := e.variables
			if r.Assign != nil {
				variables = e.assigned(r.Assign, e.document)
			}
			edges = append(edges, edge{e.named(r.Next), flow{e.output(taken.document), taken.with(variables)}})
		}
		left := e.refined(r, false)
		if left == nil {
			return edges // the rule always holds
		}
		e.document, e.variables = left.document, left.variables
	}
	if s.Default != nil {
		edges = append(edges, edge{e.named(s.Default), flow{e.output(e.document), e.assigned(s.Assign, e.document)}})
	}
	return edges
}

// with returns the variables of a rule's Assign over those that its test has told of.
func (f *flow) with(assigned *shape.JSON) *shape.JSON {
	variables := f.variables
	for _, field := range assigned.Fields {
		if known := variables.Field(field.Name); known == nil || strings.HasPrefix(field.From, "Assign") {
			variables = variables.With(field)
		}
	}
	return variables
}

// tests notes what a rule reads, and reports what can never hold. Only the first comparison is made whatever the data is.
func (e *evaluation) tests(r *ast.Rule) {
	inner := *e
	for _, next := range slices.Concat(r.And, r.Or) { // the next is looked at if this one holds, or does not
		inner.tests(next)
		e.sometimes = true
		then := inner.refined(next, r.And != nil)
		if then == nil {
			break
		}
		inner.document, inner.variables = then.document, then.variables
	}
	if r.Not != nil {
		e.tests(r.Not)
	}
	if r.Variable == nil || r.Variable.Expr == nil || r.Variable.Expr.Path == nil {
		return
	}
	p, x := r.Variable.Expr.Path, r.Variable.Expr
	j := e.path(p, x, operandType(r.Operator), strings.HasPrefix(r.Operator, "Is"))
	if r.Path != nil && r.Path.Expr != nil && r.Path.Expr.Path != nil {
		e.path(r.Path.Expr.Path, r.Path.Expr, operandType(r.Operator), false)
	}
	e.sometimes = true
	e.neverHolds(r, p, j)
}

// operandType is the type that a comparison is for.
func operandType(operator string) *shape.Type {
	switch {
	case strings.HasPrefix(operator, "String"), strings.HasPrefix(operator, "Timestamp"):
		return text
	case strings.HasPrefix(operator, "Numeric"):
		return number
	case strings.HasPrefix(operator, "Boolean"):
		return boolean
	}
	return nil
}

// operandKinds are the kinds of data for which a comparison, or a test of the type, can be true.
func operandKinds(operator string) shape.Kinds {
	switch {
	case operator == "IsNull":
		return shape.NullKind
	case operator == "IsNumeric", strings.HasPrefix(operator, "Numeric"):
		return shape.NumberKind
	case operator == "IsBoolean", strings.HasPrefix(operator, "Boolean"):
		return shape.BooleanKind
	case operator == "IsPresent":
		return shape.AnyKind
	}
	return shape.StringKind
}

// refined returns what is known if a rule holds, or does not; nil if that cannot be.
func (e *evaluation) refined(r *ast.Rule, holds bool) *flow {
	switch {
	case r.Not != nil:
		return e.refined(r.Not, !holds)
	case r.And != nil && holds, r.Or != nil && !holds:
		return e.refinedAll(slices.Concat(r.And, r.Or), holds)
	case r.And != nil, r.Or != nil:
		return e.refinedAny(slices.Concat(r.And, r.Or), holds)
	}
	at := &flow{e.document, e.variables}
	if r.Variable == nil || r.Variable.Expr == nil || r.Variable.Expr.Path == nil {
		return at
	}
	return at.refine(r.Variable.Expr.Path, tell(r, holds))
}

// refinedAll is for rules that all hold, or all do not.
func (e *evaluation) refinedAll(rules []*ast.Rule, holds bool) *flow {
	inner := *e
	for _, r := range rules {
		at := inner.refined(r, holds)
		if at == nil {
			return nil
		}
		inner.document, inner.variables = at.document, at.variables
	}
	return &flow{inner.document, inner.variables}
}

// refinedAny is for rules of which one holds, or does not.
func (e *evaluation) refinedAny(rules []*ast.Rule, holds bool) (any *flow) {
	for _, r := range rules {
		at := e.refined(r, holds)
		switch {
		case at == nil:
		case any == nil:
			any = at
		default:
			*any = joinFlows(*any, *at)
		}
	}
	return any
}

// telling is what a test tells of the value it looks at.
type telling struct {
	// now returns what the value is then, nil if it is not there; possible is false if the test cannot turn out so.
	now func(j *shape.JSON, there shape.Presence) (now *shape.JSON, possible bool)
	// there says that the value is there then: all tests but IsPresent fail if it is not.
	there bool
}

// tell returns what it tells that a rule holds, or does not.
func tell(r *ast.Rule, holds bool) telling {
	kinds := operandKinds(r.Operator)
	test := strings.HasPrefix(r.Operator, "Is")
	if test && r.Operand != nil && r.Operand.Kind == value.BoolKind && r.Operand.Text == "false" {
		holds = !holds
	}
	switch {
	case r.Operator == "IsPresent" && !holds:
		return telling{func(j *shape.JSON, there shape.Presence) (*shape.JSON, bool) { return nil, there != shape.Always }, false}
	case holds:
		return telling{func(j *shape.JSON, there shape.Presence) (*shape.JSON, bool) {
			if j = j.Narrow(kinds); j != nil && r.Operator == "StringEquals" {
				j = equalTo(j, r.Operand)
			}
			return j, j != nil && there != shape.Never
		}, true}
	case test && r.Operator != "IsTimestamp":
		return telling{func(j *shape.JSON, there shape.Presence) (*shape.JSON, bool) {
			j = j.Narrow(shape.AnyKind &^ kinds)
			return j, j != nil && there != shape.Never
		}, true}
	}
	return telling{func(j *shape.JSON, there shape.Presence) (*shape.JSON, bool) { return j, true }, true}
}

// equalTo is a string that equals an operand; nil if it cannot.
func equalTo(j *shape.JSON, operand *ast.Node) *shape.JSON {
	switch {
	case operand == nil || operand.Kind != value.StringKind || source.HasPlaceholder(operand.Text):
		return j
	case j.Texts != nil && !slices.Contains(j.Texts, operand.Text):
		return nil
	}
	return shape.Word(operand.Text)
}

// refine returns the data with what a test tells about the place of a path; nil if the test cannot turn out so.
func (f *flow) refine(p *jsonpath.Path, tells telling) *flow {
	names, only := p.Names()
	if !only {
		return f
	}
	switch p.Root() {
	case jsonpath.Input:
		if document, possible := refine(f.document, shape.Always, names, tells); possible {
			return &flow{document, f.variables}
		}
		return nil
	case jsonpath.Variable:
		names = append([]string{p.Variable()}, names...)
		if variables, possible := refine(f.variables, shape.Always, names, tells); possible {
			return &flow{f.document, variables}
		}
		return nil
	}
	return f
}

func refine(j *shape.JSON, there shape.Presence, names []string, tells telling) (*shape.JSON, bool) {
	if len(names) == 0 {
		return tells.now(j, there)
	}
	inner, at := j.Member(names[0])
	now, possible := refine(inner, min(at, there), names[1:], tells)
	switch {
	case !possible:
		return j, false
	case now == nil:
		return j.Without(names[0]), true
	case at == shape.Never, now == inner && (at == shape.Always || !tells.there):
		return j, true
	}
	f := shape.Field{Name: names[0], JSON: now, Optional: at != shape.Always && !tells.there}
	if known := j.Field(names[0]); known != nil {
		f.From = known.From
	}
	return j.With(f), true
}
