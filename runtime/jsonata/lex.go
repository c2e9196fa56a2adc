package jsonata

import (
	"math"
	"strconv"
	"strings"
)

// tokenKind says what a token is. Operators are named by their text.
type tokenKind uint8

const (
	endToken tokenKind = iota
	nameToken
	variableToken
	stringToken
	numberToken
	valueToken // true, false and null
	regexToken
	operatorToken
)

// token is a piece of the text.
type token struct {
	kind        tokenKind
	text        string // of a name, variable, string or operator; of a regular expression, the pattern
	flags       string // of a regular expression
	number      float64
	offset, end int
}

// operators are the binding powers of what ends a name; 0 for what does not bind to its left.
var operators = map[string]int{
	".": 75, "[": 80, "]": 0, "{": 70, "}": 0, "(": 80, ")": 0, ",": 0, "@": 80, "#": 80, ";": 0, ":": 0, "?": 20,
	"+": 50, "-": 50, "*": 60, "/": 60, "%": 60, "|": 0, "=": 40, "<": 40, ">": 40, "^": 40, "**": 0, "..": 0, ":=": 10,
	"!=": 40, "<=": 40, ">=": 40, "~>": 40, "and": 30, "or": 25, "in": 40, "&": 50, "!": 0, "~": 0,
}

const (
	operatorBytes = ".[]{}(),@#;:?+-*/%|=<>^&!~"
	spaces        = " \t\n\r\v"
)

// lexer cuts the text into tokens. Everything it looks for is ASCII, so it goes by bytes.
type lexer struct {
	text     string
	position int
}

// fail ends the parsing.
func (l *lexer) fail(code string, offset, end int, f failure) {
	f.code = code
	f.offset, f.end = min(offset, len(l.text)), min(end, len(l.text))
	panic(&f)
}

// next reads a token. A slash begins a regular expression unless the token stands where an operator may.
func (l *lexer) next(operatorExpected bool) token {
	l.skip()
	start := l.position
	if start >= len(l.text) {
		return token{kind: endToken, text: "(end)", offset: len(l.text), end: len(l.text)}
	}
	c := l.text[start]
	if c == '/' && !operatorExpected {
		return l.regex()
	}
	if op := l.operator(); op != "" {
		l.position += len(op)
		return token{kind: operatorToken, text: op, offset: start, end: l.position}
	}
	switch {
	case c == '"' || c == '\'':
		return l.string(c)
	case c == '`':
		return l.quotedName()
	case c >= '0' && c <= '9':
		return l.number()
	}
	return l.word()
}

// skip passes white space and comments.
func (l *lexer) skip() {
	for l.position < len(l.text) {
		if strings.IndexByte(spaces, l.text[l.position]) >= 0 {
			l.position++
			continue
		}
		if !strings.HasPrefix(l.text[l.position:], "/*") {
			return
		}
		length := strings.Index(l.text[l.position+2:], "*/")
		if length < 0 {
			l.fail("S0106", l.position, len(l.text), failure{})
		}
		l.position += length + 4
	}
}

// operator is the operator at the position, "" if there is none. Those that are words are found as words.
func (l *lexer) operator() string {
	rest := l.text[l.position:]
	if len(rest) >= 2 {
		switch two := rest[:2]; two {
		case "..", ":=", "!=", ">=", "<=", "**", "~>":
			return two
		}
	}
	if strings.IndexByte(operatorBytes, rest[0]) >= 0 {
		return rest[:1]
	}
	return ""
}

// word reads a name, a variable, or one of the words that mean something.
func (l *lexer) word() token {
	start := l.position
	for l.position < len(l.text) && strings.IndexByte(spaces+operatorBytes, l.text[l.position]) < 0 {
		l.position++
	}
	word := l.text[start:l.position]
	t := token{kind: nameToken, text: word, offset: start, end: l.position}
	switch {
	case word[0] == '$':
		t.kind, t.text = variableToken, word[1:]
	case word == "and" || word == "or" || word == "in":
		t.kind = operatorToken
	case word == "true" || word == "false" || word == "null":
		t.kind = valueToken
	}
	return t
}

func (l *lexer) quotedName() token {
	start := l.position
	length := strings.IndexByte(l.text[start+1:], '`')
	if length < 0 {
		l.fail("S0105", start, len(l.text), failure{})
	}
	l.position += length + 2
	return token{kind: nameToken, text: l.text[start+1 : l.position-1], offset: start, end: l.position}
}

func (l *lexer) number() token {
	start := l.position
	digits := func() bool {
		from := l.position
		for l.position < len(l.text) && l.text[l.position] >= '0' && l.text[l.position] <= '9' {
			l.position++
		}
		return l.position > from
	}
	if l.text[start] == '0' {
		l.position++
	} else {
		digits()
	}
	if mark := l.position; l.accept(".") && !digits() {
		l.position = mark
	}
	if mark := l.position; l.accept("eE") {
		l.accept("+-")
		if !digits() {
			l.position = mark
		}
	}
	text := l.text[start:l.position]
	f, _ := strconv.ParseFloat(text, 64)
	if math.IsInf(f, 0) {
		l.fail("S0102", start, l.position, failure{token: text})
	}
	return token{kind: numberToken, text: text, number: f, offset: start, end: l.position}
}

// accept passes one byte if it is one of a set.
func (l *lexer) accept(set string) bool {
	if l.position < len(l.text) && strings.IndexByte(set, l.text[l.position]) >= 0 {
		l.position++
		return true
	}
	return false
}

var escapes = map[byte]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

func (l *lexer) string(quote byte) token {
	start := l.position
	var out []byte
	surrogates := false
	for l.position++; l.position < len(l.text); l.position++ {
		c := l.text[l.position]
		if c == quote {
			l.position++
			t := token{kind: stringToken, text: string(out), offset: start, end: l.position}
			if surrogates {
				t.text = fromUnits(units(t.text))
			}
			return t
		}
		if c != '\\' {
			out = append(out, c)
			continue
		}
		l.position++
		if l.position >= len(l.text) {
			l.fail("S0103", l.position-1, l.position, failure{})
		}
		switch c := l.text[l.position]; {
		case c == 'u':
			r := l.hex4()
			surrogates = surrogates || r >= 0xD800 && r <= 0xDFFF
			out = appendRune(out, r)
		case escapes[c] != 0:
			out = append(out, escapes[c])
		default:
			r, n := decode(l.text[l.position:])
			l.fail("S0103", l.position-1, l.position+n, failure{token: fromPoints([]rune{r})})
		}
	}
	l.fail("S0101", start, l.position, failure{})
	return token{}
}

// hex4 reads the digits after \u and leaves the position at the last.
func (l *lexer) hex4() rune {
	digits := l.text[l.position+1:]
	digits = digits[:min(4, len(digits))]
	n, err := strconv.ParseUint(digits, 16, 16)
	if err != nil || strings.ContainsAny(digits, "_+-") {
		l.fail("S0104", l.position-1, l.position+1, failure{})
	}
	l.position += len(digits)
	return rune(n)
}

// regex reads a regular expression with its flags. A slash within brackets of any kind does not end it.
func (l *lexer) regex() token {
	start := l.position
	depth := 0
	for l.position++; l.position < len(l.text); l.position++ {
		escaped := false
		for i := l.position - 1; i > start && l.text[i] == '\\'; i-- {
			escaped = !escaped
		}
		after := l.text[l.position-1] == '\\' // for brackets the reference looks one byte back, no more
		switch c := l.text[l.position]; {
		case c == '/' && depth == 0 && !escaped:
			return l.regexEnd(start)
		case strings.IndexByte("([{", c) >= 0 && !after:
			depth++
		case strings.IndexByte(")]}", c) >= 0 && !after:
			depth--
		}
	}
	l.fail("S0302", start, l.position, failure{})
	return token{}
}

func (l *lexer) regexEnd(start int) token {
	pattern := l.text[start+1 : l.position]
	if pattern == "" {
		l.fail("S0301", start, l.position+1, failure{})
	}
	l.position++
	flags := l.position
	for l.accept("im") {
	}
	return token{kind: regexToken, text: pattern, flags: l.text[flags:l.position], offset: start, end: l.position}
}
