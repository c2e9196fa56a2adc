package jsonata

import (
	"math"
	"slices"
)

func defineArrays(l *library) {
	l.define("append", "<xx:a>", 2, func(x *evaluation, args arguments) item { return x.append(args.at(0), args.at(1)) })
	l.define("reverse", "<a:a>", 1, ifGiven(func(x *evaluation, args arguments) item {
		if args.at(0).len() <= 1 {
			return args.at(0)
		}
		items := x.copied(args.at(0))
		slices.Reverse(items)
		return arrayOf(items)
	}))
	l.define("shuffle", "<a:a>", 1, ifGiven(func(x *evaluation, args arguments) item {
		if args.at(0).len() <= 1 {
			return args.at(0)
		}
		items := x.copied(args.at(0))
		x.random("shuffle").Shuffle(len(items), func(i, j int) { items[i], items[j] = items[j], items[i] })
		return arrayOf(items)
	}))
	l.define("distinct", "<x:x>", 1, ifGiven(distinct))
	l.define("zip", "<a+>", 0, zip)
	l.define("sort", "<af?:a>", 2, ifGiven(sortArray))
}

// copied is a copy of an array's items.
func (x *evaluation) copied(array item) []item {
	n := array.len()
	x.use(n)
	x.allocate(n)
	return x.pushAll(make([]item, 0, n), array)
}

func (x *evaluation) append(a, b item) item {
	switch {
	case a.kind == undefinedKind:
		return b
	case b.kind == undefinedKind:
		return a
	}
	left, right := x.elements(a), x.elements(b)
	x.use(len(left) + len(right))
	x.allocate(len(left) + len(right))
	return arrayOf(slices.Concat(left, right))
}

func distinct(x *evaluation, args arguments) item {
	array := args.at(0)
	if array.kind != arrayKind || array.len() <= 1 {
		return array
	}
	result := &made{sequence: array.isSequence()}
	scalars := map[any]bool{}
	for i := range array.len() {
		v := array.at(i)
		if key, ok := scalarKey(v); ok {
			x.use(1)
			if scalars[key] {
				continue
			}
			scalars[key] = true
		} else if slices.ContainsFunc(result.items, func(other item) bool { return x.equal(v, other, 0) }) {
			continue
		}
		result.items = x.push(result.items, v)
	}
	return result.array()
}

// scalarKey is what two scalars have in common if they are equal.
func scalarKey(v item) (any, bool) {
	switch v.kind {
	case stringKind:
		return v.text(), true
	case numberKind:
		return v.number, !math.IsNaN(v.number)
	case boolKind:
		return v.isTrue(), true
	case nullKind:
		return nil, true
	}
	return nil, false
}

func zip(x *evaluation, args arguments) item {
	shortest := math.MaxInt
	for _, arg := range args {
		n := 0
		if arg.kind == arrayKind {
			n = arg.len()
		}
		shortest = min(shortest, n)
	}
	if len(args) == 0 {
		return arrayOf(nil)
	}
	x.use(shortest * len(args))
	x.allocate(shortest * (len(args) + 2))
	rows := make([]item, shortest)
	for i := range rows {
		row := make([]item, len(args))
		for j, arg := range args {
			row[j] = arg.at(i)
		}
		rows[i] = arrayOf(row)
	}
	return arrayOf(rows)
}

func sortArray(x *evaluation, args arguments) item {
	array, comparator := args.at(0), args.at(1)
	if array.len() <= 1 {
		return array
	}
	after := func(a, b item) bool { return compareItems(a, b) > 0 }
	if comparator.kind == functionKind {
		after = func(a, b item) bool { return isTruthy(x.callBack(comparator, a, b)) }
	} else if !x.allNumbers(array) && !allOf(array, 's') {
		throw(failure{code: "D3070", index: 1})
	}
	return arrayOf(mergeSort(x, x.copied(array), after))
}

// isTruthy is ECMAScript's idea of truth, which a comparator is judged by.
func isTruthy(v item) bool {
	switch v.kind {
	case undefinedKind, nullKind:
		return false
	case boolKind:
		return v.isTrue()
	case numberKind:
		return v.number != 0 && !math.IsNaN(v.number)
	case stringKind:
		return v.text() != ""
	}
	return true
}
