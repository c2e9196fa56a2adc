package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen"
	"github.com/r-seed-632eed22/aslgen/internal/aslcover"
)

const coverHelp = `Usage: aslgen cover [flags] PROFILE...

Sums up what tests have run of machines: a line for each file, and what was missed. PROFILE is a file that asltest.Cover has written, where
the environment variable ASLCOVERPROFILE named it:

	ASLCOVERPROFILE=$PWD/machines.cov go test ./...
	aslgen cover -min states=100,catchers=80 machines.cov
	go tool cover -html machines.cov

Exit codes: 1 if a machine has less than -min asks for.
`

func cover(_ context.Context, args []string, stdout, stderr io.Writer) error {
	f := newFlags("aslgen cover", coverHelp)
	least := f.String("min", "", "`LIST` of how many of a hundred parts must have been run, by kinds: "+strings.Join(aslcover.Kinds, ", ")+"; states=100,catchers=80")
	files, err := f.parse(args, stdout)
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return errors.New("cover takes a PROFILE")
	}
	wanted, err := readLeast(*least)
	if err != nil {
		return err
	}
	profile := aslcover.Profile{}
	for _, name := range files {
		if err := readProfile(profile, name); err != nil {
			return err
		}
	}
	if len(profile) == 0 {
		return fmt.Errorf("no machine is in %s", strings.Join(files, ", "))
	}
	var failed error
	for _, name := range slices.Sorted(maps.Keys(profile)) {
		texts, err := definitions(name)
		if err != nil {
			return err
		}
		summary, err := aslcover.Summarize(profile[name], texts...)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		fmt.Fprintf(stdout, "%s: %s\n%s", name, summary, summary.MissedText(name))
		for _, kind := range aslcover.Kinds {
			if percent := summary.Counts[kind].Percent(); percent < wanted[kind] {
				fmt.Fprintf(stderr, "%s: %.1f %% of the %s are run, less than %g %%\n", name, percent, kind, wanted[kind])
				failed = errFindings
			}
		}
	}
	return failed
}

// definitions returns the definitions in a file.
func definitions(name string) (texts []aslcover.Text, err error) {
	all, err := gen.Definitions(gen.OS, name)
	for _, d := range all {
		texts = append(texts, aslcover.Text{Definition: d.Text, Places: d.Places})
	}
	return texts, err
}

func readProfile(p aslcover.Profile, name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := p.Read(f); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// readLeast reads how much must have been run, by kinds.
func readLeast(list string) (map[string]float64, error) {
	wanted := map[string]float64{}
	if list == "" {
		return wanted, nil
	}
	for item := range strings.SplitSeq(list, ",") {
		kind, number, _ := strings.Cut(item, "=")
		percent, err := strconv.ParseFloat(number, 64)
		if err != nil || percent < 0 || percent > 100 || !slices.Contains(aslcover.Kinds, kind) {
			return nil, fmt.Errorf("-min: %q is not a kind and a number, such as states=100; the kinds are %s", item, strings.Join(aslcover.Kinds, ", "))
		}
		wanted[kind] = percent
	}
	return wanted, nil
}
