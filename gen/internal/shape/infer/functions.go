package infer

import (
	"fmt"

	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/shape"
	"github.com/r-seed-632eed22/aslgen/runtime/jsonata"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// call is what a function of the library gives.
func (r *reading) call(n *jsonata.Node, context given) given {
	switch n.Name {
	case "exists", "not", "boolean", "type":
		for _, arg := range n.Parts {
			r.test(arg, context)
		}
		return single(ofKind(n.Result), shape.Always)
	case "lookup":
		if len(n.Parts) == 2 {
			return r.lookup(n, context, false)
		}
	case "map", "filter", "single", "each", "sift", "reduce", "sort":
		if len(n.Parts) > 0 {
			return r.iteration(n, context)
		}
	}
	there := shape.Always
	args := make([]given, len(n.Parts))
	for i, arg := range n.Parts {
		args[i] = r.value(arg, context)
		there = min(there, args[i].there)
	}
	if len(args) == 0 {
		return single(ofKind(n.Result), there)
	}
	first := args[0]
	switch n.Name {
	case "parse":
		r.parses(first, n)
	case "distinct":
		first.json = unsourced(first.json)
		return first
	case "reverse", "shuffle":
		return single(shape.Array(first.each().json), there)
	case "split":
		return single(shape.Array(shape.Text), there)
	case "keys":
		return manyOf(shape.Text)
	case "spread", "match":
		return manyOf(shape.Objects)
	case "merge":
		return single(r.merge(n.Parts[0]), there)
	case "count":
		return single(shape.Int, shape.Always)
	}
	return single(ofKind(n.Result), there)
}

// lookup is what $lookup gives: the member of an object, or of each object in an array, by a name that may be written out.
func (r *reading) lookup(n *jsonata.Node, context given, tested bool) given {
	of := r.value(n.Parts[0], context)
	r.value(n.Parts[1], context)
	name := *n.Parts[1]
	text, literal := name.Value.AsString()
	if !literal || name.Kind != jsonata.LiteralNode || name.Filters != nil {
		return unknown
	}
	name.Name = text
	object := func() string { return r.text(n.Parts[0].Start, n.Parts[0].End) }
	return of.each().give(func(one given) given { return r.member(object, &name, one, tested) })
}

// iteration is a call of a function that calls another for the values of its first argument.
func (r *reading) iteration(n *jsonata.Node, context given) given {
	over := r.value(n.Parts[0], context)
	item := single(over.each().json, shape.Always)
	if n.Name == "each" || n.Name == "sift" {
		item = unknown
	}
	parameters := map[string][]given{
		"map": {item, single(shape.Int, shape.Always)}, "filter": {item, single(shape.Int, shape.Always)},
		"single": {item, single(shape.Int, shape.Always)}, "sort": {item, item}, "reduce": {unknown, item},
	}[n.Name]
	result := unknown
	for _, arg := range n.Parts[1:] {
		if arg.Kind == jsonata.FunctionNode {
			result = r.apply(arg, parameters...)
		} else {
			r.value(arg, context)
		}
	}
	switch n.Name {
	case "map":
		if over.amount == one && over.json.Length > 1 {
			return single(shape.ArrayOf(result.value(), over.json.Length), over.there)
		}
		return manyOf(unsourced(result.value()))
	case "each":
		return manyOf(unsourced(result.value()))
	case "filter":
		return manyOf(unsourced(item.json))
	case "single":
		return single(unsourced(item.json), shape.Maybe)
	case "sort":
		return single(shape.Array(unsourced(item.json)), over.there)
	case "sift":
		return single(shape.Objects, shape.Maybe)
	}
	return unknown
}

// apply is what a function gives for the first of its parameters; of the others nothing is known.
func (r *reading) apply(function *jsonata.Node, parameters ...given) given {
	return r.within(func() given {
		for i, name := range function.Parameters {
			is := unknown
			if i < len(parameters) {
				is = parameters[i]
			}
			r.bind(name, is)
		}
		return r.value(function.Parts[0], unknown)
	})
}

// merge is what $merge gives for an array constructor: each object with the members of those after it.
func (r *reading) merge(list *jsonata.Node) *shape.JSON {
	if list.Kind != jsonata.ArrayNode || list.Filters != nil || len(list.Parts) == 0 {
		return shape.Objects
	}
	for _, part := range list.Parts {
		if v := r.gave[part]; v.amount != one || v.there != shape.Always || mayFlatten(v.json) {
			return shape.Objects
		}
	}
	out := r.gave[list.Parts[0]].json
	for _, part := range list.Parts[1:] {
		out = merged(out, r.gave[part].json)
	}
	if out = out.Narrow(shape.ObjectKind); out == nil {
		return shape.Objects
	}
	return out
}

// operand reports an operand that arithmetic can never take. Checking knows of those whose type the text says.
func (r *reading) operand(n, operand *jsonata.Node, v given) {
	if ofKind(n.Result) != shape.Number || operand.Result != value.AbsentKind {
		return
	}
	if j := v.value(); j.Kinds&shape.NumberKind == 0 {
		r.misfit(r.span(operand.Start, operand.End), wrong{code: diag.WrongData,
			message: fmt.Sprintf("%s takes numbers, but %s is %s", n.Name, r.text(operand.Start, operand.End), j.Describe())}, j)
	}
	if r.report {
		suggest(v.json, "1")
	}
}
