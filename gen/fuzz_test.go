package gen_test

import (
	"bytes"
	"go/format"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/r-seed-632eed22/aslgen/gen"
)

// FuzzGenerate holds the compiler to what it owes to every text: no panic, and code that is formatted or an error with a
// place, the same ones each time. That the code builds is shown where hundreds of machines are built at once.
func FuzzGenerate(f *testing.F) {
	files, _ := filepath.Glob(filepath.Join("..", "testdata", "*.txtar"))
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(archive.Files[0].Data, false)
	}
	f.Fuzz(func(t *testing.T, machine []byte, express bool) {
		generate := func() *gen.Result {
			c := gen.Config{Files: []string{"m.asl.json"}, Package: "p", Express: express}
			r, err := gen.Generate(t.Context(), fstest.MapFS{"m.asl.json": {Data: machine}}, c)
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		r := generate()
		if r.Diagnostics.HasErrors() {
			return
		}
		code := r.Files[0].Data
		if formatted, err := format.Source(code); err != nil || !bytes.Equal(formatted, code) {
			t.Errorf("%v\n%s", err, code)
		}
		if again := generate(); !bytes.Equal(again.Files[0].Data, code) {
			t.Error("not the same again")
		}
	})
}
