package lower

import (
	"fmt"
	"slices"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/ast"
	"github.com/r-seed-632eed22/aslgen/gen/catalog"
	"github.com/r-seed-632eed22/aslgen/gen/ir"
	"github.com/r-seed-632eed22/aslgen/gen/shape"
	"github.com/r-seed-632eed22/aslgen/runtime/jsonpath"
)

// read is a path that a state reads from the execution's input.
type read struct {
	names  []string
	typ    *shape.Type
	text   string
	state  *state
	always bool
}

// reads returns what the machine reads from the execution's input, in the order of the states.
func (w *lowering) reads() (list []read) {
	for _, s := range w.states {
		if !s.origin.reached || !s.origin.input {
			continue
		}
		note := func(e *ast.Expr, typ *shape.Type, always bool) {
			for _, p := range pathsOf(e) {
				if p.Root() != jsonpath.Input || p.IsRoot() {
					continue
				}
				names, only := p.Names()
				if len(names) == 0 || s.origin.written[names[0]] {
					continue
				}
				t := typ
				if !only || e.Call != nil {
					t = nil
				}
				list = append(list, read{names: names, typ: t, text: p.String(), state: s, always: always && s.origin.always})
			}
		}
		s.eachRead(note)
	}
	return list
}

func pathsOf(e *ast.Expr) []*jsonpath.Path {
	switch {
	case e.Path != nil:
		return []*jsonpath.Path{e.Path}
	case e.Call != nil:
		return e.Call.Paths()
	}
	return nil // a placeholder says what it reads
}

// eachRead calls note for every expression of s that is evaluated on its input.
func (s *state) eachRead(note func(e *ast.Expr, typ *shape.Type, always bool)) {
	field := func(p *ast.Path) {
		if p != nil && p.Expr != nil {
			note(p.Expr, nil, true)
		}
	}
	if !isDefault(s.InputPath) {
		field(s.InputPath)
		return // the rest reads what InputPath gives
	}
	var parameters *shape.Type
	if s.Type.Text == "Task" {
		parameters = clientOf(s.task).parameters
	}
	if s.Parameters != nil {
		eachTemplateRead(s.Parameters, parameters, note)
	}
	for _, p := range []*ast.Path{s.TimeoutSecondsPath, s.HeartbeatSecondsPath, s.SecondsPath, s.TimestampPath, s.ErrorPath, s.CausePath} {
		field(p)
	}
	for _, name := range []string{"ItemsPath", "MaxConcurrencyPath"} {
		if m := s.Field(name); m != nil && m.Value.Expr != nil {
			note(m.Value.Expr, nil, true)
		}
	}
	if m := s.Field("ItemSelector"); m != nil {
		eachTemplateRead(m.Value, nil, note)
	}
	for _, r := range s.Choices {
		eachRuleRead(r, note)
	}
}

func eachTemplateRead(n *ast.Node, typ *shape.Type, note func(*ast.Expr, *shape.Type, bool)) {
	if n.Expr != nil {
		note(n.Expr, typ, true)
		return
	}
	for _, e := range n.Elements {
		var inner *shape.Type
		if typ != nil {
			inner = typ.Elem
		}
		eachTemplateRead(e, inner, note)
	}
	for _, m := range n.Members {
		var inner *shape.Type
		if typ != nil {
			if member := typ.Member(strings.TrimSuffix(m.Name, ".$")); member != nil {
				inner = member.Type
			}
		}
		eachTemplateRead(m.Value, inner, note)
	}
}

// eachRuleRead notes what a Choice's rule compares: which rules are evaluated depends on the data.
func eachRuleRead(r *ast.Rule, note func(*ast.Expr, *shape.Type, bool)) {
	for _, p := range []*ast.Path{r.Variable, r.Path} {
		if p != nil && p.Expr != nil {
			note(p.Expr, nil, false)
		}
	}
	for _, inner := range slices.Concat(r.And, r.Or) {
		eachRuleRead(inner, note)
	}
	if r.Not != nil {
		eachRuleRead(r.Not, note)
	}
}

// inputTree is the input's type while it is being put together.
type inputTree struct {
	typ     *shape.Type
	leaf    bool // read as a whole
	always  bool
	texts   []string
	order   []string
	members map[string]*inputTree
}

func (t *inputTree) add(r read) {
	at := t
	for _, name := range r.names {
		if at.members == nil {
			at.members = map[string]*inputTree{}
		}
		if at.members[name] == nil {
			at.members[name] = &inputTree{}
			at.order = append(at.order, name)
		}
		at = at.members[name]
		at.always = at.always || r.always
	}
	if !slices.Contains(at.texts, r.text) {
		at.texts = append(at.texts, r.text)
	}
	if at.leaf && !shape.Same(at.typ, r.typ) {
		r.typ = nil // two uses that want different types: any document
	}
	at.leaf, at.typ = true, r.typ
}

// inputDecls declares the type of the execution's input.
func (w *lowering) inputDecls() []ir.Decl {
	name := w.options.Name + "Input"
	tree := &inputTree{}
	for _, r := range w.reads() {
		tree.add(r)
	}
	if len(tree.order) == 0 {
		doc := name + " is the execution input. %s reads no member of it that is known here, so any document will do."
		return []ir.Decl{&ir.Alias{Name: name, Doc: fmt.Sprintf(doc, w.options.Name), Type: documentType}}
	}
	return w.inputStruct(name, name+" is the execution input: a field for every path that the machine reads from it.", tree)
}

// inputStruct declares the type of an object of the input, and those of the objects in it behind it.
func (w *lowering) inputStruct(name, doc string, tree *inputTree) []ir.Decl {
	d := &ir.Struct{Name: name, Doc: doc}
	decls := []ir.Decl{d}
	taken := nameSet{}
	for _, member := range tree.order {
		at := tree.members[member]
		f := ir.Field{Name: taken.take(Identifier(member, "Field")), Comment: strings.Join(at.texts, ", ")}
		tag := member
		if strings.ContainsAny(member, `,"\'`+"`") || member == "-" {
			tag = "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(member) + "'"
		}
		var inner []ir.Decl
		switch {
		case !at.leaf && len(at.order) > 0: // its members are read, not the whole
			nested := w.global.take(name + f.Name)
			inner = w.inputStruct(nested, fmt.Sprintf("%s is the member %s of the input.", nested, member), at)
			f.Type = ir.Pointer{Elem: ir.Named{Name: nested}}
			tag += ",omitzero"
			if at.always {
				f.Type, tag = ir.Named{Name: nested}, strings.TrimSuffix(tag, ",omitzero")
			}
			f.Comment = ""
		default:
			optional := !at.always || len(at.order) > 0 || at.typ == nil
			f.Type = inputType(at.typ, optional, len(at.order) > 0)
			if optional {
				tag += ",omitzero"
			}
		}
		f.Tags = []ir.Tag{{Key: "json", Value: tag}}
		d.Fields = append(d.Fields, f)
		decls = append(decls, inner...)
	}
	return decls
}

// inputType returns the Go type of a field of the input. One that may be left out is a pointer, a slice or a document.
func inputType(t *shape.Type, optional, mixed bool) ir.Type {
	if t == nil || mixed {
		return documentType
	}
	plain := *t
	plain.Pointer = optional && t.Kind != shape.List && t.Kind != shape.Enum
	return goType(&plain)
}

// outputDecl declares the type of the execution's output: that of a task's result where it is nothing else.
func (w *lowering) outputDecl() ir.Decl {
	name := w.options.Name + "Output"
	document := &ir.Alias{Name: name, Doc: name + " is the execution output, any document.", Type: documentType}
	var from *state
	for _, written := range w.machine.States {
		s := w.byName[written.Name.Text]
		if !s.origin.reached || s.Type.Text == "Fail" || len(targetsOf(s.State)) > 0 && (s.End == nil || !s.End.Value) {
			continue
		}
		if from != nil || !s.returnsResult() {
			return document
		}
		from = s
	}
	if from == nil {
		return document
	}
	return &ir.Alias{Name: name, Doc: fmt.Sprintf("%s is the execution output: the result of %q.", name, from.Name.Text), Type: clientOf(from.task).result}
}

// returnsResult reports whether the output of a state is its task's result, of a known type.
func (s *state) returnsResult() bool {
	return s.Type.Text == "Task" && s.task.Kind == catalog.Integration && clientOf(s.task).method != "" && clientOf(s.task).result != nil &&
		s.ResultSelector == nil && isDefault(s.ResultPath) && isDefault(s.OutputPath)
}
