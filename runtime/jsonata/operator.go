package jsonata

import "math"

// The most elements that a range may have: in JSONata, and in Step Functions (R85).
const (
	maxRange    = 1e7
	maxAWSRange = 873_782
)

// operator compiles a binary operator.
func (c *compiler) operator(n *node) evalFunc {
	left, right := c.node(n.left), c.node(n.right)
	o := &operation{text: n.text, offset: n.offset, end: n.end}
	switch n.text {
	case "and":
		return func(x *evaluation, in item, env *frame) item {
			x.use(1)
			return boolean(x.truth(left(x, in, env), 0) && x.truth(right(x, in, env), 0))
		}
	case "or":
		return func(x *evaluation, in item, env *frame) item {
			x.use(1)
			return boolean(x.truth(left(x, in, env), 0) || x.truth(right(x, in, env), 0))
		}
	}
	apply := o.function()
	return func(x *evaluation, in item, env *frame) item {
		x.use(1)
		a := left(x, in, env)
		return apply(x, a, right(x, in, env))
	}
}

// operation is an operator with its place, for failures.
type operation struct {
	text        string
	offset, end int
}

func (o *operation) fault(code string, v, w item) {
	f := failure{code: code, value: v, value2: w, token: o.text}
	f.at(o.offset, o.end)
	throw(f)
}

func (o *operation) function() func(x *evaluation, a, b item) item {
	switch o.text {
	case "+", "-", "*", "/", "%":
		return o.arithmetic(o.text[0])
	case "=":
		return func(x *evaluation, a, b item) item {
			return boolean(a.kind != undefinedKind && b.kind != undefinedKind && x.equal(a, b, 0))
		}
	case "!=":
		return func(x *evaluation, a, b item) item {
			return boolean(a.kind != undefinedKind && b.kind != undefinedKind && !x.equal(a, b, 0))
		}
	case "<", "<=", ">", ">=":
		return o.comparison()
	case "&":
		return concatenate
	case "..":
		return o.makeRange
	case "in":
		return includes
	}
	return func(*evaluation, item, item) item { return undefined }
}

// compute applies an operator to numbers.
func compute(operator byte, a, b float64) item {
	switch operator {
	case '+':
		return number(a + b)
	case '-':
		return number(a - b)
	case '*':
		return number(a * b)
	case '/':
		return number(a / b)
	}
	return number(math.Mod(a, b))
}

// isFinite reports whether v is a number with which nothing is wrong.
func isFinite(v item) bool { return v.kind == numberKind && v.number-v.number == 0 }

func (o *operation) arithmetic(operator byte) func(x *evaluation, a, b item) item {
	return func(_ *evaluation, a, b item) item {
		if isFinite(a) && isFinite(b) {
			return compute(operator, a.number, b.number)
		}
		if a.kind != undefinedKind && !isNumeric(o.placed(a)) {
			o.fault("T2001", a, b)
		}
		if b.kind != undefinedKind && !isNumeric(o.placed(b)) {
			o.fault("T2002", b, a)
		}
		return undefined
	}
}

// placed sees to it that an infinite operand fails at the operator.
func (o *operation) placed(v item) item {
	if v.kind == numberKind && math.IsInf(v.number, 0) {
		o.fault("D1001", v, undefined)
	}
	return v
}

func (o *operation) comparison() func(x *evaluation, a, b item) item {
	orEqual, greater := len(o.text) == 2, o.text[0] == '>'
	return func(_ *evaluation, a, b item) item {
		if a.kind != b.kind || !comparable(a) {
			return o.incomparable(a, b)
		}
		if a.kind == numberKind && (math.IsNaN(a.number) || math.IsNaN(b.number)) {
			return no
		}
		c := compareItems(a, b)
		return boolean(c == 0 && orEqual || c != 0 && c > 0 == greater)
	}
}

// incomparable fails, unless what is missing is the reason.
func (o *operation) incomparable(a, b item) item {
	for _, v := range [...]item{a, b} {
		if v.kind != undefinedKind && !comparable(v) {
			o.fault("T2010", v, undefined)
		}
	}
	if a.kind != undefinedKind && b.kind != undefinedKind {
		o.fault("T2009", a, b)
	}
	return undefined
}

func concatenate(x *evaluation, a, b item) item {
	s, t := "", ""
	if a.kind != undefinedKind {
		s = x.stringOf(a, 0)
	}
	if b.kind != undefinedKind {
		t = x.stringOf(b, 0)
	}
	x.reserve(len(s) + len(t))
	return text(join(s, t))
}

func includes(x *evaluation, a, b item) item {
	if a.kind == undefinedKind || b.kind == undefinedKind {
		return no
	}
	if b.kind != arrayKind {
		return boolean(same(a, b))
	}
	for i := range b.len() {
		x.use(1)
		if same(a, b.at(i)) {
			return yes
		}
	}
	return no
}

func isWhole(v item) bool {
	return v.kind == numberKind && v.number == math.Trunc(v.number) && !math.IsInf(v.number, 0)
}

func (o *operation) makeRange(x *evaluation, a, b item) item {
	if a.kind != undefinedKind && !isWhole(a) {
		o.fault("T2003", a, b)
	}
	if b.kind != undefinedKind && !isWhole(b) {
		o.fault("T2004", b, a)
	}
	if a.kind == undefinedKind || b.kind == undefinedKind || a.number > b.number {
		return undefined
	}
	size := b.number - a.number + 1
	if size > maxRange {
		o.fault("D2014", number(size), undefined)
	}
	if x.aws && size > maxAWSRange {
		panic(&stop{ErrMemory})
	}
	x.use(int(size))
	x.allocate(int(size))
	items := make([]item, int(size))
	for i := range items {
		items[i] = number(a.number + float64(i))
	}
	return sequenceOf(items)
}

func (c *compiler) negate(n *node) evalFunc {
	operand := c.node(n.left)
	o := &operation{text: "-", offset: n.offset, end: n.end}
	return func(x *evaluation, in item, env *frame) item {
		v := operand(x, in, env)
		if v.kind == undefinedKind {
			return undefined
		}
		if !isNumeric(o.placed(v)) {
			o.fault("D1002", v, undefined)
		}
		return number(-v.number)
	}
}
