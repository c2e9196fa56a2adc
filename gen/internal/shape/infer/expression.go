package infer

import (
	"slices"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/shape"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
	"github.com/r-seed-632eed22/aslgen/runtime/jsonata"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// amount says how many values a part of an expression gives. A sequence of one is that one, not an array.
type amount uint8

const (
	one      amount = iota // one value, be it an array
	several                // one or a sequence: that depends on data of which nothing is known
	sequence               // a sequence, of any length
)

// given is what a part of an expression gives.
type given struct {
	json   *shape.JSON // of a sequence what each value is
	there  shape.Presence
	amount amount
	two    bool // a sequence has at least two values
}

var unknown = given{json: shape.Any, there: shape.Maybe}

// single is one value, or an array.
func single(j *shape.JSON, there shape.Presence) given { return given{json: j, there: there} }

// manyOf are the values of a sequence.
func manyOf(j *shape.JSON) given { return given{json: j, there: shape.Maybe, amount: sequence} }

// value is what is given, as one value.
func (g given) value() *shape.JSON {
	switch {
	case g.amount == one, g.amount == several && g.json.IsAny():
		return g.json
	case g.two:
		return shape.Array(g.json)
	case g.json.IsAny():
		return shape.Any
	}
	return shape.Join(g.json, shape.Array(g.json))
}

// each returns what a step that follows looks at, one by one: arrays are taken apart.
func (g given) each() given {
	if g.amount == sequence || !g.json.IsAny() && g.json.Kinds&shape.ArrayKind == 0 {
		return g
	}
	out := given{json: flat(g.json), there: g.there, amount: several}
	if g.json.Kinds == shape.ArrayKind {
		out.amount, out.two = sequence, g.json.Length > 1
	}
	return out
}

// flat is what the values are that JSONata makes of a value when it flattens it.
func flat(j *shape.JSON) *shape.JSON {
	if j.Kinds&shape.ArrayKind == 0 || j.IsAny() {
		return j
	}
	elem, _ := j.Element()
	return shape.Join(j.Narrow(shape.AnyKind&^shape.ArrayKind), flat(elem))
}

// collapses reports whether one value of several is given as itself where an array is wanted, which it then is not.
func (g given) collapses() bool {
	return g.amount == sequence && !g.two || g.amount == several && g.json.Kinds&shape.ArrayKind == 0
}

// reading is an expression being looked at.
type reading struct {
	*evaluation
	x     *ast.Expr
	tree  *jsonata.Node
	bound *binding
	gave  map[*jsonata.Node]given
}

// look finds out what an expression gives, and notes what it reads of data from outside.
func (e *evaluation) look(x *ast.Expr, sink *shape.Type) (*reading, given) {
	r := &reading{evaluation: e, x: x, tree: x.JSONata.Tree(), gave: map[*jsonata.Node]given{}}
	v := r.value(r.tree, unknown)
	r.reads(sink)
	if e.report {
		e.program.Values[x] = shape.Join(e.program.Values[x], v.value())
	}
	return r, v
}

// binding is a variable of the expression itself.
type binding struct {
	name  string
	is    given
	outer *binding
}

func (r *reading) bind(name string, is given) { r.bound = &binding{name, is, r.bound} }

// within looks at something in a scope of its own.
func (r *reading) within(look func() given) given {
	around := r.bound
	defer func() { r.bound = around }()
	return look()
}

// value returns what a part gives, for what the context is.
func (r *reading) value(n *jsonata.Node, context given) given {
	v := r.filtered(n, r.part(n, context))
	if n.Group != nil {
		v = r.object(n.Group, v.each())
	}
	if n.Keeps {
		v = single(shape.Array(v.each().json), v.there)
	}
	r.gave[n] = v
	return v
}

// part is value without what stands behind the part.
func (r *reading) part(n *jsonata.Node, context given) given {
	switch n.Kind {
	case jsonata.LiteralNode:
		return single(literalValue(n.Value), shape.Always)
	case jsonata.VariableNode:
		return r.variable(n.Name, context)
	case jsonata.NameNode:
		return r.member(r.before(n, n), n, context, false)
	case jsonata.PathNode:
		return r.within(func() given { return r.path(n, context, false) })
	case jsonata.ArrayNode:
		return r.array(n, context)
	case jsonata.ObjectNode:
		return r.object(n.Parts, context)
	case jsonata.BlockNode:
		return r.within(func() (last given) {
			last = unknown
			for _, part := range n.Parts {
				last = r.value(part, context)
			}
			return last
		})
	case jsonata.BindNode:
		v := r.value(n.Parts[0], context)
		r.bind(n.Name, v)
		return v
	case jsonata.ConditionNode:
		return r.condition(n, context)
	case jsonata.OperatorNode:
		return r.operator(n, context)
	case jsonata.CallNode:
		return r.call(n, context)
	case jsonata.FunctionNode:
		r.apply(n)
		return unknown
	}
	for _, part := range n.Parts {
		r.value(part, unknown)
	}
	return unknown
}

func literalValue(v value.Value) *shape.JSON {
	if text, ok := v.AsString(); ok && len(text) <= longestWord {
		return shape.Word(text)
	}
	return ofValue(v)
}

func (r *reading) variable(name string, context given) given {
	switch name {
	case "":
		return context
	case "$":
		return unknown
	}
	for b := r.bound; b != nil; b = b.outer {
		if b.name == name {
			return b.is
		}
	}
	if name == "states" {
		return single(r.statesObject(), shape.Always)
	}
	if j, there := r.variables.Member(name); there != shape.Never { // checking has its own rules for variables
		return single(j, there)
	}
	return unknown
}

// statesObject is $states. Checking knows which members it has.
func (r *reading) statesObject() *shape.JSON {
	all := &shape.JSON{Kinds: shape.ObjectKind}
	for _, f := range []shape.Field{
		{Name: "input", JSON: r.document}, {Name: "context", JSON: r.context()}, {Name: "result", JSON: r.states.result},
		{Name: "errorOutput", JSON: r.states.errorOutput},
	} {
		if f.JSON != nil {
			all.Fields = append(all.Fields, f)
		}
	}
	return all
}

// path follows the steps of a path. If it is tested, nothing is wrong with its finding nothing.
func (r *reading) path(n *jsonata.Node, context given, tested bool) given {
	v := context
	for i, step := range n.Parts {
		if i == 0 && step.Kind != jsonata.NameNode {
			v = r.filtered(step, r.part(step, context))
		} else {
			v = r.step(n, step, v.each(), tested)
		}
		for _, name := range step.Binds {
			r.bind(name, unknown)
			v = unknown
		}
	}
	return v
}

// step is what a step of a path gives for each value that comes to it.
func (r *reading) step(path, step *jsonata.Node, each given, tested bool) given {
	if step.Kind == jsonata.SortNode {
		for _, term := range step.Parts {
			r.value(term, single(each.json, each.there))
		}
		return given{each.json, each.there, sequence, each.two}
	}
	return each.give(func(context given) given {
		if step.Kind == jsonata.NameNode {
			return r.filtered(step, r.member(r.before(path, step), step, context, tested))
		}
		return r.filtered(step, r.part(step, context))
	})
}

// give is what something gives for each of the values, of which arrays are taken apart.
func (each given) give(gives func(context given) given) given {
	v := gives(single(each.json, each.there))
	v.there = min(v.there, each.there)
	switch {
	case each.amount == sequence:
		return given{flat(v.json), v.there, sequence, each.two && v.there == shape.Always && v.amount == one}
	case each.amount == several && !v.json.IsAny():
		v.amount = max(v.amount, several)
	}
	return v
}

// inContext stands for what a name is a member of with nothing before it.
const inContext = "the context"

// before returns the text of a path before a name.
func (r *reading) before(path, name *jsonata.Node) func() string {
	return func() string {
		if path.Start >= name.Start {
			return inContext
		}
		return r.text(path.Start, name.Start)
	}
}

// member is what a name gives for one value, which is no array: the object, whose text is given.
func (r *reading) member(object func() string, name *jsonata.Node, of given, tested bool) given {
	j, there := of.json.Member(name.Name)
	if there == shape.Never {
		if !tested {
			r.missing(object(), name, of.json)
		}
		return unknown
	}
	if w := unlikely(object, name.Name, of.json); w != nil && !tested {
		r.finding(r.span(name.Start, name.End), *w)
	}
	return single(j, min(of.there, there))
}

// filtered is what filters leave of what is given: the value at an index, or those for which something holds.
func (r *reading) filtered(n *jsonata.Node, v given) given {
	for _, filter := range n.Filters {
		each := v.each()
		by := r.value(filter, single(each.json, each.there))
		switch {
		case by.json.Kinds == shape.NumberKind && by.amount == one:
			if v.amount == one && !v.json.IsAny() && v.json.Kinds&shape.ArrayKind != 0 { // one level, not all
				elem, _ := v.json.Element()
				each.json = shape.Join(v.json.Narrow(shape.AnyKind&^shape.ArrayKind), elem)
			}
			v = single(unsourced(each.json), shape.Maybe)
		case by.json.Kinds == shape.BooleanKind:
			v = manyOf(each.json)
		default:
			v = given{json: unsourced(each.json), there: shape.Maybe, amount: several}
		}
	}
	return v
}

// unsourced is data of which it is not known whether it is what its source has at that place, or a part of that.
func unsourced(j *shape.JSON) *shape.JSON {
	if j.IsAny() {
		return shape.Any
	}
	return j
}

// array is an array constructor: arrays in it are flattened, but for constructors.
func (r *reading) array(n *jsonata.Node, context given) given {
	var elem *shape.JSON
	length := len(n.Parts)
	for _, part := range n.Parts {
		v := r.value(part, context)
		if part.Kind == jsonata.ArrayNode {
			elem = shape.Join(elem, v.json)
			continue
		}
		if v.amount != one || v.there != shape.Always || v.json.Kinds&shape.ArrayKind != 0 {
			length = 0
		}
		elem = shape.Join(elem, unsourced(flat(v.json)))
	}
	return single(shape.ArrayOf(elem, length), shape.Always)
}

// object is an object constructor, or a group, of names and values in turns. What is absent is left out.
func (r *reading) object(pairs []*jsonata.Node, each given) given {
	out := &shape.JSON{Kinds: shape.ObjectKind, Closed: true}
	context := single(each.json, each.there)
	for i := 0; i+1 < len(pairs); i += 2 {
		r.value(pairs[i], context)
		v := r.value(pairs[i+1], context)
		name, literal := pairs[i].Value.AsString()
		if !literal || pairs[i].Kind != jsonata.LiteralNode {
			out.Closed = false
			continue
		}
		out = out.With(shape.Field{Name: name, JSON: v.value(), Optional: v.there != shape.Always})
	}
	if !out.Closed {
		out = shape.Objects
	}
	return single(out, shape.Always)
}

func (r *reading) condition(n *jsonata.Node, context given) given {
	r.test(n.Parts[0], context)
	then := r.value(n.Parts[1], context)
	if len(n.Parts) < 3 {
		then.there = min(then.there, shape.Maybe)
		return then
	}
	otherwise := r.value(n.Parts[2], context)
	out := given{there: min(then.there, otherwise.there), amount: max(then.amount, otherwise.amount)}
	if out.amount == one {
		out.json = shape.Join(then.json, otherwise.json)
	} else {
		out.json = shape.Join(then.each().json, otherwise.each().json)
	}
	out.json = unsourced(out.json)
	return out
}

// test looks at a part of which it is asked whether it is there, or true.
func (r *reading) test(n *jsonata.Node, context given) given {
	switch {
	case n.Kind == jsonata.PathNode:
		return r.filtered(n, r.within(func() given { return r.path(n, context, true) }))
	case n.Kind == jsonata.CallNode && n.Name == "lookup" && len(n.Parts) == 2:
		return r.filtered(n, r.lookup(n, context, true))
	case n.Kind == jsonata.BlockNode && len(n.Parts) == 1, n.Kind == jsonata.OperatorNode && (n.Name == "and" || n.Name == "or"):
		for _, part := range n.Parts {
			r.test(part, context)
		}
		return single(shape.Bool, shape.Always)
	}
	return r.value(n, context)
}

func (r *reading) operator(n *jsonata.Node, context given) given {
	if n.Name == "and" || n.Name == "or" {
		return r.test(n, context)
	}
	there := shape.Always
	for _, part := range n.Parts {
		v := r.value(part, context)
		there = min(there, v.there)
		r.operand(n, part, v)
	}
	switch n.Name {
	case "..":
		return manyOf(shape.Int)
	case "&", "=", "!=", "in":
		there = shape.Always
	}
	return single(ofKind(n.Result), there)
}

// span is the place of a part of the expression.
func (r *reading) span(start, end int) source.Span {
	return source.Span{Start: r.file.InString(r.x.Span, r.x.Start+start), End: r.file.InString(r.x.Span, r.x.Start+end)}
}

// text is the text of a part of the expression.
func (r *reading) text(start, end int) string {
	return strings.TrimRight(r.x.JSONata.String()[start:end], ". \t\r\n")
}

// feedsParts holds what an expression gives against what it is for, an object constructor member by member.
func (r *reading) feedsParts(n *jsonata.Node, name string, sink *shape.Type) {
	v, looked := r.gave[n]
	if sink == nil || !looked {
		return
	}
	plain := n.Filters == nil && n.Group == nil
	switch {
	case n.Kind == jsonata.ObjectNode && plain && sink.Kind == shape.Struct:
		for i := 0; i+1 < len(n.Parts); i += 2 {
			if member, ok := n.Parts[i].Value.AsString(); ok {
				r.feedsParts(n.Parts[i+1], member, memberType(sink, member))
			}
		}
	case n.Kind == jsonata.ArrayNode && plain && sink.Kind == shape.List && slices.ContainsFunc(n.Parts, isObject):
		for _, part := range n.Parts {
			r.feedsParts(part, name, sink.Elem)
		}
	case n == r.tree:
		r.feeds(v.value(), r.x.Text, r.x.Span, name, sink)
		r.collapsed(v, r.x.Span, name, sink)
	default:
		r.feeds(v.value(), r.text(n.Start, n.End), r.span(n.Start, n.End), name, sink)
		r.collapsed(v, r.span(n.Start, n.End), name, sink)
	}
}

func isObject(n *jsonata.Node) bool { return n.Kind == jsonata.ObjectNode }
