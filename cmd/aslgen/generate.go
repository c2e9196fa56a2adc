package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen"
	"github.com/r-seed-632eed22/aslgen/gen/lower"
)

func isExported(name string) bool { return lower.IsIdentifier(name) }

// generate is aslgen without a command.
func generate(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	c := gen.Config{Names: names{}}
	f := flags("aslgen", usage, stdout)
	f.StringVar(&c.Package, "package", "", "`name` of the package (that of the folder's Go files otherwise)")
	f.StringVar(&c.Output, "output", "", "the generated `file`, for a single machine (FILE_asl.go otherwise)")
	f.StringVar(&c.Machine, "machine", "", "`Name` of a single machine in Go (made of the file's name otherwise)")
	f.Var(names(c.Names), "name", "short Go name for a state, as `'STATE=Name'`; may be given several times")
	kind := f.String("type", "standard", "`type` of the workflows: standard or express")
	dry := f.Bool("n", false, "write nothing: print the files that would change, and exit with 1 if there are any")
	showVersion := f.Bool("version", false, "print the version")
	patterns, err := parse(f, args)
	if err != nil {
		return err
	}
	if *showVersion {
		fmt.Fprintln(stdout, "aslgen", version())
		return nil
	}
	if err := complete(&c, patterns, *kind); err != nil {
		return err
	}
	r, err := gen.Generate(ctx, gen.OS, c)
	if err != nil {
		return err
	}
	if err := r.Diagnostics.Print(stderr); err != nil {
		return err
	}
	if r.Diagnostics.HasErrors() {
		return errFindings
	}
	if *dry {
		return wouldChange(r, stdout)
	}
	_, err = r.Write()
	return err
}

// complete fills in what the flags do not say of themselves.
func complete(c *gen.Config, patterns []string, kind string) (err error) {
	switch strings.ToLower(kind) {
	case "standard":
	case "express":
		c.Express = true
	default:
		return fmt.Errorf("-type is standard or express, not %q", kind)
	}
	if c.Machine != "" && !isExported(c.Machine) {
		return fmt.Errorf("-machine: %q is no exported Go name", c.Machine)
	}
	if c.Files, err = expand(patterns); err != nil {
		return err
	}
	if len(c.Files) > 1 && (c.Output != "" || c.Machine != "") {
		return errors.New("-output and -machine are for a single machine")
	}
	return nil
}

// expand replaces patterns by the files they match. The shell does that too, go generate does not.
func expand(patterns []string) (files []string, err error) {
	if len(patterns) == 0 {
		return nil, errors.New("no file is given (aslgen -h says how to use it)")
	}
	seen := map[string]bool{}
	for _, p := range patterns {
		matches := []string{p}
		if _, err := os.Stat(p); err != nil && strings.ContainsAny(p, "*?[") {
			if matches, err = filepath.Glob(p); err != nil {
				return nil, fmt.Errorf("%s: %w", p, err)
			}
			if len(matches) == 0 {
				return nil, fmt.Errorf("no file matches %s", p)
			}
		}
		for _, m := range matches {
			if !seen[m] {
				seen[m] = true
				files = append(files, m)
			}
		}
	}
	return files, nil
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
