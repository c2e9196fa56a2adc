package gen

import (
	"context"
	"io/fs"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/iam"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
)

// PermissionOptions are what definitions do not say themselves.
type PermissionOptions struct {
	iam.Options
	Worker bool // of those who report to tasks, instead of the machine's role
}

// Permissions returns the policy document that the role of the machines needs, nil if there is an error among what was found.
func Permissions(ctx context.Context, files fs.FS, c Config, o PermissionOptions) ([]byte, *Findings, error) {
	g := newGeneration(files, c)
	var policies []*iam.Policy
	if err := g.expand(); err != nil {
		return nil, nil, err
	}
	for _, name := range g.config.Files {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		f, m, err := g.sound(name)
		if err != nil {
			return nil, nil, err
		}
		switch {
		case m == nil:
		case o.Worker:
			policies = append(policies, iam.Worker(f, m, o.Options, &g.result.Diagnostics))
		default:
			policies = append(policies, iam.Machine(f, m, o.Options, &g.result.Diagnostics))
		}
	}
	g.unusedValues()
	g.silence()
	if g.result.Diagnostics.HasErrors() {
		return nil, &g.result.Diagnostics, nil
	}
	text, err := iam.Merge(policies...).JSON()
	return text, &g.result.Diagnostics, err
}

// sound reads and checks one machine for something else than generating it.
func (g *generation) sound(name string) (*source.File, *ast.Machine, error) {
	f, with, err := g.open(name)
	if err != nil || f == nil {
		return nil, nil, err
	}
	f, m := g.checked(f, with)
	return f, m, nil
}

// checked puts in the values of placeholders and checks the machine. Of what checking finds only errors are reported, and then
// it returns no machine.
func (g *generation) checked(f *source.File, with *settings) (*source.File, *ast.Machine) {
	f, ok := g.substitute(f, with)
	if !ok {
		return nil, nil
	}
	var found diag.List
	m := checked(f, with.express, &found)
	found.Filter(isError)
	g.result.Diagnostics.AddAll(&found)
	return f, m
}

func isError(d *diag.Diagnostic) bool { return d.Severity == diag.Error }
