package infer

import (
	"fmt"
	"slices"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/catalog"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/shape"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
	"github.com/r-seed-632eed22/aslgen/runtime/jsonata"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// states is what the expressions of a JSONata state see as $states, beside the input and the context.
type states struct{ result, errorOutput *shape.JSON }

// jsonata returns where a JSONata state leads.
func (e *evaluation) jsonata() (edges []edge) {
	s := e.state
	result := e.document
	switch s.Type.Text {
	case "Fail":
		e.ataFields()
		return nil
	case "Succeed":
		return []edge{{with: flow{e.ataOutput(s.Output, result), e.variables}}}
	case "Choice":
		return e.ataChoice()
	case "Wait":
		e.ataFields()
	case "Task":
		result = e.ataTask()
	case "Parallel":
		result = e.ataParallel()
	case "Map":
		result = e.ataMap()
	}
	e.sometimes = false
	if s.Type.Text != "Pass" && s.Type.Text != "Wait" {
		e.states.result = result
	}
	edges = []edge{{e.named(s.Next), flow{e.ataOutput(s.Output, result), e.ataAssigned(s.Assign)}}}
	for i, c := range s.Catch {
		e.states = states{errorOutput: errorOutput("", plainCauses(s, i))}
		edges = append(edges, edge{e.named(c.Next), flow{e.ataOutput(c.Output, e.states.errorOutput), e.ataAssigned(c.Assign)}})
	}
	return edges
}

func (e *evaluation) ataTask() *shape.JSON {
	s := e.state
	r, _, _ := catalog.ParseResource(s.Resource.Text)
	e.token = r.Waits() || r.Kind == catalog.UnknownResource
	e.ataFields()
	if s.Credentials != nil {
		e.ataCredentials(s.Credentials)
	}
	declared := e.options.Parameters[s.Name.Text]
	switch {
	case s.Arguments != nil:
		arguments := e.ata(s.Arguments, "Arguments", r.Parameters())
		if declared != nil {
			e.declaredParameters(s.Arguments, arguments, declared)
		}
	case declared != nil:
		e.declared(s.Name.Span, Misfit(e.document, declared, "the input"), declared)
	default:
		e.goesOn(e.document)
	}
	e.token = false
	return e.result(s, r)
}

func (e *evaluation) ataCredentials(n *ast.Node) {
	for i := range n.Members {
		m := &n.Members[i]
		if j := e.ata(m.Value, m.Name, nil); m.Name == "RoleArn" {
			e.gives(m.Value, m.Name, j, shape.StringKind)
		}
	}
}

func (e *evaluation) ataChoice() (edges []edge) {
	s := e.state
	e.examples()
	for _, r := range s.Choices {
		if r.Condition != nil {
			e.gives(r.Condition, "Condition", e.ata(r.Condition, "Condition", boolean), shape.BooleanKind)
		}
		e.sometimes = true // the rest depends on the data
		edges = append(edges, edge{e.named(r.Next), flow{e.ataOutput(r.Output, e.document), e.ataAssigned(r.Assign)}})
	}
	if s.Default != nil {
		edges = append(edges, edge{e.named(s.Default), flow{e.ataOutput(s.Output, e.document), e.ataAssigned(s.Assign)}})
	}
	return edges
}

func (e *evaluation) ataParallel() *shape.JSON {
	in := e.document
	if e.state.Arguments != nil {
		in = e.ata(e.state.Arguments, "Arguments", nil)
	}
	var elem *shape.JSON
	for _, b := range e.state.Branches {
		if out := e.follow(b, flow{in, e.variables}, e.item); out != nil {
			elem = shape.Join(elem, out)
		}
	}
	return shape.ArrayOf(elem, len(e.state.Branches))
}

func (e *evaluation) ataMap() *shape.JSON {
	s := e.state
	e.ataFields()
	items, distributed := e.document, s.ItemProcessor.IsDistributed()
	if s.Items != nil {
		items = e.ataItems(s.Items, distributed)
	}
	elem, _ := items.Element()
	if distributed && items.Kinds&shape.ObjectKind != 0 {
		elem = shape.Any
	}
	for i := range s.Fields {
		m := &s.Fields[i]
		if f := ast.StateFields.Named(m.Name); f != nil && f.Kind == ast.Structure { // an ItemReader, ItemBatcher or ResultWriter
			e.ata(m.Value, m.Name, nil)
			elem = shape.Any
		}
	}
	if s.ItemBatcher != nil {
		e.givesNumbers(s.ItemBatcher.Fields, ast.ItemBatcherFields)
	}
	if s.ItemReader != nil && s.ItemReader.ReaderConfig != nil {
		e.givesNumbers(s.ItemReader.ReaderConfig.Fields, ast.ReaderConfigFields)
	}
	outer := e.item
	e.item, e.sometimes = mapItem(elem), true
	if s.ItemSelector != nil {
		e.selects = true
		elem = e.ata(s.ItemSelector, "ItemSelector", nil)
		e.selects = false
	}
	if s.ItemBatcher != nil {
		elem = shape.Any // a batch of such
	}
	inside, variables := e.item, e.variables
	e.item = outer
	if distributed {
		inside, variables = nil, shape.Nothing
	}
	e.iterates(items)
	out := e.follow(s.ItemProcessor, flow{elem, variables}, inside)
	if s.ResultWriter != nil {
		return shape.Any
	}
	return shape.Array(out)
}

func (e *evaluation) ataOutput(n *ast.Node, otherwise *shape.JSON) *shape.JSON {
	if n == nil {
		return otherwise
	}
	out := e.ata(n, "Output", nil)
	if len(out.Fields) == 0 || out.Go != nil {
		return out
	}
	named := *out
	named.Fields = slices.Clone(out.Fields)
	for i := range named.Fields {
		if f := &named.Fields[i]; f.From == "" {
			f.From = fmt.Sprintf("Output of %q", e.state.Name.Text)
		}
	}
	return &named
}

func (e *evaluation) ataAssigned(n *ast.Node) *shape.JSON {
	if n == nil {
		return e.variables
	}
	variables := e.variables
	for _, f := range e.ata(n, "Assign", nil).Fields {
		f.From = fmt.Sprintf("Assign of %q", e.state.Name.Text)
		variables = variables.With(f)
	}
	return variables
}

// ataFields evaluates the fields that hold a number or a text, or an expression.
func (e *evaluation) ataFields() {
	for i := range e.state.Fields {
		m := &e.state.Fields[i]
		f := ast.StateFields.Named(m.Name)
		if f == nil || !f.Expressions || f.Kind != ast.NumberField && f.Kind != ast.Text {
			continue
		}
		j := e.ata(m.Value, m.Name, sinkOf(f))
		if f.Kind == ast.Text {
			e.gives(m.Value, m.Name, j, shape.StringKind)
		} else {
			e.givesNumber(m.Value, f, j)
		}
	}
}

// ata returns what a field of a JSONata state gives, or a member of one.
func (e *evaluation) ata(n *ast.Node, name string, sink *shape.Type) *shape.JSON {
	if n.Expr != nil {
		return e.ataExpr(n.Expr, name, sink)
	}
	switch n.Kind {
	case value.ObjectKind:
		fields := make([]shape.Field, len(n.Members))
		for i, m := range n.Members {
			fields[i] = shape.Field{Name: m.Name, JSON: e.ata(m.Value, m.Name, memberType(sink, m.Name))}
		}
		return shape.Object(fields...)
	case value.ArrayKind:
		var elem *shape.JSON
		for _, inner := range n.Elements {
			elem = shape.Join(elem, e.ata(inner, name, elementType(sink)))
		}
		return shape.ArrayOf(elem, len(n.Elements))
	}
	return literal(n, "")
}

// ataExpr returns what an expression gives.
func (e *evaluation) ataExpr(x *ast.Expr, name string, sink *shape.Type) *shape.JSON {
	if x.JSONata == nil { // a placeholder may say anything
		return shape.Any
	}
	r, v := e.look(x, sink)
	r.feedsParts(r.tree, name, sink)
	return v.value()
}

// ataItems returns what the Items of a Map give, and reports those that it cannot go over (X10).
func (e *evaluation) ataItems(n *ast.Node, distributed bool) *shape.JSON {
	if n.Expr == nil || n.Expr.JSONata == nil {
		return e.ata(n, "Items", nil)
	}
	takes := shape.ArrayKind
	if distributed {
		takes |= shape.ObjectKind
	}
	r, v := e.look(n.Expr, nil)
	e.gives(n, "Items", v.value(), takes)
	r.collapsed(v, n.Span, "Items", array)
	return v.value()
}

// ofKind is data of a kind.
func ofKind(k value.Kind) *shape.JSON {
	switch k {
	case value.StringKind:
		return shape.Text
	case value.NumberKind:
		return shape.Number
	case value.BoolKind:
		return shape.Bool
	case value.NullKind:
		return shape.Null
	}
	return shape.Any // JSONata makes one of an array of one
}

// ataRoot returns what a variable is, and the names that follow it there.
func (e *evaluation) ataRoot(variable string, names []string) (*shape.JSON, []string, shape.Presence) {
	if variable != "states" {
		j, there := e.variables.Member(variable)
		if there == shape.Never { // checking has its own rules for variables
			return shape.Any, nil, shape.Never
		}
		return j, names, there
	}
	if len(names) == 0 {
		return shape.Any, nil, shape.Never
	}
	roots := map[string]*shape.JSON{"input": e.document, "context": e.context(), "result": e.states.result, "errorOutput": e.states.errorOutput}
	j := roots[names[0]]
	if j == nil {
		return shape.Any, nil, shape.Never
	}
	e.readsToken = e.readsToken || e.token && names[0] == "context" && (len(names) == 1 || names[1] == "Task")
	return j, names[1:], shape.Always
}

// reads notes what the expression reads of data from outside. What it is as a whole must be there; a part need not.
func (r *reading) reads(sink *shape.Type) {
	whole := shape.Read{Sink: readType(sink, false), Always: r.alwaysReads(), Each: r.readsForEach()}
	if variable, names, plain := r.x.JSONata.Path(); plain {
		r.read(variable, names, whole)
		return
	}
	for _, ref := range r.x.JSONata.References() {
		var names []string
		for _, f := range ref.Fields {
			if names = append(names, f.Name); f.Filtered {
				break
			}
		}
		r.read(ref.Name, names, shape.Read{Tested: true})
	}
}

// read notes a read of a variable's member, as far as names lead to one place.
func (r *reading) read(variable string, names []string, read shape.Read) {
	read.Text = "$" + strings.Join(append([]string{variable}, names...), ".")
	read.State, read.Span = r.state.Name.Text, r.x.Span
	j, names, there := r.ataRoot(variable, names)
	for _, name := range names {
		if there == shape.Never || mayFlatten(j) {
			return
		}
		j, there = j.Member(name)
	}
	if there == shape.Never {
		return
	}
	switch {
	case len(names) == 0:
		r.goesOn(j)
	case r.report:
		for _, n := range j.Origins {
			read.Known = n.Tested()
			n.Note(read)
		}
	}
}

// mayFlatten reports whether data may be an array, and is not just anything.
func mayFlatten(j *shape.JSON) bool { return j.Kinds&shape.ArrayKind != 0 && !j.IsAny() }

// missing reports a name that finds nothing whatever the data.
func (r *reading) missing(object string, name *jsonata.Node, of *shape.JSON) {
	if strings.HasPrefix(object, "$states.context") && of.Base == nil {
		return // checking knows the context object
	}
	text := r.text(name.Start, name.End)
	if object != inContext {
		text = object + "." + text
	}
	w := wrong{code: diag.PathFindsNothing, message: fmt.Sprintf("%s finds nothing: %s is %s", text, object, of.Kinds)}
	switch {
	case of.Kinds&shape.ObjectKind != 0:
		w.message, w.hint = noMember(object, name.Name, of)
	case isCause(object, of):
		w.message = fmt.Sprintf("%s finds nothing: %s is text", text, object)
		w.hint = "if the text is JSON, $parse(" + object + ") reads it"
	}
	r.misfit(r.span(name.Start, name.End), w, of)
}

// collapsed reports an expression that gives the only one of several values as itself, where an array is wanted.
func (r *reading) collapsed(v given, span source.Span, name string, sink *shape.Type) {
	if sink == nil || sink.Kind != shape.List || !v.collapses() {
		return
	}
	r.finding(span, wrong{code: diag.OneOfSeveral,
		message: name + " takes an array, but where this expression gives one value it is that value, not an array of it",
		hint:    "[ … ] around the expression makes it an array, however many values there are"})
}
