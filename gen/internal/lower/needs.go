package lower

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ir"
	"github.com/r-seed-632eed22/aslgen/gen/internal/shape"
)

// This file declares the types of data that comes from outside: of the execution's input and of tasks' results. They have a
// field for each place that the machine reads.

// inputDecls declares the type of the execution's input.
func (w *lowering) inputDecls() []ir.Decl {
	name := w.options.Prefix + "Input"
	if t := w.options.Types.Input; t != nil {
		return w.userAlias(name, name+" is the execution input.", t)
	}
	if !w.program.Input.Used() {
		doc := name + " is the execution input. %s reads no member of it that is known here, so any document will do."
		return []ir.Decl{&ir.Alias{Name: name, Doc: fmt.Sprintf(doc, w.options.Name), Type: documentType}}
	}
	s := &needStruct{lowering: w, optional: true, what: "input"}
	return s.declare(name, name+" is the execution input: a field for every path that the machine reads from it.", w.program.Input, false)
}

// needStruct declares structs for what is read of data from outside.
type needStruct struct {
	*lowering
	what     string // input, result
	optional bool   // a field is optional unless every execution reads it; else only where it is asked whether it is there
	depth    int    // of the object that is declared
}

// declare declares the type of an object, and those of the objects in it behind it. It has a field for what no other field is
// for if all of the object is needed, or a member whose name no field can have.
func (s *needStruct) declare(name, doc string, n *shape.Need, whole bool) []ir.Decl {
	whole = whole || n.Whole
	s.depth++
	defer func() { s.depth-- }()
	d := &ir.Struct{Name: name, Doc: doc}
	decls := []ir.Decl{d}
	taken := nameSet{}
	rest := rest(n, whole)
	if len(rest) > 0 {
		taken.take("MarshalJSON")
		taken.take("UnmarshalJSON")
		decls = append(decls, s.withRest(name)...)
	}
	for _, m := range n.Members {
		if !m.Used() || !isTagName(m.Name) {
			continue
		}
		f, inner := s.field(name, taken.take(Identifier(m.Name, "Field")), m, whole)
		d.Fields = append(d.Fields, f)
		decls = append(decls, inner...)
	}
	if len(rest) > 0 {
		d.Fields = append(d.Fields, ir.Field{Name: taken.take("Rest"), Type: ir.Map{Elem: documentType}, Tags: s.restTags(name), Comment: strings.Join(rest, ", ")})
	}
	return decls
}

// restTags say what Rest is, and that the runtime may write and read the struct without its methods: this struct, and none that is defined by
// it, has the fields but other methods.
func (s *needStruct) restTags(name string) []ir.Tag {
	return []ir.Tag{{Key: "json", Value: ",embed"}, {Key: fieldsTag, Value: "fields:" + s.options.Package + "." + name}}
}

// fieldsTag is the key of the tag that names the struct that it is in.
const fieldsTag = "asl"

// rest says what of an object is in no field of its own.
func rest(n *shape.Need, whole bool) (members []string) {
	for _, m := range n.Members {
		if m.Used() && !isTagName(m.Name) {
			members = append(members, strconv.Quote(m.Name))
		}
	}
	if whole {
		members = append(members, "members that go on unread")
	}
	return members
}

// withRest declares the methods by which encoding/json, which knows no embedded maps, writes and reads a type as the runtime
// does; and the type without them that the runtime is given.
func (s *needStruct) withRest(name string) []ir.Decl {
	plain := s.global.take(unexported(name) + "Fields")
	bytes, fault := ir.Type(ir.Slice{Elem: ir.Named{Name: "byte"}}), ir.Type(ir.Named{Name: "error"})
	call := func(function string, args ...ir.Expr) ir.Expr {
		return ir.Call{Func: aslName(function), Args: args}
	}
	return []ir.Decl{
		&ir.Defined{Name: plain, Doc: fmt.Sprintf("%s is %s without its methods.", plain, name), Type: ir.Named{Name: name}},
		&ir.Func{
			Receiver: &ir.Param{Name: "x", Type: ir.Named{Name: name}}, Name: "MarshalJSON",
			Doc:     "MarshalJSON implements the interface of encoding/json.",
			Results: []ir.Type{bytes, fault},
			Return:  call("Marshal", ir.Call{Func: ir.Name{Name: plain}, Args: []ir.Expr{ir.Name{Name: "x"}}}),
		},
		&ir.Func{
			Receiver: &ir.Param{Name: "x", Type: ir.Pointer{Elem: ir.Named{Name: name}}}, Name: "UnmarshalJSON",
			Doc:     "UnmarshalJSON implements the interface of encoding/json.",
			Params:  []ir.Param{{Name: "data", Type: bytes}},
			Results: []ir.Type{fault},
			Return:  call("Unmarshal", ir.Name{Name: "data"}, ir.Convert{Type: ir.Pointer{Elem: ir.Named{Name: plain}}, X: ir.Name{Name: "x"}}),
		},
	}
}

// field declares the field for a member.
func (s *needStruct) field(owner, goName string, m *shape.Need, whole bool) (f ir.Field, inner []ir.Decl) {
	f = ir.Field{Name: goName, Comment: s.readers(m)}
	optional := !m.Required()
	if !s.optional {
		optional = m.Tested()
	}
	parts := m.HasMembers()
	switch {
	case len(m.Reads) == 0 && parts && !m.Elem.Used() && s.depth < mostDepth: // its members are read, not the whole
		nested := s.global.take(owner + goName)
		inner = s.declare(nested, fmt.Sprintf("%s is the member %s of the %s.", nested, m.Name, s.what), m, whole)
		f.Type = ir.Named{Name: nested}
		if optional {
			f.Type = ir.Pointer{Elem: f.Type}
		}
		f.Comment = ""
	case !parts && listOfItems(m) && s.depth < mostDepth:
		f.Type, inner = s.items(owner+goName, m, whole)
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

// listOfItems reports whether a place is an array of whose elements only members are read, but for being looked at itself.
func listOfItems(m *shape.Need) bool {
	whole := func(r shape.Read) bool {
		return !r.Tested && (r.Sink == nil || r.Sink.Kind != shape.List || r.Sink.Elem != nil)
	}
	return m.Elem.Used() && m.Elem.HasMembers() && len(m.Elem.Reads) == 0 && !m.Elem.Elem.Used() && !slices.ContainsFunc(m.Reads, whole)
}

// items declares the type of the elements of an array.
func (s *needStruct) items(list string, m *shape.Need, whole bool) (ir.Type, []ir.Decl) {
	name := s.global.take(list + "Item")
	return ir.Slice{Elem: ir.Named{Name: name}}, s.declare(name, fmt.Sprintf("%s is an item of %s of the %s.", name, m.Name, s.what), m.Elem, whole || m.Whole)
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
	if optional {
		name += ",omitzero"
	}
	return name
}

// isTagName reports whether a json tag can name the member: there is no quoting in one.
func isTagName(name string) bool {
	return name != "" && name != "-" && !strings.ContainsAny(name, ",\"\\'`")
}
