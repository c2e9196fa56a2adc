package jsonpath

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Parse parses a Path: $, $$ (the context object) or $name (a variable), and steps (R40, R43). In .name a backslash makes
// the next character literal. White space around the path does not matter. The error is a [*SyntaxError].
func Parse(text string) (*Path, error) { return parse(text, false) }

// ParseReference parses a Reference Path, which selects one node (R41): a Path whose steps are only .name, ['name'] and
// [n], n not negative. The error is a [*SyntaxError].
func ParseReference(text string) (*Path, error) { return parse(text, true) }

func parse(text string, reference bool) (*Path, error) {
	p := &parser{text: text, end: len(strings.TrimRightFunc(text, isBlank)), reference: reference}
	p.skipBlanks()
	path := &Path{text: text}
	if err := p.root(path); err != nil {
		return nil, err
	}
	if err := p.steps(path); err != nil {
		return nil, err
	}
	return path, nil
}

// parser reads text[pos:end].
type parser struct {
	text      string
	pos, end  int
	reference bool
	operand   bool // of a filter: the path must be definite
}

func (p *parser) fault(at int, format string, args ...any) *SyntaxError {
	return &SyntaxError{Offset: at, Message: fmt.Sprintf(format, args...)}
}

// peek returns the next byte, 0 at the end.
func (p *parser) peek() byte {
	if p.pos < p.end {
		return p.text[p.pos]
	}
	return 0
}

// isBlank reports what Java's trim removes.
func isBlank(r rune) bool { return r <= ' ' }

func (p *parser) root(path *Path) error {
	if p.peek() != '$' {
		return p.fault(p.pos, "a path begins with $")
	}
	p.pos++
	if p.peek() == '$' {
		path.root = Context
		p.pos++
		return nil
	}
	begin := p.pos
	for p.pos < p.end {
		r, size := utf8.DecodeRuneInString(p.text[p.pos:p.end])
		if !isIdentifier(r, p.pos == begin) {
			break
		}
		p.pos += size
	}
	if p.pos > begin {
		path.root, path.variable = Variable, p.text[begin:p.pos]
	}
	return nil
}

// isIdentifier reports whether r may stand in the name of a variable: Unicode's ID_Start first, then ID_Continue (R61).
func isIdentifier(r rune, first bool) bool {
	if unicode.In(r, unicode.Pattern_Syntax, unicode.Pattern_White_Space) {
		return false
	}
	if unicode.In(r, unicode.L, unicode.Nl, unicode.Other_ID_Start) {
		return true
	}
	return !first && unicode.In(r, unicode.Mn, unicode.Mc, unicode.Nd, unicode.Pc, unicode.Other_ID_Continue)
}

// steps reads steps to the end of the text and completes the path.
func (p *parser) steps(path *Path) error {
	path.plain = true
	for scanning := false; p.pos < p.end || scanning; {
		begin := p.pos
		s, err := p.step(scanning)
		if err != nil {
			return err
		}
		path.steps = append(path.steps, s)
		path.plain = path.plain && (s.kind == nameStep && !s.function || s.kind == indexStep)
		if !s.definite() {
			if p.operand {
				return p.fault(begin, "a path in a filter must select one node")
			}
			path.definiteFrom = len(path.steps)
		}
		scanning = s.kind == scanStep
	}
	return nil
}

// step reads one step. The name after .. has no dot of its own.
func (p *parser) step(scanning bool) (step, error) {
	switch c := p.peek(); {
	case c == '[':
		return p.bracket()
	case scanning:
		return p.dotName()
	case c != '.':
		r, _ := utf8.DecodeRuneInString(p.text[p.pos:p.end])
		return step{}, p.fault(p.pos, "unexpected %q: a step begins with . or [", r)
	}
	p.pos++
	switch p.peek() {
	case '[':
		return p.bracket()
	case '.':
		if p.reference {
			return step{}, p.fault(p.pos-1, "a Reference Path has no ..")
		}
		p.pos++
		return step{kind: scanStep}, nil
	}
	return p.dotName()
}

// dotName reads the name after a dot, or *.
func (p *parser) dotName() (step, error) {
	begin := p.pos
	var unescaped []byte // the name so far, once a backslash was taken out of it
	for ; p.pos < p.end && p.text[p.pos] != '.' && p.text[p.pos] != '['; p.pos++ {
		switch c := p.text[p.pos]; {
		case c == '\\':
			unescaped = append(unescaped, p.text[begin:p.pos]...)
			p.pos++
			if p.pos == p.end {
				return step{}, p.fault(p.pos-1, "nothing follows the backslash")
			}
			begin = p.pos
		case c <= ' ':
			return step{}, p.fault(p.pos, "white space is allowed only within brackets")
		case c == ']':
			return step{}, p.fault(p.pos, "unexpected ]")
		case p.reference && strings.IndexByte("@,:?()*", c) >= 0:
			return step{}, p.fault(p.pos, "a Reference Path has no %c, except in ['…'] or after a backslash", c)
		}
	}
	name := string(unescaped) + p.text[begin:p.pos]
	switch {
	case name == "":
		return step{}, p.fault(p.pos, "a name is missing")
	case unescaped != nil:
		return step{kind: nameStep, name: name}, nil
	case name == "*":
		return step{kind: wildcardStep}, nil
	}
	return step{kind: nameStep, name: name, function: name == "length()"}, nil
}

// bracket reads a step in brackets. It ends at the matching bracket, whatever stands in quotes.
func (p *parser) bracket() (step, error) {
	open := p.pos
	depth := 0
	for ; p.pos < p.end; p.pos++ {
		if c := p.text[p.pos]; c == '[' {
			depth++
		} else if c == ']' {
			depth--
		}
		if depth == 0 {
			break
		}
	}
	if depth > 0 {
		return step{}, p.fault(open, "the bracket is not closed")
	}
	p.pos++
	inner := &parser{text: p.text, pos: open + 1, end: p.pos - 1, reference: p.reference, operand: p.operand}
	s, err := inner.inBrackets()
	if err != nil {
		return step{}, err
	}
	if p.reference && s.kind != nameStep && (s.kind != indexStep || s.index < 0) {
		return step{}, p.fault(open, "a Reference Path has only .name, ['name'] and [n]")
	}
	return s, nil
}
