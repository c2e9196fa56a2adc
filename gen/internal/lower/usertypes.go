package lower

import (
	"path"
	"slices"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ir"
)

// Types are the user's own Go types for the documents of a machine; nil ones are made.
type Types struct {
	Input, Output *GoType
	Tasks         map[string]TaskTypes // by the names of the states
}

// TaskTypes are those of a task.
type TaskTypes struct{ Parameters, Result *GoType }

// GoType is a Go type of the user's.
type GoType struct {
	Package     string // import path, "" if it is that of the generated code
	PackageName string
	Name        string
	Pointer     bool
	Sum         string // by which a program knows that the type has not changed; "" if it is not known
}

// reservedNames are what generated functions and their imports are called: another package cannot be called so there.
var reservedNames = []string{"asl", "aws", "awsrole", "awstask", "c", "catch", "clients", "config", "configuration", "definition", "ecs", "ecstask", "embed", "engine", "options", "r", "retry", "table", "tasks", "types", "value"}

// goType returns the type for generated code, and notes what its package is called there.
func (w *lowering) userType(t *GoType) ir.Type {
	if t.Package != "" {
		name := t.PackageName
		if slices.Contains(reservedNames, name) {
			name += "pkg"
		}
		for other, taken := range w.imports {
			if taken == name && other != t.Package {
				name += "2"
			}
		}
		if _, known := w.imports[t.Package]; !known && name != path.Base(t.Package) {
			w.imports[t.Package] = name
		}
	}
	named := ir.Named{Package: t.Package, Name: t.Name}
	if t.Pointer {
		return ir.Pointer{Elem: named}
	}
	return named
}

// userAlias declares an alias of the user's type.
func (w *lowering) userAlias(name, doc string, t *GoType) []ir.Decl {
	return []ir.Decl{&ir.Alias{Name: name, Doc: doc, Type: w.userType(t)}}
}

// typeSums are the user's types as the runtime checks them when the machine is made, each once.
func (w *lowering) typeSums() ir.Expr {
	types := w.options.Types
	all := []*GoType{types.Input, types.Output}
	for _, s := range w.states {
		all = append(all, types.Tasks[s.Name.Text].Parameters, types.Tasks[s.Name.Text].Result)
	}
	list := ir.Composite{Type: ir.Slice{Elem: tableType("UserType")}, Lines: true}
	listed := map[string]bool{}
	for _, t := range all {
		if t == nil || t.Sum == "" || listed[t.Package+"."+t.Name] {
			continue
		}
		listed[t.Package+"."+t.Name] = true
		plain := *t
		plain.Pointer = false
		typeOf := ir.Name{Package: pkgTable, Name: "TypeOf", Args: []ir.Type{w.userType(&plain)}}
		list.Elems = append(list.Elems, ir.Elem{Value: ir.Call{Func: typeOf, Args: []ir.Expr{ir.Text{Value: t.Sum}}}})
	}
	if list.Elems == nil {
		return nil
	}
	return list
}
