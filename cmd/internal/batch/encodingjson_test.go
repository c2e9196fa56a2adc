package batch_test

import (
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/r-seed-632eed22/aslgen/gen"
	"github.com/r-seed-632eed22/aslgen/internal/cases"
)

// TestEncodingJSON generates a machine into a user's module and runs the user's tests there.
func TestEncodingJSON(t *testing.T) {
	archive, err := txtar.ParseFile(filepath.Join("testdata", "encoding_json.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, f := range archive.Files {
		files[f.Name] = f.Data
	}
	c := gen.Config{Files: []string{cases.MachineFile}, Output: "machine_asl.go", Package: "user", Machine: "User"}
	r, err := gen.Generate(t.Context(), fstest.MapFS{cases.MachineFile: {Data: files[cases.MachineFile]}}, c)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Diagnostics.Err(); err != nil {
		t.Fatal(err)
	}
	files["machine_asl.go"] = r.Files[0].Data
	dir := newModule(t)
	writeFiles(t, dir, files)
	goTool(t, dir, "test", "./...")
}
