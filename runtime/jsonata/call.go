package jsonata

// callSite is a compiled call.
type callSite struct {
	procedure   evalFunc
	args        []evalFunc
	name        string // of what is called, for failures
	offset, end int
	height      int // how many nodes of the function at hand lie around the call
	didYouMean  func(x *evaluation, env *frame) bool
}

func (c *compiler) callSite(n *node) *callSite {
	s := &callSite{procedure: c.node(n.left), name: calledName(n), offset: n.offset, end: n.end, height: c.height}
	for _, arg := range n.list {
		s.args = append(s.args, c.node(arg))
	}
	s.didYouMean = c.program.didYouMean(n)
	s.offset, s.end = n.start, n.stop
	return s
}

func calledName(n *node) string {
	if n.left.kind == pathNode {
		return n.left.list[0].text
	}
	return n.left.text
}

// didYouMean reports whether what is called, a field that does not exist, is also the name of a variable.
func (p *program) didYouMean(n *node) func(x *evaluation, env *frame) bool {
	if n.left.kind != pathNode {
		return func(*evaluation, *frame) bool { return false }
	}
	name := calledName(n)
	return func(x *evaluation, env *frame) bool {
		v := x.variable(name, env)
		if v.kind == undefinedKind {
			v = p.library.function(name)
		}
		return v.kind == functionKind || x.truth(v, 0) || v.kind == arrayKind || v.kind == objectKind
	}
}

// call compiles a call. With first, its value comes before the arguments.
func (c *compiler) call(n *node, first evalFunc) evalFunc {
	s := c.callSite(n)
	return func(x *evaluation, in item, env *frame) item {
		fn := s.callee(x, in, env)
		outer := x.site
		var result item
		if f := fn.function(); f != nil && f.native != nil && fn.number == 0 {
			base := len(x.stack)
			s.push(x, first, in, env)
			x.enter(s.height)
			x.site = s
			result = x.apply(fn, x.stack[base:len(x.stack):len(x.stack)], in, env)
			x.stack = x.stack[:base]
		} else {
			args := s.arguments(x, first, in, env)
			x.enter(s.height)
			x.site = s
			result = x.apply(fn, args, in, env)
		}
		x.site = outer
		x.depth += s.height
		return result
	}
}

// callee is the function to call.
func (s *callSite) callee(x *evaluation, in item, env *frame) item {
	fn := s.procedure(x, in, env)
	if fn.kind == undefinedKind && s.didYouMean(x, env) {
		f := failure{code: "T1005", token: s.name}
		f.at(s.offset, s.end)
		throw(f)
	}
	return fn
}

// push puts the arguments on the stack of the evaluation. A function is passed on wrapped.
func (s *callSite) push(x *evaluation, first evalFunc, in item, env *frame) {
	if first != nil {
		v := first(x, in, env)
		x.stack = append(x.stack, v)
	}
	for _, arg := range s.args {
		v := arg(x, in, env)
		if v.kind == functionKind {
			v.number = 1
		}
		x.stack = append(x.stack, v)
	}
}

// arguments are those of a function that may keep them.
func (s *callSite) arguments(x *evaluation, first evalFunc, in item, env *frame) []item {
	x.produce(frameBytes)
	args := make([]item, 0, len(s.args)+1)
	if first != nil {
		args = append(args, first(x, in, env))
	}
	for _, arg := range s.args {
		v := arg(x, in, env)
		if v.kind == functionKind {
			v.number = 1
		}
		args = append(args, v)
	}
	return args
}

// lateCall is a call that ends a function. It is made after the function has returned, so that a function that ends by
// calling itself needs no more depth than one that does not.
type lateCall struct {
	site *callSite
	in   item
	env  *frame
}

func (c *compiler) tailCall(n *node) evalFunc {
	height := c.height
	c.height = 0 // it is made where the function was called
	s := c.callSite(n)
	c.height = height
	return func(x *evaluation, in item, env *frame) item {
		f := &function{later: &lateCall{s, in, env}}
		return f.item()
	}
}

// prepare evaluates what is called and the arguments.
func (l *lateCall) prepare(x *evaluation) (fn item, args []item) {
	fn = l.site.procedure(x, l.in, l.env)
	x.site = l.site
	args = make([]item, len(l.site.args))
	x.produce(frameBytes)
	for i, arg := range l.site.args {
		args[i] = arg(x, l.in, l.env)
	}
	return fn, args
}

// apply compiles ~>: the left side is the first argument of the call, or of the function, on the right.
func (c *compiler) apply(n *node) evalFunc {
	left := c.node(n.left)
	if n.right.kind == callNode {
		return c.call(n.right, left)
	}
	right := c.node(n.right)
	offset, end, height := n.offset, n.end, c.height
	return func(x *evaluation, in item, env *frame) item {
		v, fn := left(x, in, env), right(x, in, env)
		if fn.kind != functionKind {
			f := failure{code: "T2006", value: fn}
			f.at(offset, end)
			throw(f)
		}
		if v.kind == functionKind {
			x.allocate(3)
			return compose(v, fn)
		}
		x.enter(height)
		result := x.apply(fn, []item{v}, null, env)
		x.depth += height
		return result
	}
}
