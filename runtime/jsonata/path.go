package jsonata

import (
	"slices"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// step is a compiled step of a path.
type step struct {
	eval        evalFunc
	name        string // of a step that only looks up a name; "" of others
	sort        *order
	stages      []pathStage
	focus       string // variable that @ binds
	index       string // variable that # binds
	ancestor    string // variable that keeps the parent for %
	tuples      bool
	constructed bool
}

// pathStage is a filter after a step, or # after a filter.
type pathStage struct {
	filter stageFunc
	index  string
	test   evalFunc // the filter, if it gives a boolean and keeps nothing of its scope
}

// path compiles a path. Paths that only look up names, from the context or from a variable, have a way of their own.
func (c *compiler) path(n *node) evalFunc {
	if n.group == nil && !n.keepSingle {
		if names, ok := plainNames(n.list); ok {
			return fieldsOf(names)
		}
		if first := n.list[0]; first.kind == variableNode && isPlain(first) {
			if names, ok := plainNames(n.list[1:]); ok {
				if i, ok := c.parameter(first.text); ok {
					return fieldsOfParameter(i, names)
				}
				from := c.node(first)
				fields := fieldsOf(names)
				return func(x *evaluation, in item, env *frame) item {
					v := from(x, in, env)
					if v.isConstructed() {
						v = arrayOf([]item{v})
					}
					return fields(x, v, env)
				}
			}
		}
	}
	p := &pathRun{fromInput: n.list[0].kind != variableNode, keepSingle: n.keepSingle, tuples: n.tuples}
	compile := func() {
		for _, s := range n.list {
			p.steps = append(p.steps, c.step(s))
		}
		if n.group != nil {
			p.group = c.groupOf(n.group)
		}
	}
	if slices.ContainsFunc(n.list, func(s *node) bool { return s.tuples }) {
		c.elsewhere(compile) // in the scopes of bindings
	} else {
		compile()
	}
	return p.run
}

// fieldsOf compiles a path of names. Most are one name of an object of a document.
func fieldsOf(names []string) evalFunc {
	if len(names) > 1 {
		return func(x *evaluation, in item, _ *frame) item { return x.fields(in, names) }
	}
	name := names[0]
	return func(x *evaluation, in item, _ *frame) item {
		if in.kind != objectKind || in.made != nil {
			return x.fields(in, names)
		}
		x.use(1)
		return fromValue(in.doc.Get(name))
	}
}

// fieldsOfParameter compiles a path of names from a parameter of the function at hand. Most are one name of an object of a
// document.
func fieldsOfParameter(i int, names []string) evalFunc {
	name := names[0]
	return func(x *evaluation, _ item, env *frame) item {
		if i >= len(env.values) {
			return undefined
		}
		v := &env.values[i]
		if len(names) == 1 && v.kind == objectKind && v.made == nil {
			x.use(1)
			return fromValue(v.doc.Get(name))
		}
		from := v.collapse(false)
		if from.isConstructed() {
			from = arrayOf([]item{from})
		}
		return x.fields(from, names)
	}
}

// plainNames are the names of steps that do nothing but look up a name.
func plainNames(steps []*node) (names []string, ok bool) {
	for _, s := range steps {
		if s.kind != nameNode || !isPlain(s) {
			return nil, false
		}
		names = append(names, s.text)
	}
	return names, len(names) > 0
}

func isPlain(n *node) bool {
	return n.predicates == nil && n.stages == nil && n.focus == "" && n.index == "" && n.group == nil && !n.tuples &&
		!n.keepArray
}

func (c *compiler) step(n *node) step {
	s := step{focus: n.focus, index: n.index, tuples: n.tuples, constructed: n.constructed}
	if n.ancestor != nil {
		s.ancestor = n.ancestor.label
	}
	switch {
	case n.kind == sortNode:
		s.sort = c.order(n)
	default:
		s.eval = c.node(n)
		if n.kind == nameNode && n.predicates == nil && n.group == nil && !n.keepArray {
			s.name = n.text
		}
	}
	for _, st := range n.stages {
		if st.filter != nil {
			stage := pathStage{filter: c.filter(st.filter)}
			if c.program.result(st.filter) == value.BoolKind && !c.keepsScope(st.filter) {
				stage.test = c.node(st.filter)
			}
			s.stages = append(s.stages, stage)
		} else {
			s.stages = append(s.stages, pathStage{index: st.index})
		}
	}
	return s
}

// fields looks up names one after the other.
func (x *evaluation) fields(v item, names []string) item {
	x.use(len(names))
	for i, name := range names {
		switch v.kind {
		case objectKind:
			v = v.get(name)
			if i+1 < len(names) && v.isConstructed() {
				v = arrayOf([]item{v})
			}
		case arrayKind:
			v = x.stepName(v, name, i == len(names)-1)
			if v.len() == 0 && v.isSequence() {
				return undefined
			}
		default:
			return undefined
		}
	}
	if v.isSequence() && !v.made.tuples {
		if v.made.keepSingle {
			v = sequenceOf(v.made.items)
		}
		return v.collapse(false)
	}
	return v
}

// pathRun is a compiled path.
type pathRun struct {
	steps      []step
	fromInput  bool // an array that is the context is the sequence to start with
	keepSingle bool
	tuples     bool // the result is a stream of bindings for the path around
	group      stageFunc
}

func (p *pathRun) run(x *evaluation, in item, env *frame) item {
	sequence := in
	if in.kind != arrayKind || !p.fromInput {
		sequence = sequenceOf(append(x.items(1), in))
	}
	result, stream := undefined, undefined
	bound := false // some step binds: there is a stream
	for i := range p.steps {
		s := &p.steps[i]
		bound = bound || s.tuples
		switch {
		case i == 0 && s.constructed:
			result = s.eval(x, sequence, env)
		case bound:
			stream = x.tupleStep(s, sequence, stream, env)
		default:
			result = x.step(s, sequence, env, i == len(p.steps)-1)
		}
		if !bound && (result.kind == undefinedKind || result.kind == arrayKind && result.len() == 0) {
			break
		}
		if s.focus == "" {
			sequence = result
		}
	}
	if bound {
		result = p.unbind(stream)
	}
	if p.keepSingle {
		if result.isConstructed() && !result.isSequence() {
			result = sequenceOf([]item{result})
		}
		if result.isSequence() {
			result.made.keepSingle = true
		}
	}
	if p.group != nil {
		if bound {
			result = stream
		}
		return p.group(x, result, env)
	}
	return result
}

// unbind is the contexts of a stream of bindings.
func (p *pathRun) unbind(stream item) item {
	if p.tuples {
		return stream
	}
	contexts := make([]item, stream.len())
	for i := range contexts {
		contexts[i] = stream.at(i).get(contextName)
	}
	return sequenceOf(contexts)
}

// step applies a step to each value of a sequence.
func (x *evaluation) step(s *step, sequence item, env *frame, last bool) item {
	if s.sort != nil {
		return x.stages(s.stages, s.sort.sorted(x, sequence, env), env)
	}
	if sequence.kind != arrayKind {
		return sequenceOf(nil)
	}
	if s.name != "" && len(s.stages) == 0 {
		return x.stepName(sequence, s.name, last)
	}
	n := sequence.len()
	g := x.gather(n)
	for i := range n {
		x.use(1)
		v := s.eval(x, sequence.at(i), env)
		for _, stage := range s.stages {
			v = stage.filter(x, v, env)
		}
		g.add(x, v)
	}
	return g.done(x, last)
}

// stages applies filters to the result of a step, and binds the position in it.
func (x *evaluation) stages(stages []pathStage, v item, env *frame) item {
	for _, s := range stages {
		if s.filter != nil {
			v = s.filter(x, v, env)
			continue
		}
		x.use(v.len())
		for i := range v.len() {
			if tuple := v.at(i); tuple.made != nil {
				tuple.made.set(s.index, number(float64(i)))
			}
		}
	}
	return v
}
