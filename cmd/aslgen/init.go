package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen"
)

const initHelp = `Usage: aslgen init [flags] FILE

Writes what a machine's code begins with, beside the machine, and generates it:

	generate.go          the go:generate line
	FILE_test.go         a test with a Go function in place of every task
	cmd/FILE/main.go     a program that runs the machine against Amazon ECS

These files are yours: one that exists is left as it is.
`

func initialize(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	c := gen.Config{Names: names{}}
	f := flags("aslgen init", initHelp, stdout)
	f.StringVar(&c.Package, "package", "", "`name` of the package (that of the folder's Go files otherwise)")
	f.StringVar(&c.Machine, "machine", "", "`Name` of the machine in Go (made of the file's name otherwise)")
	f.Var(names(c.Names), "name", "short Go name for a state, as `'STATE=Name'`; may be given several times")
	kind := f.String("type", "standard", "`type` of the workflow: standard or express")
	patterns, err := parse(f, args)
	if err != nil {
		return err
	}
	if err := complete(&c, patterns, *kind); err != nil {
		return err
	}
	if len(c.Files) != 1 {
		return errors.New("init takes one file")
	}
	r, err := gen.Scaffold(ctx, gen.OS, c, lineFlags(c, *kind))
	if err != nil {
		return err
	}
	if r.Diagnostics.HasErrors() {
		if err := r.Diagnostics.Print(stderr); err != nil {
			return err
		}
		return errFindings
	}
	if err := generated(ctx, c); err != nil {
		return err
	}
	written, there, err := r.WriteNew()
	for _, name := range written {
		fmt.Fprintln(stdout, "wrote", name)
	}
	for _, name := range there {
		fmt.Fprintln(stdout, "kept", name)
		if filepath.Base(name) == "generate.go" {
			fmt.Fprintf(stdout, "\tit needs the line\n\t//go:generate go tool aslgen %s%s\n", lineFlags(c, *kind), filepath.Base(c.Files[0]))
		}
	}
	return err
}

// generated writes the machine's code.
func generated(ctx context.Context, c gen.Config) error {
	r, err := gen.Generate(ctx, gen.OS, c)
	if err == nil {
		_, err = r.Write()
	}
	return err
}

// lineFlags returns the flags that a go:generate line repeats, each with a space behind it.
func lineFlags(c gen.Config, kind string) string {
	var b strings.Builder
	if c.Package != "" {
		fmt.Fprintf(&b, "-package %s ", c.Package)
	}
	if c.Machine != "" {
		fmt.Fprintf(&b, "-machine %s ", c.Machine)
	}
	if c.Express {
		fmt.Fprintf(&b, "-type %s ", kind)
	}
	var states []string
	for state := range c.Names {
		states = append(states, state)
	}
	slices.Sort(states)
	for _, state := range states {
		fmt.Fprintf(&b, "-name %q ", state+"="+c.Names[state])
	}
	return b.String()
}
