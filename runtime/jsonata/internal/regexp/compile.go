package regexp

import "slices"

type op uint8

const (
	opAccept        op = iota
	opUnit             // a unit of set
	opUnitBack         // the unit before
	opRun              // min to max units of set, as many as there are
	opSave             // the position in register a
	opReset            // registers a to before b are of groups that took no part
	opJump             // to a
	opSplit            // go on; if that fails, at a
	opSplitLazy        // go on at a; if that fails, here
	opZero             // register a counts from 0
	opLoop             // once more if register a is under max, and must be if under min; else at b
	opLoopLazy         // the same, at b first
	opCount            // one more in register a
	opAdvanced         // the position is not that of register a, or register b has not counted beyond min
	opReference        // what group a captured
	opReferenceBack    // the same, before
	opLook             // what follows up to opAccept matches here; then at a
	opLookNot          // the same, does not match
	opStart            // of the text, or of a line
	opEnd
	opBoundary
	opBoundaryNot
)

type instruction struct {
	op       op
	a, b     int32
	min, max int32
	set      *set
}

// compiler writes the program of a pattern. Registers are positions of groups, two each, then those that loops need.
type compiler struct {
	flags     Flags
	program   []instruction
	registers int
}

func (c *compiler) add(i instruction) (at int) {
	c.program = append(c.program, i)
	return len(c.program) - 1
}

func (c *compiler) here() int32 { return int32(len(c.program)) }

func (c *compiler) register() int32 {
	c.registers++
	return int32(c.registers - 1)
}

// emit writes the instructions of a node: in the order of the text or, within a look behind, backwards.
func (c *compiler) emit(n *node, back bool) {
	switch n.kind {
	case sequenceNode:
		c.sequence(n, back)
	case choiceNode:
		c.choice(n, back)
	case unitNode:
		c.add(instruction{op: either(back, opUnitBack, opUnit), set: n.set})
	case repeatNode:
		c.repeat(n, back)
	case captureNode:
		first, last := int32(2*n.group), int32(2*n.group+1)
		if back {
			first, last = last, first
		}
		c.add(instruction{op: opSave, a: first})
		c.emit(n.nodes[0], back)
		c.add(instruction{op: opSave, a: last})
	case lookNode:
		look := c.add(instruction{op: either(n.negated, opLookNot, opLook)})
		c.emit(n.nodes[0], n.behind)
		c.add(instruction{op: opAccept})
		c.program[look].a = c.here()
	case referenceNode:
		c.add(instruction{op: either(back, opReferenceBack, opReference), a: int32(n.group)})
	case startNode:
		c.add(instruction{op: opStart})
	case endNode:
		c.add(instruction{op: opEnd})
	case boundaryNode:
		c.add(instruction{op: either(n.negated, opBoundaryNot, opBoundary)})
	}
}

func either(first bool, a, b op) op {
	if first {
		return a
	}
	return b
}

func (c *compiler) sequence(n *node, back bool) {
	if !back {
		for _, part := range n.nodes {
			c.emit(part, back)
		}
		return
	}
	for _, part := range slices.Backward(n.nodes) {
		c.emit(part, back)
	}
}

func (c *compiler) choice(n *node, back bool) {
	var jumps []int
	last := len(n.nodes) - 1
	for _, alternative := range n.nodes[:last] {
		split := c.add(instruction{op: opSplit})
		c.emit(alternative, back)
		jumps = append(jumps, c.add(instruction{op: opJump}))
		c.program[split].a = c.here()
	}
	c.emit(n.nodes[last], back)
	for _, jump := range jumps {
		c.program[jump].a = c.here()
	}
}

// repeat writes a loop. One that must not go around a number of times needs no counter; one whose body matches nothing
// but something needs no look at whether it did.
func (c *compiler) repeat(n *node, back bool) {
	body := n.nodes[0]
	switch {
	case n.max == 0:
		return
	case body.kind == unitNode && !n.lazy && !back:
		c.add(instruction{op: opRun, set: body.set, min: int32(n.min), max: int32(n.max)})
		return
	case n.min > 0 || n.max != 1 && n.max != endless:
		c.countedLoop(n, back)
		return
	}
	start := c.add(instruction{op: either(n.lazy, opSplitLazy, opSplit)})
	c.body(n, back, -1)
	if n.max == endless {
		c.add(instruction{op: opJump, a: int32(start)})
	}
	c.program[start].a = c.here()
}

func (c *compiler) countedLoop(n *node, back bool) {
	counter := c.register()
	c.add(instruction{op: opZero, a: counter})
	loop := c.add(instruction{op: either(n.lazy, opLoopLazy, opLoop), a: counter, min: int32(n.min), max: int32(n.max)})
	c.add(instruction{op: opCount, a: counter})
	c.body(n, back, counter)
	c.add(instruction{op: opJump, a: int32(loop)})
	c.program[loop].b = c.here()
}

// body writes what a loop repeats: what its groups captured the last time is forgotten, and beyond min it must match
// something (ECMA-262, RepeatMatcher).
func (c *compiler) body(n *node, back bool, counter int32) {
	if n.groups[0] < n.groups[1] {
		c.add(instruction{op: opReset, a: int32(2 * n.groups[0]), b: int32(2 * n.groups[1])})
	}
	if !n.nodes[0].mayBeEmpty() {
		c.emit(n.nodes[0], back)
		return
	}
	mark := c.register()
	c.add(instruction{op: opSave, a: mark})
	c.emit(n.nodes[0], back)
	c.add(instruction{op: opAdvanced, a: mark, b: counter, min: int32(n.min)})
}

// mayBeEmpty reports whether a node may match nothing at all.
func (n *node) mayBeEmpty() bool {
	switch n.kind {
	case unitNode:
		return false
	case sequenceNode:
		return !slices.ContainsFunc(n.nodes, func(part *node) bool { return !part.mayBeEmpty() })
	case choiceNode:
		return slices.ContainsFunc(n.nodes, (*node).mayBeEmpty)
	case repeatNode:
		return n.min == 0 || n.nodes[0].mayBeEmpty()
	case captureNode:
		return n.nodes[0].mayBeEmpty()
	}
	return true
}

// firstOf is the set of units with which a match may begin; nil if it may begin with any, or be empty.
func firstOf(n *node) *set {
	var spans []span
	if n.begin(&spans) {
		return nil
	}
	return setOf(spans...)
}

// begin adds the units with which a node may begin, and reports whether what comes after it may be first too.
func (n *node) begin(spans *[]span) bool {
	switch n.kind {
	case unitNode:
		*spans = append(*spans, n.set.ranges...)
		return false
	case sequenceNode:
		for _, part := range n.nodes {
			if !part.begin(spans) {
				return false
			}
		}
	case choiceNode:
		empty := false
		for _, alternative := range n.nodes {
			empty = alternative.begin(spans) || empty
		}
		return empty
	case repeatNode:
		return n.max == 0 || n.nodes[0].begin(spans) || n.min == 0
	case captureNode:
		return n.nodes[0].begin(spans)
	case referenceNode:
		*spans = append(*spans, span{0, lastUnit})
	}
	return true
}
