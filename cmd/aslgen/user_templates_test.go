package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// TestTemplates compiles templates as teams write them, of every kind, in a module of their own.
func TestTemplates(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds a module")
	}
	archive, err := txtar.ParseFile(filepath.Join("testdata", "templates.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	u := newUserRepo(t)
	folders := map[string]bool{}
	var templates []string
	for _, f := range archive.Files {
		u.write(f.Name, string(f.Data))
		folder, name, _ := strings.Cut(f.Name, "/")
		if !folders[folder] { // what a template includes stands behind it
			folders[folder] = true
			templates = append(templates, folder+"/"+name)
		}
	}
	if len(folders) < 20 {
		t.Errorf("there are %d templates, fewer than 20", len(folders))
	}
	u.run("mod", "tidy")
	u.copy("go.sum", moduleRoot+"/go.sum")
	u.run(append([]string{"tool", "aslgen"}, templates...)...)
	for folder := range folders {
		if all, _ := filepath.Glob(filepath.Join(u.dir, folder, "*_asl.go")); len(all) == 0 {
			t.Errorf("nothing is generated of %s", folder)
		}
	}
	u.run("build", "./...")
	u.run("vet", "./...")
}
