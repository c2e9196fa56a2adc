package gen

import (
	"context"
	"io/fs"

	"github.com/r-seed-632eed22/aslgen/gen/breaking"
	"github.com/r-seed-632eed22/aslgen/gen/diag"
	"github.com/r-seed-632eed22/aslgen/gen/shape/infer"
)

// Breaking compares two versions of a machine, in the two files of a configuration. There are no changes if there is an
// error among what was found.
func Breaking(ctx context.Context, files fs.FS, c Config) ([]*breaking.Change, *diag.List, error) {
	g := newGeneration(files, c)
	var versions []breaking.Version
	for _, name := range c.Files {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		f, m, err := g.sound(name)
		if err != nil {
			return nil, nil, err
		}
		if m != nil {
			var found diag.List // which vet reports
			versions = append(versions, breaking.Version{File: f, Machine: m, Types: infer.Machine(f, m, infer.Options{}, &found)})
		}
	}
	g.unusedValues()
	if g.result.Diagnostics.HasErrors() {
		return nil, &g.result.Diagnostics, nil
	}
	return breaking.Compare(versions[0], versions[1]), &g.result.Diagnostics, nil
}
