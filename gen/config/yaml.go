package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
)

// node is a value of the file with its place.
type node struct {
	span     source.Span
	kind     kind
	text     string // of a scalar, as written
	json     string // of a scalar
	members  []member
	elements []*node
}

type kind uint8

const (
	null kind = iota
	scalar
	object
	list
)

// String names the kind for a person.
func (k kind) String() string { return [...]string{"nothing", "a text", "an object", "a list"}[k] }

type member struct {
	key   string
	span  source.Span
	value *node
}

// fault is what the file cannot have, and where.
type fault struct {
	span    source.Span
	message string
}

func (f *fault) Error() string { return f.message }

// parse reads YAML. It returns nil for a text with nothing in it.
func parse(f *source.File) (n *node, err error) {
	defer func() { // the library is not ours to vouch for
		if p := recover(); p != nil {
			n, err = nil, fmt.Errorf("it cannot be read as YAML: %v", p)
		}
	}()
	text := bytes.TrimPrefix(f.Data, []byte("\uFEFF"))
	y := &reader{file: f, start: len(f.Data) - len(text)}
	tokens := lexer.Tokenize(string(text))
	if t := tooDeep(tokens); t != nil {
		return nil, &fault{y.span(t), "lists and objects are nested too deeply"}
	}
	if len(tokens) > mostTokens {
		return nil, &fault{y.span(tokens[mostTokens]), fmt.Sprintf("the file is too long: it has more than %d words and signs", mostTokens)}
	}
	file, err := parser.Parse(tokens, 0)
	if err != nil {
		if syntax, ok := errors.AsType[*yaml.SyntaxError](err); ok {
			return nil, &fault{y.span(syntax.Token), syntax.Message}
		}
		return nil, err
	}
	var bodies []ast.Node
	for _, d := range file.Docs {
		if d.Body != nil && d.Body.Type() != ast.CommentType && d.Body.Type() != ast.CommentGroupType {
			bodies = append(bodies, d.Body)
		}
	}
	if len(bodies) == 0 {
		return nil, nil
	}
	if len(bodies) > 1 {
		return nil, &fault{y.span(bodies[1].GetToken()), "the file holds more than one document"}
	}
	return y.node(bodies[0])
}

// Limits of what is given to the library, whose work grows with the square of both. The file needs six levels of lists and
// objects in each other, and some 20,000 lines are within the limit.
const (
	mostDepth  = 50
	mostTokens = 1 << 16
)

// tooDeep returns the token at which lists and objects are too deep in each other, nil if they are nowhere. Those that are
// begun by indentation alone need as much white space, which bounds them.
func tooDeep(tokens token.Tokens) *token.Token {
	open, begun, line := 0, 0, 0 // in brackets; by dashes of the line
	for _, t := range tokens {
		if t.Position.Line != line {
			begun, line = 0, t.Position.Line
		}
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			open++
		case token.SequenceEndType, token.MappingEndType:
			open--
		case token.SequenceEntryType, token.MappingKeyType:
			begun++
		}
		if open > mostDepth || begun > mostDepth {
			return t
		}
	}
	return nil
}

type reader struct {
	file  *source.File
	start int // of the text, after a byte order mark
}

func (y *reader) node(from ast.Node) (*node, error) {
	n := &node{kind: scalar}
	if from == nil {
		return &node{kind: null}, nil
	}
	n.span = y.span(from.GetToken())
	switch from := from.(type) {
	case *ast.MappingNode:
		n.kind = object
		return n, y.members(n, from.Values)
	case *ast.MappingValueNode:
		n.kind = object
		return n, y.members(n, []*ast.MappingValueNode{from})
	case *ast.SequenceNode:
		n.kind = list
		for _, e := range from.Values {
			element, err := y.node(e)
			if err != nil {
				return nil, err
			}
			n.elements = append(n.elements, element)
		}
	case *ast.NullNode:
		n.kind = null
	case *ast.LiteralNode:
		n.text, n.json = from.Value.Value, quoted(from.Value.Value)
	case *ast.StringNode:
		n.text, n.json = from.Value, quoted(from.Value)
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		n.text = from.GetToken().Value
		if n.json = n.text; !json.Valid([]byte(n.json)) {
			n.json = quoted(n.text)
		}
	default:
		return nil, &fault{n.span, "anchors, aliases and tags are not for this file"}
	}
	return n, nil
}

func quoted(text string) string {
	b, _ := json.Marshal(text) // a text always can be
	return string(b)
}

// document returns the JSON of a value.
func (n *node) document() string {
	var parts []string
	switch n.kind {
	case object:
		for _, m := range n.members {
			parts = append(parts, quoted(m.key)+": "+m.value.document())
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case list:
		for _, e := range n.elements {
			parts = append(parts, e.document())
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case null:
		return "null"
	}
	return n.json
}

func (y *reader) members(n *node, values []*ast.MappingValueNode) error {
	for i, v := range values {
		key, err := y.node(v.Key)
		if err != nil {
			return err
		}
		if i == 0 {
			n.span = key.span
		}
		value, err := y.node(v.Value)
		if err != nil {
			return err
		}
		if value.kind == null {
			value.span = key.span
		}
		n.members = append(n.members, member{key.text, key.span, value})
	}
	return nil
}

// span returns the place of a token. The library counts lines and columns, in characters, from 1.
func (y *reader) span(t *token.Token) source.Span {
	if t == nil || t.Position == nil {
		return source.Span{}
	}
	start := max(y.start, int(y.file.LineStart(t.Position.Line)))
	rest := y.file.Data[start:]
	for range t.Position.Column - 1 {
		if len(rest) == 0 || rest[0] == '\n' {
			break
		}
		_, size := utf8.DecodeRune(rest)
		rest = rest[size:]
	}
	start = len(y.file.Data) - len(rest)
	length := len(t.Value)
	if len(rest) > 0 && (rest[0] == '"' || rest[0] == '\'') {
		if end := bytes.IndexByte(rest[1:], rest[0]); end >= 0 {
			length = end + 2
		}
	}
	if end := bytes.IndexByte(rest, '\n'); end >= 0 {
		length = min(length, end)
	}
	return source.Span{Start: int32(start), End: int32(start + min(length, len(rest)))}
}
