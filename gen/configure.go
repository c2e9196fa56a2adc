package gen

import (
	"cmp"
	"io/fs"
	"maps"
	"path/filepath"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/config"
	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
)

// settings are what holds for one machine: what the call says, and else its configuration file.
type settings struct {
	pkg, machine  string
	names, values map[string]string
	documents     map[string]bool // the values that cannot be part of a string
	express       bool
	unprefixed    bool         // the machine's name is left out before those of its types and functions
	file          *config.File // nil if there is none
	entries       []*config.Machine
	types         config.Types // the user's own Go types
}

// usual are the values of pseudo parameters of CloudFormation that are the same in all regions but those of governments and China.
var usual = map[string]string{"AWS::Partition": "aws", "AWS::URLSuffix": "amazonaws.com"}

// settings returns those for a file. ok is false if its configuration file is faulty, which is then reported.
func (g *generation) settings(name string) (s *settings, ok bool, err error) {
	s = &settings{names: map[string]string{}, values: maps.Clone(usual), documents: map[string]bool{}, express: g.config.Express}
	if s.file, err = g.configFile(name); err != nil {
		return nil, false, err
	}
	if s.file != nil {
		if g.faulty[s.file] {
			return nil, false, nil
		}
		s.configured(name, g.config.Standard)
	}
	s.pkg, s.machine = cmp.Or(g.config.Package, s.pkg), cmp.Or(g.config.Machine, s.machine)
	maps.Copy(s.names, g.config.Names)
	maps.Copy(s.values, g.config.Values)
	maps.Copy(s.values, g.config.Set)
	for name := range g.config.Values {
		delete(s.documents, name)
	}
	maps.Copy(s.documents, g.config.Documents)
	maps.DeleteFunc(s.documents, func(name string, _ bool) bool { _, set := g.config.Set[name]; return set })
	g.applied[name] = s
	return s, true, nil
}

// configured takes the settings from the configuration file. Of several entries for a machine the first wins.
func (s *settings) configured(name string, standard bool) {
	s.entries = s.file.For(s.relative(name))
	from := []*config.Settings{&s.file.Settings}
	for i := len(s.entries) - 1; i >= 0; i-- {
		e := s.entries[i]
		from = append(from, &e.Settings)
		if e.Name != nil {
			s.machine = e.Name.Text
		}
		if e.Prefix != nil {
			s.unprefixed = e.Prefix.Text == "false"
		}
		for _, p := range e.States {
			s.names[p.Key.Text] = p.Value.Text
		}
		s.types.Input, s.types.Output = cmp.Or(e.Types.Input, s.types.Input), cmp.Or(e.Types.Output, s.types.Output)
		s.types.Tasks = append(e.Types.Tasks[:len(e.Types.Tasks):len(e.Types.Tasks)], s.types.Tasks...)
	}
	kind := ""
	for _, f := range from {
		if f.Package != nil {
			s.pkg = f.Package.Text
		}
		if f.Type != nil {
			kind = f.Type.Text
		}
		for _, p := range f.Values {
			s.values[p.Key.Text], s.documents[p.Key.Text] = p.Value.Text, p.Document
		}
	}
	s.express = s.express || kind == "express" && !standard
}

// relative returns the name of a file as seen from the configuration file's folder.
func (s *settings) relative(name string) string {
	dir, err := filepath.Abs(filepath.Dir(s.file.Source.Name))
	if err != nil {
		return name
	}
	if name, err = filepath.Abs(name); err != nil {
		return name
	}
	there, err := filepath.Rel(dir, name)
	if err != nil {
		return name
	}
	return there
}

// configFile returns the configuration file for a machine, nil if there is none. It is read once, and its faults reported.
func (g *generation) configFile(machine string) (*config.File, error) {
	name, err := config.Find(g.files, machine)
	if err != nil || name == "" {
		return nil, err
	}
	id, err := filepath.Abs(name)
	if err != nil {
		return nil, err
	}
	if f := g.configs[id]; f != nil {
		return f, nil
	}
	data, err := fs.ReadFile(g.files, name)
	if err != nil {
		return nil, err
	}
	var found diag.List
	f := config.Read(source.New(name, data), &found)
	g.configs[id], g.faulty[f] = f, found.HasErrors()
	g.result.Diagnostics.AddAll(&found)
	return f, nil
}

// knownStates reports the states that a configuration file names for this machine alone and that it does not have.
func (g *generation) knownStates(s *settings, m *ast.Machine) {
	states := map[string]bool{}
	collect(m, states)
	for _, e := range s.entries {
		if isPattern(e.Pattern.Text) {
			continue // a state of another machine that it stands for
		}
		var named []config.Text
		for _, p := range e.States {
			named = append(named, p.Key)
		}
		for _, t := range e.Types.Tasks {
			named = append(named, t.State)
		}
		for _, n := range named {
			if !states[n.Text] {
				g.result.Diagnostics.Errorf(s.file.Source, n.Span, diag.NoSuchState, "the machine has no state %q", n.Text).
					WithHint(diag.DidYouMean(n.Text, sorted(states)))
			}
		}
	}
}

// collect adds the names of all states, nested ones too.
func collect(m *ast.Machine, states map[string]bool) {
	for s := range m.AllStates() {
		states[s.Name.Text] = true
	}
}

func isPattern(name string) bool { return strings.ContainsAny(name, "*?[\\") }
