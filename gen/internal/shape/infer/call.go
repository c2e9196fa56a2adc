package infer

import (
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/shape"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
	"github.com/r-seed-632eed22/aslgen/runtime/intrinsic"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// takes are the types of the arguments that intrinsic functions take; nil is anything, and so are those not listed (1.19).
var takes = map[string][]*shape.Type{
	"States.StringToJson":   {text},
	"States.ArrayPartition": {array, number},
	"States.ArrayContains":  {array},
	"States.ArrayRange":     {number, number, number},
	"States.ArrayGetItem":   {array, number},
	"States.ArrayLength":    {array},
	"States.ArrayUnique":    {array},
	"States.Base64Encode":   {text},
	"States.Base64Decode":   {text},
	"States.Hash":           {nil, text},
	"States.JsonMerge":      {{Kind: shape.Struct}, {Kind: shape.Struct}, boolean},
	"States.MathRandom":     {number, number, number},
	"States.MathAdd":        {number, number},
	"States.StringSplit":    {text, text},
}

// call returns what the call of an intrinsic function gives, which feeds the sink.
func (e *evaluation) call(c *intrinsic.Call, x *ast.Expr, sink *shape.Type) *shape.JSON {
	if err := c.Fault(); err != nil && !source.HasPlaceholder(x.Text) { // what a placeholder stands for may mend it
		e.finding(x.Span, wrong{code: diag.WrongData, message: "this always fails: " + err.Error(), hint: `in JSON, \\{ and \\} are braces that stand for themselves`})
	}
	args := make([]*shape.JSON, len(c.Args))
	for i, arg := range c.Args {
		var takesHere *shape.Type
		if list := takes[c.Function]; i < len(list) {
			takesHere = list[i]
		}
		feeds := takesHere
		if c.Function == "States.Array" {
			feeds = elementType(sink)
		}
		args[i] = e.argument(arg, x, feeds)
		e.argumentFeeds(c, i, args[i], x, takesHere)
	}
	switch c.Function {
	case "States.Format":
		if _, dynamic := c.Args[0].(*intrinsic.PathArg); dynamic && e.report {
			suggest(args[0], value.String(strings.Repeat("{}", len(args)-1)).String())
		}
	case "States.StringToJson":
		e.parses(c, args[0], x)
	case "States.Array":
		return shape.Array(joined(args))
	case "States.ArrayPartition":
		return shape.Array(shape.Array(elementOf(args[0])))
	case "States.ArrayRange":
		return shape.ArrayOf(shape.Int, rangeLength(c))
	case "States.ArrayGetItem":
		return elementOf(args[0])
	case "States.ArrayUnique":
		return shape.Array(elementOf(args[0]))
	case "States.StringSplit":
		return shape.Array(shape.Text)
	case "States.JsonMerge":
		return merged(args[0], args[1])
	}
	return resultOf(c)
}

// rangeLength returns how many numbers a call of States.ArrayRange gives; 0 if that depends on the data.
func rangeLength(c *intrinsic.Call) int {
	var n [3]int64 // first, last, step
	for i, arg := range c.Args {
		literal, ok := arg.(*intrinsic.Literal)
		if !ok || i >= len(n) {
			return 0
		}
		n[i], _ = literal.Value.AsInt()
	}
	if n[2] == 0 || (n[1]-n[0])/n[2] < 0 {
		return 0
	}
	return int((n[1]-n[0])/n[2]) + 1
}

// resultOf is what the kind of a function's result says.
func resultOf(c *intrinsic.Call) *shape.JSON {
	switch c.Result() {
	case value.StringKind:
		return shape.Text
	case value.NumberKind:
		return shape.Int // lengths, sums and random numbers are all whole (R202)
	case value.BoolKind:
		return shape.Bool
	}
	return shape.Any
}

func (e *evaluation) argument(arg intrinsic.Expr, x *ast.Expr, sink *shape.Type) *shape.JSON {
	switch arg := arg.(type) {
	case *intrinsic.PathArg:
		return e.path(arg.Path, x, sink, false)
	case *intrinsic.Call:
		return e.call(arg, x, sink)
	case *intrinsic.Literal:
		return ofValue(arg.Value)
	}
	return shape.Any
}

func ofValue(v value.Value) *shape.JSON {
	switch v.Kind() {
	case value.NullKind:
		return shape.Null
	case value.BoolKind:
		return shape.Bool
	case value.NumberKind:
		if _, whole := v.AsInt(); whole {
			return shape.Int
		}
		return shape.Number
	case value.StringKind:
		return shape.Text
	}
	return shape.Any
}

func joined(list []*shape.JSON) (j *shape.JSON) {
	for _, e := range list {
		j = shape.Join(j, e)
	}
	return j
}

func elementOf(j *shape.JSON) *shape.JSON {
	elem, _ := j.Element()
	return elem
}

// merged is the first object with the members of the second.
func merged(a, b *shape.JSON) *shape.JSON {
	if a = a.Narrow(shape.ObjectKind); a == nil || b.Kinds != shape.ObjectKind || !b.Closed {
		return shape.Objects
	}
	for _, f := range b.Fields {
		if f.Optional {
			before, there := a.Member(f.Name)
			f.Optional = there != shape.Always
			if there != shape.Never {
				f.JSON = shape.Join(before, f.JSON)
			}
		}
		a = a.With(f)
	}
	return a
}
