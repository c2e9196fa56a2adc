package forms

import (
	"path/filepath"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
)

// isTerraform reports whether a file's name is one of Terraform's language.
func isTerraform(name string) bool { return filepath.Ext(name) == ".tf" }

// terraform finds the machines in a file of Terraform's language: the definitions of resources aws_sfn_state_machine.
type terraform struct {
	*reader
	open   func(name string) (*source.File, error)
	locals map[string]hclsyntax.Expression

	nodes, depth int // that were made, for local values may be parts of themselves
	full         bool
}

// terraform returns the machines of a file of Terraform.
func (r *reader) terraform(open func(string) (*source.File, error)) (all []Machine) {
	parsed, faults := hclsyntax.ParseConfig(r.file.Data, r.file.Name, hcl.InitialPos)
	for _, f := range faults {
		if f.Severity == hcl.DiagError {
			span := source.Span{}
			if f.Subject != nil {
				span = spanOf(*f.Subject)
			}
			r.list.Errorf(r.file, span, diag.BadTerraform, "the file is not in Terraform's language: %s", f.Summary)
			return nil
		}
	}
	body, _ := parsed.Body.(*hclsyntax.Body)
	t := &terraform{reader: r, open: open, locals: map[string]hclsyntax.Expression{}}
	found := false
	for _, b := range body.Blocks {
		if b.Type == "locals" {
			for name, a := range b.Body.Attributes {
				t.locals[name] = a.Expr
			}
		}
	}
	for _, b := range body.Blocks {
		if b.Type == "resource" && len(b.Labels) == 2 && b.Labels[0] == "aws_sfn_state_machine" {
			found = true
			if m, ok := t.machine(b); ok {
				all = append(all, m)
			}
		}
	}
	if !found {
		r.list.Errorf(r.file, source.Span{}, diag.NotMachine, "no state machine is in this file").WithHint("a machine is the definition of a resource aws_sfn_state_machine")
	}
	return all
}

func spanOf(r hcl.Range) source.Span {
	return source.Span{Start: int32(r.Start.Byte), End: int32(max(r.End.Byte, r.Start.Byte+1))}
}

func (t *terraform) machine(b *hclsyntax.Block) (m Machine, ok bool) {
	m = Machine{Name: b.Labels[1], Values: map[string]string{}}
	if kind := b.Body.Attributes["type"]; kind != nil {
		m.Express = t.node(kind.Expr).text == "EXPRESS"
	}
	definition := b.Body.Attributes["definition"]
	if definition == nil {
		t.list.Errorf(t.file, spanOf(b.DefRange()), diag.NotMachine, "%s has no definition", m.Name)
		return m, false
	}
	x := t.plain(definition.Expr)
	switch call, _ := x.(*hclsyntax.FunctionCallExpr); {
	case call != nil && call.Name == "jsonencode" && len(call.Args) == 1:
		if n := t.node(call.Args[0]); n.kind == object {
			m.File = t.written(n)
		}
	case call != nil && (call.Name == "templatefile" || call.Name == "file") && len(call.Args) > 0:
		return t.fromFile(m, call)
	default:
		if n := t.node(x); n.kind == text {
			m.File = withoutComments(t.inside(n), t.list)
		}
	}
	if t.full {
		return m, false
	}
	if m.File == nil {
		t.list.Errorf(t.file, spanOf(x.Range()), diag.NotMachine, "only Terraform knows the definition of %s", m.Name).
			WithHint("render it first: echo 'nonsensitive(aws_sfn_state_machine." + m.Name + ".definition)' | terraform console | jq -r . > " + m.Name + ".asl.json")
		return m, false
	}
	m.File.Part = m.Name
	return m, true
}

// plain returns an expression without parentheses, and what a local value stands for.
func (t *terraform) plain(x hclsyntax.Expression) hclsyntax.Expression {
	for range 10 { // values may stand for each other
		switch inner := x.(type) {
		case *hclsyntax.ParenthesesExpr:
			x = inner.Expression
			continue
		case *hclsyntax.ScopeTraversalExpr:
			if len(inner.Traversal) == 2 && inner.Traversal.RootName() == "local" {
				if name, ok := inner.Traversal[1].(hcl.TraverseAttr); ok && t.locals[name.Name] != nil {
					x = t.locals[name.Name]
					continue
				}
			}
		}
		break
	}
	return x
}

// fromFile reads the machine that file or templatefile reads, with the values that are written here.
func (t *terraform) fromFile(m Machine, call *hclsyntax.FunctionCallExpr) (Machine, bool) {
	name := t.node(call.Args[0])
	path := strings.TrimPrefix(strings.TrimPrefix(name.text, "${path.module}"), "/")
	f, err := t.open(path)
	if name.kind != text || strings.Contains(path, "${") || err != nil {
		t.list.Errorf(t.file, spanOf(call.Args[0].Range()), diag.NotMachine, "the file with the definition of %s cannot be read: %s", m.Name, t.said(call.Args[0])).
			WithHint("compile it by its own name")
		return m, false
	}
	read := Read(f, t.list, t.open)
	if len(read) != 1 || read[0].Name != "" {
		return m, false
	}
	m.File = read[0].File
	if len(call.Args) > 1 {
		for _, v := range t.node(call.Args[1]).members {
			if v.value.kind != bare && v.value.kind != object && v.value.kind != array && !strings.Contains(v.value.text, "${") {
				m.Values[v.name.text] = v.value.text
			}
		}
	}
	return m, true
}

// said returns an expression as it is written.
func (t *terraform) said(x hclsyntax.Expression) string {
	r := x.Range()
	return string(t.file.Data[r.Start.Byte:r.End.Byte])
}

// node returns a value. What only Terraform knows is a placeholder with what is written there: without quotes, for its type is not known.
func (t *terraform) node(x hclsyntax.Expression) *node {
	x = t.plain(x)
	n := &node{span: spanOf(x.Range())}
	t.depth++
	defer func() { t.depth-- }()
	if t.nodes++; t.full || t.nodes > mostNodes || t.depth > mostDepth {
		if !t.full {
			t.list.Errorf(t.file, n.span, diag.BadTerraform, "local values are parts of themselves, or there are too many values")
		}
		t.full = true
		return n
	}
	switch x := x.(type) {
	case *hclsyntax.TemplateExpr:
		t.template(n, x)
	case *hclsyntax.TemplateWrapExpr:
		return t.node(x.Wrapped)
	case *hclsyntax.TupleConsExpr:
		n.kind = array
		for _, e := range x.Exprs {
			n.elements = append(n.elements, t.node(e))
		}
	case *hclsyntax.ObjectConsExpr:
		n.kind = object
		for _, item := range x.Items {
			n.members = append(n.members, member{t.key(item.KeyExpr), t.node(item.ValueExpr)})
		}
	default:
		if v, faults := x.Value(nil); !faults.HasErrors() && v.IsWhollyKnown() && (v.IsNull() || v.Type().IsPrimitiveType()) {
			t.literal(n, v)
		} else {
			n.kind, n.text = bare, placeholder(n, t.said(x)).text
		}
	}
	return n
}

func (t *terraform) literal(n *node, v cty.Value) {
	switch {
	case v.IsNull():
		n.kind, n.text = null, "null"
	case v.Type() == cty.Bool && v.True():
		n.kind, n.text = boolean, "true"
	case v.Type() == cty.Bool:
		n.kind, n.text = boolean, "false"
	case v.Type() == cty.Number:
		n.kind, n.text = number, v.AsBigFloat().Text('f', -1)
	case v.Type() == cty.String:
		n.kind, n.text = text, v.AsString()
		n.at = align(t.file.Data, int(n.span.Start), n.text, '"')
	}
}

// template returns a text with placeholders for what is put into it.
func (t *terraform) template(n *node, x *hclsyntax.TemplateExpr) {
	n.kind = text
	for _, part := range x.Parts {
		inner := t.node(part)
		if inner.kind != text && inner.kind != bare {
			inner = &node{kind: text, span: inner.span, text: inner.text}
		}
		for i := range len(inner.text) {
			n.at = append(n.at, inner.place(i))
		}
		n.text += inner.text
	}
}

// key returns the name of a member.
func (t *terraform) key(x hclsyntax.Expression) *node {
	if k, ok := x.(*hclsyntax.ObjectConsKeyExpr); ok {
		if word := hcl.ExprAsKeyword(k.Wrapped); word != "" && !k.ForceNonLiteral {
			span := spanOf(k.Range())
			return &node{kind: text, span: span, text: word, at: align(t.file.Data, int(span.Start), word, 0)}
		}
		x = k.Wrapped
	}
	n := t.node(x)
	n.kind = text
	return n
}
