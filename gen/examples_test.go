package gen_test

import (
	"slices"
	"testing"
	"testing/fstest"

	"github.com/r-seed-632eed22/aslgen/gen"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
)

// Whoever gives the example of a code to vet has the finding that it is an example of.
func TestExamples(t *testing.T) {
	for _, c := range diag.Codes() {
		if c.Example == "" {
			continue
		}
		files := fstest.MapFS{"machine.asl.json": {Data: []byte(c.Example)}}
		r, err := gen.Vet(t.Context(), files, gen.Config{Files: []string{"machine.asl.json"}, Package: "examples", Express: c.Express()})
		if err != nil {
			t.Errorf("%s: %v", c, err)
			continue
		}
		if !slices.ContainsFunc(r.Diagnostics.All(), func(d *diag.Diagnostic) bool { return d.Code == c && d.Severity == c.Severity }) {
			t.Errorf("%s: its example has %v", c, r.Diagnostics.All())
		}
	}
}
