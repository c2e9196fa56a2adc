package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/r-seed-632eed22/aslgen/gen"
)

const breakingHelp = `Usage: aslgen breaking [flags] OLD NEW
       aslgen breaking -against REF [flags] FILE...

Compares two versions of a machine and prints a line for each change that matters to those who start it and read its output,
to those who work for it, or to executions that are in the middle of it:

	new.asl.json:7:5: ASL0911: breaking: state "Check" is gone (old.asl.json:9:5)

With -against the old versions are those of a commit, branch or tag of the git repository, and FILE may be a folder: it stands
for the machines in it, and for those that it had. The file aslgen.yaml silences codes.

It exits with 1 if a change is breaking. What it cannot know is whether an execution is in a state, or a caller reads a field.
`

func compare(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	f := newFlags("aslgen breaking", breakingHelp)
	c := newConfig()
	f.values(c)
	against := f.String("against", "", "`REF` of git, such as main or HEAD~1, whose versions of the files are the old ones")
	asJSON := f.Bool("json", false, "print each change on standard output as a line of JSON with the members\n"+
		"file, line, column, oldFile, oldLine, oldColumn, code, breaking, message")
	files, err := f.parse(args, stdout)
	if err != nil {
		return err
	}
	versions, err := versionsOf(ctx, *against, files)
	if err != nil {
		return err
	}
	changes, found, err := gen.Breaking(ctx, gen.OS, *c, versions...)
	if err != nil {
		return err
	}
	if err := report(found, stderr); err != nil {
		return err
	}
	for _, change := range changes {
		if *asJSON {
			text, err := json.Marshal(change.Finding())
			if err != nil {
				return err
			}
			fmt.Fprintf(stdout, "%s\n", text)
		} else {
			fmt.Fprintln(stdout, change)
		}
		if change.Breaking {
			err = errFindings
		}
	}
	return err
}

// versionsOf returns what is to be compared.
func versionsOf(ctx context.Context, against string, files []string) ([]gen.Versions, error) {
	if against != "" {
		return versionsAgainst(ctx, against, files)
	}
	if len(files) != 2 {
		return nil, errors.New("breaking takes two files, OLD and NEW, or -against REF")
	}
	return []gen.Versions{{Old: files[0], New: files[1]}}, nil
}
