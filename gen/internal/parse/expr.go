package parse

import (
	"errors"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
	"github.com/r-seed-632eed22/aslgen/runtime/intrinsic"
	"github.com/r-seed-632eed22/aslgen/runtime/jsonpath"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// path decodes a field that takes a path. In a JSONata state, where no such field belongs, it is not looked at.
func (d *decoder) path(f *ast.Field, m *ast.Member) *ast.Path {
	switch null := m.Value.Kind == value.NullKind; {
	case d.jsonata:
		return nil
	case null && f.Nullable:
		return &ast.Path{Span: m.Value.Span, Null: true}
	case null && f.Kind == ast.ItemsPath:
		d.errorf(m.Value.Span, diag.NullItemsPath, "ItemsPath cannot be null").WithHint("leave it out to take the whole input")
		return nil
	}
	return d.pathOf(m, f.Kind)
}

// anyPath decodes a member that takes any path.
func (d *decoder) anyPath(m *ast.Member) *ast.Path {
	if d.jsonata {
		return nil
	}
	return d.pathOf(m, ast.FullPath)
}

func (d *decoder) pathOf(m *ast.Member, kind ast.FieldKind) *ast.Path {
	if !d.is(m, value.StringKind) {
		return nil
	}
	m.Value.Expr = d.pathExpr(m.Value, kind)
	return &ast.Path{Span: m.Value.Span, Expr: m.Value.Expr}
}

// pathExpr returns the path that a string holds, nil if it is faulty.
func (d *decoder) pathExpr(n *ast.Node, kind ast.FieldKind) *ast.Expr {
	if source.HasPlaceholder(n.Text) {
		return unread(n)
	}
	if kind == ast.StringPath && !strings.HasPrefix(n.Text, "$") {
		return d.call(n)
	}
	path, err := jsonpath.Parse(n.Text)
	if err != nil {
		d.fault(n, diag.BadPath, err)
		return nil
	}
	if kind == ast.ResultPath && path.Root() != jsonpath.Input {
		d.errorf(n.Span, diag.ResultPathTarget, "ResultPath writes into the state's input, but %s is outside it", n.Text).
			WithHint("begin it with $.")
		return nil
	}
	if kind == ast.NumberPath && path.Root() == jsonpath.Context {
		d.errorf(n.Span, diag.NotReference, "a number of a Map is not read from the context object: %s", n.Text).
			WithHint("a state before can put it into the Map's input, or into a variable")
		return nil
	}
	if kind != ast.FullPath {
		if _, err := jsonpath.ParseReference(n.Text); err != nil {
			d.fault(n, diag.NotReference, err)
			return nil
		}
	}
	return &ast.Expr{Text: n.Text, Span: n.Span, Path: path}
}

// unread is an expression that cannot be read before its ${placeholder} is replaced.
func unread(n *ast.Node) *ast.Expr { return &ast.Expr{Text: n.Text, Span: n.Span} }

// call returns the call of an intrinsic function that a string holds, nil if it is faulty.
func (d *decoder) call(n *ast.Node) *ast.Expr {
	if source.HasPlaceholder(n.Text) {
		return unread(n)
	}
	call, err := intrinsic.Parse(n.Text)
	if err != nil {
		d.fault(n, diag.BadIntrinsic, err)
		return nil
	}
	return &ast.Expr{Text: n.Text, Span: n.Span, Call: call}
}

// fault reports an error of a path or call at its place inside the string.
func (d *decoder) fault(n *ast.Node, code *diag.Code, err error) {
	offset, message, hint := 0, err.Error(), ""
	var path *jsonpath.SyntaxError
	var call *intrinsic.SyntaxError
	if errors.As(err, &path) {
		offset, message = path.Offset, path.Message
	} else if errors.As(err, &call) {
		offset, message, hint = call.Offset, call.Message, call.Hint
	}
	span := source.Span{Start: d.file.InString(n.Span, offset), End: n.Span.End - 1}
	d.errorf(span, code, "%s", message).WithHint(hint)
}
