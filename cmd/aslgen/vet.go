package main

import (
	"context"
	"io"

	"github.com/r-seed-632eed22/aslgen/gen"
)

const vetHelp = `Usage: aslgen vet [flags] FILE...

Checks the machines as generating does, and writes nothing. What is sound but cannot be generated yet is a warning.
It exits with 0 if there are only warnings, with 1 if there is an error.
`

func vet(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	f := newFlags("aslgen vet", vetHelp)
	c := f.config()
	asJSON := f.Bool("json", false, "print each finding on standard output as a line of JSON with the members\n"+
		"file, line, column, endLine, endColumn, code, severity, message, hint")
	patterns, err := f.parse(args, stdout)
	if err != nil {
		return err
	}
	if c.Files, err = expand(patterns); err != nil {
		return err
	}
	if err := forOne(c); err != nil {
		return err
	}
	r, err := gen.Vet(ctx, gen.OS, *c)
	if err != nil {
		return err
	}
	if !*asJSON {
		return report(&r.Diagnostics, stderr)
	}
	if err := r.Diagnostics.WriteJSON(stdout); err != nil {
		return err
	}
	if r.Diagnostics.HasErrors() {
		return errFindings
	}
	return nil
}
