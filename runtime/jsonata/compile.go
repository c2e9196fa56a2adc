package jsonata

// evalFunc evaluates a node in a context and a scope. The scope is nil as long as nothing is bound.
type evalFunc func(x *evaluation, in item, env *frame) item

// program is what Compile knows about an expression as a whole.
type program struct {
	library   *library
	aws       bool            // the dialect of Step Functions
	bound     map[string]bool // names that the expression itself binds somewhere
	dynamic   bool            // $eval may bind any name anywhere: nothing can be placed beforehand
	evaluated bool            // the text is evaluated by $eval, in a scope that is not known
	bindsTop  bool            // := outside of all blocks and functions
	names     []string        // of the globals, in the order of their slots
	slots     map[string]int
}

func (p *program) compile(written string) *Expr {
	tree := resolve(parse(written))
	if p.aws {
		checkInput(tree)
	}
	p.bound, p.slots = map[string]bool{}, map[string]int{}
	p.dynamic = p.evaluated
	p.collect(tree)
	c := &compiler{program: p}
	p.bindsTop = p.dynamic || tree.kind != blockNode && tree.kind != lambdaNode && bindsHere(tree)
	return &Expr{text: written, tree: tree, run: c.node(tree), program: p}
}

// collect notes the names that the expression binds, and whether it calls $eval.
func (p *program) collect(n *node) {
	switch n.kind {
	case bindNode:
		p.bound[n.left.text] = true
	case lambdaNode:
		for _, param := range n.list {
			p.bound[param.text] = true
		}
	case parentNode:
		p.bound[n.slot.label] = true
	case variableNode:
		p.dynamic = p.dynamic || n.text == "eval" && p.library.functions["eval"] != nil
	}
	for _, name := range []string{n.focus, n.index} {
		p.bound[name] = p.bound[name] || name != ""
	}
	for _, s := range n.stages {
		p.bound[s.index] = p.bound[s.index] || s.index != ""
	}
	n.children(p.collect)
}

// slot is where the value of a global is found during an evaluation.
func (p *program) slot(name string) int {
	i, ok := p.slots[name]
	if !ok {
		i = len(p.names)
		p.names = append(p.names, name)
		p.slots[name] = i
	}
	return i
}

// place finds the values of the globals: bindings come before functions of the library.
func (p *program) place(x *evaluation) []item {
	if len(p.names) == 0 {
		return nil
	}
	globals := make([]item, len(p.names))
	for i, name := range p.names {
		if globals[i] = x.global(name); globals[i].kind == undefinedKind {
			globals[i] = p.library.function(name)
		}
	}
	return globals
}

// compiler turns nodes into closures.
type compiler struct {
	program *program
	params  []string // of the function whose frame is the scope at hand, if it is
	height  int      // how many nodes of the function at hand lie around the node at hand
	inner   bool     // the function at hand is not the whole expression
}

// node compiles a node with its filters and its group.
func (c *compiler) node(n *node) evalFunc {
	c.height++
	defer func() { c.height-- }()
	run := c.within(n, c.byKind(n))
	for _, p := range n.predicates {
		run = then(run, c.filter(p))
	}
	if n.group != nil && n.kind != pathNode {
		run = then(run, c.groupOf(n.group))
	}
	if !c.mayBeSequence(n) {
		return run
	}
	keep := n.keepArray
	return func(x *evaluation, in item, env *frame) item {
		return run(x, in, env).collapse(keep)
	}
}

// within has a node that may be the innermost one under way hold to the depth of the evaluation. What is not in a function
// has all of the depth, of which there are at least so many.
func (c *compiler) within(n *node, run evalFunc) evalFunc {
	const always = awsDepth
	height := c.height
	switch n.kind {
	case pathNode:
		height++ // of its steps
	case binaryNode, negateNode, conditionNode, bindNode, applyNode:
		return run
	case callNode:
		if !n.tail {
			return run
		}
	}
	if !c.inner && height <= always {
		return run
	}
	return func(x *evaluation, in item, env *frame) item {
		if x.depth < height {
			panic(&stop{ErrDepth})
		}
		return run(x, in, env)
	}
}

// mayBeSequence reports whether the node's own value may be a sequence that it then stands for. What only passes on the
// values of its parts passes on what they stand for.
func (c *compiler) mayBeSequence(n *node) bool {
	if n.predicates != nil || n.keepArray {
		return true
	}
	switch n.kind {
	case pathNode:
		_, plain := plainNames(n.list)
		return !plain || n.group != nil || n.keepSingle
	case variableNode:
		return n.text == "" || c.program.dynamic || c.program.bound[n.text]
	case wildcardNode, descendantNode, callNode, applyNode, parentNode, nameNode:
		return true
	case binaryNode:
		return n.text == ".."
	}
	return false
}

// stageFunc changes a value on its way.
type stageFunc func(x *evaluation, v item, env *frame) item

func then(run evalFunc, next stageFunc) evalFunc {
	return func(x *evaluation, in item, env *frame) item {
		return next(x, run(x, in, env), env)
	}
}

func (c *compiler) byKind(n *node) evalFunc {
	switch n.kind {
	case stringNode:
		return constant(text(n.text))
	case numberNode:
		return constant(number(n.number))
	case valueNode:
		return constant(n.value)
	case regexNode:
		return c.regex(n)
	case nameNode:
		name := n.text
		return func(x *evaluation, in item, _ *frame) item { return x.lookup(in, name) }
	case variableNode:
		return c.variable(n.text)
	case parentNode:
		label := n.slot.label
		return func(x *evaluation, _ item, env *frame) item { return x.variable(label, env) }
	case wildcardNode:
		return func(x *evaluation, in item, _ *frame) item { return x.wildcard(in) }
	case descendantNode:
		return func(x *evaluation, in item, _ *frame) item { return x.descendants(in) }
	case pathNode:
		return c.path(n)
	case binaryNode:
		return c.operator(n)
	case negateNode:
		return c.negate(n)
	case arrayNode:
		return c.array(n)
	case objectNode:
		return c.object(n)
	case blockNode:
		return c.block(n)
	case conditionNode:
		return c.condition(n)
	case bindNode:
		return c.bind(n)
	}
	return c.functionNode(n)
}

func (c *compiler) functionNode(n *node) evalFunc {
	switch n.kind {
	case callNode:
		if n.tail {
			return c.tailCall(n)
		}
		return c.call(n, nil)
	case partialNode:
		return c.partial(n)
	case lambdaNode:
		return c.lambda(n)
	case applyNode:
		return c.apply(n)
	case transformNode:
		return c.transform(n)
	}
	return constant(undefined)
}

func constant(v item) evalFunc {
	return func(*evaluation, item, *frame) item { return v }
}

// variable compiles a reference: to the context, to a global whose place is known, or to a name to be looked for.
func (c *compiler) variable(name string) evalFunc {
	if name == "" {
		return func(_ *evaluation, in item, _ *frame) item {
			if in.made != nil && in.made.outer {
				return in.made.items[0]
			}
			return in
		}
	}
	p := c.program
	if i, ok := c.parameter(name); ok {
		return func(x *evaluation, _ item, env *frame) item {
			if i < len(env.values) {
				return env.values[i]
			}
			return undefined
		}
	}
	if !p.dynamic && !p.bound[name] {
		slot := p.slot(name)
		return func(x *evaluation, _ item, _ *frame) item { return x.globals[slot] }
	}
	function := p.library.function(name)
	return func(x *evaluation, _ item, env *frame) item {
		x.use(1)
		if v, ok := env.lookup(name); ok {
			return v
		}
		if v := x.global(name); v.kind != undefinedKind {
			return v
		}
		return function
	}
}

// parameter returns the place of a parameter of the function whose frame is the scope at hand.
func (c *compiler) parameter(name string) (i int, ok bool) {
	i = lastIndex(c.params, name)
	return i, i >= 0 && !c.program.dynamic
}

func lastIndex(names []string, name string) int {
	for i := len(names) - 1; i >= 0; i-- {
		if names[i] == name {
			return i
		}
	}
	return -1
}

// elsewhere compiles something whose scope may not be the frame of the function.
func (c *compiler) elsewhere(compile func()) {
	params := c.params
	c.params = nil
	compile()
	c.params = params
}

// bindsHere reports whether := below a node binds in the node's own scope.
func bindsHere(n *node) bool {
	binds := n.kind == bindNode
	n.children(func(child *node) {
		binds = binds || child.kind != blockNode && child.kind != lambdaNode && bindsHere(child)
	})
	return binds
}

// block compiles a sequence of expressions. It is a scope if something in it binds.
func (c *compiler) block(n *node) evalFunc {
	binds := c.program.dynamic
	for _, part := range n.list {
		binds = binds || bindsHere(part) && part.kind != blockNode && part.kind != lambdaNode
	}
	parts := make([]evalFunc, len(n.list))
	compile := func() {
		for i, part := range n.list {
			parts[i] = c.node(part)
		}
	}
	if binds {
		c.elsewhere(compile)
	} else {
		compile()
	}
	if len(parts) == 1 && !binds {
		return parts[0]
	}
	return func(x *evaluation, in item, env *frame) item {
		if binds {
			x.allocate(1)
			env = &frame{parent: env}
		}
		result := undefined
		for _, part := range parts {
			result = part(x, in, env)
		}
		return result
	}
}

func (c *compiler) bind(n *node) evalFunc {
	name, right := n.left.text, c.node(n.right)
	return func(x *evaluation, in item, env *frame) item {
		v := right(x, in, env)
		env.bind(x, name, v)
		return v
	}
}

func (c *compiler) condition(n *node) evalFunc {
	condition, then := c.node(n.left), c.node(n.right)
	otherwise := constant(undefined)
	if n.third != nil {
		otherwise = c.node(n.third)
	}
	return func(x *evaluation, in item, env *frame) item {
		x.use(1)
		if x.truth(condition(x, in, env), 0) {
			return then(x, in, env)
		}
		return otherwise(x, in, env)
	}
}
