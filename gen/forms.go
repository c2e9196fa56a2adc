package gen

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/forms"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
)

// Definition is a machine that a file holds.
type Definition struct {
	Name   string // in a template, "" if the file is the machine
	Text   string // JSON
	Places string // where the parts of Text stand in the file, as package places writes it; "" if it is the file's text
}

// Definitions returns the machines of a file: one, unless it is a template. A name that ends in # and the name of a machine means that one.
func Definitions(files fs.FS, name string) (all []Definition, err error) {
	g := newGeneration(files, Config{Files: []string{name}})
	if err := g.expand(); err != nil {
		return nil, err
	}
	for _, unit := range g.config.Files {
		f := g.machines[unit].File
		all = append(all, Definition{g.machines[unit].Name, string(f.Written()), f.Places()})
	}
	if g.result.Diagnostics.HasErrors() {
		return nil, fmt.Errorf("%s: its machines cannot be read: %s", name, g.result.Diagnostics.All()[0].Message)
	}
	return all, nil
}

// separator stands between the name of a template and that of a machine in it.
const separator = "#"

// expand puts the machines of templates in the place of the templates among the files, and reads them all. What is wrong with a file's form
// is reported, and it then has none.
func (g *generation) expand() error {
	var units []string
	for _, name := range g.config.Files {
		file, part, err := g.part(name)
		if err != nil {
			return err
		}
		machines, err := g.machinesOf(file)
		if err != nil {
			return err
		}
		var names []string
		found := false
		for _, m := range machines {
			unit := file
			if m.Name != "" {
				unit += separator + m.Name
				names = append(names, m.Name)
			}
			if part == "" || part == m.Name {
				g.machines[unit], found = m, true
				units = append(units, unit)
			}
		}
		if !found && part != "" && !g.result.Diagnostics.HasErrors() {
			return fmt.Errorf("%s has no machine %q: it has %s", file, part, strings.Join(names, ", "))
		}
	}
	g.config.Files = units
	if len(units) != 1 && (g.config.Output != "" || g.config.Machine != "") {
		return errors.New("-output and -machine are for one machine")
	}
	return nil
}

// only returns the name of the one machine of a configuration; "" if its file has an error, which is reported.
func (g *generation) only() (string, error) {
	if err := g.expand(); err != nil || len(g.config.Files) == 0 {
		return "", err
	}
	if len(g.config.Files) > 1 {
		return "", fmt.Errorf("there are %d machines: choose one, such as %s", len(g.config.Files), g.config.Files[0])
	}
	return g.config.Files[0], nil
}

// part takes the name of a machine in a template apart.
func (g *generation) part(name string) (file, part string, err error) {
	file, part, of := strings.Cut(name, separator)
	if !of {
		return name, "", nil
	}
	switch _, err := fs.Stat(g.files, name); {
	case err == nil: // such is the file's name
		return name, "", nil
	case !errors.Is(err, fs.ErrNotExist):
		return "", "", err
	}
	return file, part, nil
}

// machinesOf reads the machines of a file.
func (g *generation) machinesOf(name string) ([]forms.Machine, error) {
	if read, ok := g.forms[name]; ok {
		return read, nil
	}
	data, err := fs.ReadFile(g.files, name)
	if err != nil {
		return nil, err
	}
	var found diag.List
	machines := forms.Read(source.New(name, data), &found, func(other string) (*source.File, error) {
		other = filepath.Join(filepath.Dir(name), filepath.FromSlash(other))
		data, err := fs.ReadFile(g.files, other)
		return source.New(other, data), err
	})
	g.result.Diagnostics.AddAll(&found)
	g.forms[name] = machines
	return machines, nil
}

// withTemplate adds what the template says of a machine to its settings, where nothing else says so.
func (s *settings) withTemplate(m forms.Machine, standard bool) {
	values := maps.Clone(m.Values)
	if values == nil {
		return
	}
	maps.Copy(values, s.values)
	s.values = values
	s.express = s.express || m.Express && !standard
}
