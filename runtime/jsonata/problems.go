package jsonata

import (
	"slices"
	"strings"
)

// Problem is a part of an expression that fails whenever it is evaluated.
type Problem struct {
	Code    string // that evaluation would fail with, such as T0410; T1006 for a function that does not exist
	Offset  int    // where in the text, in bytes
	End     int
	Message string
}

// Problems returns what in the expression can only fail, in the order of the text: calls of functions that neither the
// library has nor the expression defines, arguments that do not fit the function's signature, operands of the wrong type.
// An expression without problems may still fail.
func (e *Expr) Problems() []Problem {
	c := &checker{program: e.program}
	c.check(e.tree)
	slices.SortStableFunc(c.problems, func(a, b Problem) int { return a.Offset - b.Offset })
	return c.problems
}

type checker struct {
	program  *program
	problems []Problem
}

func (c *checker) report(offset, end int, f failure) {
	message := f.message
	if message == "" {
		message = f.fill(messages[f.code])
	}
	c.problems = append(c.problems, Problem{f.code, offset, end, message})
}

func (c *checker) check(n *node) {
	switch n.kind {
	case callNode:
		c.call(n, nil)
	case applyNode:
		c.check(n.left)
		if n.right.kind != callNode {
			c.check(n.right)
			return
		}
		c.call(n.right, n.left)
		n.right.children(c.check)
		return
	case partialNode:
		c.callee(n)
	case binaryNode:
		c.operands(n)
	}
	n.children(c.check)
}

// callee is the function of the library that a call means; nil if it means another, or none.
func (c *checker) callee(n *node) *builtin {
	name := calledName(n)
	b := c.program.library.functions[name]
	switch {
	case n.left.kind == pathNode && len(n.left.list) == 1 && b != nil:
		c.report(n.left.start, n.left.stop, failure{code: "T1005", token: name})
	case n.left.kind != variableNode || n.left.predicates != nil || c.program.bound[name] || c.program.dynamic:
	case b == nil:
		message := "There is no function $" + name
		if near := c.program.library.nearest(name); near != "" {
			message += "; did you mean $" + near + "?"
		}
		c.report(n.left.start, n.left.stop, failure{code: "T1006", message: message})
	default:
		return b
	}
	return nil
}

// call checks the arguments of a call against the signature. Before them comes what ~> passes, if there is some.
func (c *checker) call(n, passed *node) {
	b := c.callee(n)
	if b == nil {
		return
	}
	name := calledName(n)
	args := n.list
	if passed != nil {
		args = append([]*node{passed}, args...)
	}
	types := make([]byte, len(args))
	for i, arg := range args {
		types[i] = c.letter(arg)
	}
	s := b.value.function().signature
	m := matching{params: s.params, types: string(types), counts: make([]int, len(s.params))}
	if !m.from(0, 0) {
		index := s.firstMismatch(m.types)
		f := failure{code: "T0410", index: index + 1, token: name}
		if index < len(args) {
			c.report(args[index].start, args[index].stop, f)
		} else {
			c.report(n.left.start, n.left.stop, f)
		}
		return
	}
	c.elements(&m, args, name)
}

// elements checks arguments that must be arrays of a type.
func (c *checker) elements(m *matching, args []*node, name string) {
	next := 0
	for i, p := range m.params {
		for range m.counts[i] {
			arg := args[next]
			next++
			if p.kind != "a" || p.subtype == "" {
				continue
			}
			values := []*node{arg}
			if arg.kind == arrayNode && arg.predicates == nil {
				values = arg.list
			}
			for _, v := range values {
				letter := c.letter(v)
				if letter != anyLetter && letter != 'a' && string(letter) != p.subtype[:1] {
					c.report(v.start, v.stop, failure{code: "T0412", index: next, token: name, typ: typeNames[p.subtype]})
					break
				}
			}
		}
	}
}

// anyLetter stands for a type that is not known. It fits every parameter.
const anyLetter = '*'

// letter is the letter of a node's type, if it can be told.
func (c *checker) letter(n *node) byte {
	if n.predicates != nil || n.group != nil {
		return anyLetter
	}
	switch n.kind {
	case stringNode:
		return 's'
	case numberNode, negateNode:
		return 'n'
	case valueNode:
		return typeOf(n.value)
	case arrayNode:
		return 'a'
	case objectNode:
		return 'o'
	case lambdaNode, regexNode, transformNode, partialNode:
		return 'f'
	case variableNode:
		if c.program.library.functions[n.text] != nil && !c.program.bound[n.text] && !c.program.dynamic {
			return anyLetter // the function, unless a variable of that name is given
		}
	case binaryNode:
		return binaryLetter(n.text)
	}
	return anyLetter
}

// binaryLetter is the type that an operator always gives. Arithmetic and comparisons may give nothing, which fits any
// parameter that they fit.
func binaryLetter(operator string) byte {
	switch operator {
	case "&":
		return 's'
	case "and", "or", "in", "=", "!=":
		return 'b'
	}
	return anyLetter
}

// operands checks the operands of arithmetic and comparisons.
func (c *checker) operands(n *node) {
	left, right := c.letter(n.left), c.letter(n.right)
	switch n.text {
	case "+", "-", "*", "/", "%":
		if left != anyLetter && left != 'n' {
			c.report(n.left.start, n.left.stop, failure{code: "T2001", token: n.text})
		}
		if right != anyLetter && right != 'n' {
			c.report(n.right.start, n.right.stop, failure{code: "T2002", token: n.text})
		}
	case "<", "<=", ">", ">=":
		if strings.IndexByte("*ns", left) < 0 {
			c.report(n.left.start, n.left.stop, failure{code: "T2010", token: n.text})
		}
		if strings.IndexByte("*ns", right) < 0 {
			c.report(n.right.start, n.right.stop, failure{code: "T2010", token: n.text})
		}
	}
}

// nearest is the function whose name differs least from one that does not exist; "" if none is near.
func (l *library) nearest(name string) string {
	best, distance := "", 3
	for candidate := range l.functions {
		d := editDistance(strings.ToLower(candidate), strings.ToLower(name))
		if d < distance || d == distance && best != "" && candidate < best {
			best, distance = candidate, d
		}
	}
	return best
}

// editDistance is how many letters to change, add or leave out. Names that are far too long are far away.
func editDistance(a, b string) int {
	const longest = 40
	if len(a) > longest || len(b) > longest {
		return longest
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(diagonal+cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
