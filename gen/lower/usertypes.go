package lower

import (
	"path"
	"slices"

	"github.com/r-seed-632eed22/aslgen/gen/ir"
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
}

// reservedNames are what generated functions and their imports are called: another package cannot be called so there.
var reservedNames = []string{"asl", "aws", "c", "client", "config", "ecs", "ecstask", "embed", "engine", "options", "tasks", "types", "value", "view"}

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
		if w.imports == nil {
			w.imports = map[string]string{}
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
