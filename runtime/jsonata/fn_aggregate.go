package jsonata

import "math"

func defineAggregates(l *library) {
	l.define("sum", "<a<n>:n>", 1, ifGiven(func(x *evaluation, args arguments) item {
		return number(x.total(args.at(0)))
	}))
	l.define("count", "<a:n>", 1, func(_ *evaluation, args arguments) item {
		return number(float64(args.at(0).len()))
	})
	l.define("average", "<a<n>:n>", 1, ifAny(func(x *evaluation, args arguments) item {
		return number(x.total(args.at(0)) / float64(args.at(0).len()))
	}))
	l.define("max", "<a<n>:n>", 1, ifAny(extreme(math.Inf(-1), math.Max)))
	l.define("min", "<a<n>:n>", 1, ifAny(extreme(math.Inf(1), math.Min)))
	l.define("boolean", "<x-:b>", 1, ifGiven(func(x *evaluation, args arguments) item {
		return boolean(x.truth(args.at(0), 0))
	}))
	l.define("not", "<x-:b>", 1, ifGiven(func(x *evaluation, args arguments) item {
		return boolean(!x.truth(args.at(0), 0))
	}))
	l.define("exists", "<x:b>", 1, func(_ *evaluation, args arguments) item {
		return boolean(args.at(0).kind != undefinedKind)
	})
	l.define("type", "<x:s>", 1, ifGiven(func(_ *evaluation, args arguments) item {
		return text(typeName(args.at(0)))
	}))
	l.define("error", "<s?:x>", 1, func(_ *evaluation, args arguments) item {
		throw(failure{code: "D3137", message: messageOr(args.at(0), "$error() function evaluated")})
		return undefined
	})
	l.define("assert", "<bs?:x>", 2, func(x *evaluation, args arguments) item {
		if !x.truth(args.at(0), 0) {
			throw(failure{code: "D3141", message: messageOr(args.at(1), "$assert() statement failed")})
		}
		return undefined
	})
}

// ifAny makes a function that gives undefined for an undefined or empty array.
func ifAny(native nativeFunc) nativeFunc {
	return func(x *evaluation, args arguments) item {
		if args.at(0).len() == 0 {
			return undefined
		}
		return native(x, args)
	}
}

func (x *evaluation) total(array item) float64 {
	n := array.len()
	x.use(n)
	total := 0.0
	if array.made != nil {
		for i := range array.made.items {
			total += array.made.items[i].number
		}
		return total
	}
	for i := range n {
		total += array.at(i).number
	}
	return total
}

func extreme(from float64, better func(a, b float64) float64) nativeFunc {
	return func(x *evaluation, args arguments) item {
		n := args.at(0).len()
		x.use(n)
		best := from
		for i := range n {
			best = better(best, args.at(0).at(i).number)
		}
		return number(best)
	}
}

func typeName(v item) string {
	if v.kind == numberKind && math.IsNaN(finite(v)) {
		return "object" // as the reference has it
	}
	return [...]string{"", "null", "boolean", "number", "string", "array", "object", "function"}[v.kind]
}

func messageOr(v item, byDefault string) string {
	if s := v.text(); s != "" {
		return s
	}
	return byDefault
}
