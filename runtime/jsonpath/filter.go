package jsonpath

import (
	"iter"
	"regexp"
	"slices"
	"strings"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// filter is the condition of [?(…)]. It holds if all conditions of one of its groups do. Groups and conditions are in
// reverse, the order in which they are evaluated.
type filter struct {
	groups [][]condition
}

type operator uint8

const (
	exists operator = iota
	absent
	equal
	notEqual
	less
	lessOrEqual
	greater
	greaterOrEqual
	matches
)

// operators in the order to look for: a longer one before its prefix.
var operators = []struct {
	text string
	op   operator
}{
	{"==", equal}, {"!=", notEqual}, {"<=", lessOrEqual}, {">=", greaterOrEqual}, {"=~", matches},
	{"<", less}, {">", greater},
}

// condition is a comparison or a test for existence, which has no right operand.
type condition struct {
	op          operator
	left, right operand
}

// operand is a path, a regular expression or a literal.
type operand struct {
	path     *Path
	fromItem bool // the path begins with @
	pattern  *regexp.Regexp
	literal  value.Value // always a string
}

// filterStep reads ?(condition), with conditions joined by && and ||. A mere ? stands for a predicate that Jayway takes
// from the calling program: it can be written, and fails at the first node it has to decide on.
func (p *parser) filterStep() (step, error) {
	p.pos++
	if p.pos == p.end {
		return step{kind: filterStep}, nil
	}
	p.skipBlanks()
	if p.peek() != '(' || p.text[p.end-1] != ')' {
		return step{}, p.fault(p.pos, "a filter is written [?(…)]")
	}
	if !balanced(p.text[p.pos:p.end]) {
		return step{}, p.fault(p.pos, "the parentheses of the filter do not match")
	}
	f := &filter{}
	for group := range p.split("||") {
		var conditions []condition
		for part := range group.split("&&") {
			c, err := part.condition()
			if err != nil {
				return step{}, err
			}
			conditions = append(conditions, c)
		}
		slices.Reverse(conditions)
		f.groups = append(f.groups, conditions)
	}
	slices.Reverse(f.groups)
	return step{kind: filterStep, filter: f}, nil
}

// balanced reports whether every ( outside single quotes has its ).
func balanced(text string) bool {
	depth, quoted := 0, false
	for i := range len(text) {
		switch c := text[i]; {
		case c == '\'' && (i == 0 || text[i-1] != '\\'):
			quoted = !quoted
		case c == '(' && !quoted:
			depth++
		case c == ')' && !quoted:
			depth--
		}
	}
	return depth == 0
}

// split ranges over the parts of the text between separators, quoted or not.
func (p *parser) split(separator string) iter.Seq[*parser] {
	return func(yield func(*parser) bool) {
		pos := p.pos
		for part := range strings.SplitSeq(p.text[p.pos:p.end], separator) {
			if !yield(&parser{text: p.text, pos: pos, end: pos + len(part)}) {
				return
			}
			pos += len(part) + len(separator)
		}
	}
}

// condition reads one condition. Parentheses around it do not matter, wherever they open or close.
func (p *parser) condition() (condition, error) {
	for p.pos < p.end && (p.text[p.pos] == '(' || isBlank(rune(p.text[p.pos]))) {
		p.pos++
	}
	for p.end > p.pos && (p.text[p.end-1] == ')' || isBlank(rune(p.text[p.end-1]))) {
		p.end--
	}
	at, symbol, op := findOperator(p.text[p.pos:p.end])
	if at < 0 {
		return p.existence()
	}
	left, err := p.operandWithin(p.pos, p.pos+at)
	if err != nil {
		return condition{}, err
	}
	right, err := p.operandWithin(p.pos+at+len(symbol), p.end)
	if err != nil {
		return condition{}, err
	}
	if patterns := left.pattern != nil || right.pattern != nil; patterns != (op == matches) {
		return condition{}, p.fault(p.pos, "=~ and a regular expression, /…/ or /…/i, need each other")
	}
	if s, ok := right.literal.AsString(); ok {
		right.literal = value.String(strings.ReplaceAll(s, `\'`, `'`))
	}
	return condition{op: op, left: left, right: right}, nil
}

// existence reads @.a or !@.a.
func (p *parser) existence() (condition, error) {
	op := exists
	if strings.HasPrefix(p.text[p.pos:p.end], "!@") {
		op = absent
		p.pos++
	}
	left, err := p.operandWithin(p.pos, p.end)
	if err == nil && left.path == nil {
		err = p.fault(p.pos, "expected a path or a comparison")
	}
	return condition{op: op, left: left}, err
}

// findOperator returns the first operator outside quotes and regular expressions, and where it begins, -1 if there is none.
func findOperator(text string) (at int, symbol string, op operator) {
	var quote byte
	for i := range len(text) {
		switch c := text[i]; {
		case quote != 0:
			if c == quote && text[i-1] != '\\' {
				quote = 0
			}
			continue
		case c == '\'', c == '/' && strings.Trim(text[:i], " ") == "":
			quote = c
			continue
		}
		for _, o := range operators {
			if strings.HasPrefix(text[i:], o.text) {
				return i, o.text, o.op
			}
		}
	}
	return -1, "", 0
}

// operandWithin reads the operand between begin and end.
func (p *parser) operandWithin(begin, end int) (operand, error) {
	text := strings.TrimRightFunc(p.text[begin:end], isBlank)
	end = begin + len(text)
	text = strings.TrimLeftFunc(text, isBlank)
	begin = end - len(text)
	switch {
	case text == "":
		return operand{}, p.fault(begin, "an operand is missing")
	case text[0] == '$', text[0] == '@':
		path := &Path{text: text}
		inner := &parser{text: p.text, pos: begin + 1, end: end, operand: true}
		err := inner.steps(path)
		return operand{path: path, fromItem: text[0] == '@'}, err
	case text[0] == '!':
		return operand{}, p.fault(begin, "! only tests that @.name does not exist")
	case text[0] == '\'' && len(text) > 1 && text[len(text)-1] == '\'':
		return operand{literal: value.String(text[1 : len(text)-1])}, nil
	case text[0] == '/':
		return p.pattern(begin, text)
	}
	return operand{literal: value.String(text)}, nil
}

// pattern reads /…/ or /…/i, which has to match the whole text.
func (p *parser) pattern(begin int, text string) (operand, error) {
	flags, last := "", strings.LastIndexByte(text, '/')
	switch text[last:] {
	case "/":
	case "/i":
		flags = "i"
	default:
		last = 0
	}
	if last == 0 {
		return operand{}, p.fault(begin, "a regular expression is written /…/ or /…/i")
	}
	expression, err := regexp.Compile(`^(?` + flags + `:` + text[1:last] + `)$`)
	if err != nil {
		return operand{}, p.fault(begin, "%v", err)
	}
	return operand{pattern: expression}, nil
}
