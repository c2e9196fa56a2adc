package gotypes

import (
	"go/types"
	"reflect"

	"github.com/r-seed-632eed22/aslgen/internal/typesum"
)

// Sum returns the sum of a type that [Packages.Lookup] finds, by which a program knows that it has not changed since; "" if
// not all of the type is known.
func (p *Packages) Sum(path, name string) string {
	object := p.loaded[path].Types.Scope().Lookup(name)
	return typesum.Of(checked{object.Type()})
}

// checked is a type of the user's source.
type checked struct{ typ types.Type }

func (c checked) Name() (path, name string) {
	named, ok := types.Unalias(c.typ).(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return "", "" // int, error
	}
	return named.Obj().Pkg().Path(), named.Obj().Name()
}

func (c checked) Kind() reflect.Kind {
	switch t := c.typ.Underlying().(type) {
	case *types.Basic:
		return basicKinds[t.Kind()]
	case *types.Pointer:
		return reflect.Pointer
	case *types.Slice:
		return reflect.Slice
	case *types.Array:
		return reflect.Array
	case *types.Map:
		return reflect.Map
	case *types.Struct:
		return reflect.Struct
	case *types.Interface:
		return reflect.Interface
	case *types.Signature:
		return reflect.Func
	case *types.Chan:
		return reflect.Chan
	}
	return reflect.Invalid
}

var basicKinds = map[types.BasicKind]reflect.Kind{
	types.Bool: reflect.Bool, types.String: reflect.String, types.UnsafePointer: reflect.UnsafePointer, types.Uintptr: reflect.Uintptr,
	types.Int: reflect.Int, types.Int8: reflect.Int8, types.Int16: reflect.Int16, types.Int32: reflect.Int32, types.Int64: reflect.Int64,
	types.Uint: reflect.Uint, types.Uint8: reflect.Uint8, types.Uint16: reflect.Uint16, types.Uint32: reflect.Uint32, types.Uint64: reflect.Uint64,
	types.Float32: reflect.Float32, types.Float64: reflect.Float64, types.Complex64: reflect.Complex64, types.Complex128: reflect.Complex128,
}

func (c checked) Elem() typesum.Type {
	return checked{c.typ.Underlying().(interface{ Elem() types.Type }).Elem()}
}

func (c checked) Key() typesum.Type { return checked{c.typ.Underlying().(*types.Map).Key()} }

func (c checked) Fields() (all []typesum.Field) {
	s := c.typ.Underlying().(*types.Struct)
	for i := range s.NumFields() {
		f := s.Field(i)
		all = append(all, typesum.Field{Name: f.Name(), Tag: reflect.StructTag(s.Tag(i)), Exported: f.Exported(), Embedded: f.Embedded(), Type: checked{f.Type()}})
	}
	return all
}

func (c checked) WritesItself() bool {
	named, ok := types.Unalias(c.typ).(*types.Named)
	return ok && (has(named, ownJSON...) || has(named, ownText...))
}
