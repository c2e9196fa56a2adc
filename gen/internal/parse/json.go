package parse

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

const (
	maxSize  = 1 << 20 // of a definition in bytes: 1 MB (1.20)
	maxDepth = 500     // of nested arrays and objects
)

var errTooDeep = errors.New("too deep")

var byteOrderMark = []byte("\uFEFF")

// reader turns the text of a file into nodes.
type reader struct {
	file    *source.File
	list    *diag.List
	decoder *jsontext.Decoder
	start   int32         // of the text, after a byte order mark
	open    []source.Span // the brackets that are open
}

// readJSON returns the text of the file as one node, or nil if it is not JSON. A key that stands twice in an object is
// reported and its second member left out.
func readJSON(f *source.File, l *diag.List) *ast.Node {
	if len(f.Data) > maxSize {
		l.Errorf(f, source.Span{}, diag.TooLarge, "the definition has %d bytes; AWS takes %d", len(f.Data), maxSize)
	}
	text := bytes.TrimPrefix(f.Data, byteOrderMark)
	r := &reader{file: f, list: l, start: int32(len(f.Data) - len(text))}
	r.decoder = jsontext.NewDecoder(bytes.NewBuffer(text), jsontext.AllowDuplicateNames(true))
	node, err := r.value()
	if err != nil {
		r.report(err)
		return nil
	}
	if start, end := r.tokenStart(), int32(len(f.Data)); start < end {
		l.Errorf(f, source.Span{Start: start, End: end}, diag.BadJSON, "the definition ends before this")
	}
	return node
}

// offset returns the place in the file up to which the text is read.
func (r *reader) offset() int32 { return r.start + int32(r.decoder.InputOffset()) }

func (r *reader) value() (*ast.Node, error) {
	switch r.decoder.PeekKind() {
	case '{':
		return r.container(value.ObjectKind, '}', r.member)
	case '[':
		return r.container(value.ArrayKind, ']', r.element)
	default:
		return r.scalar()
	}
}

// childReader reads an element or member into a node. seen holds the keys that the node has already.
type childReader func(node *ast.Node, seen map[string]source.Span) error

// container reads an array or object.
func (r *reader) container(kind value.Kind, end jsontext.Kind, child childReader) (*ast.Node, error) {
	if _, err := r.decoder.ReadToken(); err != nil {
		return nil, err
	}
	node := &ast.Node{Kind: kind, Span: source.Span{Start: r.offset() - 1, End: r.offset()}}
	if r.open = append(r.open, node.Span); len(r.open) > maxDepth {
		return nil, errTooDeep
	}
	seen := map[string]source.Span{}
	for r.decoder.PeekKind() != end {
		if err := child(node, seen); err != nil {
			return nil, err
		}
	}
	if _, err := r.decoder.ReadToken(); err != nil {
		return nil, err
	}
	r.open = r.open[:len(r.open)-1]
	node.Span.End = r.offset()
	return node, nil
}

func (r *reader) element(node *ast.Node, _ map[string]source.Span) error {
	e, err := r.value()
	node.Elements = append(node.Elements, e)
	return err
}

func (r *reader) member(node *ast.Node, seen map[string]source.Span) error {
	name, err := r.scalar()
	if err != nil {
		return err
	}
	v, err := r.value()
	if err != nil {
		return err
	}
	if first, twice := seen[name.Text]; twice {
		r.list.Errorf(r.file, name.Span, diag.DuplicateKey, "the key %q stands twice in this object", name.Text).
			Relate(first, "the first %q", name.Text)
		return nil
	}
	seen[name.Text] = name.Span
	node.Members = append(node.Members, ast.Member{Name: name.Text, Span: name.Span, Value: v})
	return nil
}

func (r *reader) scalar() (*ast.Node, error) {
	raw, err := r.decoder.ReadValue()
	if err != nil {
		return nil, err
	}
	node := &ast.Node{Span: source.Span{Start: r.offset() - int32(len(raw)), End: r.offset()}}
	switch raw.Kind() {
	case 'n':
		node.Kind = value.NullKind
	case 't', 'f':
		node.Kind, node.Text = value.BoolKind, string(raw)
	case '0':
		node.Kind, node.Text = value.NumberKind, string(raw)
	case '"':
		text, err := jsontext.AppendUnquote(nil, raw)
		if err != nil {
			return nil, err
		}
		node.Kind, node.Text = value.StringKind, string(text)
		node.Text, node.Bare = strings.CutPrefix(node.Text, source.Bare)
	default:
		return nil, fmt.Errorf("%q is no value", raw)
	}
	return node, nil
}
