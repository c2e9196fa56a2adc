package regexp

import (
	"slices"
	"unicode"
	"unicode/utf16"
)

// SyntaxError says what is wrong with a pattern.
type SyntaxError struct {
	Message string
	Offset  int // in units
}

func (e *SyntaxError) Error() string { return e.Message }

type nodeKind uint8

const (
	sequenceNode  nodeKind = iota
	choiceNode             // between its nodes
	unitNode               // one unit of a set
	repeatNode             // of its only node
	captureNode            // of its only node
	lookNode               // ahead or behind, for its only node
	referenceNode          // to what a group captured
	startNode
	endNode
	boundaryNode
)

type node struct {
	kind     nodeKind
	nodes    []*node
	set      *set
	min, max int    // of a repeat
	lazy     bool   // of a repeat
	groups   [2]int // of a repeat: the first group in it, and the first after it
	group    int    // of a capture or reference
	name     string // of a reference, until all names are known
	behind   bool   // of a look
	negated  bool   // of a look or boundary
}

// endless is the most that a repeat counts to.
const endless = 1<<31 - 1

type parser struct {
	text   []uint16
	at     int
	flags  Flags
	groups int            // that have begun
	total  int            // that there are
	names  map[string]int // of groups, if there are any in the pattern
	named  []*node        // references by name
}

func parse(pattern []uint16, flags Flags) (n *node, groups int, err error) {
	p := &parser{text: pattern, flags: flags}
	p.count()
	defer func() {
		if fault := recover(); fault != nil {
			e, ok := fault.(*SyntaxError)
			if !ok {
				panic(fault)
			}
			err = e
		}
	}()
	n = p.disjunction()
	if p.at < len(p.text) {
		p.fail("a ) closes nothing")
	}
	for _, reference := range p.named {
		group, ok := p.names[reference.name]
		if !ok {
			p.fail("there is no group named " + reference.name)
		}
		reference.group = group
	}
	return n, p.groups, nil
}

func (p *parser) fail(message string) { panic(&SyntaxError{message, p.at}) }

// count finds out beforehand how many groups capture, and whether some have names: what some escapes mean depends on it.
func (p *parser) count() {
	class := false
	for i := 0; i < len(p.text); i++ {
		switch p.text[i] {
		case '\\':
			i++
		case '[':
			class = true
		case ']':
			class = false
		case '(':
			if class {
				continue
			}
			if i+1 == len(p.text) || p.text[i+1] != '?' {
				p.total++
			} else if i+3 < len(p.text) && p.text[i+2] == '<' && p.text[i+3] != '=' && p.text[i+3] != '!' {
				p.total++
				p.names = map[string]int{}
			}
		}
	}
}

// peek is a unit ahead; -1 after the end.
func (p *parser) peek(ahead int) int {
	if p.at+ahead >= len(p.text) {
		return -1
	}
	return int(p.text[p.at+ahead])
}

// take passes over a text if it is next.
func (p *parser) take(text string) bool {
	for i := range len(text) {
		if p.peek(i) != int(text[i]) {
			return false
		}
	}
	p.at += len(text)
	return true
}

func (p *parser) disjunction() *node {
	n := &node{kind: choiceNode, nodes: []*node{p.alternative()}}
	for p.take("|") {
		n.nodes = append(n.nodes, p.alternative())
	}
	if len(n.nodes) == 1 {
		return n.nodes[0]
	}
	return n
}

func (p *parser) alternative() *node {
	n := &node{kind: sequenceNode}
	for p.at < len(p.text) && p.peek(0) != '|' && p.peek(0) != ')' {
		n.nodes = append(n.nodes, p.term())
	}
	if len(n.nodes) == 1 {
		return n.nodes[0]
	}
	return n
}

// term is an atom or an assertion, with a quantifier where there may be one.
func (p *parser) term() *node {
	groups := p.groups
	n := p.atom()
	switch n.kind {
	case startNode, endNode, boundaryNode:
		return n
	case lookNode:
		if n.behind {
			return n
		}
	}
	least, most, ok := p.quantifier()
	if !ok {
		return n
	}
	return &node{kind: repeatNode, nodes: []*node{n}, min: least, max: most, lazy: p.take("?"), groups: [2]int{groups + 1, p.groups + 1}}
}

func (p *parser) quantifier() (least, most int, ok bool) {
	switch {
	case p.take("*"):
		return 0, endless, true
	case p.take("+"):
		return 1, endless, true
	case p.take("?"):
		return 0, 1, true
	}
	from := p.at
	if least, most, ok = p.braces(); ok && least > most {
		p.at = from
		p.fail("the numbers of a {} are out of order")
	}
	return least, most, ok
}

// braces is {n}, {n,} or {n,m}. Braces that are none of these stand for themselves.
func (p *parser) braces() (least, most int, ok bool) {
	from := p.at
	if p.take("{") {
		if least, ok = p.number(); ok {
			most = least
			if p.take(",") {
				var bounded bool
				if most, bounded = p.number(); !bounded {
					most = endless
				}
			}
			if p.take("}") {
				return least, most, true
			}
		}
	}
	p.at = from
	return 0, 0, false
}

func (p *parser) number() (n int, ok bool) {
	for ; p.isDigit('9'); p.at++ {
		n, ok = min(n*10+p.peek(0)-'0', endless), true
	}
	return n, ok
}

func (p *parser) isDigit(last int) bool { return p.peek(0) >= '0' && p.peek(0) <= last }

func (p *parser) atom() *node {
	c := p.peek(0)
	switch c {
	case '(':
		return p.group()
	case '[':
		return p.class()
	case '\\':
		return p.escape()
	case '*', '+', '?', '{':
		from := p.at
		if _, _, ok := p.quantifier(); ok {
			p.at = from
			p.fail("there is nothing to repeat")
		}
	}
	p.at++
	switch c {
	case '^':
		return &node{kind: startNode}
	case '$':
		return &node{kind: endNode}
	case '.':
		return p.units(setOf(slices.Clone(lineEnds)...).not()...)
	}
	return p.unit(c)
}

func (p *parser) unit(u int) *node { return p.units(span{uint16(u), uint16(u)}) }

func (p *parser) units(spans ...span) *node { return &node{kind: unitNode, set: p.set(false, spans)} }

func (p *parser) set(negated bool, spans []span) *set {
	s := setOf(slices.Clone(spans)...)
	if p.flags.IgnoreCase {
		s = setOf(s.folded()...)
	}
	if negated {
		s = setOf(s.not()...)
	}
	return s
}

func (p *parser) group() *node {
	from := p.at
	n := &node{}
	switch {
	case p.take("(?:"):
		n.kind = sequenceNode
	case p.take("(?="):
		n.kind = lookNode
	case p.take("(?!"):
		n.kind, n.negated = lookNode, true
	case p.take("(?<="):
		n.kind, n.behind = lookNode, true
	case p.take("(?<!"):
		n.kind, n.behind, n.negated = lookNode, true, true
	case p.take("(?<"):
		p.capture(n)
		name := p.name()
		if _, known := p.names[name]; known {
			p.fail("there are two groups named " + name)
		}
		p.names[name] = n.group
	case p.take("(?"):
		p.fail("(? begins no group")
	default:
		p.at++
		p.capture(n)
	}
	n.nodes = []*node{p.disjunction()}
	if !p.take(")") {
		p.at = from
		p.fail("a ( is not closed")
	}
	return n
}

func (p *parser) capture(n *node) {
	p.groups++
	n.kind, n.group = captureNode, p.groups
}

// name is the name of a group up to its >.
func (p *parser) name() string {
	var name []rune
	for !p.take(">") {
		r := p.nameRune()
		if r != '$' && r != '_' && !unicode.In(r, unicode.L, unicode.Nl, unicode.Other_ID_Start) &&
			(name == nil || r != 0x200C && r != 0x200D && !unicode.In(r, unicode.Mn, unicode.Mc, unicode.Nd, unicode.Pc,
				unicode.Other_ID_Continue)) {
			p.fail("this cannot be the name of a group")
		}
		name = append(name, r)
	}
	if name == nil {
		p.fail("a group has an empty name")
	}
	return string(name)
}

// nameRune is a code point of a name, of two units or written as an escape where it is.
func (p *parser) nameRune() rune {
	unit := func() rune {
		if p.take(`\u`) {
			if p.take("{") {
				r, digits := 0, 0
				for ; p.peek(0) >= 0 && hexDigit(p.peek(0)) >= 0 && r <= unicode.MaxRune; digits++ {
					r = r*16 + hexDigit(p.peek(0))
					p.at++
				}
				if digits == 0 || !p.take("}") {
					p.fail("this cannot be the name of a group")
				}
				return rune(r)
			}
			if u, ok := p.hex(4); ok {
				return rune(u)
			}
		}
		u := p.peek(0)
		p.at++
		return rune(u)
	}
	r := unit()
	if utf16.IsSurrogate(r) && (p.peek(0) == '\\' || utf16.IsSurrogate(rune(p.peek(0)))) {
		return utf16.DecodeRune(r, unit())
	}
	return r
}
