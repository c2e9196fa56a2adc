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

	"github.com/r-seed-632eed22/aslgen/cmd/internal/batch/runner"
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

// scoreboard prints the scores by group and level. It reports whether no level scores below its least.
func scoreboard(out io.Writer, outcomes []*outcome, least minimum) bool {
	groups, total := map[string]map[string]score{}, map[string]score{}
	for _, o := range outcomes {
		if groups[o.row.Group] == nil {
			groups[o.row.Group] = map[string]score{}
		}
		for level, same := range o.levels {
			for _, scores := range []map[string]score{groups[o.row.Group], total} {
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
		fmt.Fprintln(w, g+"\t"+line(groups[g], score.String))
	}
	fmt.Fprintln(w, "all\t"+line(total, score.String))
	fmt.Fprintln(w, "percent\t"+line(total, func(s score) string { return fmt.Sprintf("%.1f", s.percent()) }))
	_ = w.Flush() // out is a terminal or a buffer
	enough := true
	for _, level := range levels {
		if n, asked := least[level]; asked && total[level].of > 0 && total[level].percent() < n {
			fmt.Fprintf(out, "%s: %.2f %% is below %.2f %%\n", level, total[level].percent(), n)
			enough = false
		}
	}
	return enough
}

func line(scores map[string]score, form func(score) string) string {
	cells := make([]string, len(levels))
	for i, level := range levels {
		cells[i] = form(scores[level])
	}
	return strings.Join(cells, "\t")
}

// showRow prints a row with its differences.
func showRow(out io.Writer, o *outcome) {
	fmt.Fprintf(out, "%s: %s\n", o.row.ID, verdict(o))
	for _, d := range o.diffs {
		fmt.Fprintln(out, "\t"+d)
	}
}

// agrees is the verdict on a row without a difference.
const agrees = "agrees"

func verdict(o *outcome) string {
	var wrong []string
	for _, level := range levels {
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
}

func writeJSON(name string, outcomes []*outcome) error {
	all := struct {
		Rows []compared `json:"rows"`
	}{}
	for _, o := range outcomes {
		a := actual{Status: o.result.Status, Output: o.result.Output, Error: o.result.Error, Cause: o.result.Cause, History: o.result.History}
		for i := range o.result.History {
			if v, ok := sentTo(&o.result.History[i]); ok {
				a.Parameters = append(a.Parameters, v)
			}
		}
		all.Rows = append(all.Rows, compared{
			ID: o.row.ID, Group: o.row.Group, QueryLanguage: o.row.QueryLanguage, Levels: o.levels, Actual: a, Diff: strings.Join(o.diffs, "\n"),
		})
	}
	text, err := json.Marshal(all, json.Deterministic(true), jsontext.WithIndent("  "))
	if err != nil {
		return err
	}
	return os.WriteFile(name, text, 0o644)
}
