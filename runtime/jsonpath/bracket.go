package jsonpath

import (
	"strconv"
	"strings"
)

// inBrackets reads what stands between [ and ].
func (p *parser) inBrackets() (step, error) {
	if p.text[p.pos:p.end] == "*" {
		return step{kind: wildcardStep}, nil
	}
	p.skipBlanks()
	for p.end > p.pos && isBlank(rune(p.text[p.end-1])) {
		p.end--
	}
	switch c := p.peek(); {
	case c == '\'':
		return p.quotedNames()
	case c == '?' && p.operand:
		return step{}, p.fault(p.pos, "a path in a filter has no filter")
	case c == '?':
		return p.filterStep()
	case c == '(':
		return p.fromLast()
	case isDigit(c), c == '-', c == ':':
		return p.indices()
	case c == '"':
		return step{}, p.fault(p.pos, "names are quoted with ', not with \"")
	}
	return step{}, p.fault(p.pos, "brackets hold 'name', a number, a slice, * or ?(…)")
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func (p *parser) skipBlanks() {
	for p.pos < p.end && isBlank(rune(p.text[p.pos])) {
		p.pos++
	}
}

// quotedNames reads 'a' or 'a', 'b'. A comma at the end does not matter.
func (p *parser) quotedNames() (step, error) {
	var names []string
	for p.pos < p.end {
		if p.peek() != '\'' {
			return step{}, p.fault(p.pos, "expected a name in single quotes")
		}
		p.pos++
		length := strings.IndexByte(p.text[p.pos:p.end], '\'')
		if length < 0 {
			return step{}, p.fault(p.pos-1, "the quote is not closed")
		}
		names = append(names, p.text[p.pos:p.pos+length])
		p.pos += length + 1
		if err := p.comma(); err != nil {
			return step{}, err
		}
	}
	if len(names) == 1 {
		return step{kind: nameStep, name: names[0]}, nil
	}
	return step{kind: namesStep, names: names}, nil
}

// comma reads the comma between the parts of a list; at the end there need be none.
func (p *parser) comma() error {
	p.skipBlanks()
	if p.pos == p.end {
		return nil
	}
	if p.peek() != ',' {
		return p.fault(p.pos, "expected , or ]")
	}
	p.pos++
	p.skipBlanks()
	return nil
}

// indices reads 1 or 1, 2 or a slice.
func (p *parser) indices() (step, error) {
	var indices []int
	for p.pos < p.end {
		if p.peek() == ':' && len(indices) == 0 {
			return p.slice(nil)
		}
		n, err := p.integer()
		if err != nil {
			return step{}, err
		}
		if p.skipBlanks(); p.peek() == ':' && len(indices) == 0 {
			return p.slice(&n)
		}
		indices = append(indices, n)
		if err := p.comma(); err != nil {
			return step{}, err
		}
	}
	if len(indices) == 1 {
		return step{kind: indexStep, index: indices[0]}, nil
	}
	return step{kind: indicesStep, indices: indices}, nil
}

// slice reads the rest of a slice, from the colon on. A step after a second colon does not count.
func (p *parser) slice(from *int) (step, error) {
	end, err := p.sliceNumber()
	if err != nil {
		return step{}, err
	}
	if p.peek() == ':' {
		if _, err := p.sliceNumber(); err != nil {
			return step{}, err
		}
	}
	switch {
	case p.pos < p.end:
		return step{}, p.fault(p.pos, "a slice is begin:end")
	case from == nil && end == nil:
		return step{}, p.fault(p.pos-1, "a slice needs a begin or an end")
	case from == nil:
		return step{kind: toStep, end: *end}, nil
	case end == nil:
		return step{kind: fromStep, index: *from}, nil
	}
	return step{kind: betweenStep, index: *from, end: *end}, nil
}

// sliceNumber reads a colon and the number after it, nil if there is none.
func (p *parser) sliceNumber() (*int, error) {
	p.pos++
	p.skipBlanks()
	if !isDigit(p.peek()) && p.peek() != '-' {
		return nil, nil
	}
	n, err := p.integer()
	p.skipBlanks()
	return &n, err
}

// integer reads a number in the range of Java's int.
func (p *parser) integer() (int, error) {
	begin := p.pos
	if p.peek() == '-' {
		p.pos++
	}
	for isDigit(p.peek()) {
		p.pos++
	}
	n, err := strconv.ParseInt(p.text[begin:p.pos], 10, 32)
	if err != nil {
		return 0, p.fault(begin, "expected a number of at most 32 bits")
	}
	return int(n), nil
}

// fromLast reads (@.length-1), also with size, () after the name, and blanks between.
func (p *parser) fromLast() (step, error) {
	begin := p.pos
	compact := strings.ReplaceAll(p.text[p.pos:p.end], " ", "")
	for _, name := range []string{"length", "size"} {
		rest, ok := strings.CutPrefix(compact, "(@."+name)
		if !ok {
			continue
		}
		rest = strings.TrimPrefix(rest, "()")
		digits, closed := strings.CutSuffix(rest, ")")
		n, err := strconv.ParseInt(digits, 10, 32)
		if closed && err == nil && digits[0] == '-' {
			return step{kind: lastStep, index: int(-n)}, nil
		}
	}
	return step{}, p.fault(begin, "expected (@.length-n)")
}
