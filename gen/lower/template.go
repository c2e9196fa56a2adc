package lower

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/ast"
	"github.com/r-seed-632eed22/aslgen/gen/catalog"
	"github.com/r-seed-632eed22/aslgen/gen/diag"
	"github.com/r-seed-632eed22/aslgen/gen/ir"
	"github.com/r-seed-632eed22/aslgen/gen/shape"
	"github.com/r-seed-632eed22/aslgen/gen/source"
	"github.com/r-seed-632eed22/aslgen/runtime/jsonpath"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// template is one payload template on its way to a Go function: what it reads becomes a view.
type template struct {
	*lowering
	field       string // Parameters
	token       bool   // $$.Task.Token has a value
	fields      []viewField
	read        map[string][]viewField // the fields of paths, by what they read
	names       nameSet
	usesContext bool
}

type viewField struct {
	name string
	text string // the expression
	to   string // JSON Pointer of the member it stands in
	typ  *shape.Type
}

// function declares the function of a template, and its view, and returns the function's name. A nil type is a document.
func (w *lowering) function(s *state, field string, node *ast.Node, typ *shape.Type, extra ...ir.Elem) string {
	t := &template{lowering: w, field: field, read: map[string][]viewField{}, names: nameSet{}, token: s.task.Waits() && (field == "Parameters" || field == "Arguments")}
	body := t.expr(node, typ, "")
	if c, ok := body.(ir.Composite); ok && len(extra) > 0 {
		c.Elems = append(c.Elems, extra...)
		body = c
	} else if len(extra) > 0 {
		body = ir.Call{Func: ir.Name{Package: pkgECSTask, Name: "StartedByStepFunctions"}, Args: []ir.Expr{body}}
	}
	quoted := strconv.Quote(s.Name.Text)
	name := w.own(s, field)
	view := ir.Type(runtimeType("NoView"))
	context, reads := "_", "_"
	if t.usesContext {
		context = "c"
	}
	function := &ir.Func{Name: name, Doc: fmt.Sprintf("%s builds the %s of %s.", name, field, quoted), Results: []ir.Type{goType(typ)}, Return: body}
	if len(t.fields) > 0 {
		declared := t.view(s, quoted)
		w.late = append(w.late, declared)
		view, reads = ir.Named{Name: declared.Name}, "view"
	}
	function.Params = []ir.Param{
		{Name: context, Type: ir.Pointer{Elem: runtimeType("Context")}},
		{Name: reads, Type: ir.Pointer{Elem: view}},
	}
	w.late = append(w.late, function)
	return name
}

func (t *template) view(s *state, quoted string) *ir.Struct {
	suffix, verb := t.field+"View", "reads"
	switch t.field {
	case "Parameters", "Arguments":
		suffix, verb = "View", "read"
	}
	name := t.own(s, suffix)
	d := &ir.Struct{Name: name, Doc: fmt.Sprintf("%s is what the %s of %s %s.", name, t.field, quoted, verb)}
	for _, f := range t.fields {
		tags := []ir.Tag{{Key: "asl", Value: f.text}, {Key: "to", Value: f.to}}
		if names := catalog.Refused(s.task.Pattern); names != nil && f.typ != nil && f.typ.Name == catalog.RunTask().Name {
			// What is written out is checked before; of this value no more is known.
			tags = append(tags, ir.Tag{Key: "without", Value: strings.Join(names, ",")})
		}
		d.Fields = append(d.Fields, ir.Field{Name: f.name, Type: goType(f.typ), Tags: tags})
	}
	return d
}

// expr returns the Go expression of a node that feeds a type. Pointer is the node's place in the template.
func (t *template) expr(n *ast.Node, typ *shape.Type, pointer string) ir.Expr {
	if n.Expr != nil {
		return t.dynamic(n.Expr, typ, pointer)
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

// element is an element of a list: the type of a struct's literal is left out.
func (t *template) element(n *ast.Node, typ *shape.Type, pointer string) ir.Expr {
	if n.Expr == nil && typ.Kind == shape.Struct && !typ.Pointer {
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

// text is a text in which placeholders become what the machine was configured with. In a template that is part of the
// context, for its function knows nothing else.
func (t *template) text(text string) ir.Expr {
	if !source.HasPlaceholder(text) {
		return ir.Text{Value: text}
	}
	if t.names == nil { // not a function of its own
		return t.lowering.text(text)
	}
	t.usesContext = true
	return t.config.join(text, func(name string) ir.Expr {
		return ir.Index{X: ir.Select{X: ir.Name{Name: "c"}, Name: "Config"}, Key: ir.Text{Value: name}}
	})
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

// dynamic returns the expression for a path or a call of an intrinsic function: the task's token where there is one, else a
// field of the view.
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
	for _, f := range t.read[e.Text] {
		if shape.Same(f.typ, typ) {
			return ir.Select{X: ir.Name{Name: "view"}, Name: f.name}
		}
	}
	t.config.note(e.Text)
	f := viewField{name: t.names.take(viewName(e, pointer)), text: e.Text, to: pointer, typ: typ}
	t.fields = append(t.fields, f)
	if isPath(e) {
		t.read[e.Text] = append(t.read[e.Text], f)
	}
	return ir.Select{X: ir.Name{Name: "view"}, Name: f.name}
}

// isPath reports whether an expression gives the same wherever it stands in a template. One that calls a function need not:
// each $uuid() is another one (R80).
func isPath(e *ast.Expr) bool {
	if e.JSONata != nil {
		_, _, ok := e.JSONata.Path()
		return ok
	}
	return e.Path != nil
}

// viewName names a field of a view after what the path ends in, or after the member that a function's result feeds.
func viewName(e *ast.Expr, pointer string) string {
	text := strings.TrimSuffix(pointer[strings.LastIndex(pointer, "/")+1:], ".$")
	if e.JSONata != nil {
		if _, names, ok := e.JSONata.Path(); ok && len(names) > 0 {
			text = names[len(names)-1]
		}
	}
	if e.Path != nil {
		for _, step := range e.Path.Steps() {
			if step.Kind == jsonpath.MemberStep {
				text = step.Name
			}
		}
		if e.Path.IsRoot() && e.Path.Root() == jsonpath.Input {
			text = "Document"
		}
	}
	return Identifier(text, "Field")
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
