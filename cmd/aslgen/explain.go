package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen"
)

const explainHelp = `Usage: aslgen explain [CODE | TEXT | INTEGRATION]

Says what the code of a finding means, with a small machine that has the finding. Of a code or a message of AWS, such as
MISSING_TRANSITION_TARGET, it says which findings stand for it. Without an argument it lists all codes.

Of an integration, such as batch:submitJob.sync or a whole Resource, it says what a task is given, what it can fail with, what it becomes
in Go, and how that is known.
`

func explain(_ context.Context, args []string, stdout, _ io.Writer) error {
	words, err := newFlags("aslgen explain", explainHelp).parse(args, stdout)
	if err != nil {
		return err
	}
	text := strings.Join(words, " ")
	if strings.Contains(text, ":") && !strings.Contains(text, " ") {
		about, err := gen.ExplainResource(text)
		if err != nil {
			return err
		}
		fmt.Fprintf(stdout, "%s\n", about)
		return nil
	}
	codes := gen.Codes()
	if text != "" {
		codes = gen.LookupCodes(text)
	}
	switch len(codes) {
	case 0:
		return fmt.Errorf("there is no code %s (aslgen explain lists all)", text)
	case 1:
		explainCode(codes[0], stdout)
		return nil
	}
	for _, c := range codes {
		fmt.Fprintf(stdout, "%s  %-7s  %s\n", c.ID, c.Severity, c.Sentence)
	}
	return nil
}

func explainCode(c *gen.Code, stdout io.Writer) {
	fmt.Fprintf(stdout, "%s (%s): %s\n", c.ID, c.Severity, c.Sentence)
	if c.Example != "" {
		fmt.Fprintf(stdout, "\nFor example%s:\n\n\t%s\n", ofType(c), c.Example)
	}
	if all := c.AWS(); all != nil {
		fmt.Fprint(stdout, "\nAWS says:\n\n")
		for _, d := range all {
			fmt.Fprintf(stdout, "\t%s\n", strings.TrimSuffix(d.Code+": "+d.Message, ": "))
		}
	}
	if c.Rule != "" {
		fmt.Fprintf(stdout, "\nRule: %s, in docs/rules.md of aslgen\n", c.Rule)
	}
	fmt.Fprintf(stdout, "\n%s\n", c.Silencing())
}

func ofType(c *gen.Code) string {
	if c.Express() {
		return ", with -type express"
	}
	return ""
}
