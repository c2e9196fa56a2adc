package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/diag"
)

const explainHelp = `Usage: aslgen explain [CODE]

Says what the code of a finding means, with a small machine that has the finding. Without a code it lists all codes.
`

func explain(_ context.Context, args []string, stdout, _ io.Writer) error {
	codes, err := newFlags("aslgen explain", explainHelp).parse(args, stdout)
	if err != nil {
		return err
	}
	switch len(codes) {
	case 0:
		for _, c := range diag.Codes() {
			fmt.Fprintf(stdout, "%s  %-7s  %s\n", c.ID, c.Severity, c.Sentence)
		}
		return nil
	case 1:
		c := diag.Lookup(strings.ToUpper(codes[0]))
		if c == nil {
			return fmt.Errorf("there is no code %s (aslgen explain lists all)", codes[0])
		}
		fmt.Fprintf(stdout, "%s (%s): %s\n", c.ID, c.Severity, c.Sentence)
		if c.Example != "" {
			fmt.Fprintf(stdout, "\nFor example%s:\n\n\t%s\n", ofType(c), c.Example)
		}
		if c.Rule != "" {
			fmt.Fprintf(stdout, "\nRule: %s\n", c.Rule)
		}
		fmt.Fprintf(stdout, "\n%s\n", c.Silencing())
		return nil
	}
	return errors.New("explain takes one code")
}

func ofType(c *diag.Code) string {
	if c.Express() {
		return ", with -type express"
	}
	return ""
}
