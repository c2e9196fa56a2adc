package jsonata

// A path with @, # or % makes a stream of bindings: for each value the variables that the steps so far have bound. A
// binding is an object whose members are the variables; that of the name "@" is the context.

const contextName = "@"

// scopeOf is the scope in which the variables of a binding are seen.
func scopeOf(tuple item, env *frame) *frame {
	if tuple.made == nil {
		return env
	}
	return &frame{parent: env, names: tuple.made.names, values: tuple.made.items}
}

func tupleOf(context item) *made {
	return &made{names: contextNames, items: []item{context}, namesShared: true}
}

var contextNames = []string{contextName}

// tupleStep applies a step to each binding. The stream is undefined before the first step that binds; the sequence is
// then what there is.
func (x *evaluation) tupleStep(s *step, sequence, stream item, env *frame) item {
	if s.sort != nil {
		return x.stages(s.stages, x.tupleSort(s, sequence, stream, env), env)
	}
	if stream.kind == undefinedKind {
		stream = x.tuples(sequence)
	}
	result := &made{sequence: true, tuples: true}
	var shape tupleShape
	for i := range stream.len() {
		x.use(1)
		tuple := stream.at(i)
		context := tuple.get(contextName)
		x.allocate(1)
		v := s.eval(x, context, scopeOf(tuple, env))
		if v.kind == undefinedKind {
			continue
		}
		if tuple.made == nil {
			tuple = tupleOf(context).object()
		}
		x.extend(s, &shape, tuple.made, context, v, result)
	}
	return x.stages(s.stages, result.array(), env)
}

func (x *evaluation) tuples(sequence item) item {
	n := 0
	if sequence.kind == arrayKind {
		n = sequence.len()
	}
	x.allocate(3 * n)
	tuples := make([]item, n)
	for i := range tuples {
		tuples[i] = tupleOf(sequence.at(i)).object()
	}
	return arrayOf(tuples)
}

// tupleSort orders a stream by its bindings, or a sequence that becomes a stream with #.
func (x *evaluation) tupleSort(s *step, sequence, stream item, env *frame) item {
	if stream.kind != undefinedKind {
		return s.sort.sorted(x, stream, env)
	}
	tuples := x.tuples(s.sort.sorted(x, sequence, env))
	tuples.made.sequence, tuples.made.tuples = true, true
	if s.index != "" {
		for i, tuple := range tuples.made.items {
			tuple.made.set(s.index, number(float64(i)))
		}
	}
	return tuples
}

// extend adds a binding to the result for each value that the step gave for one.
func (x *evaluation) extend(s *step, shape *tupleShape, base *made, context, v item, result *made) {
	inner := v.isTuples()
	values := v.elements()
	for i, value := range values {
		x.use(1)
		if inner {
			result.items = append(result.items, x.merged(base, value))
			continue
		}
		shape.of(s, base)
		items := make([]item, len(shape.names))
		x.allocate(len(items) + 2)
		copy(items, base.items)
		if s.focus != "" {
			items[shape.focus] = value
			items[shape.context] = context
		} else {
			items[shape.context] = value
		}
		if s.index != "" {
			items[shape.index] = number(float64(i))
		}
		if s.ancestor != "" {
			items[shape.ancestor] = context
		}
		tuple := &made{names: shape.names, items: items, namesShared: true}
		result.items = append(result.items, tuple.object())
	}
}

// merged is a binding with those of a path within the step.
func (x *evaluation) merged(base *made, inner item) item {
	x.allocate(2 * (len(base.names) + inner.size()))
	tuple := newObject(len(base.names) + inner.size())
	for _, from := range []item{base.object(), inner} {
		from.members(func(name string, v item) { tuple.set(name, v) })
	}
	return tuple.object()
}

// tupleShape is where a step puts the variables that it binds. Bindings of one stream mostly have the same names, so it
// is found once and the names are shared.
type tupleShape struct {
	base, names                     []string
	context, focus, index, ancestor int
}

func (t *tupleShape) of(s *step, base *made) {
	if len(t.base) == len(base.names) && len(t.base) > 0 && &t.base[0] == &base.names[0] {
		return
	}
	t.base = base.names
	t.names = append([]string{}, base.names...)
	t.context = t.place(contextName)
	t.focus, t.index, t.ancestor = t.place(s.focus), t.place(s.index), t.place(s.ancestor)
}

func (t *tupleShape) place(name string) int {
	if name == "" {
		return -1
	}
	for i, n := range t.names {
		if n == name {
			return i
		}
	}
	t.names = append(t.names, name)
	return len(t.names) - 1
}
