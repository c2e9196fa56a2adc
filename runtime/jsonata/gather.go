package jsonata

import "github.com/r-seed-632eed22/aslgen/runtime/value"

// lookup is the member of an object, or the members of all objects of an array.
func (x *evaluation) lookup(in item, name string) item {
	switch in.kind {
	case objectKind:
		return in.get(name)
	case arrayKind:
		return x.lookupAll(in, name, 0)
	}
	return undefined
}

func (x *evaluation) lookupAll(in item, name string, nesting int) item {
	checkNesting(nesting)
	n := in.len()
	x.use(n)
	result := &made{sequence: true}
	for i := range n {
		element := in.at(i)
		found := undefined
		switch element.kind {
		case objectKind:
			found = element.get(name)
		case arrayKind:
			found = x.lookupAll(element, name, nesting+1)
		}
		switch found.kind {
		case undefinedKind:
		case arrayKind:
			result.items = x.pushAll(result.items, found)
		default:
			result.items = x.push(result.items, found)
		}
	}
	return result.array()
}

// gathering collects what a step gives for each value it is applied to.
type gathering struct {
	result *made
	first  item // held back until it is known whether it is the only one
	count  int
}

func (g *gathering) add(x *evaluation, v item) {
	if v.kind == undefinedKind {
		return
	}
	g.count++
	if g.count == 1 {
		g.first = v
		return
	}
	if g.count == 2 {
		g.push(x, g.first)
	}
	g.push(x, v)
}

// push flattens arrays, except those that were constructed.
func (g *gathering) push(x *evaluation, v item) {
	if v.isConstructed() {
		g.result.items = x.push(g.result.items, v)
		return
	}
	g.result.items = x.pushAll(g.result.items, v)
}

// done is the sequence. An array that is the only result of the last step stays what it is.
func (g *gathering) done(x *evaluation, last bool) item {
	if g.count == 1 {
		if last && g.first.kind == arrayKind && !g.first.isSequence() {
			return g.first
		}
		g.push(x, g.first)
	}
	return g.result.array()
}

// gather prepares for the results of a step on n values.
func (x *evaluation) gather(n int) gathering {
	const most = 64
	result := &made{sequence: true}
	if n > 1 {
		result.items = x.items(min(n, most))
	}
	return gathering{result: result}
}

// stepName looks up a name in each element of an array.
func (x *evaluation) stepName(in item, name string, last bool) item {
	n := in.len()
	x.use(n)
	g := x.gather(n)
	for i := range n {
		var element value.Value
		switch {
		case in.made == nil:
			element = in.doc.At(i)
		case in.made.items[i].made == nil:
			element = in.made.items[i].doc
		}
		if element.Kind() == value.ObjectKind {
			g.add(x, fromValue(element.Get(name)))
			continue
		}
		g.add(x, x.lookup(in.at(i), name).collapse(false))
	}
	return g.done(x, last)
}
