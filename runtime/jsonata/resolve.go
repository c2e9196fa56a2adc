package jsonata

import "strconv"

// resolver makes the parser's tree one that can be compiled: chains of dots become paths, filters and bindings move to
// the steps that they belong to, and every % finds the step whose parent it means.
type resolver struct {
	slots int
}

// resolve is the tree of a whole expression. It throws a failure.
func resolve(n *node) *node {
	r := &resolver{}
	n = r.node(n)
	if n.kind == parentNode || n.seeking != nil {
		fault("S0217", n, failure{})
	}
	return n
}

func fault(code string, n *node, f failure) {
	f.code = code
	f.at(n.offset, n.end)
	panic(&f)
}

func (r *resolver) node(n *node) *node {
	result := r.byKind(n)
	if n.keepArray {
		result.keepArray = true
	}
	return result
}

func (r *resolver) byKind(n *node) *node {
	switch n.kind {
	case endNode:
		fault("S0207", n, failure{})
	case nameNode, operatorNode:
		n.kind = nameNode
		path := pathOf(n)
		path.keepSingle = n.keepArray
		return path
	case parentNode:
		n.slot = &slot{label: "!" + strconv.Itoa(r.slots), level: 1}
		r.slots++
	case binaryNode:
		return r.binary(n)
	case negateNode:
		n.left = r.node(n.left)
		if literal := n.left; literal.kind == numberNode {
			literal.number = -literal.number
			literal.cover(n.start, n.stop)
			return literal
		}
		n.seek(n.left)
	case arrayNode:
		r.all(n, n.list)
	case objectNode:
		r.pairs(n, n.pairs)
	case callNode, partialNode:
		r.all(n, n.list)
		n.left = r.node(n.left)
	case lambdaNode:
		n.right = r.node(n.right)
		markTail(n.right)
	case conditionNode:
		r.operands(n)
	case transformNode:
		r.operands(n)
		n.seeking = nil // what % means inside is not looked for outside
	case blockNode:
		r.all(n, n.list)
		for _, part := range n.list {
			n.constructed = n.constructed || part.constructed || part.kind == pathNode && part.list[0].constructed
		}
	}
	return n
}

func (r *resolver) all(n *node, list []*node) {
	for i := range list {
		list[i] = r.node(list[i])
		n.seek(list[i])
	}
}

func (r *resolver) pairs(n *node, pairs [][2]*node) {
	for i := range pairs {
		r.all(n, pairs[i][:])
	}
}

func (r *resolver) operands(n *node) {
	for _, operand := range []**node{&n.left, &n.right, &n.third} {
		if *operand != nil {
			*operand = r.node(*operand)
			n.seek(*operand)
		}
	}
}

// pathOf is a path of one step.
func pathOf(step *node) *node {
	return &node{kind: pathNode, list: []*node{step}, offset: step.offset, end: step.end, start: step.start, stop: step.stop,
		height: step.height}
}

func (n *node) lastStep() *node { return n.list[len(n.list)-1] }

func (r *resolver) binary(n *node) *node {
	switch n.text {
	case ".":
		return r.dot(n)
	case "[":
		return r.predicate(n)
	case "{":
		result := r.node(n.left)
		if result.group != nil {
			fault("S0210", n, failure{})
		}
		// What % means in a group is not looked for outside.
		r.pairs(&node{}, n.pairs)
		result.group = &group{pairs: n.pairs, offset: n.offset, end: n.end}
		result.cover(n.start, n.stop)
		return result
	case "^":
		return r.orderBy(n)
	case ":=":
		n.kind = bindNode
		n.right = r.node(n.right)
		n.seek(n.right)
		return n
	case "@":
		return r.focus(n)
	case "#":
		return r.index(n)
	case "~>":
		n.kind = applyNode
		n.left, n.right = r.node(n.left), r.node(n.right)
		n.keepArray = n.left.keepArray || n.right.keepArray
		return n
	}
	r.operands(n)
	return n
}

// dot joins the steps of both sides.
func (r *resolver) dot(n *node) *node {
	path := r.node(n.left)
	if path.kind != pathNode {
		first := path
		path = pathOf(first)
		if first.kind == parentNode {
			path.seeking = []*slot{first.slot}
		}
	}
	if rest := r.node(n.right); rest.kind == pathNode {
		path.list = append(path.list, rest.list...)
	} else {
		for _, p := range rest.predicates {
			rest.stages = append(rest.stages, stage{filter: p})
		}
		rest.predicates = nil
		path.list = append(path.list, rest)
	}
	path.cover(n.start, n.stop)
	path.height = max(path.height, n.height)
	for _, step := range path.list {
		switch step.kind {
		case numberNode:
			fault("S0213", step, failure{value: number(step.number)})
		case valueNode:
			fault("S0213", step, failure{value: step.value})
		case stringNode:
			step.kind = nameNode
		}
		path.keepSingle = path.keepSingle || step.keepArray
	}
	for _, step := range []*node{path.list[0], path.lastStep()} {
		if step.kind == arrayNode {
			step.constructed = true
		}
	}
	path.seekFromLast()
	return path
}

func (r *resolver) predicate(n *node) *node {
	result := r.node(n.left)
	result.cover(n.start, n.stop)
	step := result
	if result.kind == pathNode {
		step = result.lastStep()
	}
	if step.group != nil {
		fault("S0209", n, failure{})
	}
	filter := r.node(n.right)
	if filter.seeking != nil {
		for _, s := range filter.seeking {
			if s.level == 1 {
				step.holdParent(s)
			} else {
				s.level--
			}
		}
		step.seek(filter)
	}
	if result.kind == pathNode {
		step.stages = append(step.stages, stage{filter: filter})
	} else {
		step.predicates = append(step.predicates, filter)
	}
	return result
}

func (r *resolver) orderBy(n *node) *node {
	path := r.node(n.left)
	if path.kind != pathNode {
		path = pathOf(path)
	}
	step := &node{kind: sortNode, offset: n.offset, end: n.end, start: n.offset, stop: n.stop, height: n.height}
	for _, t := range n.terms {
		t.expr = r.node(t.expr)
		step.seek(t.expr)
		step.terms = append(step.terms, t)
	}
	path.list = append(path.list, step)
	path.cover(n.start, n.stop)
	path.seekFromLast()
	return path
}

func (r *resolver) focus(n *node) *node {
	result := r.node(n.left)
	result.cover(n.start, n.stop)
	step := result
	if result.kind == pathNode {
		step = result.lastStep()
	}
	if step.stages != nil || step.predicates != nil {
		fault("S0215", n, failure{})
	}
	if step.kind == sortNode {
		fault("S0216", n, failure{})
	}
	step.keepArray = step.keepArray || n.keepArray
	step.focus = n.right.text
	step.tuples = true
	return result
}

func (r *resolver) index(n *node) *node {
	result := r.node(n.left)
	if result.kind != pathNode {
		step := result
		result = pathOf(step)
		for _, p := range step.predicates {
			step.stages = append(step.stages, stage{filter: p})
		}
		step.predicates = nil
	}
	result.cover(n.start, n.stop)
	step := result.lastStep()
	if step.stages == nil {
		step.index = n.right.text
	} else {
		step.stages = append(step.stages, stage{index: n.right.text})
	}
	step.tuples = true
	return result
}

// markTail finds the calls that end a function: they are made after it has returned.
func markTail(n *node) {
	switch n.kind {
	case callNode:
		n.tail = n.predicates == nil
	case conditionNode:
		markTail(n.right)
		if n.third != nil {
			markTail(n.third)
		}
	case blockNode:
		if len(n.list) > 0 {
			markTail(n.list[len(n.list)-1])
		}
	}
}
