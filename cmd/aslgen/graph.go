package main

import (
	"context"
	"io"
	"slices"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen"
)

const graphHelp = `Usage: aslgen graph [flags] FILE

Prints a picture of a machine: its states and transitions, the branches of a Parallel and the processor of a Map as boxes, catchers dashed.
Mermaid is what GitHub and GitLab draw between three backquotes and "mermaid" in a file of Markdown.
`

func drawGraph(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	f := newFlags("aslgen graph", graphHelp)
	c := newConfig()
	f.values(c)
	form := "mermaid"
	f.Func("format", "`form` of the picture: mermaid, dot for Graphviz, or svg (without it: mermaid)", func(s string) error {
		form = s
		return want(slices.Contains(gen.PictureForms(), s), "it is one of "+strings.Join(gen.PictureForms(), ", "))
	})
	patterns, err := f.parse(args, stdout)
	if err != nil {
		return err
	}
	if c.Files, err = expand(patterns); err != nil {
		return err
	}
	picture, found, err := gen.Picture(ctx, gen.OS, *c, form)
	if err != nil {
		return err
	}
	if err := report(found, stderr); err != nil {
		return err
	}
	_, err = io.WriteString(stdout, picture)
	return err
}
