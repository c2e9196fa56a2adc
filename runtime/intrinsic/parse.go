package intrinsic

import (
	"errors"
	"fmt"
	"strings"

	"github.com/r-seed-632eed22/aslgen/runtime/jsonpath"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// maxNesting is how many calls deep a call may go (1.20).
const maxNesting = 10

// escapable are the characters that a backslash stands before in a literal (R200).
const escapable = `'{}\`

// Parse parses a call (R200). The error is a [*SyntaxError]: an unknown function, a wrong number of arguments, a wrong
// literal or path, or calls nested too deep.
func Parse(text string) (*Call, error) {
	p := &parser{text: text}
	p.skipBlanks()
	c, err := p.call(1)
	if err != nil {
		return nil, err
	}
	if p.skipBlanks(); p.pos < len(text) {
		return nil, p.fault(p.pos, "unexpected text after the call")
	}
	return c, nil
}

type parser struct {
	text string
	pos  int
}

func (p *parser) fault(at int, format string, args ...any) *SyntaxError {
	return &SyntaxError{Offset: at, Message: fmt.Sprintf(format, args...)}
}

// peek returns the next byte, 0 at the end.
func (p *parser) peek() byte {
	if p.pos < len(p.text) {
		return p.text[p.pos]
	}
	return 0
}

func (p *parser) skipBlanks() {
	for p.pos < len(p.text) && strings.IndexByte(" \t\r\n", p.text[p.pos]) >= 0 {
		p.pos++
	}
}

// call reads a name and its arguments.
func (p *parser) call(depth int) (*Call, error) {
	c := &Call{Offset: p.pos}
	c.Function = p.takeWhile(isNameByte)
	switch {
	case c.Function == "":
		return nil, p.fault(c.Offset, "expected a call such as States.Format('{}', $.a)")
	case depth > maxNesting:
		return nil, p.fault(c.Offset, "calls are nested more than %d deep", maxNesting)
	case functions[c.Function] == nil:
		err := p.fault(c.Offset, "%s is no intrinsic function", c.Function)
		err.Hint = hint(c.Function)
		return nil, err
	case p.peek() != '(':
		return nil, p.fault(p.pos, "expected ( after %s", c.Function)
	}
	p.pos++
	if err := p.arguments(c, depth); err != nil {
		return nil, err
	}
	c.text = p.text[c.Offset:p.pos]
	c.function = functions[c.Function]
	if message := c.function.arity(len(c.Args)); message != "" {
		return nil, p.fault(c.Offset, "%s takes %s, not %d", c.Function, message, len(c.Args))
	}
	if c.function.check != nil {
		if message := c.function.check(c); message != "" {
			return nil, p.fault(c.Offset, "%s: %s", c.Function, message)
		}
	}
	return c, nil
}

// arguments reads up to the closing parenthesis.
func (p *parser) arguments(c *Call, depth int) error {
	if p.skipBlanks(); p.peek() == ')' {
		p.pos++
		return nil
	}
	for {
		arg, err := p.argument(depth)
		if err != nil {
			return err
		}
		c.Args = append(c.Args, arg)
		p.skipBlanks()
		separator := p.peek()
		if separator != ',' && separator != ')' {
			return p.fault(p.pos, "expected , or ) after an argument")
		}
		p.pos++
		if separator == ')' {
			return nil
		}
		p.skipBlanks()
	}
}

func (p *parser) argument(depth int) (Expr, error) {
	switch c := p.peek(); {
	case c == '\'':
		return p.quoted()
	case c == '$':
		return p.path()
	case c == '-', isDigit(c):
		return p.number()
	case !isNameByte(c):
		return nil, p.fault(p.pos, "expected a path, a string in single quotes, a number, true, false, null or a call")
	}
	begin := p.pos
	word := p.takeWhile(isNameByte)
	if v, ok := constants[word]; ok {
		return &Literal{Value: v, Offset: begin, text: word}, nil
	}
	p.pos = begin
	return p.call(depth + 1)
}

var constants = map[string]value.Value{"true": value.True, "false": value.False, "null": value.Null}

// quoted reads a string. Only ' { } and \ may and, but for the braces, must be escaped.
func (p *parser) quoted() (Expr, error) {
	begin := p.pos
	var text strings.Builder
	for p.pos++; p.pos < len(p.text); p.pos++ {
		c := p.text[p.pos]
		if c == '\'' {
			p.pos++
			return &Literal{Value: value.String(text.String()), Offset: begin, text: p.text[begin:p.pos]}, nil
		}
		if c == '\\' {
			p.pos++
			if c = p.peek(); c == 0 || strings.IndexByte(escapable, c) < 0 {
				return nil, p.fault(p.pos-1, `a backslash stands only before ' { } and \`)
			}
		}
		text.WriteByte(c)
	}
	return nil, p.fault(begin, "the quote is not closed")
}

// path reads a path, which ends before a comma or closing parenthesis that is not within its brackets.
func (p *parser) path() (Expr, error) {
	begin, parentheses, brackets := p.pos, 0, 0
	for ; p.pos < len(p.text); p.pos++ {
		switch c := p.text[p.pos]; {
		case c == '[':
			brackets++
			continue
		case c == ']':
			brackets--
			continue
		case brackets > 0:
			continue
		case c == '(':
			parentheses++
			continue
		case c == ')' && parentheses > 0:
			parentheses--
			continue
		case c != ',' && c != ')':
			continue
		}
		break
	}
	path, err := jsonpath.Parse(strings.TrimRight(p.text[begin:p.pos], " \t\r\n"))
	var syntax *jsonpath.SyntaxError
	if errors.As(err, &syntax) {
		return nil, p.fault(begin+syntax.Offset, "%s", syntax.Message)
	}
	return &PathArg{Path: path, Offset: begin}, nil
}

// number reads a number as JSON writes it.
func (p *parser) number() (Expr, error) {
	begin := p.pos
	text := p.takeWhile(func(c byte) bool { return isDigit(c) || strings.IndexByte("+-.eE", c) >= 0 })
	v, err := value.Parse([]byte(text))
	if err != nil {
		return nil, p.fault(begin, "%s is no number", text)
	}
	return &Literal{Value: v, Offset: begin, text: text}, nil
}

func (p *parser) takeWhile(accept func(byte) bool) string {
	begin := p.pos
	for p.pos < len(p.text) && accept(p.text[p.pos]) {
		p.pos++
	}
	return p.text[begin:p.pos]
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isNameByte(c byte) bool {
	return isDigit(c) || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' || c == '.' || c == '_'
}
