package main

import (
	"context"
	"io"

	"github.com/r-seed-632eed22/aslgen/gen"
)

const vetHelp = `Usage: aslgen vet [flags] FILE...

Checks the machines as generating does, and writes nothing. What is sound but cannot be generated yet is a warning.
It exits with 0 if there are only warnings, with 1 if there is an error, or with -strict a warning. It needs no Go module.
`

func vet(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	f := newFlags("aslgen vet", vetHelp)
	c := f.config()
	reporter := f.reports()
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
	return reporter.report(&r.Diagnostics, stdout, stderr)
}
