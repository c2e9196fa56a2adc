package gotypes

import (
	"go/types"
	"os"
	"reflect"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/shape"
)

func readFile(name string) ([]byte, error) { return os.ReadFile(name) }

// converter finds out what the JSON of types is, by the rules of encoding/json, and for AWS's types by those of Step
// Functions.
type converter struct {
	packages *Packages
	in       map[*types.Named]bool // being converted: a type that holds itself
	base     *shape.Type           // the named struct that is being converted: structs without a name are part of it
}

const (
	valuePackage = "github.com/r-seed-632eed22/aslgen/runtime/value"
	sdkPackages  = "github.com/aws/aws-sdk-go-v2/service/"
)

func (c *converter) json(t types.Type) *shape.JSON {
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		return c.named(t)
	case *types.Basic:
		return basic(t)
	case *types.Pointer:
		return shape.Join(c.json(t.Elem()), shape.Null)
	case *types.Slice:
		if b, ok := t.Elem().Underlying().(*types.Basic); ok && b.Kind() == types.Byte {
			return shape.Text
		}
		return shape.Array(c.json(t.Elem()))
	case *types.Array:
		return shape.Array(c.json(t.Elem()))
	case *types.Map:
		return shape.Objects
	case *types.Struct:
		return c.structure(t, nil)
	}
	return shape.Any
}

func basic(t *types.Basic) *shape.JSON {
	switch info := t.Info(); {
	case info&types.IsString != 0:
		return shape.Text
	case info&types.IsBoolean != 0:
		return shape.Bool
	case info&types.IsInteger != 0:
		return shape.Int
	case info&types.IsFloat != 0:
		return shape.Number
	}
	return shape.Any // of code that does not compile, among others
}

func (c *converter) named(t *types.Named) *shape.JSON {
	path := ""
	if t.Obj().Pkg() != nil {
		path = t.Obj().Pkg().Path()
	}
	switch {
	case path == "time" && t.Obj().Name() == "Time":
		return shape.Text
	case path == valuePackage, c.in[t]:
		return shape.Any
	}
	sdk := strings.HasPrefix(path, sdkPackages)
	if !sdk {
		switch {
		case has(t, ownJSON...):
			return shape.Any
		case has(t, ownText...):
			return shape.Text
		}
	}
	c.in[t] = true
	defer delete(c.in, t)
	s, ok := t.Underlying().(*types.Struct)
	if !ok {
		return c.json(t.Underlying())
	}
	declared := &shape.Type{Kind: shape.Struct, Package: path, Name: t.Obj().Name()}
	c.packages.note(declared, t.Obj())
	around := c.base
	c.base = declared
	defer func() { c.base = around }()
	if sdk {
		return c.sdk(s, declared)
	}
	return c.structure(s, declared)
}

// ownJSON are the methods by which a type says itself what its JSON is, ownText those by which it says what its text is.
var (
	ownJSON = []string{"MarshalJSON", "MarshalJSONTo", "UnmarshalJSON", "UnmarshalJSONFrom"}
	ownText = []string{"MarshalText", "AppendText", "UnmarshalText"}
)

// has reports whether a type, or a pointer to it, has one of the methods.
func has(t *types.Named, methods ...string) bool {
	set := types.NewMethodSet(types.NewPointer(t))
	for _, m := range methods {
		if set.Lookup(t.Obj().Pkg(), m) != nil {
			return true
		}
	}
	return false
}

// structure is the object that a struct is written as.
func (c *converter) structure(s *types.Struct, declared *shape.Type) *shape.JSON {
	out := &shape.JSON{Kinds: shape.ObjectKind, Closed: true, Go: declared, Base: c.base}
	for i := range s.NumFields() {
		f := s.Field(i)
		name, options := jsonTag(s.Tag(i))
		embedded := f.Embedded() && name == "" || strings.Contains(options, "embed")
		switch {
		case name == "-" && options == "", !f.Exported() && !embedded:
			continue
		case embedded:
			inner := c.json(f.Type()).Narrow(shape.ObjectKind)
			if inner == nil || !inner.Closed {
				out.Closed = false
				continue
			}
			out.Fields = append(out.Fields, inner.Fields...)
			continue
		case name == "":
			name = f.Name()
		}
		optional := strings.Contains(options, "omitempty") || strings.Contains(options, "omitzero")
		j := c.json(f.Type())
		if optional && j.Kinds != shape.AnyKind {
			if narrowed := j.Narrow(shape.AnyKind &^ shape.NullKind); narrowed != nil {
				j = narrowed
			}
		}
		out.Fields = append(out.Fields, shape.Field{Name: name, JSON: c.said(j), Optional: optional})
	}
	return out
}

// said is data of which the struct that is being converted says what it is, unless its own type does.
func (c *converter) said(j *shape.JSON) *shape.JSON {
	if j.Base != nil || j.Kinds == shape.AnyKind {
		return j
	}
	out := *j
	out.Base = c.base
	return &out
}

// jsonTag takes the json tag of a field apart. A name that encoding/json does not take is none.
func jsonTag(tag string) (name, options string) {
	name, options, _ = strings.Cut(reflect.StructTag(tag).Get("json"), ",")
	if strings.ContainsAny(name, "\"\\'`") {
		name = ""
	}
	return name, options
}

// sdk is the object that a type of an AWS SDK is written as: its fields by their names, those that are set.
func (c *converter) sdk(s *types.Struct, declared *shape.Type) *shape.JSON {
	out := &shape.JSON{Kinds: shape.ObjectKind, Closed: true, Go: declared, Base: declared}
	for i := range s.NumFields() {
		f := s.Field(i)
		if !f.Exported() || f.Name() == "ResultMetadata" {
			continue
		}
		j := c.json(f.Type())
		if p, ok := f.Type().(*types.Pointer); ok {
			if j = c.json(p.Elem()); p.Elem().String() == "time.Time" {
				j = shape.Int
			}
		}
		out.Fields = append(out.Fields, shape.Field{Name: f.Name(), JSON: j, Optional: true})
	}
	return out
}
