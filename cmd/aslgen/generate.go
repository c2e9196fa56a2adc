package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen"
)

// generate is aslgen without a command.
func generate(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	f := newFlags("aslgen", usage)
	c := f.config()
	f.StringVar(&c.Output, "output", "", "the generated `file`, if there is one FILE (without it: run_job.asl.json gives run_job_asl.go)")
	dry := f.Bool("n", false, "write nothing: print the files that would be written, and exit with 1 if there are any")
	showVersion := f.Bool("version", false, "print the version")
	patterns, err := f.parse(args, stdout)
	if err != nil {
		return err
	}
	if *showVersion {
		fmt.Fprintln(stdout, "aslgen", version())
		return nil
	}
	if c.Files, err = expand(patterns); err != nil {
		return err
	}
	if err := forOne(c); err != nil {
		return err
	}
	r, err := gen.Generate(ctx, gen.OS, *c)
	if err != nil {
		return err
	}
	if err := report(&r.Diagnostics, stderr); err != nil {
		return err
	}
	if *dry {
		return wouldChange(r, stdout)
	}
	_, err = r.Write()
	return err
}

// forOne holds the flags that speak of a single machine against the files.
func forOne(c *gen.Config) error {
	if len(c.Files) > 1 && (c.Output != "" || c.Machine != "") {
		return errors.New("-output and -machine are for a single FILE")
	}
	if c.Output != "" && !strings.HasSuffix(c.Output, ".go") {
		return fmt.Errorf("-output: the name of a Go file ends in .go, not as %s does", c.Output)
	}
	return nil
}

func wouldChange(r *gen.Result, stdout io.Writer) error {
	changed, err := r.Changed()
	if err != nil {
		return err
	}
	for _, f := range changed {
		fmt.Fprintln(stdout, f.Name)
	}
	if len(changed) > 0 {
		return errFindings
	}
	return nil
}
