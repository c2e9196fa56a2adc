package lower

import (
	"fmt"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/ir"
	"github.com/r-seed-632eed22/aslgen/gen/shape"
)

// This file declares the types of data that comes from outside: of the execution's input and of tasks' results. They have a
// field for each place that the machine reads.

// inputDecls declares the type of the execution's input.
func (w *lowering) inputDecls() []ir.Decl {
	name := w.options.Name + "Input"
	if t := w.options.Types.Input; t != nil {
		return w.userAlias(name, name+" is the execution input.", t)
	}
	if !w.program.Input.Used() {
		doc := name + " is the execution input. %s reads no member of it that is known here, so any document will do."
		return []ir.Decl{&ir.Alias{Name: name, Doc: fmt.Sprintf(doc, w.options.Name), Type: documentType}}
	}
	s := needStruct{lowering: w, optional: true, what: "input"}
	return s.declare(name, name+" is the execution input: a field for every path that the machine reads from it.", w.program.Input)
}

// needStruct declares structs for what is read of data from outside.
type needStruct struct {
	*lowering
	what     string // input, result
	optional bool   // a field is optional unless every execution reads it; else only where it is asked whether it is there
}

// declare declares the type of an object, and those of the objects in it behind it.
func (s *needStruct) declare(name, doc string, n *shape.Need) []ir.Decl {
	d := &ir.Struct{Name: name, Doc: doc}
	decls := []ir.Decl{d}
	taken := nameSet{}
	for _, m := range n.Members {
		if !m.Used() {
			continue
		}
		f, inner := s.field(name, taken.take(Identifier(m.Name, "Field")), m)
		d.Fields = append(d.Fields, f)
		decls = append(decls, inner...)
	}
	return decls
}

// field declares the field for a member.
func (s *needStruct) field(owner, goName string, m *shape.Need) (f ir.Field, inner []ir.Decl) {
	f = ir.Field{Name: goName, Comment: s.readers(m)}
	optional := !m.Always()
	if !s.optional {
		optional = m.Tested()
	}
	parts := m.HasMembers()
	switch {
	case len(m.Reads) == 0 && parts && !m.Elem.Used(): // its members are read, not the whole
		nested := s.global.take(owner + goName)
		inner = s.declare(nested, fmt.Sprintf("%s is the member %s of the %s.", nested, m.Name, s.what), m)
		f.Type = ir.Named{Name: nested}
		if optional {
			f.Type = ir.Pointer{Elem: f.Type}
		}
		f.Comment = ""
	case parts || m.Elem.Used():
		f.Type = documentType
		optional = optional || s.optional
	default:
		typ := m.Type()
		optional = optional || typ == nil && s.optional
		f.Type = readType(typ, optional)
	}
	f.Tags = []ir.Tag{{Key: "json", Value: jsonTag(m.Name, optional)}}
	return f, inner
}

// mostReaders is how many states a field's comment names.
const mostReaders = 3

// readers is a field's comment: the paths that read it, and the states that do.
func (s *needStruct) readers(m *shape.Need) string {
	paths, states := m.Texts()
	if len(states) == 0 {
		return ""
	}
	more := ""
	if len(states) > mostReaders {
		states, more = states[:mostReaders], ", …"
	}
	for i, name := range states {
		if n := s.byName[name]; n != nil {
			states[i] = n.ident
		}
	}
	return strings.Join(paths, ", ") + " of " + strings.Join(states, ", ") + more
}

// readType returns the Go type of a place that is read. One that may be left out is a pointer, a slice or a document.
func readType(t *shape.Type, optional bool) ir.Type {
	if t == nil {
		return documentType
	}
	plain := *t
	plain.Pointer = optional && t.Kind != shape.List && t.Kind != shape.Enum && t.Kind != shape.Document
	return goType(&plain)
}

// jsonTag writes the json tag of a member.
func jsonTag(name string, optional bool) string {
	if strings.ContainsAny(name, `,"\'`+"`") || name == "-" || name == "" {
		name = "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(name) + "'"
	}
	if optional {
		name += ",omitzero"
	}
	return name
}
