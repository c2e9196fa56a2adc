package jsonata

import "strconv"

const (
	// maxHeight is how deep the nodes of an expression may lie in one another. What goes through the tree does so by
	// recursion.
	maxHeight = 2500
	// maxText is the longest expression in bytes. A definition may have 1 MB in all.
	maxText = 1 << 20
)

// parser is a Pratt parser: what a token means without a left operand is in prefix, with one in infix.
type parser struct {
	lexer
	token token // the next one
	depth int   // of the recursion
}

// parse builds the tree of a text. It throws a failure.
func parse(text string) *node {
	p := &parser{lexer: lexer{text: text}}
	if len(text) > maxText {
		p.fail("S0502", maxText, len(text), failure{})
	}
	p.advance(false)
	n := p.expression(0)
	if p.token.kind != endToken {
		p.fail("S0201", p.token.offset, p.token.end, failure{token: p.token.text})
	}
	return n
}

func (p *parser) advance(operatorExpected bool) {
	p.token = p.next(operatorExpected)
	if t := p.token; t.kind == operatorToken && (t.text == "!" || t.text == "~") {
		p.fail("S0204", t.offset, t.end, failure{token: t.text})
	}
}

func (p *parser) is(operator string) bool {
	return p.token.kind == operatorToken && p.token.text == operator
}

// expect passes an operator. An operand may follow it, or, after a closing bracket, an operator.
func (p *parser) expect(operator string, operatorFollows bool) {
	if !p.is(operator) {
		code := "S0202"
		if p.token.kind == endToken {
			code = "S0203"
		}
		p.fail(code, p.token.offset, p.token.end, failure{token: p.token.text, value: text(operator)})
	}
	p.advance(operatorFollows)
}

// expression reads operators as long as they bind stronger than a power.
func (p *parser) expression(power int) *node {
	if p.depth++; p.depth > maxHeight {
		p.fail("S0501", p.token.offset, p.token.end, failure{})
	}
	t := p.token
	p.advance(true)
	left := p.finish(p.prefix(t), t.offset)
	for p.token.kind == operatorToken && power < operators[p.token.text] {
		t = p.token
		p.advance(false)
		start := left.start
		left = p.finish(p.infix(t, left), start)
	}
	p.depth--
	return left
}

// finish notes how far the text of a node reaches and how high it is.
func (p *parser) finish(n *node, start int) *node {
	n.start = min(n.start, start)
	n.stop = max(n.stop, n.end)
	n.height = 0
	n.children(func(c *node) {
		n.height = max(n.height, c.height)
		n.cover(c.start, c.stop)
	})
	if n.height++; n.height > maxHeight {
		p.fail("S0501", n.offset, n.end, failure{})
	}
	return n
}

func newNode(kind nodeKind, t token) *node {
	return &node{kind: kind, offset: t.offset, end: t.end, start: t.offset, stop: t.end, text: t.text, number: t.number}
}

// prefix is the node that begins with a token.
func (p *parser) prefix(t token) *node {
	switch t.kind {
	case endToken:
		return newNode(endNode, t)
	case nameToken:
		return newNode(nameNode, t)
	case variableToken:
		return newNode(variableNode, t)
	case stringToken:
		return newNode(stringNode, t)
	case numberToken:
		return newNode(numberNode, t)
	case valueToken:
		n := newNode(valueNode, t)
		n.value = map[string]item{"null": null, "true": boolean(true), "false": boolean(false)}[t.text]
		return n
	case regexToken:
		n := newNode(regexNode, t)
		re, err := compileRegex(t.text, t.flags)
		if err != nil {
			from, to := regexFault(t, err)
			p.fail("S0303", from, to, failure{message: "Invalid regular expression: " + err.Error()})
		}
		n.regex = re
		return n
	}
	return p.prefixOperator(t)
}

func (p *parser) prefixOperator(t token) *node {
	switch t.text {
	case "and", "or", "in":
		return newNode(operatorNode, t)
	case "*":
		return newNode(wildcardNode, t)
	case "**":
		return newNode(descendantNode, t)
	case "%":
		return newNode(parentNode, t)
	case "-":
		n := newNode(negateNode, t)
		n.left = p.expression(70)
		return n
	case "(":
		return p.block(t)
	case "[":
		return p.array(t)
	case "{":
		n := newNode(objectNode, t)
		n.pairs = p.members(n)
		return n
	case "|":
		return p.transform(t)
	}
	p.fail("S0211", t.offset, t.end, failure{token: t.text})
	return nil
}

// close passes a closing bracket and takes it into the node's text.
func (p *parser) close(n *node, bracket string, operatorFollows bool) {
	stop := p.token.end
	p.expect(bracket, operatorFollows)
	n.stop = max(n.stop, stop)
}

func (p *parser) block(t token) *node {
	n := newNode(blockNode, t)
	for !p.is(")") {
		n.list = append(n.list, p.expression(0))
		if !p.is(";") {
			break
		}
		p.advance(false)
	}
	p.close(n, ")", true)
	return n
}

func (p *parser) array(t token) *node {
	n := newNode(arrayNode, t)
	for more := !p.is("]"); more; {
		element := p.expression(0)
		if p.is("..") {
			r := newNode(binaryNode, p.token)
			p.advance(false)
			r.left, r.right = element, p.expression(0)
			element = p.finish(r, element.start)
		}
		n.list = append(n.list, element)
		if more = p.is(","); more {
			p.advance(false)
		}
	}
	p.close(n, "]", true)
	return n
}

// members reads the pairs of an object or a group, after the opening brace.
func (p *parser) members(n *node) [][2]*node {
	pairs := [][2]*node{}
	for more := !p.is("}"); more; {
		key := p.expression(0)
		p.expect(":", false)
		pairs = append(pairs, [2]*node{key, p.expression(0)})
		if more = p.is(","); more {
			p.advance(false)
		}
	}
	p.close(n, "}", true)
	return pairs
}

func (p *parser) transform(t token) *node {
	n := newNode(transformNode, t)
	n.left = p.expression(0)
	p.expect("|", false)
	n.right = p.expression(0)
	if p.is(",") {
		p.advance(false)
		n.third = p.expression(0)
	}
	p.close(n, "|", false)
	return n
}

// infix is the node of an operator whose left operand is read.
func (p *parser) infix(t token, left *node) *node {
	n := newNode(binaryNode, t)
	n.left = left
	switch t.text {
	case "(":
		return p.call(n)
	case "[":
		return p.predicate(n)
	case "{":
		n.pairs = p.members(n)
	case "^":
		p.orderBy(n)
	case "?":
		n.kind = conditionNode
		n.right = p.expression(0)
		if p.is(":") {
			p.advance(false)
			n.third = p.expression(0)
		}
	case ":=":
		if left.kind != variableNode {
			p.fail("S0212", left.offset, left.end, failure{token: left.text})
		}
		n.right = p.expression(operators[t.text] - 1) // binds to the right
	case "@", "#":
		n.right = p.expression(operators[t.text])
		if n.right.kind != variableNode {
			p.fail("S0214", n.right.offset, n.right.end, failure{token: t.text})
		}
	default:
		n.right = p.expression(operators[t.text])
	}
	return n
}

// predicate reads a filter, or [] which marks the step that it follows.
func (p *parser) predicate(n *node) *node {
	if !p.is("]") {
		n.right = p.expression(0)
		p.close(n, "]", true)
		return n
	}
	step := n.left
	for step.kind == binaryNode && step.text == "[" {
		step = step.left
	}
	step.keepArray = true
	n.left.stop = p.token.end
	p.advance(false)
	return n.left
}

func (p *parser) orderBy(n *node) {
	p.expect("(", false)
	for more := true; more; {
		var t term
		if p.is("<") || p.is(">") {
			t.descending = p.is(">")
			p.advance(false)
		}
		t.expr = p.expression(0)
		n.terms = append(n.terms, t)
		if more = p.is(","); more {
			p.advance(false)
		}
	}
	p.close(n, ")", false)
}

// call reads the arguments of a call, after the opening parenthesis, or a function definition.
func (p *parser) call(n *node) *node {
	n.kind = callNode
	for more := !p.is(")"); more; {
		if p.is("?") {
			n.kind = partialNode
			n.list = append(n.list, newNode(placeholderNode, p.token))
			p.advance(false)
		} else {
			n.list = append(n.list, p.expression(0))
		}
		if more = p.is(","); more {
			p.advance(false)
		}
	}
	p.close(n, ")", true)
	if n.left.kind == nameNode && (n.left.text == "function" || n.left.text == "λ") {
		p.lambda(n)
	}
	return n
}

func (p *parser) lambda(n *node) {
	for i, param := range n.list {
		if param.kind != variableNode {
			p.fail("S0208", param.offset, param.end, failure{token: param.text, value: number(float64(i + 1))})
		}
	}
	n.kind = lambdaNode
	n.left = nil
	if p.is("<") {
		n.signature = p.signature()
	}
	p.expect("{", false)
	n.right = p.expression(0)
	p.close(n, "}", false)
}

// signature puts the tokens from < to the > that closes it together again.
func (p *parser) signature() *signature {
	start := p.token
	written := "<"
	for depth := 1; depth > 0 && !p.is("{") && p.token.kind != endToken; {
		p.advance(false)
		if p.is(">") {
			depth--
		} else if p.is("<") {
			depth++
		}
		if p.token.kind == numberToken {
			written += strconv.FormatFloat(p.token.number, 'g', -1, 64)
		} else {
			written += p.token.text
		}
	}
	stop := p.token.end
	p.expect(">", false)
	s, fault := parseSignature(written)
	if fault != "" {
		p.fail(fault, start.offset, stop, failure{token: written})
	}
	return s
}
