package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/r-seed-632eed22/aslgen/gen"
)

// generate is aslgen without a command too.
func generate(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	f := newFlags("aslgen", usage)
	c := f.config()
	f.StringVar(&c.Output, "output", "", "the generated `file`, if there is one FILE (without it: run_job.asl.json gives run_job_asl.go)")
	dry := f.Bool("n", false, "write nothing: print how files would change, as a unified diff, and exit with 1 if any would")
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
	r, err := gen.Generate(ctx, gen.OS, *c)
	if err != nil {
		return err
	}
	if err := reporter.report(&r.Diagnostics, stdout, stderr); err != nil {
		return err
	}
	if *dry {
		return wouldChange(r, stdout)
	}
	_, err = r.Write()
	return err
}

const versionHelp = `Usage: aslgen version

Prints the version.
`

func printVersion(_ context.Context, args []string, stdout, _ io.Writer) error {
	words, err := newFlags("aslgen version", versionHelp).parse(args, stdout)
	if err == nil && len(words) > 0 {
		err = errors.New("version takes no argument")
	}
	if err == nil {
		_, err = fmt.Fprintln(stdout, "aslgen", version())
	}
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
		before, err := os.ReadFile(f.Name)
		from := f.Name
		if errors.Is(err, fs.ErrNotExist) {
			from = os.DevNull
		} else if err != nil {
			return err
		}
		if _, err := stdout.Write(diff.Diff(from, before, f.Name, f.Data)); err != nil {
			return err
		}
	}
	if len(changed) > 0 {
		return errFindings
	}
	return nil
}
