package jsonata

// function is a function value: one of the library, one that the expression defines, or one made of others.
//
// An argument that is a function is passed on wrapped: item.number is 1. What is wrapped is called without the caller's
// context, and is a plain function of the host to what looks at it.
type function struct {
	name      string
	arity     int
	signature *signature
	native    nativeFunc
	special   specialFunc // instead of native, for functions that see the caller's scope
	lambda    *lambda
	in        item // of a lambda: the context and scope where it was defined
	env       *frame
	plain     bool      // a plain function of the host in the reference: neither true nor an object
	regex     *regex    // what native matches, if it does
	later     *lateCall // instead of all else: a call that is still to be made
}

// nativeFunc is a function of the library. Arguments that are not given are undefined or not there. It must not keep
// args.
type nativeFunc func(x *evaluation, args arguments) item

type specialFunc func(x *evaluation, args arguments, in item, env *frame) item

// lambda is the code of a function that the expression defines.
type lambda struct {
	params    []string
	signature *signature
	body      evalFunc
}

// arguments of a call. What is beyond them is undefined.
type arguments []item

func (a arguments) at(i int) item {
	if i < len(a) {
		return a[i]
	}
	return undefined
}

// apply calls a function, and then the calls that it leaves to be made. The context is that of the caller.
func (x *evaluation) apply(fn item, args []item, in item, env *frame) item {
	f := fn.function()
	if f == nil {
		throwCode("T1006")
	}
	if fn.number != 0 {
		in = null
	}
	return x.finish(x.invoke(f, args, in, env), in, env)
}

// finish makes the calls that a function has left to be made.
func (x *evaluation) finish(result, in item, env *frame) item {
	for result.kind == functionKind && result.made.fn.later != nil {
		x.use(1)
		fn, args := result.made.fn.later.prepare(x)
		f := fn.function()
		if f == nil {
			throwCode("T1006")
		}
		context := in
		if fn.number != 0 {
			context = null
		}
		result = x.invoke(f, args, context, env)
	}
	return result
}

// invoke calls a function once. Its result may be a call that is still to be made.
func (x *evaluation) invoke(f *function, args []item, in item, env *frame) item {
	x.use(1)
	if f.signature != nil {
		args = f.signature.validate(x, args, in)
	}
	switch {
	case f.native != nil:
		return f.native(x, args)
	case f.special != nil:
		return f.special(x, args, in, env)
	}
	return x.body(f.lambda, args, f.in, f.env)
}

func (x *evaluation) body(l *lambda, args []item, in item, env *frame) item {
	return x.bodyIn(l, in, &frame{parent: env, names: l.params, values: args})
}

func (x *evaluation) bodyIn(l *lambda, in item, scope *frame) item {
	x.produce(frameBytes)
	if x.depth < 1 { // the body is one more
		panic(&stop{ErrDepth})
	}
	return l.body(x, in, scope)
}

// callBack calls a function on behalf of one of the library: without a context.
func (x *evaluation) callBack(fn item, args ...item) item {
	return x.apply(fn, args, null, nil)
}

// callOn calls a function with as many of the arguments as it takes, but at least one.
func (x *evaluation) callOn(fn, value, key, all item) item {
	f := fn.function()
	if f == nil {
		throwCode("T1006")
	}
	switch {
	case f.lambda != nil && f.signature == nil && f.arity <= 2:
		return x.callShort(f, value, key)
	case f.arity <= 1:
		return x.callBack(fn, value)
	case f.arity == 2:
		return x.callBack(fn, value, key)
	}
	return x.callBack(fn, value, key, all)
}

// callShort calls a lambda of at most two parameters: [evaluation.callBack] with the arguments in one piece with the frame.
func (x *evaluation) callShort(f *function, first, second item) item {
	x.use(1)
	short := &struct {
		frame frame
		args  [2]item
	}{args: [2]item{first, second}}
	short.frame = frame{parent: f.env, names: f.lambda.params, values: short.args[:max(1, f.arity)]}
	return x.finish(x.bodyIn(f.lambda, f.in, &short.frame), null, nil)
}

func (c *compiler) lambda(n *node) evalFunc {
	l := &lambda{signature: n.signature}
	for _, param := range n.list {
		l.params = append(l.params, param.text)
	}
	inner := &compiler{program: c.program, params: l.params, inner: true}
	l.body = inner.node(n.right)
	return func(x *evaluation, in item, env *frame) item {
		x.allocate(3)
		f := &function{lambda: l, arity: len(l.params), signature: l.signature, in: in, env: env}
		return f.item()
	}
}

// partial compiles a call with some arguments left out: a function of those.
func (c *compiler) partial(n *node) evalFunc {
	procedure := c.node(n.left)
	args := make([]evalFunc, len(n.list))
	for i, arg := range n.list {
		if arg.kind != placeholderNode {
			args[i] = c.node(arg)
		}
	}
	name, offset, end := calledName(n), n.offset, n.end
	didYouMean := c.program.didYouMean(n)
	return func(x *evaluation, in item, env *frame) item {
		x.allocate(len(args) + 4)
		given := make([]item, len(args))
		var open []int
		for i, arg := range args {
			if arg == nil {
				open = append(open, i)
			} else {
				given[i] = arg(x, in, env)
			}
		}
		fn := procedure(x, in, env)
		if fn.kind != functionKind {
			f := failure{code: "T1008", token: name}
			if fn.kind == undefinedKind && didYouMean(x, env) {
				f.code = "T1007"
			}
			f.at(offset, end)
			throw(f)
		}
		return partially(fn.function(), given, open).item()
	}
}

// partially is a function that fills the open places of given with its arguments and calls f, without checking them
// against f's signature.
func partially(f *function, given []item, open []int) *function {
	return &function{
		name:  f.name,
		arity: len(open),
		special: func(x *evaluation, args arguments, in item, env *frame) item {
			all := append([]item{}, given...)
			for i, at := range open {
				all[at] = args.at(i)
			}
			if f.lambda != nil {
				return x.body(f.lambda, all, f.in, f.env)
			}
			if f.special != nil {
				return f.special(x, all, in, env)
			}
			return f.native(x, all)
		},
	}
}

// compose is the function that applies f, then g: function($x) {$g($f($x))}.
func compose(f, g item) item {
	composed := &function{arity: 1, native: func(x *evaluation, args arguments) item {
		x.enter(2)
		v := x.callBack(f, args.at(0)).collapse(false)
		x.depth++
		result := x.callBack(g, v)
		x.depth++
		return result
	}}
	return composed.item()
}
