package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen"
	"github.com/r-seed-632eed22/aslgen/gen/diag"
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

const explainHelp = `Usage: aslgen explain CODE

Says what the code of a finding means, with a small machine that has the finding.
`

func explain(_ context.Context, args []string, stdout, _ io.Writer) error {
	codes, err := newFlags("aslgen explain", explainHelp).parse(args, stdout)
	if err != nil {
		return err
	}
	if len(codes) != 1 {
		return fmt.Errorf("explain takes one code, such as ASL0203")
	}
	c := diag.Lookup(strings.ToUpper(codes[0]))
	if c == nil {
		return fmt.Errorf("there is no code %s", codes[0])
	}
	fmt.Fprintf(stdout, "%s (%s): %s\n", c.ID, c.Severity, c.Sentence)
	if c.Rule != "" {
		fmt.Fprintf(stdout, "Rule: %s\n", c.Rule)
	}
	if c.Example != "" {
		fmt.Fprintf(stdout, "\nFor example:\n\n\t%s\n", c.Example)
	}
	return nil
}
