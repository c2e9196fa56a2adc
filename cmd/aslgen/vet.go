package main

import (
	"context"
	"errors"
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
		"file, line, column, endLine, endColumn, code, severity, message, hint, aws: the codes and messages of AWS")
	asSARIF := f.Bool("sarif", false, "print the findings on standard output as a log in SARIF 2.1.0, for code scanning")
	patterns, err := f.parse(args, stdout)
	if err != nil {
		return err
	}
	if *asJSON && *asSARIF {
		return errors.New("-json and -sarif exclude each other")
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
	switch {
	case *asSARIF:
		err = r.Diagnostics.WriteSARIF(stdout, version())
	case *asJSON:
		err = r.Diagnostics.WriteJSON(stdout)
	default:
		return report(&r.Diagnostics, stderr)
	}
	if err == nil && r.Diagnostics.HasErrors() {
		err = errFindings
	}
	return err
}
