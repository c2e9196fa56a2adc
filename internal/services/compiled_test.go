package services

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/r-seed-632eed22/aslgen/gen"
)

// What is generated for real machines over many services compiles.
func TestCompiled(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles many services of the AWS SDK")
	}
	folder, err := os.MkdirTemp(".", "compiled_")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	n := 0
	for id, definition := range definitions(t, "machines.jsonl") {
		n++
		files := fstest.MapFS{"machine.asl.json": {Data: definition}}
		r, err := gen.Generate(t.Context(), files, gen.Config{
			Files: []string{"machine.asl.json"}, Package: "compiled", Machine: fmt.Sprintf("M%d", n), Output: filepath.Join(folder, fmt.Sprintf("m%d_asl.go", n)),
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range r.Files {
			if err := os.WriteFile(f.Name, append([]byte("// "+id+"\n"), f.Data...), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	if said, err := exec.CommandContext(t.Context(), "go", "build", "-gcflags=-e", "./"+folder).CombinedOutput(); err != nil {
		t.Errorf("go build: %v\n%s", err, said)
	}
}
