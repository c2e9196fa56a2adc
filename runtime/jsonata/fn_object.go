package jsonata

func defineObjects(l *library) {
	l.define("keys", "<x-:a<s>>", 1, func(x *evaluation, args arguments) item {
		result := &made{sequence: true}
		o := newObject(0)
		x.keys(args.at(0), o, 0)
		o.order()
		for _, name := range o.names {
			result.items = x.push(result.items, text(name))
		}
		return result.array()
	})
	l.define("lookup", "<x-s:x>", 2, func(x *evaluation, args arguments) item {
		return x.lookup(args.at(0), args.at(1).text())
	})
	l.define("spread", "<x-:a<o>>", 1, func(x *evaluation, args arguments) item { return x.spread(args.at(0), 0) })
	l.define("merge", "<a<o>:o>", 1, ifGiven(func(x *evaluation, args arguments) item {
		objects := x.elements(args.at(0))
		size := 0
		for _, o := range objects {
			size += o.size()
		}
		x.allocate(memberItems * size)
		result := newObject(size)
		for _, o := range objects {
			if o.kind == objectKind {
				o.members(func(name string, v item) {
					x.use(1)
					result.set(name, v)
				})
			}
		}
		return result.object()
	}))
	l.define("clone", "<(oa)-:o>", 1, ifGiven(func(x *evaluation, args arguments) item {
		v := args.at(0)
		if v.made != nil && v.made.outer {
			v = v.made.items[0]
		}
		return x.clone(v, 0)
	}))
}

// keys collects the names of the members of an object, or of all objects of an array.
func (x *evaluation) keys(v item, names *made, nesting int) {
	checkNesting(nesting)
	x.use(1)
	switch v.kind {
	case arrayKind:
		for i := range v.len() {
			x.keys(v.at(i), names, nesting+1)
		}
	case objectKind:
		v.members(func(name string, _ item) {
			x.use(1)
			x.allocate(memberItems)
			names.set(name, null)
		})
	}
}

// spread is an object's members, each as an object of its own.
func (x *evaluation) spread(v item, nesting int) item {
	checkNesting(nesting)
	result := &made{sequence: true}
	switch v.kind {
	case arrayKind:
		for i := range v.len() {
			x.use(1)
			e := x.spread(v.at(i), nesting+1)
			if e.kind == undefinedKind {
				continue
			}
			result.sequence = false
			result.items = x.pushAll(result.items, e)
		}
	case objectKind:
		v.members(func(name string, m item) {
			x.use(1)
			x.allocate(memberItems + madeItems)
			o := newObject(1)
			o.set(name, m)
			result.items = x.push(result.items, o.object())
		})
	default:
		return v
	}
	return result.array()
}
