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
	stages := s.stages
	e := extension{x: x, step: s, result: result}
	if len(stages) > 0 && stages[0].test != nil {
		e.test, stages = stages[0].test, stages[1:]
	}
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
		e.scope.parent = env
		e.extend(tuple.made, context, v)
	}
	return x.stages(stages, result.array(), env)
}

func (x *evaluation) tuples(sequence item) item {
	n := 0
	if sequence.kind == arrayKind {
		n = sequence.len()
	}
	x.allocate((madeItems + 2) * n)
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

// extension is a step that is being applied to a stream. A filter that follows is tested on a binding before the binding
// is made, for most do not pass.
type extension struct {
	x       *evaluation
	step    *step
	shape   tupleShape
	test    evalFunc
	scope   frame // of the test
	scratch []item
	result  *made
}

// extend adds a binding to the result for each value that the step gave for one.
func (e *extension) extend(base *made, context, v item) {
	inner := v.isTuples()
	n := 1
	if v.kind == arrayKind {
		n = v.len()
	}
	for i := range n {
		e.x.use(1)
		value := v
		if v.kind == arrayKind {
			value = v.at(i)
		}
		if inner {
			tuple := e.x.merged(base, value)
			if e.passes(tuple.get(contextName), tuple.made.names, tuple.made.items) {
				e.result.items = e.x.push(e.result.items, tuple)
			}
			continue
		}
		e.fill(base, context, value, i)
		if !e.passes(e.scratch[e.shape.context], e.shape.names, e.scratch) {
			continue
		}
		e.x.allocate(len(e.scratch) + madeItems)
		tuple := &made{names: e.shape.names, items: append([]item{}, e.scratch...), namesShared: true}
		e.result.items = e.x.push(e.result.items, tuple.object())
	}
}

// fill puts the variables of a binding into scratch.
func (e *extension) fill(base *made, context, value item, at int) {
	s, shape := e.step, &e.shape
	shape.of(s, base)
	e.scratch = append(e.scratch[:0], base.items...)
	for len(e.scratch) < len(shape.names) {
		e.scratch = append(e.scratch, undefined)
	}
	if s.focus != "" {
		e.scratch[shape.focus] = value
		e.scratch[shape.context] = context
	} else {
		e.scratch[shape.context] = value
	}
	if s.index != "" {
		e.scratch[shape.index] = number(float64(at))
	}
	if s.ancestor != "" {
		e.scratch[shape.ancestor] = context
	}
}

func (e *extension) passes(context item, names []string, values []item) bool {
	if e.test == nil {
		return true
	}
	e.scope.names, e.scope.values = names, values
	return e.x.truth(e.test(e.x, context, &e.scope), 0)
}

// merged is a binding with those of a path within the step.
func (x *evaluation) merged(base *made, inner item) item {
	x.allocate(memberItems*(len(base.names)+inner.size()) + madeItems)
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
