package check

import (
	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// wait checks a Wait state (R110 to R113).
func (c *checker) wait(s *ast.State) {
	fields := []string{"Seconds", "SecondsPath", "Timestamp", "TimestampPath"}
	if c.jsonata(s) {
		fields = []string{"Seconds", "Timestamp"}
	}
	var first *ast.Member
	for _, name := range fields {
		switch m := s.Field(name); {
		case m == nil:
		case first == nil:
			first = m
		default:
			c.errorf(m.Span, diag.WaitDuration, "a Wait has either %s or %s", first.Name, m.Name).
				Relate(first.Span, "%s is here", first.Name)
		}
	}
	if first == nil {
		c.errorf(s.Name.Span, diag.WaitDuration, "Wait %q does not say how long: it needs %s", s.Name.Text, list(fields, "or"))
	}
	c.ranges(s.Fields, ast.StateFieldsOf["Wait"], diag.WaitSeconds)
	if t := s.Timestamp; t != nil && !isTimestamp(t.Text) && !source.HasPlaceholder(t.Text) &&
		!(c.jsonata(s) && (ast.IsExpression(t.Text) || ast.IsUnended(t.Text))) {
		c.errorf(t.Span, diag.BadTimestamp, "%q is not an RFC 3339 timestamp", t.Text).WithHint("write it as 2026-01-31T12:00:00Z")
	}
}

// isTimestamp reports whether text is a timestamp (R100).
func isTimestamp(text string) bool {
	_, ok := value.String(text).AsTimestamp()
	return ok
}
