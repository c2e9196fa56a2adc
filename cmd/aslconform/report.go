package main

import (
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/r-seed-632eed22/aslgen/internal/runner"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// score counts the rows that agree at a level, of those that record it.
type score struct{ agree, of int }

func (s score) String() string {
	if s.of == 0 {
		return "-"
	}
	return fmt.Sprintf("%d/%d", s.agree, s.of)
}

func (s score) percent() float64 { return 100 * float64(s.agree) / float64(max(s.of, 1)) }

// print prints the scores by group and level. It reports whether no level scores below its least.
func (b *board) print(out io.Writer, least minimum) bool {
	levels := b.levels
	groups, total := map[string]map[string]score{}, map[string]score{}
	skipped := 0
	for _, o := range b.outcomes {
		if o.skipped {
			skipped++
			continue
		}
		if groups[o.Group] == nil {
			groups[o.Group] = map[string]score{}
		}
		for level, same := range o.levels {
			for _, scores := range []map[string]score{groups[o.Group], total} {
				s := scores[level]
				s.of++
				if same {
					s.agree++
				}
				scores[level] = s
			}
		}
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "group\t"+strings.Join(levels, "\t"))
	for _, g := range slices.Sorted(maps.Keys(groups)) {
		fmt.Fprintln(w, g+"\t"+line(levels, groups[g], score.String))
	}
	fmt.Fprintln(w, "all\t"+line(levels, total, score.String))
	fmt.Fprintln(w, "percent\t"+line(levels, total, func(s score) string { return fmt.Sprintf("%.1f", s.percent()) }))
	_ = w.Flush() // out is a terminal or a buffer
	if skipped > 0 {
		fmt.Fprintf(out, "%d rows skipped\n", skipped)
	}
	enough := true
	for _, level := range levels {
		if n, asked := least[level]; asked && total[level].of > 0 && total[level].percent() < n {
			fmt.Fprintf(out, "%s: %.2f %% is below %.2f %%\n", level, total[level].percent(), n)
			enough = false
		}
	}
	return enough
}

func line(levels []string, scores map[string]score, form func(score) string) string {
	cells := make([]string, len(levels))
	for i, level := range levels {
		cells[i] = form(scores[level])
	}
	return strings.Join(cells, "\t")
}

// show prints the rows asked for with their differences.
func (b *board) show(out io.Writer, o *options) {
	for _, row := range b.outcomes {
		if o.row == "" || !strings.Contains(row.ID, o.row) {
			if !o.differing || row.skipped || b.verdict(row) == agrees {
				continue
			}
		}
		fmt.Fprintf(out, "%s: %s\n", row.ID, b.verdict(row))
		for _, d := range row.diffs {
			fmt.Fprintln(out, "\t"+d)
		}
	}
}

// agrees is the verdict on a row without a difference.
const agrees = "agrees"

func (b *board) verdict(o *outcome) string {
	if o.skipped {
		return "skipped"
	}
	var wrong []string
	for _, level := range b.levels {
		if same, there := o.levels[level]; there && !same {
			wrong = append(wrong, level)
		}
	}
	if len(wrong) == 0 {
		return agrees
	}
	return "differs: " + strings.Join(wrong, ", ")
}

// compared is the JSON form of an outcome.
type compared struct {
	ID            string          `json:"id"`
	Group         string          `json:"group"`
	QueryLanguage string          `json:"queryLanguage"`
	Levels        map[string]bool `json:"levels"`
	Actual        actual          `json:"actual"`
	Diff          string          `json:"diff"`
}

type actual struct {
	Status     string         `json:"status"`
	Output     value.Value    `json:"output,omitzero"`
	Error      *string        `json:"error,omitzero"`
	Cause      *string        `json:"cause,omitzero"`
	Parameters []value.Value  `json:"parameters"`
	History    []runner.Event `json:"history"`

	runner.Tested `json:",inline"`
}

func writeJSON(name string, boards []board) error {
	all := struct {
		Rows []compared `json:"rows"`
	}{}
	for _, b := range boards {
		for _, o := range b.outcomes {
			all.Rows = append(all.Rows, o.json())
		}
	}
	text, err := json.Marshal(all, json.Deterministic(true), jsontext.WithIndent("  "))
	if err != nil {
		return err
	}
	return os.WriteFile(name, text, 0o644)
}

func (o *outcome) json() compared {
	got := o.result
	a := actual{Status: got.Status, Output: got.Output, Error: got.Error, Cause: got.Cause, Parameters: calls(got), History: got.History}
	if got.Tested != nil {
		a.Tested = *got.Tested
	}
	return compared{
		ID: o.ID, Group: o.Group, QueryLanguage: o.QueryLanguage, Levels: o.levels, Actual: a, Diff: strings.Join(o.diffs, "\n"),
	}
}
