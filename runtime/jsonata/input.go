package jsonata

// checkInput refuses references to an input where there is none (docs/rules.md R73): names of fields, wildcards, $ and $$,
// outside of what has a context of its own. It throws a failure.
func checkInput(n *node) {
	for _, f := range inputs(n) {
		panic(f)
	}
}

func inputs(n *node) []*failure {
	var found []*failure
	walkInput(n, func(n *node, token string) {
		f := &failure{code: "S0503", token: token}
		f.at(n.offset, n.end)
		found = append(found, f)
	})
	return found
}

// walkInput reports what refers to the input. Steps after the first, filters, the keys of a group and of an order-by, and
// the bodies of functions and transforms have a context of their own.
func walkInput(n *node, report func(n *node, token string)) {
	switch n.kind {
	case nameNode:
		report(n, n.text)
	case wildcardNode, descendantNode:
		report(n, n.text)
	case variableNode:
		if n.text == "" || n.text == "$" {
			report(n, "$"+n.text)
		}
	case pathNode:
		walkInput(n.list[0], report)
		walkRoots(n, report)
		return
	case lambdaNode, transformNode:
		walkRoots(n, report)
		return
	case callNode, partialNode:
		walkCallee(n, report)
		return
	}
	walkInner(n, report)
}

// walkInner goes on in the operands of a node, but not in its filters and its group.
func walkInner(n *node, report func(n *node, token string)) {
	bare := *n
	bare.predicates, bare.stages, bare.group = nil, nil, nil
	bare.children(func(c *node) { walkInput(c, report) })
	rest := &node{predicates: n.predicates, stages: n.stages, group: n.group}
	walkRoots(rest, report)
}

// walkCallee passes over a name that is called: that it is no function is another fault.
func walkCallee(n *node, report func(n *node, token string)) {
	bare := *n
	if n.left.kind == pathNode && len(n.left.list) == 1 {
		bare.left = nil
	}
	walkInner(&bare, report)
}

// walkRoots reports $$ below a node: it means the input wherever it stands.
func walkRoots(n *node, report func(n *node, token string)) {
	n.children(func(c *node) {
		if c.kind == variableNode && c.text == "$" {
			report(c, "$$")
		}
		walkRoots(c, report)
	})
}
