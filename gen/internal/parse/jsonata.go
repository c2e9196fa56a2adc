package parse

import (
	"errors"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
	"github.com/r-seed-632eed22/aslgen/runtime/jsonata"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// expressions reads the JSONata expressions of a state: its own, and those of its catchers and rules.
func (d *decoder) expressions(s *ast.State) {
	d.expressionsIn(ast.StateFields, s.Fields)
	for _, c := range s.Catch {
		d.expressionsIn(ast.CatcherFields, c.Fields)
	}
	for _, r := range s.Choices {
		d.expressionsIn(ast.RuleFields, r.Fields)
	}
}

func (d *decoder) expressionsIn(t *ast.Fields, members []ast.Member) {
	for i := range members {
		if f := t.Named(members[i].Name); f != nil && f.Expressions {
			d.expressionNode(members[i].Value)
		}
	}
}

func (d *decoder) expressionNode(n *ast.Node) {
	for i := range n.Members {
		d.expressionNode(n.Members[i].Value)
	}
	for _, e := range n.Elements {
		d.expressionNode(e)
	}
	if n.Kind != value.StringKind {
		return
	}
	trimmed := strings.TrimSpace(n.Text)
	begins, ends := strings.HasPrefix(trimmed, "{%"), strings.HasSuffix(trimmed, "%}")
	switch {
	case ast.IsExpression(n.Text):
		n.Expr = d.expression(n)
	case begins && ends && trimmed != n.Text:
		d.list.Warnf(d.file, n.Span, diag.BadJSONata, "this is passed on as text: an expression begins with {%% and ends with %%}, without spaces around them")
	case ast.IsUnended(n.Text):
		wrong := d.errorf(n.Span, diag.BadJSONata, "an expression that begins with {%% ends with %%}")
		if strings.Contains(n.Text, "%}") {
			wrong.WithHint(joinHint)
		}
	}
}

// expression returns what a string between {% and %} says, nil if it is faulty.
func (d *decoder) expression(n *ast.Node) *ast.Expr {
	inner := n.Text[2 : len(n.Text)-2]
	text := strings.TrimSpace(inner)
	start := 2 + strings.Index(inner, text)
	if source.HasPlaceholder(n.Text) {
		return unread(n)
	}
	compiled, err := jsonata.Compile(text, jsonata.AWS)
	if failed, ok := errors.AsType[*jsonata.SyntaxError](err); ok {
		d.notJSONata(n, start, failed)
		return nil
	}
	return &ast.Expr{Text: n.Text, Span: n.Span, JSONata: compiled, Start: start}
}

// joinHint is for a text in which something follows the first %}.
const joinHint = "a string is one expression as a whole: & joins texts inside it, as in {% $first & ' and ' & $second %}"

// noInput is the code of an expression that refers to an input, where there is none.
const noInput = "S0503"

func (d *decoder) notJSONata(n *ast.Node, start int, failed *jsonata.SyntaxError) {
	span := source.Span{Start: d.file.InString(n.Span, start+failed.Offset), End: d.file.InString(n.Span, start+failed.End)}
	if failed.Code == noInput {
		d.errorf(span, diag.NoInput, "%s", failed.Message).WithHint("the state's input is $states.input")
		return
	}
	wrong := d.errorf(span, diag.BadJSONata, "%s (%s)", failed.Message, failed.Code)
	if at := start + failed.Offset; strings.HasPrefix(n.Text[at-1:], "%}") {
		wrong.WithHint(joinHint)
	}
}
