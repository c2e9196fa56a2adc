package gen

import (
	"cmp"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/config"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
)

// silenced is what became of the silences of a run.
type silenced struct {
	used   map[*config.Silence]bool
	errors map[*config.Silence]bool // those whose code is an error here
}

// silence takes the silenced warnings out of the result.
func (g *generation) silence() silenced {
	s := silenced{map[*config.Silence]bool{}, map[*config.Silence]bool{}}
	g.result.Diagnostics.Filter(func(d *diag.Diagnostic) bool {
		keep := true
		if d.File == nil {
			return keep
		}
		for _, silence := range g.applied[d.File.Name].silences() {
			switch {
			case silence.Code.Text != d.Code.ID:
			case d.Severity == diag.Error:
				s.errors[silence] = true
			default:
				s.used[silence], keep = true, false
			}
		}
		return keep
	})
	return s
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

// inVain reports what the configuration files say in vain: silences that silence nothing, and entries for machines that are
// not there.
func (g *generation) inVain(s silenced) error {
	broken := g.result.Diagnostics.HasErrors()
	for _, f := range g.configFiles() {
		below := &machinesBelow{g: g, file: f}
		if err := g.silencesInVain(below, f.Silence, nil, s, broken); err != nil {
			return err
		}
		for _, e := range f.Machines {
			if err := g.silencesInVain(below, e.Silence, e, s, broken); err != nil {
				return err
			}
			if err := g.machineThere(below, e); err != nil {
				return err
			}
		}
	}
	return nil
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

// elsewhere reports whether only something else than this run finds a code: writing policies, comparing versions, or generating code in
// another module.
func elsewhere(code string) bool {
	return strings.HasPrefix(code, "ASL08") || strings.HasPrefix(code, "ASL09") || code == diag.NoModule.ID
}

// silencesInVain reports the silences, of an entry or of the whole file, that silence nothing. One is judged only when
// every machine that it is for was compiled as far as warnings go.
func (g *generation) silencesInVain(below *machinesBelow, silences []config.Silence, e *config.Machine, s silenced, broken bool) error {
	for i := range silences {
		silence := &silences[i]
		f, code := below.file.Source, silence.Code
		switch {
		case s.used[silence] || elsewhere(code.Text):
			continue
		case s.errors[silence]:
			g.result.Diagnostics.Warnf(f, code.Span, diag.SilenceUnused, "%s is an error here, and errors are not silenced", code.Text)
			continue
		case broken:
			continue
		}
		all, err := below.names()
		if err != nil {
			return err
		}
		if g.covered(all, e) {
			g.result.Diagnostics.Warnf(f, code.Span, diag.SilenceUnused, "this silence is no longer needed: no machine has %s", code.Text)
		}
	}
	return nil
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

// machineThere reports an entry for a machine that is not there.
func (g *generation) machineThere(below *machinesBelow, e *config.Machine) error {
	f := below.file
	for _, s := range g.applied {
		if s.file == f && slices.Contains(s.entries, e) {
			return nil
		}
	}
	if _, err := fs.Stat(g.files, filepath.Join(filepath.Dir(f.Source.Name), filepath.FromSlash(e.Pattern.Text))); err == nil {
		return nil
	}
	all, err := below.names()
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(all, e.Matches) {
		g.result.Diagnostics.Warnf(f.Source, e.Pattern.Span, diag.NoSuchMachine, "no machine's file is, or matches, %s", e.Pattern.Text).
			WithHint(diag.DidYouMean(e.Pattern.Text, all))
	}
	return nil
}

// machinesBelow are the machines that a configuration file is for. They are looked for once, when they are needed.
type machinesBelow struct {
	g    *generation
	file *config.File
	all  []string
}

// names returns the machines by their names from the configuration file's folder.
func (m *machinesBelow) names() ([]string, error) {
	if m.all != nil {
		return m.all, nil
	}
	m.all = []string{}
	root := filepath.ToSlash(filepath.Dir(m.file.Source.Name))
	err := fs.WalkDir(m.g.files, root, func(name string, d fs.DirEntry, err error) error {
		here := strings.TrimPrefix(strings.TrimPrefix(name, root), "/")
		switch {
		case err != nil && name != root:
			return fs.SkipDir // not ours to read
		case err != nil:
			return err
		case d.IsDir() && name != root && m.skips(name, d.Name()):
			return fs.SkipDir
		case !d.IsDir() && (strings.HasSuffix(here, ".asl.json") || len(m.file.For(here)) > 0):
			m.all = append(m.all, here)
		}
		return nil
	})
	return m.all, err
}

// skips reports whether a folder holds no machines of this file: it has a configuration file or a module of its own, or is
// other people's.
func (m *machinesBelow) skips(dir, base string) bool {
	if strings.HasPrefix(base, ".") || base == "node_modules" || base == "vendor" {
		return true
	}
	for _, name := range []string{config.Name, "go.mod"} {
		if _, err := fs.Stat(m.g.files, filepath.Join(dir, name)); err == nil {
			return true
		}
	}
	return false
}
