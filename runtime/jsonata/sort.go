package jsonata

// order is a compiled order-by.
type order struct {
	terms       []evalFunc
	descending  []bool
	offset, end int
}

func (c *compiler) order(n *node) *order {
	o := &order{offset: n.offset, end: n.end}
	for _, t := range n.terms {
		o.terms = append(o.terms, c.node(t.expr))
		o.descending = append(o.descending, t.descending)
	}
	return o
}

// sorted orders the values of a sequence, or the bindings of a stream. The result of more than one is neither.
func (o *order) sorted(x *evaluation, v item, env *frame) item {
	if v.kind != arrayKind || v.len() <= 1 {
		return v
	}
	s := sorting{order: o, x: x, env: env, tuples: v.isTuples()}
	s.keys = make([]item, v.len()*len(o.terms))
	s.known = make([]bool, len(s.keys))
	x.allocate(len(s.keys) + 3*v.len())
	s.values = x.elements(v)
	positions := make([]int, v.len())
	for i := range positions {
		positions[i] = i
	}
	positions = mergeSort(x, positions, s.after)
	sorted := make([]item, len(positions))
	for i, p := range positions {
		sorted[i] = s.values[p]
	}
	return arrayOf(sorted)
}

// sorting is an order-by under way. A term is evaluated once for each value, when a comparison first asks for it.
type sorting struct {
	*order
	x      *evaluation
	env    *frame
	tuples bool
	values []item
	keys   []item
	known  []bool
}

func (s *sorting) key(value, term int) item {
	at := value*len(s.terms) + term
	if !s.known[at] {
		context, scope := s.values[value], s.env
		if s.tuples {
			context, scope = context.get(contextName), scopeOf(context, s.env)
		}
		s.keys[at], s.known[at] = s.terms[term](s.x, context, scope), true
	}
	return s.keys[at]
}

// after reports whether value a comes after value b.
func (s *sorting) after(a, b int) bool {
	for term := range s.terms {
		v, w := s.key(a, term), s.key(b, term)
		if v.kind == undefinedKind || w.kind == undefinedKind {
			if v.kind == w.kind {
				continue
			}
			return v.kind == undefinedKind // what has no key comes last, whatever the direction
		}
		if c := s.compare(v, w); c != 0 {
			return (c > 0) != s.descending[term]
		}
	}
	return false
}

func (s *sorting) compare(v, w item) int {
	fault := func(f failure) {
		f.at(s.offset, s.end)
		throw(f)
	}
	if !comparable(v) {
		fault(failure{code: "T2008", value: v})
	}
	if !comparable(w) {
		fault(failure{code: "T2008", value: w})
	}
	if v.kind != w.kind {
		fault(failure{code: "T2007", value: v, value2: w})
	}
	return compareItems(v, w)
}

// comparable reports whether < can be applied to v.
func comparable(v item) bool { return v.kind == stringKind || v.kind == numberKind }

// compareItems compares two strings or two numbers. As in ECMAScript, what is neither equal nor less is greater.
func compareItems(v, w item) int {
	if v.kind == numberKind {
		switch {
		case v.number == w.number:
			return 0
		case v.number < w.number:
			return -1
		}
		return 1
	}
	a, b := v.text(), w.text()
	switch {
	case a == b:
		return 0
	case less(a, b):
		return -1
	}
	return 1
}

// mergeSort sorts by a function that says what comes after what. It compares what the reference compares, in the same
// order, so that a function that makes no sense gives the same nonsense.
func mergeSort[T any](x *evaluation, values []T, after func(a, b T) bool) []T {
	if len(values) <= 1 {
		return values
	}
	middle := len(values) / 2
	left, right := mergeSort(x, values[:middle], after), mergeSort(x, values[middle:], after)
	merged := make([]T, 0, len(values))
	for len(left) > 0 && len(right) > 0 {
		x.use(1)
		if after(left[0], right[0]) {
			merged, right = append(merged, right[0]), right[1:]
		} else {
			merged, left = append(merged, left[0]), left[1:]
		}
	}
	return append(append(merged, left...), right...)
}
