package gen

import (
	"context"
	"io/fs"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/graph"
)

// pictures draw a machine, by the names of their forms.
var pictures = map[string]func(*ast.Machine) string{"mermaid": graph.Mermaid, "dot": graph.DOT, "svg": graph.SVG}

// PictureForms returns the forms of pictures, sorted.
func PictureForms() []string { return sorted(pictures) }

// Picture returns a picture of the one machine of a configuration, in one of [PictureForms]. It is "" if the machine has an error, which is among
// what was found.
func Picture(ctx context.Context, files fs.FS, c Config, form string) (string, *Findings, error) {
	g := newGeneration(files, c)
	name, err := g.only()
	if err == nil {
		err = ctx.Err()
	}
	if err != nil || name == "" {
		return "", &g.result.Diagnostics, err
	}
	_, m, err := g.sound(name)
	if err != nil || m == nil {
		return "", &g.result.Diagnostics, err
	}
	return pictures[form](m), &g.result.Diagnostics, nil
}
