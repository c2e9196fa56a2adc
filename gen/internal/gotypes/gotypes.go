// Package gotypes reads Go types that users have for the documents of a machine: of which JSON they are the form.
package gotypes

import (
	"context"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"

	"golang.org/x/tools/go/packages"

	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/shape"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
)

// Packages are packages of the user's module, and of others that it needs.
type Packages struct {
	loaded map[string]*packages.Package
	files  map[string]*source.File // by name
	places map[*shape.Type]Place
}

// Place is where something is declared.
type Place struct {
	File *source.File
	Span source.Span
}

// Load loads packages by their import paths, as seen from a folder. Their code need not compile: what is wrong with it makes
// no more than parts of types unknown. What the named files contain does not count; they are those that are about to be
// generated, by their absolute names and with the names of their packages.
func Load(ctx context.Context, dir string, generated map[string]string, paths ...string) (*Packages, error) {
	overlay := make(map[string][]byte, len(generated))
	for name, pkg := range generated {
		overlay[name] = []byte("package " + pkg + "\n")
	}
	slices.Sort(paths)
	list, err := packages.Load(&packages.Config{
		Context: ctx, Dir: dir, Overlay: overlay,
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles | packages.NeedImports | packages.NeedTypes |
			packages.NeedSyntax | packages.NeedTypesInfo | packages.NeedExportFile,
	}, slices.Compact(paths)...)
	if err != nil {
		return nil, fmt.Errorf("the packages of the machine's Go types: %w", err)
	}
	p := &Packages{loaded: map[string]*packages.Package{}, files: map[string]*source.File{}, places: map[*shape.Type]Place{}}
	for _, pkg := range list {
		p.loaded[pkg.PkgPath] = pkg
	}
	return p, nil
}

// Lookup returns what the JSON of a type is. The fault, if it is none, is a sentence without its subject, with a hint.
func (p *Packages) Lookup(path, name string) (j *shape.JSON, fault, hint string) {
	pkg := p.loaded[path]
	if pkg == nil || pkg.Types == nil || len(pkg.GoFiles)+len(pkg.CompiledGoFiles) == 0 {
		reason := "there is no such package"
		if pkg != nil && len(pkg.Errors) > 0 {
			reason = pkg.Errors[0].Msg
		}
		return nil, "cannot be loaded: " + reason, ""
	}
	object := pkg.Types.Scope().Lookup(name)
	if _, ok := object.(*types.TypeName); !ok {
		return nil, fmt.Sprintf("is not declared in package %s", path), diag.DidYouMean(name, typeNames(pkg.Types))
	}
	if named, ok := types.Unalias(object.Type()).(*types.Named); ok && named.TypeParams().Len() > 0 {
		return nil, "has type parameters", "declare a type that gives them"
	}
	c := converter{packages: p, in: map[*types.Named]bool{}}
	return c.json(object.Type()), "", ""
}

// Name returns the name of a package.
func (p *Packages) Name(path string) string {
	if pkg := p.loaded[path]; pkg != nil {
		return pkg.Name
	}
	return ""
}

func typeNames(pkg *types.Package) (names []string) {
	for _, name := range pkg.Scope().Names() {
		if t, ok := pkg.Scope().Lookup(name).(*types.TypeName); ok && t.Exported() {
			names = append(names, name)
		}
	}
	return names
}

// Place returns where a type is declared that the JSON of a lookup has; ok is false if that is not known.
func (p *Packages) Place(t *shape.Type) (place Place, ok bool) {
	place, ok = p.places[t]
	return place, ok
}

// note remembers where a type is declared.
func (p *Packages) note(t *shape.Type, object types.Object) {
	for _, pkg := range p.loaded {
		if pkg.Types != object.Pkg() {
			continue
		}
		if position := pkg.Fset.Position(object.Pos()); position.IsValid() {
			if f := p.file(pkg, position); f != nil {
				start := int32(position.Offset)
				p.places[t] = Place{f, source.Span{Start: start, End: start + int32(len(object.Name()))}}
			}
		}
	}
}

// file returns the source of a file of the package, with its name as seen from the current folder.
func (p *Packages) file(pkg *packages.Package, at token.Position) *source.File {
	if f := p.files[at.Filename]; f != nil {
		return f
	}
	i := slices.IndexFunc(pkg.Syntax, func(f *ast.File) bool { return pkg.Fset.Position(f.Package).Filename == at.Filename })
	if i < 0 {
		return nil
	}
	text, err := readFile(at.Filename)
	if err != nil {
		return nil
	}
	name := at.Filename
	if here, err := filepath.Abs("."); err == nil {
		if short, err := filepath.Rel(here, name); err == nil && filepath.IsLocal(short) {
			name = short
		}
	}
	p.files[at.Filename] = source.New(name, text)
	return p.files[at.Filename]
}
