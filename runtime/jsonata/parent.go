package jsonata

// How % finds its step. A % stands for the value from which the context was reached. While the tree is resolved, each
// one is a slot with a level: how many steps it still has to go up. Slots travel outwards until they meet the step whose
// input they mean; that step then keeps its input in a variable of the slot's name.

// seek takes over the slots that an operand could not place.
func (n *node) seek(operand *node) {
	if operand.seeking == nil && operand.kind != parentNode {
		return
	}
	slots := append(append([]*slot{}, n.seeking...), operand.seeking...)
	if operand.kind == parentNode {
		slots = append(slots, operand.slot)
	}
	n.seeking = slots
}

// seekFromLast takes the slots of a path's last step back along the steps before it; what is left is the path's.
func (n *node) seekFromLast() {
	last := n.lastStep()
	slots := last.seeking
	if last.kind == parentNode {
		slots = append(append([]*slot{}, slots...), last.slot)
	}
	for _, s := range slots {
		at := len(n.list) - 2
		for s.level > 0 {
			if at < 0 {
				n.seeking = append(append([]*slot{}, n.seeking...), s)
				break
			}
			step := n.list[at]
			at--
			// Steps that bind @ do not move the context: the parent is that of the first of them.
			for at >= 0 && step.focus != "" && n.list[at].focus != "" {
				step = n.list[at]
				at--
			}
			step.holdParent(s)
		}
	}
}

// holdParent lets a slot pass a step on its way up. A step that it ends at keeps its input under the slot's name.
func (n *node) holdParent(s *slot) {
	switch n.kind {
	case nameNode, wildcardNode:
		if s.level--; s.level > 0 {
			return
		}
		if n.ancestor != nil {
			s.label = n.ancestor.label
		}
		n.ancestor = s
		n.tuples = true
	case parentNode:
		s.level++
	case blockNode:
		if len(n.list) > 0 {
			n.tuples = true
			n.list[len(n.list)-1].holdParent(s)
		}
	case pathNode:
		n.tuples = true
		at := len(n.list) - 1
		n.list[at].holdParent(s)
		for at--; s.level > 0 && at >= 0; at-- {
			n.list[at].holdParent(s)
		}
	default:
		fault("S0217", n, failure{})
	}
}
