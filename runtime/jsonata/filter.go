package jsonata

import "math"

// filter compiles a predicate: a position, positions, or a condition on each value.
func (c *compiler) filter(n *node) stageFunc {
	if n.kind == numberNode { // whatever predicates of its own it has
		at := math.Floor(n.number)
		return func(x *evaluation, v item, _ *frame) item { return x.pick(v, at) }
	}
	predicate := c.node(n)
	return func(x *evaluation, v item, env *frame) item { return x.filter(v, predicate, env) }
}

// keepsScope reports whether something may refer to a node's scope after the node is evaluated, or change it.
func (c *compiler) keepsScope(n *node) bool {
	switch n.kind {
	case lambdaNode, bindNode, transformNode, partialNode:
		return true
	}
	keeps := c.program.dynamic
	n.children(func(child *node) { keeps = keeps || c.keepsScope(child) })
	return keeps
}

// pick is the value at a position, counted from the end if it is negative.
func (x *evaluation) pick(v item, at float64) item {
	result := &made{sequence: true, tuples: v.isTuples()}
	if v.kind != arrayKind {
		v = sequenceOf([]item{v})
	}
	if at < 0 {
		at += float64(v.len())
	}
	if at < 0 || at >= float64(v.len()) {
		return result.array()
	}
	picked := v.at(int(at))
	if picked.kind == arrayKind {
		return picked
	}
	if picked.kind != undefinedKind {
		result.items = []item{picked}
	}
	return result.array()
}

func (x *evaluation) filter(v item, predicate evalFunc, env *frame) item {
	tuples := v.isTuples()
	result := &made{sequence: true, tuples: tuples}
	if v.kind != arrayKind {
		v = sequenceOf([]item{v})
	}
	n := v.len()
	x.use(n)
	for i := range n {
		element := v.at(i)
		context, scope := element, env
		if tuples {
			context, scope = element.get(contextName), scopeOf(element, env)
		}
		for range x.picks(predicate(x, context, scope), i, n) {
			result.items = x.push(result.items, element)
		}
	}
	return result.array()
}

// picks is how many times the result of a predicate takes the element at a position of n.
func (x *evaluation) picks(v item, at, n int) int {
	switch v.kind {
	case boolKind:
		if v.number == 0 {
			return 0
		}
		return 1
	case numberKind:
		if isNumeric(v) {
			return x.isAt(v, at, n)
		}
	case arrayKind:
		if x.allNumbers(v) {
			times := 0
			for i := range v.len() {
				times += x.isAt(v.at(i), at, n)
			}
			return times
		}
	}
	if x.truth(v, 0) {
		return 1
	}
	return 0
}

func (x *evaluation) isAt(v item, at, n int) int {
	index := math.Floor(v.number)
	if index < 0 {
		index += float64(n)
	}
	if index == float64(at) {
		return 1
	}
	return 0
}

// allNumbers reports whether an array has nothing but numbers.
func (x *evaluation) allNumbers(v item) bool {
	all := true
	for i := range v.len() {
		x.use(1)
		all = isNumeric(v.at(i)) && all
	}
	return all
}
