package jsonata

// wildcard is the values of all members of an object, or all elements of an array. Arrays among them are flattened; the
// result is then no sequence any more.
func (x *evaluation) wildcard(in item) item {
	if in.made != nil && in.made.outer && in.len() > 0 {
		in = in.at(0)
	}
	result := &made{sequence: true}
	add := func(_ string, v item) {
		x.use(1)
		if v.kind != arrayKind {
			result.items = x.push(result.items, v)
			return
		}
		result.sequence = false
		result.items = x.flatten(v, result.items, 0)
	}
	switch in.kind {
	case objectKind:
		in.members(add)
	case arrayKind:
		for i := range in.len() {
			add("", in.at(i))
		}
	}
	return result.array()
}

// flatten appends the elements of an array, and of the arrays in it, to items.
func (x *evaluation) flatten(v item, items []item, nesting int) []item {
	checkNesting(nesting)
	for i := range v.len() {
		x.use(1)
		if e := v.at(i); e.kind == arrayKind {
			items = x.flatten(e, items, nesting+1)
		} else {
			items = x.push(items, e)
		}
	}
	return items
}

// descendants is a value and all that is in it, without the arrays.
func (x *evaluation) descendants(in item) item {
	if in.kind == undefinedKind {
		return undefined
	}
	result := &made{sequence: true}
	x.descend(in, result, 0)
	return result.array()
}

func (x *evaluation) descend(v item, result *made, nesting int) {
	checkNesting(nesting)
	x.use(1)
	switch v.kind {
	case arrayKind:
		for i := range v.len() {
			x.descend(v.at(i), result, nesting+1)
		}
		return
	case objectKind:
		result.items = x.push(result.items, v)
		v.members(func(_ string, m item) { x.descend(m, result, nesting+1) })
		return
	}
	result.items = x.push(result.items, v)
}
