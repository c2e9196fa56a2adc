package lower

import (
	"fmt"
	"math"
	"slices"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/ir"
	"github.com/r-seed-632eed22/aslgen/gen/internal/shape"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// parametersType declares the type of a task's parameters after its template, and returns it; nil if the template says no
// more than any document does. What a field holds is typed where that is sure, since the parameters are sent as they are.
func (w *lowering) parametersType(s *state, node *ast.Node, field string) *shape.Type {
	if node == nil || !isStruct(node) {
		return nil
	}
	start := len(w.late)
	t := w.templateStruct(w.global.take(w.options.Prefix+s.ident+"Parameters"), "", node)
	t.Pointer = true
	decls := slices.Clone(w.late[start:])
	w.late = w.late[:start]
	return w.taskType(s, field, "%s are the "+field+" of %s.", t, decls).typ
}

// isStruct reports whether what a template makes of an object can be a Go struct.
func isStruct(n *ast.Node) bool {
	noTag := func(m ast.Member) bool { return !isTagName(suffixless(m)) }
	return len(n.Members) > 0 && !slices.ContainsFunc(n.Members, noTag)
}

// templateStruct declares the type of an object in a template.
func (w *lowering) templateStruct(name, doc string, n *ast.Node) *shape.Type {
	t := &shape.Type{Kind: shape.Struct, Name: name}
	d := &ir.Struct{Name: name, Doc: doc}
	w.late = append(w.late, d)
	taken := nameSet{}
	for _, m := range n.Members {
		member := shape.Member{Name: suffixless(m)}
		member.GoName = taken.take(Identifier(member.Name, "Field"))
		member.Type = w.templateType(name+member.GoName, member.Name, m.Value)
		t.Members = append(t.Members, member)
		d.Fields = append(d.Fields, ir.Field{Name: member.GoName, Type: goType(member.Type), Tags: []ir.Tag{{Key: "json", Value: jsonTag(member.Name, false)}}})
	}
	return t
}

// templateType returns the type of what a template has in a place.
func (w *lowering) templateType(name, member string, n *ast.Node) *shape.Type {
	switch {
	case n.Expr != nil:
		return sureType(w.program.Values[n.Expr])
	case n.Bare:
		return nil
	case isStruct(n):
		nested := w.global.take(name)
		return w.templateStruct(nested, fmt.Sprintf("%s is the member %s of the parameters.", nested, member), n)
	case n.Kind == value.StringKind:
		return &shape.Type{Kind: shape.String}
	case n.Kind == value.BoolKind:
		return &shape.Type{Kind: shape.Boolean}
	case n.Kind == value.NumberKind:
		if i, ok := number(n).AsInt(); ok && i > math.MinInt64 && n.Text == value.Int(i).String() {
			return &shape.Type{Kind: shape.Integer, Bits: 64}
		}
	case n.Kind == value.ArrayKind && len(n.Elements) > 0 && !slices.ContainsFunc(n.Elements, w.mayBeNoText):
		return &shape.Type{Kind: shape.List, Elem: &shape.Type{Kind: shape.String}}
	}
	return nil
}

// mayBeNoText reports whether what a template has in a place may be other than a text.
func (w *lowering) mayBeNoText(n *ast.Node) bool {
	if n.Expr != nil {
		t := sureType(w.program.Values[n.Expr])
		return t == nil || t.Kind != shape.String
	}
	return n.Kind != value.StringKind || n.Bare
}

// sureType returns the type of data of one kind whose text says no more than a Go value does; nil if it is not sure.
func sureType(j *shape.JSON) *shape.Type {
	if j == nil {
		return nil
	}
	switch j.Kinds {
	case shape.StringKind:
		return &shape.Type{Kind: shape.String}
	case shape.BooleanKind:
		return &shape.Type{Kind: shape.Boolean}
	case shape.NumberKind:
		if j.Whole {
			return &shape.Type{Kind: shape.Integer, Bits: 64}
		}
	case shape.ArrayKind:
		if elem := sureType(j.Elem); elem != nil {
			return &shape.Type{Kind: shape.List, Elem: elem}
		}
	}
	return nil
}

// resultType declares the type of what is read of a task's result, and returns it; any document if that is nothing.
func (w *lowering) resultType(s *state, need *shape.Need) ir.Type {
	if !need.Used() || len(need.Reads) > 0 || need.Elem.Used() {
		return documentType
	}
	r := needStruct{lowering: w, what: "result"}
	decls := r.declare(w.global.take(w.options.Prefix+s.ident+"Result"), "", need, false)
	t := w.taskType(s, "result", "%s is the result of %s: a field for every path that the machine reads from it.", nil, decls)
	return ir.Pointer{Elem: ir.Named{Name: t.name}}
}
