package gen

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/forms"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
	"github.com/r-seed-632eed22/aslgen/gen/internal/tidy"
)

// ErrNotFormatted is why a file stays as it is: it is not a machine in JSON.
var ErrNotFormatted = errors.New("only machines in JSON are formatted")

// Formatted is a file before and after it is formatted.
type Formatted struct {
	Name          string
	Before, After []byte
}

// Format formats a machine in JSON: the fields of machines, states, retriers and catchers in one order, two spaces for each depth, and what
// stands on one line within 120 columns left so. Comments stay, and what is sent to services keeps its order. The result is nil if the text is
// not JSON, which is then among the findings; the error is [ErrNotFormatted] for YAML and templates.
func Format(files fs.FS, name string) (*Formatted, *Findings, error) {
	g := newGeneration(files, Config{})
	file, _, err := g.part(name)
	if err != nil {
		return nil, nil, err
	}
	machines, err := g.machinesOf(file)
	if err != nil {
		return nil, nil, err
	}
	if forms.IsYAML(file) || len(machines) > 0 && machines[0].Name != "" {
		return nil, nil, fmt.Errorf("%s: %w", name, ErrNotFormatted)
	}
	if len(machines) == 0 { // a template that cannot be read
		return nil, &g.result.Diagnostics, nil
	}
	var found Findings
	f := source.New(file, machines[0].File.Given())
	after, err := tidy.Format(f.Data)
	if fault := (*tidy.Fault)(nil); errors.As(err, &fault) {
		at := int32(fault.Offset)
		found.Errorf(f, source.Span{Start: at, End: min(at+1, int32(len(f.Data)))}, diag.BadJSON, "the file is not JSON: %s", fault.Message)
		return nil, &found, nil
	}
	return &Formatted{Name: file, Before: f.Data, After: after}, &found, err
}

// Write writes the formatted file in the place of the old one, whose mode stays; where its name is a link, what it points to is written.
func (f *Formatted) Write() error {
	name, err := filepath.EvalSymlinks(f.Name)
	if err != nil {
		return err
	}
	return replace(name, f.After)
}
