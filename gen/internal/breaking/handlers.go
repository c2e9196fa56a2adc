package breaking

import (
	"slices"
	"strconv"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
)

// handler is what retriers and catchers have in common.
type handler struct {
	names []ast.String
	span  source.Span
	most  float64 // attempts
}

// handlers compares which errors are retried and caught, and how often.
func (c *comparison) handlers(old, s *state) {
	c.handled("retries", "Retry", old, s, retriers(old), retriers(s))
	c.handled("catches", "Catch", old, s, catchers(old), catchers(s))
}

func retriers(s *state) (all []handler) {
	for _, r := range s.Retry {
		most := 3.0
		if r.MaxAttempts != nil && !r.MaxAttempts.Bare {
			most, _ = strconv.ParseFloat(r.MaxAttempts.Text, 64)
		}
		all = append(all, handler{r.ErrorEquals, r.Span, most})
	}
	return all
}

func catchers(s *state) (all []handler) {
	for _, h := range s.Catch {
		all = append(all, handler{h.ErrorEquals, h.Span, 1})
	}
	return all
}

func (c *comparison) handled(does, field string, old, s *state, before, after []handler) {
	for i := range before {
		h := &before[i]
		for _, name := range h.names {
			now := takes(after, name.Text)
			switch {
			case takes(before, name.Text) != h: // an earlier one does
			case now == nil:
				c.add(diag.HandlerChanged, true, name.Span, place(s, field), "state %q no longer %s %s", s.Name.Text, does, name.Text)
			case now.most < h.most:
				c.add(diag.HandlerChanged, true, name.Span, now.span, "state %q %s %s %.0f times at most, no longer %.0f", s.Name.Text, does, name.Text, now.most, h.most)
			case now.most > h.most:
				c.add(diag.HandlerChanged, false, name.Span, now.span, "state %q %s %s %.0f times at most, no longer %.0f", s.Name.Text, does, name.Text, now.most, h.most)
			}
		}
	}
	for _, h := range after {
		for _, name := range h.names {
			if takes(before, name.Text) == nil {
				c.add(diag.HandlerChanged, false, place(old, field), name.Span, "state %q %s %s too", s.Name.Text, does, name.Text)
			}
		}
	}
}

// takes returns the first handler that takes an error: by its name or as one of all.
func takes(handlers []handler, name string) *handler {
	i := slices.IndexFunc(handlers, func(h handler) bool {
		return slices.ContainsFunc(h.names, func(n ast.String) bool { return n.Text == name || n.Text == "States.ALL" })
	})
	if i < 0 {
		return nil
	}
	return &handlers[i]
}
