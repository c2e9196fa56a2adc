// Package mutants holds the runtime's own tests to what they are for: it changes one expression of the runtime at a time, and
// each change must fail them.
package mutants

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/r-seed-632eed22/aslgen/internal/built"
)

// mutant is an expression of a file of the runtime, by its path there, and one that is not the same. The file has the line once; in it the
// expression stands once.
type mutant struct{ file, line, from, to string }

// variable says by its number which mutant a test binary is; without it the binary is the runtime as it is.
const variable = "ASLGEN_MUTANT"

// TestMutants builds the runtime's tests once, with all mutants in it, and runs them for each.
func TestMutants(t *testing.T) {
	if testing.Short() {
		t.Skip("it runs the runtime's tests for every mutant")
	}
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	if err := built.FromSource(root); err != nil {
		t.Fatal(err)
	}
	binaries := build(t, root)
	run := func(number int) (string, error) {
		for _, pkg := range tested {
			command := exec.CommandContext(t.Context(), binaries[pkg], "-test.short", "-test.failfast", "-test.timeout=60s")
			command.Dir = filepath.Join(root, filepath.FromSlash(pkg))
			command.Env = append(os.Environ(), fmt.Sprintf("%s=%d", variable, number))
			if out, err := command.CombinedOutput(); err != nil {
				return string(out), err
			}
		}
		return "", nil
	}
	if out, err := run(0); err != nil {
		t.Fatalf("the runtime as it is: %v\n%s", err, out)
	}
	for i, m := range mutants {
		if _, err := run(i + 1); err == nil {
			t.Errorf("%s: the tests do not see %s instead of %s in\n\t%s", m.file, m.to, m.from, m.line)
		}
		if context.Cause(t.Context()) != nil {
			t.Fatal(context.Cause(t.Context()))
		}
	}
	t.Logf("%d mutants", len(mutants))
}

// tested are the packages of the runtime whose tests have to see the mutants.
var tested = []string{"runtime/internal/states", "runtime/asl"}

// build returns the test binaries of the runtime, by their packages, with every mutant in each.
func build(t *testing.T, root string) (binaries map[string]string) {
	t.Helper()
	dir, replace := t.TempDir(), map[string]string{}
	overlay := func(name, text string) {
		file := filepath.Join(dir, strings.ReplaceAll(name, "/", "_"))
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		replace[filepath.Join(root, "runtime", name)] = file
	}
	changed := map[string]bool{}
	for name, edits := range editsByFile(t, root) {
		overlay(name, edits.apply())
		changed[path.Dir(name)] = true
	}
	for pkg := range changed {
		overlay(pkg+"/mutated.go", fmt.Sprintf(`package %s

import (
	"os"
	"strconv"
)

var mutantNumber, _ = strconv.Atoi(os.Getenv(%q))

func mutated[T any](number int, is, other T) T {
	if mutantNumber == number {
		return other
	}
	return is
}
`, path.Base(pkg), variable))
	}
	description, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "overlay.json"), description, 0o600); err != nil {
		t.Fatal(err)
	}
	binaries = map[string]string{}
	for _, pkg := range tested {
		binaries[pkg] = filepath.Join(dir, path.Base(pkg)+".test")
		command := exec.CommandContext(t.Context(), "go", "test", "-c", "-overlay", filepath.Join(dir, "overlay.json"), "-o", binaries[pkg], "./"+pkg)
		command.Dir = root
		if out, err := command.CombinedOutput(); err != nil {
			t.Fatalf("go test -c: %v\n%s", err, out)
		}
	}
	return binaries
}

// edits are the changes of a file, at places of its text that do not overlap.
type edits struct {
	text string
	all  []edit
}

type edit struct {
	start, end int
	to         string
}

func editsByFile(t *testing.T, root string) map[string]*edits {
	t.Helper()
	files := map[string]*edits{}
	for i, m := range mutants {
		if files[m.file] == nil {
			text, err := os.ReadFile(filepath.Join(root, "runtime", m.file))
			if err != nil {
				t.Fatal(err)
			}
			files[m.file] = &edits{text: string(text)}
		}
		f := files[m.file]
		if strings.Count(f.text, m.line) != 1 || strings.Count(m.line, m.from) != 1 {
			t.Fatalf("%s does not have this once: %s in\n\t%s", m.file, m.from, m.line)
		}
		start := strings.Index(f.text, m.line) + strings.Index(m.line, m.from)
		f.all = append(f.all, edit{start, start + len(m.from), fmt.Sprintf("mutated(%d, %s, %s)", i+1, m.from, m.to)})
	}
	return files
}

func (e *edits) apply() string {
	slices.SortFunc(e.all, func(a, b edit) int { return b.start - a.start })
	text := e.text
	for _, change := range e.all {
		text = text[:change.start] + change.to + text[change.end:]
	}
	return text
}
