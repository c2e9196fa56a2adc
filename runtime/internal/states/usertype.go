package states

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/r-seed-632eed22/aslgen/internal/typesum"
)

// UserType is a Go type that the user has named for a document of the machine, and its sum when the code was generated.
type UserType struct {
	Type reflect.Type
	Sum  string
}

// check reports a type that has changed since.
func (u UserType) check() error {
	if typesum.Of(reflected{u.Type}) == u.Sum {
		return nil
	}
	return fmt.Errorf("the Go type %s has changed since the state machine's Go code was generated: run go generate", u.Type)
}

// reflected is a type of this program.
type reflected struct{ typ reflect.Type }

func (r reflected) Name() (path, name string) {
	if path = r.typ.PkgPath(); path == "" {
		return "", "" // int, error
	}
	name, _, _ = strings.Cut(r.typ.Name(), "[") // arguments of a generic type
	return path, name
}

func (r reflected) Kind() reflect.Kind { return r.typ.Kind() }
func (r reflected) Elem() typesum.Type { return reflected{r.typ.Elem()} }
func (r reflected) Key() typesum.Type  { return reflected{r.typ.Key()} }

func (r reflected) Fields() (all []typesum.Field) {
	for f := range r.typ.Fields() {
		all = append(all, typesum.Field{Name: f.Name, Tag: f.Tag, Exported: f.IsExported(), Embedded: f.Anonymous, Type: reflected{f.Type}})
	}
	return all
}

// WritesItself names the methods one by one: the linker keeps methods of these names, and all exported ones if it does not see
// which are meant.
func (r reflected) WritesItself() bool {
	p := reflect.PointerTo(r.typ)
	is := func(_ reflect.Method, has bool) bool { return has }
	return is(p.MethodByName("MarshalJSON")) || is(p.MethodByName("MarshalJSONTo")) || is(p.MethodByName("UnmarshalJSON")) ||
		is(p.MethodByName("UnmarshalJSONFrom")) || is(p.MethodByName("MarshalText")) || is(p.MethodByName("AppendText")) ||
		is(p.MethodByName("UnmarshalText"))
}
