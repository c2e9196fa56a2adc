package jsonata

func defineIterators(l *library) {
	l.define("map", "<af>", 2, ifGiven(func(x *evaluation, args arguments) item {
		result := &made{sequence: true, items: x.items(min(args.at(0).len(), 256))}
		x.iterate(args.at(0), args.at(1), func(_, v item) bool {
			if v.kind != undefinedKind {
				result.items = x.push(result.items, v)
			}
			return true
		})
		return result.array()
	}))
	l.define("filter", "<af>", 2, ifGiven(func(x *evaluation, args arguments) item {
		result := &made{sequence: true}
		x.iterate(args.at(0), args.at(1), func(element, v item) bool {
			if x.truth(v, 0) {
				result.items = x.push(result.items, element)
			}
			return true
		})
		return result.array()
	}))
	l.define("single", "<af?>", 2, ifGiven(single))
	l.define("reduce", "<afj?:j>", 3, ifGiven(reduce))
	l.define("each", "<o-f:a>", 2, func(x *evaluation, args arguments) item {
		result := &made{sequence: true}
		x.iterateMembers(args, func(_ string, _, v item) {
			if v.kind != undefinedKind {
				result.items = x.push(result.items, v)
			}
		})
		return result.array()
	})
	l.define("sift", "<o-f?:o>", 2, func(x *evaluation, args arguments) item {
		result := newObject(0)
		x.iterateMembers(args, func(name string, m, v item) {
			if x.truth(v, 0) {
				x.allocate(memberItems)
				result.set(name, m)
			}
		})
		if len(result.names) == 0 {
			return undefined
		}
		return result.object()
	})
}

// iterate calls a function on the elements of an array, with their positions and the array if it takes them.
func (x *evaluation) iterate(array, fn item, visit func(element, result item) bool) {
	for i := range array.len() {
		element := array.at(i)
		if !visit(element, x.callOn(fn, element, number(float64(i)), array)) {
			return
		}
	}
}

// iterateMembers calls a function, the second argument, on the members of an object, the first.
func (x *evaluation) iterateMembers(args arguments, visit func(name string, member, result item)) {
	object, fn := args.at(0), args.at(1)
	if object.kind != objectKind {
		return
	}
	object.members(func(name string, m item) {
		visit(name, m, x.callOn(fn, m, text(name), object))
	})
}

func single(x *evaluation, args arguments) item {
	fn := args.at(1)
	result, found := undefined, false
	test := func(element, v item) bool {
		if fn.kind == functionKind && !x.truth(v, 0) {
			return true
		}
		if found {
			throwCode("D3138")
		}
		result, found = element, true
		return true
	}
	if fn.kind == functionKind {
		x.iterate(args.at(0), fn, test)
	} else {
		for _, element := range x.elements(args.at(0)) {
			test(element, undefined)
		}
	}
	if !found {
		throwCode("D3139")
	}
	return result
}

func reduce(x *evaluation, args arguments) item {
	sequence, fn, result := args.at(0), args.at(1), args.at(2)
	f := fn.function()
	if f == nil {
		throwCode("T1006")
	}
	if f.arity < 2 {
		throw(failure{code: "D3050", index: 1})
	}
	from := 0
	if result.kind == undefinedKind && sequence.len() > 0 {
		result, from = sequence.at(0), 1
	}
	for i := from; i < sequence.len(); i++ {
		given := []item{result, sequence.at(i), number(float64(i)), sequence}
		result = x.callBack(fn, given[:min(f.arity, 4)]...)
	}
	return result
}
