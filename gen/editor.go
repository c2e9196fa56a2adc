package gen

import (
	"context"
	"io/fs"

	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/editor"
	"github.com/r-seed-632eed22/aslgen/gen/internal/parse"
)

// What an editor is told. Places are offsets in the file as it is given.
type (
	// EditedMachine is a machine of a file that is being written.
	EditedMachine = editor.Machine
	// Range is a part of a file.
	Range = editor.Range
	// Symbol is a state, with those inside it.
	Symbol = editor.Symbol
	// Completion is a word that may come next.
	Completion = editor.Completion
	// Finding is something that was found.
	Finding = diag.Diagnostic
)

// Edit checks a file as [Vet] does, but for the modules that its generated code needs, and returns its machines as far as they can be read.
func Edit(ctx context.Context, files fs.FS, name string) ([]*EditedMachine, *Findings, error) {
	g := newGeneration(files, Config{Files: []string{name}})
	g.vet = true
	if err := g.expand(); err != nil {
		return nil, nil, err
	}
	var machines []*EditedMachine
	for _, unit := range g.config.Files {
		t, err := g.typed(ctx, unit)
		if err != nil {
			return nil, nil, err
		}
		if t != nil {
			machines = append(machines, &EditedMachine{File: t.source, Machine: t.inferred.Machine, Inferred: t.inferred})
			continue
		}
		if with := g.applied[unit]; with != nil {
			f := g.machines[unit].File.Substitute(with.values)
			if m := parse.File(f, &Findings{}); m != nil {
				machines = append(machines, &EditedMachine{File: f, Machine: m})
			}
		}
	}
	return machines, &g.result.Diagnostics, g.inVain(g.silence())
}
