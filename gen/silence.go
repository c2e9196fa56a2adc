package gen

import (
	"cmp"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/config"
	"github.com/r-seed-632eed22/aslgen/gen/diag"
)

// silence takes the silenced warnings out of the result, and reports what is silenced in vain.
func (g *generation) silence() error {
	used := map[*config.Silence]bool{}
	isError := map[*config.Silence]bool{}
	broken := g.result.Diagnostics.HasErrors()
	g.result.Diagnostics.Filter(func(d *diag.Diagnostic) bool {
		if d.File == nil {
			return true
		}
		keep := true
		for _, s := range g.applied[d.File.Name].silences() {
			switch {
			case s.Code.Text != d.Code.ID:
			case d.Severity == diag.Error:
				isError[s] = true
			default:
				used[s], keep = true, false
			}
		}
		return keep
	})
	for _, f := range g.configFiles() {
		if err := g.inVain(f, used, isError, broken); err != nil {
			return err
		}
	}
	return nil
}

// silences returns what is silenced for a machine.
func (s *settings) silences() (all []*config.Silence) {
	if s == nil || s.file == nil {
		return nil
	}
	for i := range s.file.Silence {
		all = append(all, &s.file.Silence[i])
	}
	for _, e := range s.entries {
		for i := range e.Silence {
			all = append(all, &e.Silence[i])
		}
	}
	return all
}

// configFiles returns the sound configuration files of this run in order of their names.
func (g *generation) configFiles() (all []*config.File) {
	for _, f := range g.configs {
		if !g.faulty[f] {
			all = append(all, f)
		}
	}
	slices.SortFunc(all, func(a, b *config.File) int { return cmp.Compare(a.Source.Name, b.Source.Name) })
	return all
}

// inVain reports silences that silence nothing, and entries for machines that are not there. A silence is judged only when
// every machine that it is for was compiled as far as warnings go.
func (g *generation) inVain(f *config.File, used, isError map[*config.Silence]bool, broken bool) error {
	var below []string // all machines; found when they are needed
	machines := func() (_ []string, err error) {
		if below == nil {
			below, err = g.machinesBelow(f)
		}
		return below, err
	}
	judge := func(silences []config.Silence, e *config.Machine) error {
		for i := range silences {
			s := &silences[i]
			switch {
			case used[s]:
				continue
			case isError[s]:
				g.result.Diagnostics.Warnf(f.Source, s.Code.Span, diag.SilenceUnused, "%s is an error here, and errors are not silenced", s.Code.Text)
				continue
			case broken:
				continue
			}
			all, err := machines()
			if err != nil {
				return err
			}
			if g.covered(all, e) {
				g.result.Diagnostics.Warnf(f.Source, s.Code.Span, diag.SilenceUnused, "this silence is no longer needed: no machine has %s", s.Code.Text)
			}
		}
		return nil
	}
	if err := judge(f.Silence, nil); err != nil {
		return err
	}
	for _, e := range f.Machines {
		if err := judge(e.Silence, e); err != nil {
			return err
		}
		if g.matched(f, e) {
			continue
		}
		all, err := machines()
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(all, e.Matches) {
			g.result.Diagnostics.Warnf(f.Source, e.Pattern.Span, diag.NoSuchMachine, "no machine's file is, or matches, %s", e.Pattern.Text).
				WithHint(diag.DidYouMean(e.Pattern.Text, all))
		}
	}
	return nil
}

// matched reports whether an entry is plainly for a file that is there.
func (g *generation) matched(f *config.File, e *config.Machine) bool {
	for _, s := range g.applied {
		if s.file == f && slices.Contains(s.entries, e) {
			return true
		}
	}
	_, err := fs.Stat(g.files, filepath.Join(filepath.Dir(f.Source.Name), filepath.FromSlash(e.Pattern.Text)))
	return err == nil
}

// covered reports whether all machines, or those that an entry is for, belong to this run. They are named from the
// configuration file's folder.
func (g *generation) covered(all []string, e *config.Machine) bool {
	run := map[string]bool{}
	for name, s := range g.applied {
		if s.file != nil {
			run[filepath.ToSlash(s.relative(name))] = true
		}
	}
	return !slices.ContainsFunc(all, func(name string) bool { return (e == nil || e.Matches(name)) && !run[name] })
}

// machinesBelow returns the machines that a configuration file is for, by their names from its folder.
func (g *generation) machinesBelow(f *config.File) ([]string, error) {
	root := filepath.ToSlash(filepath.Dir(f.Source.Name))
	all := []string{}
	err := fs.WalkDir(g.files, root, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil && name != root:
			return fs.SkipDir // not ours to read
		case err != nil:
			return err
		case d.IsDir() && name != root:
			if skipped := strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules" || d.Name() == "vendor"; skipped || g.ownConfig(name) {
				return fs.SkipDir
			}
		case !d.IsDir():
			here := strings.TrimPrefix(strings.TrimPrefix(name, root), "/")
			if strings.HasSuffix(here, ".asl.json") || len(f.For(here)) > 0 {
				all = append(all, here)
			}
		}
		return nil
	})
	return all, err
}

// ownConfig reports whether a folder has a configuration file or a module of its own.
func (g *generation) ownConfig(dir string) bool {
	for _, name := range []string{config.Name, "go.mod"} {
		if _, err := fs.Stat(g.files, filepath.Join(dir, name)); err == nil {
			return true
		}
	}
	return false
}
