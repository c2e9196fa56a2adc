package templates

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"slices"
	"strconv"
	"testing"
)

// full is a machine for which main.go has all its parts.
var full = Machine{
	File: "run_job.asl.json", Package: "jobs", ImportPath: "example.com/jobs", Name: "RunJob", Prefix: "RunJob",
	Tasks: []Task{
		{Name: "A", Effect: "Send", StubParameters: "asl.Value"}, {Name: "B", Effect: "Job", StubParameters: "asl.Value", StubResult: "asl.Value"}, {Name: "C", Effect: "Objects"},
		{Name: "D", Effect: "Job", Wired: true},
	},
	Config: []Field{{Name: "Queue", Placeholder: "Queue"}},
	Wired:  true, Callbacks: true,
}

// mainNames lists every name that main.go has: a package that is called so too gets another name there.
func TestMainNames(t *testing.T) {
	used := map[string]bool{}
	for _, template := range []string{"main.go", "durable_main.go", "temporal_main.go"} {
		data, err := Render(template, full)
		if err != nil {
			t.Fatal(err)
		}
		f, err := parser.ParseFile(token.NewFileSet(), "main.go", data, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range f.Imports {
			importPath, _ := strconv.Unquote(i.Path.Value)
			name := path.Base(importPath)
			if i.Name != nil {
				name = i.Name.Name
			}
			used[name] = name != full.Package
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && id.Obj != nil && id.Name != "_" {
				used[id.Name] = true
			}
			return true
		})
	}
	for name, is := range used {
		if is && !slices.Contains(mainNames, name) {
			t.Errorf("mainNames lacks %s", name)
		}
	}
	for _, name := range mainNames {
		if !used[name] {
			t.Errorf("mainNames has %s, no main.go does", name)
		}
	}
}

func TestImportName(t *testing.T) {
	for name, want := range map[string]string{"jobs": "jobs", "config": "configasl", "machine": "machineasl", "error": "errorasl", "init": "initasl"} {
		if got := (Machine{Package: name}).ImportName(); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}
