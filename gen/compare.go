package gen

import (
	"context"
	"io/fs"
	"slices"

	"github.com/r-seed-632eed22/aslgen/gen/config"
	"github.com/r-seed-632eed22/aslgen/gen/internal/breaking"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/forms"
	"github.com/r-seed-632eed22/aslgen/gen/internal/shape/infer"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
)

// Versions are two versions of a machine.
type Versions struct {
	Old, New string // their files
	Gone     bool   // New is there no more
	// Text is what the old version says, if Old is the name of no file. What holds for the new one then holds for it too.
	Text []byte
}

// Breaking compares versions of machines. Changes that aslgen.yaml silences for the new version are left out. There are no
// changes if there is an error among what was found.
func Breaking(ctx context.Context, files fs.FS, c Config, all ...Versions) ([]*Change, *Findings, error) {
	g := newGeneration(files, c)
	var changes []*breaking.Change
	for _, v := range all {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		more, err := g.changes(v)
		if err != nil {
			return nil, nil, err
		}
		changes = append(changes, more...)
	}
	g.unusedValues()
	if g.result.Diagnostics.HasErrors() {
		return nil, &g.result.Diagnostics, nil
	}
	return changes, &g.result.Diagnostics, nil
}

// changes compares two versions of a machine. It returns nothing if one has an error.
func (g *generation) changes(v Versions) ([]*breaking.Change, error) {
	if v.Gone {
		if _, ok, err := g.settings(v.New); err != nil || !ok {
			return nil, err
		}
		start := source.Position{Line: 1, Column: 1}
		gone := &breaking.Change{Code: diag.MachineGone, Breaking: true, Message: "the machine is gone", Old: start, New: start}
		gone.Old.File, gone.New.File = v.Old, v.New
		return g.loud(v.New, []*breaking.Change{gone}), nil
	}
	now, err := g.version(v.New, v.New, nil)
	if err != nil {
		return nil, err
	}
	like := v.Old
	if v.Text != nil {
		like = v.New
	}
	old, err := g.version(v.Old, like, v.Text)
	if err != nil || old == nil || now == nil {
		return nil, err
	}
	return g.loud(v.New, breaking.Compare(*old, *now)), nil
}

// loud returns the changes of a machine that are not silenced.
func (g *generation) loud(name string, changes []*breaking.Change) []*breaking.Change {
	silences := g.applied[name].silences()
	return slices.DeleteFunc(changes, func(c *breaking.Change) bool {
		return slices.ContainsFunc(silences, func(s *config.Silence) bool { return s.Code.Text == c.Code.ID })
	})
}

// version reads and checks a version of a machine, for which holds what does for the file like it. It returns nil if that has
// an error, which is then reported.
func (g *generation) version(name, like string, text []byte) (*breaking.Version, error) {
	g.config.Files = []string{like}
	if like, err := g.only(); err != nil || like == "" {
		return nil, err
	}
	f, with, err := g.open(g.config.Files[0])
	if err != nil || f == nil {
		return nil, err
	}
	if text != nil {
		if f = g.then(name, text, f.Part); f == nil {
			return nil, nil
		}
	}
	f, m := g.checked(f, with)
	if m == nil {
		return nil, nil
	}
	var found diag.List // which vet reports
	return &breaking.Version{File: f, Machine: m, Types: infer.Machine(f, m, infer.Options{}, &found)}, nil
}

// then reads what a machine's file said at another time, of a template the machine with the same name. It returns nil if that has an error,
// which is reported.
func (g *generation) then(name string, text []byte, part string) *source.File {
	machines := forms.Read(source.New(name, text), &g.result.Diagnostics, func(string) (*source.File, error) { return nil, fs.ErrNotExist })
	for _, m := range machines {
		if m.Name == part {
			return g.given(m.File)
		}
	}
	if !g.result.Diagnostics.HasErrors() {
		g.result.Diagnostics.Errorf(source.New(name, text), source.Span{}, diag.NotMachine, "the machine %s is not there", part)
	}
	return nil
}
