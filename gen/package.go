package gen

import (
	"errors"
	"fmt"
	goast "go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/config"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/ir"
	"github.com/r-seed-632eed22/aslgen/gen/internal/lower"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
)

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// goFiles returns the parsed Go files of a folder as far as they can be parsed, tests and generated outputs of this run
// left out.
func (g *generation) goFiles(dir string) (map[string]*goast.File, error) {
	if g.folders[dir] == nil {
		files, err := g.parseFolder(dir)
		if err != nil {
			return nil, err
		}
		g.folders[dir] = files
	}
	files := maps.Clone(g.folders[dir])
	maps.DeleteFunc(files, func(name string, _ *goast.File) bool { return g.outputs[name] != "" })
	return files, nil
}

func (g *generation) parseFolder(dir string) (map[string]*goast.File, error) {
	names, err := GoFiles(g.files, dir)
	if err != nil {
		return nil, err
	}
	files := map[string]*goast.File{}
	for _, name := range names {
		text, err := fs.ReadFile(g.files, name)
		if err != nil || strings.HasSuffix(name, "_test.go") {
			continue // whoever builds the package is told
		}
		// A file that somebody is writing may have no package yet.
		f, _ := parser.ParseFile(token.NewFileSet(), name, text, parser.SkipObjectResolution|parser.ParseComments)
		if f != nil && f.Name != nil && token.IsIdentifier(f.Name.Name) && f.Name.Name != "_" {
			files[name] = f
		}
	}
	return files, nil
}

// GoFiles returns the names of the Go files of a folder, with the folder's, that the go command takes for parts of its
// packages here: by their names and build constraints. A folder that is not there has none.
func GoFiles(files fs.FS, dir string) (names []string, err error) {
	entries, err := fs.ReadDir(files, dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	goCommand := build.Default
	goCommand.OpenFile = func(name string) (io.ReadCloser, error) { return files.Open(name) }
	for _, e := range entries {
		name := filepath.Join(dir, e.Name())
		if !strings.HasSuffix(name, ".go") {
			continue
		}
		if info, err := fs.Stat(files, name); err != nil || !info.Mode().IsRegular() {
			continue // a lock of an editor, which is a link to nowhere, or a pipe
		}
		if matches, err := goCommand.MatchFile(dir, e.Name()); matches && err == nil {
			names = append(names, name)
		}
	}
	return names, nil
}

// packageOf returns the name of the package that an output belongs to: as chosen, or that of the folder's Go files, or
// made of the folder's name.
func (g *generation) packageOf(output, chosen string) (string, error) {
	if chosen != "" {
		return chosen, nil
	}
	dir := filepath.Dir(output)
	files, err := g.goFiles(dir)
	if err != nil {
		return "", err
	}
	if packages := sorted(packagesOf(files)); len(packages) > 0 {
		return packages[0], nil
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	name := strings.ToLower(lower.Identifier(filepath.Base(abs), ""))
	if !token.IsIdentifier(name) {
		if g.vet {
			return "machines", nil
		}
		return "", fmt.Errorf("the folder's name %q makes no package name: choose one with -package", filepath.Base(abs))
	}
	return name, nil
}

// collisions reports names that a generated file would declare a second time: of each pair of files the first.
func (g *generation) collisions(programs []program) error {
	folders := map[string]*folder{}
	for _, p := range programs {
		dir := filepath.Dir(p.output)
		if folders[dir] == nil {
			files, err := g.goFiles(dir)
			if err != nil {
				return err
			}
			folders[dir] = folderOf(files)
		}
		in := folders[dir]
		if err := in.belongs(p.file.Package, filepath.Base(p.output)); err != nil {
			return err
		}
		reported := map[string]bool{}
		for _, declared := range declaredBy(p.file) {
			if file := in.declared[declared]; file != "" && !reported[file] {
				reported[file] = true
				hint := "choose another name for the machine: -machine"
				if p.prefix == "" {
					hint = "leave out its prefix: false in " + config.Name + ": that is for a package of one machine"
				}
				g.result.Diagnostics.Errorf(p.source, source.Span{}, diag.NameTaken, "the generated code declares %s, and so does %s", declared, file).WithHint(hint)
			}
		}
		for _, declared := range declaredBy(p.file) {
			in.declared[declared] = filepath.Base(p.output)
		}
	}
	return nil
}

// folder is what the Go files of a folder say.
type folder struct {
	declared map[string]string // the files that declare names, by those
	packages map[string]string // a file of each package
}

func folderOf(files map[string]*goast.File) *folder {
	in := &folder{map[string]string{}, packagesOf(files)}
	for _, name := range sorted(files) {
		for _, declared := range declaredIn(files[name]) {
			in.declared[declared] = filepath.Base(name)
		}
	}
	return in
}

// packagesOf returns a file of each package that the files belong to, by its name. Generated files do not count beside
// those that somebody wrote: they follow when they are generated again.
func packagesOf(files map[string]*goast.File) map[string]string {
	written, generated := map[string]string{}, map[string]string{}
	for _, name := range sorted(files) {
		f, packages := files[name], written
		if goast.IsGenerated(f) {
			packages = generated
		}
		packages[f.Name.Name] = filepath.Base(name)
	}
	if len(written) > 0 {
		return written
	}
	return generated
}

// belongs adds a file of a package. It returns an error if the folder has files of another one.
func (in *folder) belongs(pkg, file string) error {
	for _, other := range sorted(in.packages) {
		if other != pkg {
			return fmt.Errorf("%s would be of package %s, but %s is of package %s: a folder is one package", file, pkg, in.packages[other], other)
		}
	}
	in.packages[pkg] = file
	return nil
}

// declaredIn returns the names that a Go file declares at the package's level.
func declaredIn(f *goast.File) (names []string) {
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *goast.FuncDecl:
			if d.Recv == nil && d.Name.Name != "init" && d.Name.Name != "_" {
				names = append(names, d.Name.Name)
			}
		case *goast.GenDecl:
			for _, s := range d.Specs {
				switch s := s.(type) {
				case *goast.TypeSpec:
					names = append(names, s.Name.Name)
				case *goast.ValueSpec:
					for _, n := range s.Names {
						if n.Name != "_" {
							names = append(names, n.Name)
						}
					}
				}
			}
		}
	}
	return names
}

// declaredBy returns the names that a generated file declares.
func declaredBy(f *ir.File) (names []string) {
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ir.Consts:
			for _, c := range d.Items {
				if c.Name != "_" {
					names = append(names, c.Name)
				}
			}
		case *ir.Struct:
			names = append(names, d.Name)
		case *ir.Alias:
			names = append(names, d.Name)
		case *ir.Defined:
			names = append(names, d.Name)
		case *ir.Var:
			names = append(names, d.Name)
		case *ir.Func:
			if d.Receiver == nil {
				names = append(names, d.Name)
			}
		}
	}
	return names
}
