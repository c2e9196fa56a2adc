package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestCommittedCode holds every generated file of this module against what aslgen generates now, by the go:generate lines.
func TestCommittedCode(t *testing.T) {
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	for dir, lines := range generateLines(t, root) {
		for _, line := range lines {
			checked++
			t.Run(filepath.Base(dir)+"/"+line[len(line)-1], func(t *testing.T) {
				t.Chdir(dir)
				var stdout, stderr bytes.Buffer
				if code := run(t.Context(), append([]string{"-n"}, line...), &stdout, &stderr); code != exitOK {
					t.Errorf("run go generate: exit code %d, would change %q\n%s", code, stdout.String(), stderr.String())
				}
			})
		}
	}
	if checked < 2 {
		t.Errorf("found %d go:generate lines of aslgen, the example alone has two", checked)
	}
}

// generateLines returns the arguments of aslgen in the go:generate lines below root, by folder.
func generateLines(t *testing.T, root string) map[string][][]string {
	t.Helper()
	found := map[string][][]string{}
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".")) {
			return fs.SkipDir
		}
		if filepath.Ext(name) != ".go" {
			return nil
		}
		text, err := os.ReadFile(name)
		for line := range strings.Lines(string(text)) {
			if arguments, ok := strings.CutPrefix(line, "//go:generate go tool aslgen "); ok {
				found[filepath.Dir(name)] = append(found[filepath.Dir(name)], words(arguments))
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
