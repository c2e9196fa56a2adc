package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/r-seed-632eed22/aslgen/gen"
)

const breakingHelp = `Usage: aslgen breaking [flags] OLD NEW

Compares two versions of a machine and prints a line for each change that matters to those who start it and read its output,
or to executions that are in the middle of it:

	new.asl.json:7:5: breaking: state "Check" is gone (old.asl.json:9:5)

It exits with 1 if a change is breaking. What it cannot know is whether an execution is in a state, or a caller reads a field.
`

func compare(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	f := newFlags("aslgen breaking", breakingHelp)
	c := newConfig()
	f.values(c)
	files, err := f.parse(args, stdout)
	if err != nil {
		return err
	}
	if len(files) != 2 {
		return errors.New("breaking takes two files, OLD and NEW")
	}
	c.Files = files
	changes, found, err := gen.Breaking(ctx, gen.OS, *c)
	if err != nil {
		return err
	}
	if err := report(found, stderr); err != nil {
		return err
	}
	for _, change := range changes {
		fmt.Fprintln(stdout, change)
		if change.Breaking {
			err = errFindings
		}
	}
	return err
}
