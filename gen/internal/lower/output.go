package lower

import (
	"fmt"
	"slices"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ir"
	"github.com/r-seed-632eed22/aslgen/gen/internal/shape"
)

// outputDecls declares the type of the execution's output, as far as that is known.
func (w *lowering) outputDecls() []ir.Decl {
	name := w.options.Prefix + "Output"
	out := w.program.Output
	switch {
	case w.options.Types.Output != nil:
		return w.userAlias(name, name+" is the execution output.", w.options.Types.Output)
	case out != nil && out.Go != nil && out.Is(shape.ObjectKind):
		return []ir.Decl{&ir.Alias{
			Name: name, Doc: fmt.Sprintf("%s is the execution output.", name),
			Type: ir.Pointer{Elem: ir.Named{Package: out.Go.Package, Name: out.Go.Name}},
		}}
	case out == nil || !isRecord(out):
		return []ir.Decl{&ir.Alias{Name: name, Doc: name + " is the execution output, any document.", Type: documentType}}
	}
	r := records{lowering: w, names: map[*shape.JSON]string{out: name}}
	return r.declare(name, fmt.Sprintf("%s is the execution output.", name), out, 0)
}

// isRecord reports whether data is an object of which all members are known, and can be fields.
func isRecord(j *shape.JSON) bool {
	noTag := func(f shape.Field) bool { return !isTagName(f.Name) }
	return j.Kinds == shape.ObjectKind && j.Closed && len(j.Fields) > 0 && j.Go == nil && !slices.ContainsFunc(j.Fields, noTag)
}

// Limits keep what is declared in proportion to the machine. An output that a state puts into itself again and again has an
// endless number of places, though each object of it is declared once. What is over a limit is any document.
const (
	mostRecords = 200 // types of objects
	mostDepth   = 16  // of objects in objects: the name of a type has those of all around it
)

// records declares types of objects of which all members are known, one for each object however often it is in the output.
type records struct {
	*lowering
	names map[*shape.JSON]string
}

// declare declares the type of an object, and those of the objects in it.
func (r *records) declare(name, doc string, j *shape.JSON, depth int) []ir.Decl {
	d := &ir.Struct{Name: name, Doc: doc}
	decls := []ir.Decl{d}
	taken := nameSet{}
	for _, f := range j.Fields {
		goName := taken.take(Identifier(f.Name, "Field"))
		typ, inner := r.typ(name+goName, f.Name, f.JSON, depth+1)
		_, named := typ.(ir.Named)
		switch {
		case typ == nil:
			typ = documentType
		case named && (f.Optional || f.JSON.Kinds&shape.NullKind != 0):
			typ = ir.Pointer{Elem: typ}
		}
		d.Fields = append(d.Fields, ir.Field{Name: goName, Type: typ, Tags: []ir.Tag{{Key: "json", Value: jsonTag(f.Name, f.Optional)}}})
		decls = append(decls, inner...)
	}
	return decls
}

// typ returns the Go type of data, and the types it needs; nil if it is not of one kind, or over a limit.
func (r *records) typ(name, member string, j *shape.JSON, depth int) (ir.Type, []ir.Decl) {
	switch j.Kinds &^ shape.NullKind {
	case shape.StringKind:
		return ir.Named{Name: "string"}, nil
	case shape.BooleanKind:
		return ir.Named{Name: "bool"}, nil
	case shape.NumberKind:
		if j.Whole {
			return ir.Named{Name: "int64"}, nil
		}
		return ir.Named{Name: "float64"}, nil
	case shape.ArrayKind:
		if j.Elem != nil && j.Kinds == shape.ArrayKind && depth <= mostDepth {
			elem, inner := r.typ(name, member, j.Elem, depth+1)
			if elem != nil && j.Elem.Kinds&shape.NullKind == 0 {
				return ir.Slice{Elem: elem}, inner
			}
		}
	case shape.ObjectKind:
		switch {
		case j.Go != nil && j.Kinds == shape.ObjectKind:
			return ir.Pointer{Elem: ir.Named{Package: j.Go.Package, Name: j.Go.Name}}, nil
		case r.names[j] != "":
			return ir.Named{Name: r.names[j]}, nil
		case isRecord(j) && depth <= mostDepth && len(r.names) < mostRecords:
			nested := r.global.take(name)
			r.names[j] = nested
			return ir.Named{Name: nested}, r.declare(nested, fmt.Sprintf("%s is the member %s of the output.", nested, member), j, depth)
		}
	}
	return nil, nil
}
