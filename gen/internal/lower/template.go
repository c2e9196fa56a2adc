package lower

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/catalog"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/ir"
	"github.com/r-seed-632eed22/aslgen/gen/internal/shape"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// template is one payload template on its way to a Go function.
type template struct {
	*lowering
	field string // Parameters
	token bool   // $$.Task.Token has a value
	task  catalog.Resource

	usesContext, usesReader bool
}

// function declares the function of a template and returns it as an expression: a function that reads the machine's Config is
// a method of it. A nil type is a document.
func (w *lowering) function(s *state, field string, node *ast.Node, typ *shape.Type, extra ...ir.Elem) ir.Expr {
	t := &template{lowering: w, field: field, token: s.task.Waits() && (field == "Parameters" || field == "Arguments"), task: s.task}
	uses := w.config.uses
	body := t.expr(node, typ, "")
	if c, ok := body.(ir.Composite); ok && len(extra) > 0 {
		c.Elems = append(c.Elems, extra...)
		body = c
	} else if len(extra) > 0 {
		body = ir.Call{Func: ir.Name{Package: pkgECSTask, Name: "StartedByStepFunctions"}, Args: []ir.Expr{body}}
	}
	f := &ir.Func{Name: w.own(s, field), Results: []ir.Type{goType(typ)}, Return: body}
	f.Doc = fmt.Sprintf("%s builds the %s of %s.", f.Name, field, strconv.Quote(s.Name.Text))
	used := func(name string, used bool) string {
		if used {
			return name
		}
		return "_"
	}
	f.Params = []ir.Param{
		{Name: used("c", t.usesContext), Type: ir.Pointer{Elem: aslType("Context")}},
		{Name: used("r", t.usesReader), Type: ir.Pointer{Elem: tableType("Reader")}},
	}
	w.late = append(w.late, f)
	return w.method(f, w.config.uses > uses)
}

// expr returns the Go expression of a node that feeds a type. Pointer is the node's place in the template.
func (t *template) expr(n *ast.Node, typ *shape.Type, pointer string) ir.Expr {
	if n.Expr != nil {
		return t.dynamic(n.Expr, typ, pointer)
	}
	if n.Bare {
		return t.placeholder(n, typ)
	}
	if typ == nil || typ.Kind == shape.Document {
		return t.document(n, pointer)
	}
	switch typ.Kind {
	case shape.List:
		list := ir.Composite{Type: goType(typ), Lines: typ.Elem.Kind == shape.Struct}
		for i, e := range n.Elements {
			list.Elems = append(list.Elems, ir.Elem{Value: t.element(e, typ.Elem, pointer+"/"+strconv.Itoa(i))})
		}
		list.Lines = list.Lines && len(list.Elems) > 0 || tooLong(list)
		return list
	case shape.Struct:
		return t.object(n, typ, goType(typ), pointer)
	case shape.Union:
		return t.union(n, typ, pointer)
	}
	return t.scalar(n, typ)
}

// placeholder returns what stands for a placeholder without quotes.
func (t *template) placeholder(n *ast.Node, typ *shape.Type) ir.Expr {
	if typ != nil && typ.Kind == shape.Enum && len(typ.Constants) > 0 {
		if t.config.enums == nil {
			t.config.enums = map[string]string{}
		}
		_, names := source.Split(n.Text)
		t.config.enums[names[0]] = typ.Constants[0].Value
	}
	if typ == nil || !typ.Pointer {
		return t.bare(n, goType(typ))
	}
	constructor := map[shape.Kind]string{shape.String: "String", shape.Boolean: "Bool", shape.Integer: fmt.Sprintf("Int%d", typ.Bits)}[typ.Kind]
	if constructor == "" {
		return t.bare(n, goType(typ))
	}
	plain := *typ
	plain.Pointer = false
	return ir.Call{Func: ir.Name{Package: pkgAWS, Name: constructor}, Args: []ir.Expr{t.bare(n, goType(&plain))}}
}

// element is an element of a list: the type of a struct's literal is left out.
func (t *template) element(n *ast.Node, typ *shape.Type, pointer string) ir.Expr {
	if n.Expr == nil && !n.Bare && typ.Kind == shape.Struct && !typ.Pointer {
		return t.object(n, typ, nil, pointer)
	}
	return t.expr(n, typ, pointer)
}

func (t *template) object(n *ast.Node, typ *shape.Type, written ir.Type, pointer string) ir.Expr {
	c := ir.Composite{Type: written, Lines: true}
	if p, ok := written.(ir.Pointer); ok {
		c.Type, c.Addr = p.Elem, true
	}
	for _, m := range n.Members {
		member := typ.Member(suffixless(m))
		if member == nil || m.Value.Kind == value.NullKind && typ.Package != "" {
			continue // checked before; null is not set in the SDK's types
		}
		key := cmp.Or(member.GoName, member.Name)
		c.Elems = append(c.Elems, ir.Elem{Key: key, Value: t.expr(m.Value, member.Type, pointer+"/"+escape(m.Name))})
	}
	return c
}

func (t *template) union(n *ast.Node, typ *shape.Type, pointer string) ir.Expr {
	m := n.Members[0]
	member := typ.Member(m.Name)
	inner := t.object(m.Value, member.Type, goType(member.Type), pointer+"/"+escape(m.Name))
	return ir.Composite{Type: ir.Named{Package: typ.Package, Name: member.Wrapper}, Addr: true, Elems: []ir.Elem{{Key: "Value", Value: inner}}, Lines: true}
}

// scalar returns a literal for a field of the SDK's.
func (t *template) scalar(n *ast.Node, typ *shape.Type) ir.Expr {
	var x ir.Expr
	constructor := ""
	switch typ.Kind {
	case shape.String:
		x, constructor = t.text(n.Text), "String"
	case shape.Boolean:
		x, constructor = ir.Name{Name: n.Text}, "Bool"
	case shape.Integer:
		i, _ := number(n).AsInt()
		x, constructor = ir.Number{Text: strconv.FormatInt(i, 10)}, fmt.Sprintf("Int%d", typ.Bits)
	case shape.Enum:
		return t.enum(n.Text, typ)
	}
	if !typ.Pointer {
		return x
	}
	return ir.Call{Func: ir.Name{Package: pkgAWS, Name: constructor}, Args: []ir.Expr{x}}
}

// enum returns the SDK's constant, or a conversion of a text that a deployment tool will replace.
func (t *template) enum(text string, typ *shape.Type) ir.Expr {
	for _, c := range typ.Constants {
		if c.Value == text {
			return ir.Name{Package: typ.Package, Name: c.Name}
		}
	}
	return ir.Call{Func: ir.Name{Package: typ.Package, Name: typ.Name}, Args: []ir.Expr{t.text(text)}}
}

// document returns an expression that makes a document.
func (t *template) document(n *ast.Node, pointer string) ir.Expr {
	switch n.Kind {
	case value.ObjectKind:
		if len(n.Members) == 0 {
			return valueName("EmptyObject")
		}
		c := ir.Call{Func: valueName("Object"), Lines: true}
		for _, m := range n.Members {
			c.Args = append(c.Args, ir.Call{Func: valueName("Field"), Args: []ir.Expr{
				ir.Text{Value: suffixless(m)}, t.expr(m.Value, nil, pointer+"/"+escape(m.Name)),
			}})
		}
		return c
	case value.ArrayKind:
		if len(n.Elements) == 0 {
			return valueName("EmptyArray")
		}
		c := ir.Call{Func: valueName("Array"), Lines: true}
		for i, e := range n.Elements {
			c.Args = append(c.Args, t.expr(e, nil, pointer+"/"+strconv.Itoa(i)))
		}
		c.Lines = len(c.Args) > 4
		return c
	}
	if n.Kind == value.StringKind {
		return ir.Call{Func: valueName("String"), Args: []ir.Expr{t.text(n.Text)}}
	}
	return documentScalar(n)
}

// suffixless returns the name that a member has in the result.
func suffixless(m ast.Member) string {
	if m.Value.Expr != nil && m.Value.Expr.JSONata == nil {
		return strings.TrimSuffix(m.Name, ".$")
	}
	return m.Name
}

func documentScalar(n *ast.Node) ir.Expr {
	switch n.Kind {
	case value.StringKind:
		return ir.Call{Func: valueName("String"), Args: []ir.Expr{ir.Text{Value: n.Text}}}
	case value.BoolKind:
		return valueName(map[string]string{"true": "True", "false": "False"}[n.Text])
	case value.NumberKind:
		if i, err := strconv.ParseInt(n.Text, 10, 64); err == nil && strconv.FormatInt(i, 10) == n.Text {
			return ir.Call{Func: valueName("Int"), Args: []ir.Expr{ir.Number{Text: n.Text}}}
		}
		return ir.Call{Func: valueName("MustParse"), Args: []ir.Expr{ir.Text{Value: n.Text}}}
	}
	return valueName("Null")
}

// dynamic returns the expression for a path or a call of an intrinsic function: the task's token where there is one, else what
// the reader gives.
func (t *template) dynamic(e *ast.Expr, typ *shape.Type, pointer string) ir.Expr {
	if t.field != "Items" { // whose faults show the expression
		if x := constant(e, typ); x != nil {
			return x
		}
	}
	if x := t.taskToken(e, typ); x != nil {
		t.usesContext = true
		return x
	}
	if typ != nil && typ.Kind == shape.Union {
		t.list.Errorf(t.file, e.Span, diag.NotGenerated, "%s cannot be given by a path: give the member of it that is meant", typ.Name)
		typ = nil
	}
	return t.read(typ, t.text(e.Text), ir.Text{Value: pointer})
}

// read returns what the reader gives for an expression: by the method for the type, if it has one.
func (t *template) read(typ *shape.Type, args ...ir.Expr) ir.Expr {
	t.usesReader = true
	reader := ir.Name{Name: "r"}
	if method := readerMethod(typ); method != "" {
		return ir.Call{Func: ir.Select{X: reader, Name: method}, Args: args}
	}
	if typ.Name == catalog.RunTask().Name {
		// What is written out is checked before; of this value no more is known.
		for _, name := range catalog.Refused(t.task.Pattern) {
			args = append(args, ir.Text{Value: name})
		}
	}
	return ir.Call{Func: ir.Name{Package: pkgTable, Name: "Read", Args: []ir.Type{goType(typ)}}, Args: append([]ir.Expr{reader}, args...)}
}

// readerMethod returns the method of the reader that gives a type, "" if there is none. Those that give pointers are called as
// the functions of the SDK that do.
func readerMethod(typ *shape.Type) string {
	switch {
	case typ == nil || typ.Kind == shape.Document:
		return "Value"
	case typ.Kind == shape.String && typ.Pointer:
		return "String"
	case typ.Kind == shape.String:
		return "Text"
	case typ.Kind == shape.List && !typ.Pointer && typ.Elem.Kind == shape.String && !typ.Elem.Pointer:
		return "Strings"
	case typ.Kind == shape.Boolean && typ.Pointer:
		return "Bool"
	case typ.Kind == shape.Integer && typ.Bits == 32 && typ.Pointer:
		return "Int32"
	}
	return ""
}

// taskToken returns the expression for the task's token, nil for any other. A task that has one has it whatever else the
// context object lacks.
func (t *template) taskToken(e *ast.Expr, typ *shape.Type) ir.Expr {
	if !t.token || !isTaskToken(e) {
		return nil
	}
	x := ir.Select{X: ir.Select{X: ir.Name{Name: "c"}, Name: "Task"}, Name: "Token"}
	switch {
	case typ == nil || typ.Kind == shape.Document:
		return ir.Call{Func: valueName("String"), Args: []ir.Expr{x}}
	case typ.Kind == shape.String && typ.Pointer:
		return ir.Call{Func: ir.Name{Package: pkgAWS, Name: "String"}, Args: []ir.Expr{x}}
	case typ.Kind == shape.String:
		return x
	}
	return nil
}

// escape writes a token of a JSON Pointer.
func escape(token string) string { return strings.NewReplacer("~", "~0", "/", "~1").Replace(token) }

func valueName(name string) ir.Expr { return ir.Name{Package: pkgValue, Name: name} }

func number(n *ast.Node) value.Value {
	v, _ := value.Parse([]byte(n.Text))
	return v
}

// tooLong reports whether a list is better written over several lines.
func tooLong(c ir.Composite) bool {
	width := 0
	for _, e := range c.Elems {
		if text, ok := e.Value.(ir.Text); ok {
			width += len(text.Value) + 4
		}
	}
	return width > 70
}

// documentOf returns the value of a node that has no expressions.
func documentOf(n *ast.Node) value.Value {
	switch n.Kind {
	case value.ObjectKind:
		members := make([]value.Member, len(n.Members))
		for i, m := range n.Members {
			members[i] = value.Field(m.Name, documentOf(m.Value))
		}
		return value.Object(members...)
	case value.ArrayKind:
		elements := make([]value.Value, len(n.Elements))
		for i, e := range n.Elements {
			elements[i] = documentOf(e)
		}
		return value.Array(elements...)
	case value.StringKind:
		return value.String(n.Text)
	case value.NullKind:
		return value.Null
	}
	return number(n)
}
