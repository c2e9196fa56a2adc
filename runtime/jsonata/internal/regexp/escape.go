package regexp

import (
	"fmt"
	"unicode/utf16"
)

func hexDigit(u int) int {
	switch {
	case u >= '0' && u <= '9':
		return u - '0'
	case u >= 'a' && u <= 'f':
		return u - 'a' + 10
	case u >= 'A' && u <= 'F':
		return u - 'A' + 10
	}
	return -1
}

// hex is a number of so many digits, if there is one.
func (p *parser) hex(digits int) (n int, ok bool) {
	for i := range digits {
		d := hexDigit(p.peek(i))
		if d < 0 {
			return 0, false
		}
		n = n*16 + d
	}
	p.at += digits
	return n, true
}

// escape is an escape outside of brackets.
func (p *parser) escape() *node {
	from := p.at
	p.at++
	if p.at == len(p.text) {
		p.at = from
		p.fail(`a \ ends the pattern`)
	}
	c := p.peek(0)
	switch {
	case c == 'b' || c == 'B':
		p.at++
		return &node{kind: boundaryNode, negated: c == 'B'}
	case c >= '1' && c <= '9':
		if n, _ := p.number(); n <= p.total {
			return &node{kind: referenceNode, group: n}
		}
		p.at = from + 1
	case c == 'k' && p.names != nil:
		if p.at++; !p.take("<") {
			p.fail(`\k needs the name of a group`)
		}
		n := &node{kind: referenceNode, name: p.name()}
		p.named = append(p.named, n)
		return n
	}
	if spans, ok := classOf(uint16(c)); ok {
		p.at++
		return p.units(spans...)
	}
	return p.unit(p.character(false))
}

// character is the unit that an escape, whose backslash is behind, stands for.
func (p *parser) character(inClass bool) int {
	c := p.peek(0)
	p.at++
	switch c {
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	case 'v':
		return '\v'
	case 'x':
		if u, ok := p.hex(2); ok {
			return u
		}
	case 'u':
		if u, ok := p.hex(4); ok {
			return u
		}
	case 'c':
		letter := p.peek(0)
		if letter|0x20 >= 'a' && letter|0x20 <= 'z' || inClass && (p.isDigit('9') || letter == '_') {
			p.at++
			return letter % 32
		}
		p.at-- // the backslash stands for itself
		return '\\'
	case 'k':
		if p.names != nil {
			p.fail(`\k needs the name of a group`)
		}
	}
	if c >= '0' && c <= '7' {
		p.at--
		return p.octal()
	}
	return c
}

// octal is a number of up to three octal digits, at most 0377.
func (p *parser) octal() int {
	n := 0
	for digits := 0; digits < 3 && p.isDigit('7') && n*8+p.peek(0)-'0' <= 0o377; digits++ {
		n = n*8 + p.peek(0) - '0'
		p.at++
	}
	return n
}

func (p *parser) class() *node {
	from := p.at
	p.at++
	negated := p.take("^")
	var spans []span
	for !p.take("]") {
		if p.at >= len(p.text) {
			p.at = from
			p.fail("a [ is not closed")
		}
		first, single := p.member()
		if p.peek(0) != '-' || p.peek(1) == ']' || p.peek(1) < 0 {
			spans = append(spans, first...)
			continue
		}
		p.at++
		last, alsoSingle := p.member()
		switch {
		case !single || !alsoSingle:
			spans = append(append(append(spans, first...), last...), span{'-', '-'})
		case first[0].from > last[0].from:
			p.fail(fmt.Sprintf("the range %s is out of order", string(utf16.Decode([]uint16{first[0].from, '-', last[0].from}))))
		default:
			spans = append(spans, span{first[0].from, last[0].from})
		}
	}
	return &node{kind: unitNode, set: p.set(negated, spans)}
}

// member is a unit or a class in brackets.
func (p *parser) member() (spans []span, single bool) {
	c := p.peek(0)
	p.at++
	if c == '\\' {
		if p.at == len(p.text) {
			p.fail(`a \ ends the pattern`)
		}
		if spans, ok := classOf(p.text[p.at]); ok {
			p.at++
			return spans, false
		}
		if c = '\b'; !p.take("b") {
			c = p.character(true)
		}
	}
	return []span{{uint16(c), uint16(c)}}, true
}
