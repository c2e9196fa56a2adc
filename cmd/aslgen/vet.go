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
`

func vet(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	f := flags("aslgen vet", vetHelp, stdout)
	asJSON := f.Bool("json", false, "print one JSON object a line and finding: file, line, column, endLine, endColumn, code, severity, message, hint")
	kind := f.String("type", "standard", "`type` of the workflows: standard or express")
	patterns, err := parse(f, args)
	if err != nil {
		return err
	}
	var c gen.Config
	if err := complete(&c, patterns, *kind); err != nil {
		return err
	}
	r, err := gen.Vet(ctx, gen.OS, c)
	if err != nil {
		return err
	}
	if *asJSON {
		err = r.Diagnostics.WriteJSON(stdout)
	} else {
		err = r.Diagnostics.Print(stderr)
	}
	if err == nil && r.Diagnostics.HasErrors() {
		err = errFindings
	}
	return err
}

const explainHelp = `Usage: aslgen explain CODE

Says what a code means, with an example that has the finding.
`

func explain(_ context.Context, args []string, stdout, _ io.Writer) error {
	codes, err := parse(flags("aslgen explain", explainHelp, stdout), args)
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
