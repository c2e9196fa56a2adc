package batch_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
	"testing/fstest"

	"github.com/go-json-experiment/json"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/r-seed-632eed22/aslgen/gen"
)

// toFillIn are the machines of which more must be known than inference does for the samples of their first test to do, with
// the reason: the test then asks for others.
var toFillIn = map[string]string{
	"price_updates.txtar":   "it reads an object of a bucket",
	"settle_invoices.txtar": "a sum over items of the input must be large enough",
	"transcode_video.txtar": "it adds to a time in milliseconds, which has more bits than States.MathAdd takes",
}

// TestScaffolds runs the test that init writes for each machine here, as it is written: none fails.
func TestScaffolds(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds many machines")
	}
	const pkg = "cmd/internal/batch/scaffolds" // exists in the overlay alone
	dir, replace := t.TempDir(), map[string]string{}
	add := func(name string, data []byte) {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		replace[filepath.Join(absolute(t, root), pkg, name)] = file
	}
	add("main.go", []byte("package main\n\nfunc main() {}\n"))
	names, err := filepath.Glob(filepath.Join(root, "testdata", "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	of := map[string]string{}
	for i, name := range names {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		machine := "M" + string(rune('A'+i/26)) + string(rune('A'+i%26))
		for file, data := range scaffold(t.Context(), machine, archive.Files[0].Data) {
			add(machine+file, data)
		}
		of["Test"+machine] = filepath.Base(name)
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	add("overlay.json", overlay)
	binary := filepath.Join(dir, "scaffolds")
	build := exec.CommandContext(t.Context(), "go", "test", "-c", "-vet=off", "-overlay", filepath.Join(dir, "overlay.json"), "-o", binary, "./"+pkg)
	build.Dir = root
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	output, err := exec.CommandContext(t.Context(), binary, "-test.v").CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, output)
	}
	skipped := map[string]bool{}
	for _, test := range regexp.MustCompile(`(?m)^--- SKIP: (\w+) `).FindAllSubmatch(output, -1) {
		name := of[string(test[1])]
		if skipped[name] = true; toFillIn[name] == "" {
			t.Errorf("the samples of %s do not do", name)
		}
	}
	for name := range toFillIn {
		if !skipped[name] {
			t.Errorf("the samples of %s do: toFillIn need not have it", name)
		}
	}
}

// scaffold returns what is generated for a machine and the test that init writes, by the ends of their names; nothing if the
// machine has an error.
func scaffold(ctx context.Context, name string, machine []byte) map[string][]byte {
	files := fstest.MapFS{"machine.asl.json": {Data: machine}}
	c := gen.Config{Files: []string{"machine.asl.json"}, Package: "main", Machine: name, Output: "out/" + name + "_asl.go"}
	r, err := gen.Generate(ctx, files, c)
	if err != nil || r.Diagnostics.HasErrors() {
		return nil
	}
	begun, err := gen.Scaffold(ctx, files, c, gen.ScaffoldOptions{})
	if err != nil {
		return nil
	}
	return map[string][]byte{"_asl.go": r.Files[0].Data, "_test.go": begun.Files[1].Data}
}

func absolute(t *testing.T, name string) string {
	abs, err := filepath.Abs(name)
	if err != nil {
		t.Fatal(err)
	}
	return abs
}
