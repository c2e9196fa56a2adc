// Command aslconform measures how closely compiled machines behave like AWS Step Functions. It reads recorded executions,
// one JSON object a line, compiles all their machines into one Go program, runs that with the recorded task results on a
// driven clock, and prints how many rows agree at each level: status and output, error, cause, task parameters, the types
// of the history's events, and their details.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"

	"github.com/r-seed-632eed22/aslgen/cmd/internal/batch"
	"github.com/r-seed-632eed22/aslgen/cmd/internal/batch/runner"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
	case errors.Is(err, errBelow):
		os.Exit(1)
	default:
		fmt.Fprintln(os.Stderr, "aslconform:", err)
		os.Exit(2)
	}
}

// errBelow says that a score is below the one asked for, as the scoreboard shows.
var errBelow = errors.New("below the score")

// minimum is the least score of each level in percent: "output=99,error=99".
type minimum map[string]float64

func (m minimum) String() string { return "" }

func (m minimum) Set(text string) error {
	for _, part := range strings.Split(text, ",") {
		level, percent, _ := strings.Cut(part, "=")
		n, err := strconv.ParseFloat(percent, 64)
		if err != nil || !slices.Contains(levels, level) {
			return fmt.Errorf("write it LEVEL=PERCENT,…; the levels are %s", strings.Join(levels, ", "))
		}
		m[level] = n
	}
	return nil
}

func run(ctx context.Context, args []string, out io.Writer) error {
	least := minimum{}
	f := flag.NewFlagSet("aslconform", flag.ContinueOnError)
	f.Usage = func() {
		fmt.Fprintf(f.Output(), "Usage: aslconform [flags] FILE...\n\nCompares compiled machines with recorded executions (FILE: one JSON object a line).\n\nFlags:\n\n")
		f.PrintDefaults()
	}
	asJSON := f.String("json", "", "write all that was compared to this `file`")
	show := f.String("row", "", "show the differences of the rows whose `id` contains this")
	differing := f.Bool("v", false, "show all rows that differ")
	language := f.String("language", "", "take only rows of this query `language`: JSONPath, JSONata or mixed")
	trust := f.String("trust", "", "take only rows of these `trusts`, separated by commas")
	f.Var(least, "min", "exit with 1 if a level scores less: `LEVEL=PERCENT,…`")
	if err := f.Parse(args); err != nil {
		return err
	}
	rows, err := readRows(f.Args())
	if err != nil {
		return err
	}
	rows = slices.DeleteFunc(rows, func(r *row) bool {
		return *language != "" && r.QueryLanguage != *language || *trust != "" && !slices.Contains(strings.Split(*trust, ","), r.Trust)
	})
	outcomes, err := runRows(ctx, rows)
	if err != nil {
		return err
	}
	if *asJSON != "" {
		if err := writeJSON(*asJSON, outcomes); err != nil {
			return err
		}
	}
	for _, o := range outcomes {
		if *show != "" && strings.Contains(o.row.ID, *show) || *differing && verdict(o) != agrees {
			showRow(out, o)
		}
	}
	if !scoreboard(out, outcomes, least) {
		return errBelow
	}
	return nil
}

// runRows compiles and runs all rows.
func runRows(ctx context.Context, rows []*row) ([]*outcome, error) {
	var machines []batch.Machine
	for _, r := range rows {
		machines = append(machines, batch.Machine{ID: r.ID, Definition: r.definition(), Express: r.Type == "EXPRESS"})
	}
	p, err := batch.Build(ctx, machines)
	if err != nil {
		return nil, err
	}
	defer p.Close()
	var specs []runner.Spec
	for _, r := range rows {
		if p.Refused[r.ID] == nil {
			specs = append(specs, r.spec())
		}
	}
	results, err := p.Run(ctx, specs)
	if err != nil {
		return nil, err
	}
	byID := map[string]*runner.Result{}
	for i := range results {
		byID[results[i].ID] = &results[i]
	}
	var outcomes []*outcome
	for _, r := range rows {
		switch got := byID[r.ID]; {
		case p.Refused[r.ID] != nil:
			outcomes = append(outcomes, failed(r, p.Refused[r.ID].Error()))
		case got == nil:
			outcomes = append(outcomes, failed(r, "the program gave no result"))
		default:
			outcomes = append(outcomes, compare(r, got))
		}
	}
	return outcomes, nil
}
