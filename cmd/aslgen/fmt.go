package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/r-seed-632eed22/aslgen/gen"
)

const fmtHelp = `Usage: aslgen fmt [flags] FILE...

Formats machines in JSON, prints the names of the files that it changes, and leaves a file with a fault of JSON as it is. The fields of
states have one order: what a state is, what it works on, how, what comes of it, what is next. States stay in their order, and so do
comments and what is sent to services. YAML and templates are left as they are, which is said.
`

func format(_ context.Context, args []string, stdout, stderr io.Writer) error {
	f := newFlags("aslgen fmt", fmtHelp)
	dry := f.Bool("n", false, "write nothing: print how files would change, as a unified diff, and exit with 1 if any would")
	patterns, err := f.parse(args, stdout)
	if err != nil {
		return err
	}
	files, err := expand(patterns)
	if err != nil {
		return err
	}
	var faults gen.Findings
	differs := false
	for _, name := range files {
		formatted, found, err := gen.Format(gen.OS, name)
		switch {
		case errors.Is(err, gen.ErrNotFormatted):
			fmt.Fprintf(stderr, "aslgen: %v\n", err)
			continue
		case err != nil:
			return err
		case formatted == nil:
			faults.AddAll(found)
			continue
		case bytes.Equal(formatted.Before, formatted.After):
			continue
		}
		differs = true
		if err := put(formatted, *dry, stdout); err != nil {
			return err
		}
	}
	if err := report(&faults, stderr); err != nil {
		return err
	}
	if differs && *dry {
		return errFindings
	}
	return nil
}

// put writes a formatted file and prints its name, or prints how it differs.
func put(f *gen.Formatted, dry bool, stdout io.Writer) error {
	if dry {
		_, err := stdout.Write(diff.Diff(f.Name, f.Before, f.Name, f.After))
		return err
	}
	if err := f.Write(); err != nil {
		return err
	}
	_, err := fmt.Fprintln(stdout, f.Name)
	return err
}
