package breaking

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
)

// states compares the states: those that are gone or new, and those that both versions have.
func (c *comparison) states() {
	for _, old := range inOrder(c.before) {
		if c.after[old.Name.Text] == nil {
			if s := c.renamed(old); s != nil {
				c.renames[old.Name.Text] = s.Name.Text
			}
		}
	}
	for _, old := range inOrder(c.before) {
		s := c.after[c.now(old.Name.Text)]
		if s == nil {
			c.add(diag.StateChanged, true, old.Name.Span, c.around(old), "state %q is gone", old.Name.Text)
			continue
		}
		if s.Name.Text != old.Name.Text {
			c.add(diag.StateChanged, true, old.Name.Span, s.Name.Span, "state %q is now called %q: an execution that is in it does not find it", old.Name.Text, s.Name.Text)
		}
		c.state(old, s)
	}
	for _, s := range inOrder(c.after) {
		if c.before[s.Name.Text] == nil && !c.isRenamed(s.Name.Text) {
			c.add(diag.StateChanged, false, c.from.Machine.StatesSpan, s.Name.Span, "state %q is new", s.Name.Text)
		}
	}
}

// around returns the place in the new version where a state was.
func (c *comparison) around(old *state) source.Span {
	if s := c.after[c.now(old.around)]; s != nil {
		return s.Name.Span
	}
	return c.to.Machine.StatesSpan
}

// renamed returns the new state that does what the old one did, nil if there is none.
func (c *comparison) renamed(old *state) *state {
	for _, s := range inOrder(c.after) {
		if c.before[s.Name.Text] == nil && !c.isRenamed(s.Name.Text) && sameBut(old.Fields, s.Fields, "Comment", "Next", "Default", "Choices", "Catch") {
			return s
		}
	}
	return nil
}

// now returns the name that a state of the old version has in the new one.
func (c *comparison) now(name string) string { return cmp.Or(c.renames[name], name) }

// isRenamed reports whether a state of the new version is one of the old by another name.
func (c *comparison) isRenamed(name string) bool {
	return slices.Contains(slices.Collect(maps.Values(c.renames)), name)
}

// state compares two versions of a state.
func (c *comparison) state(old, s *state) {
	name := s.Name.Text
	if c.now(old.around) != s.around {
		c.add(diag.StateChanged, true, old.Name.Span, s.Name.Span, "state %q has moved to another machine inside this one", name)
	}
	if old.Type.Text != s.Type.Text {
		c.add(diag.StateChanged, true, old.Type.Span, s.Type.Span, "state %q was a %s, and is a %s", name, old.Type.Text, s.Type.Text)
		return
	}
	if x, y := text(old.Resource, ""), text(s.Resource, ""); x != y {
		c.add(diag.StateChanged, true, old.Resource.Span, s.Resource.Span, "Task %q called %s, and calls %s", name, x, y)
	}
	if x, y := text(old.Error, ""), text(s.Error, ""); x != y && s.Type.Text == "Fail" {
		c.add(diag.StateChanged, true, place(old, "Error"), place(s, "Error"), "state %q failed with %q, and fails with %q", name, x, y)
	}
	if text(old.QueryLanguage, "") != text(s.QueryLanguage, "") && old.JSONata(c.from.Machine) != s.JSONata(c.to.Machine) {
		c.add(diag.StateChanged, true, old.Name.Span, s.Name.Span, "state %q has another query language", name)
	}
	c.transitions(old, s)
	c.limits(old, s)
	c.handlers(old, s)
	c.produced(old, s)
}

// place returns that of a field of a state, or of the state if it has not the field.
func place(s *state, field string) source.Span {
	if m := s.Field(field); m != nil {
		return m.Span
	}
	return s.Name.Span
}

// transitions compares where states lead, and where machines inside them begin.
func (c *comparison) transitions(old, s *state) {
	before, after := targets(old), targets(s)
	for i := range before {
		before[i] = c.now(before[i])
	}
	for to := range old.Transitions() {
		if now := c.now(to.Text); !slices.Contains(after, now) {
			c.add(diag.WayChanged, true, to.Span, s.Name.Span, "state %q no longer leads to %q", s.Name.Text, to.Text)
			after = append(after, now) // once
		}
	}
	for to := range s.Transitions() {
		if !slices.Contains(before, to.Text) {
			c.add(diag.WayChanged, false, old.Name.Span, to.Span, "state %q leads to %q too", s.Name.Text, to.Text)
			before = append(before, to.Text)
		}
	}
	inner, now := old.Machines(), s.Machines()
	if len(inner) != len(now) {
		c.add(diag.OutputChanged, true, place(old, "Branches"), place(s, "Branches"), "Parallel %q had %d branches, and has %d: so has its result", s.Name.Text, len(inner), len(now))
		return
	}
	for i, m := range inner {
		if c.now(m.StartAt.Text) != now[i].StartAt.Text {
			c.add(diag.WayChanged, true, m.StartAt.Span, now[i].StartAt.Span, "inside %q the way began at %q, and begins at %q", s.Name.Text, m.StartAt.Text, now[i].StartAt.Text)
		}
	}
}

func targets(s *state) (names []string) {
	for to := range s.Transitions() {
		names = append(names, to.Text)
	}
	return names
}

// limits compares the time limits of a state.
func (c *comparison) limits(old, s *state) {
	c.limit("TimeoutSeconds of "+strconv.Quote(s.Name.Text), old.TimeoutSeconds, s.TimeoutSeconds, place(old, "TimeoutSeconds"), place(s, "TimeoutSeconds"))
	c.limit("HeartbeatSeconds of "+strconv.Quote(s.Name.Text), old.HeartbeatSeconds, s.HeartbeatSeconds, place(old, "HeartbeatSeconds"), place(s, "HeartbeatSeconds"))
}

// limit compares a number of seconds, of which none is the longest time.
func (c *comparison) limit(what string, old, now *ast.Number, before, after source.Span) {
	was, is := "none", "none"
	var x, y float64
	if old != nil {
		was, before = old.Text, old.Span
		x, _ = strconv.ParseFloat(old.Text, 64)
	}
	if now != nil {
		is, after = now.Text, now.Span
		y, _ = strconv.ParseFloat(now.Text, 64)
	}
	if x == y {
		return
	}
	shorter := now != nil && (old == nil || y < x)
	change := "longer"
	if shorter {
		change = "shorter"
	}
	c.add(diag.LimitChanged, shorter, before, after, "%s are %s: they were %s, and are %s", what, change, was, is)
}

// sameBut reports whether two objects are the same, whatever the named members hold.
func sameBut(a, b []ast.Member, but ...string) bool {
	rest := func(all []ast.Member) []ast.Member {
		return slices.DeleteFunc(slices.Clone(all), func(m ast.Member) bool { return slices.Contains(but, m.Name) })
	}
	return same(&ast.Node{Members: rest(a)}, &ast.Node{Members: rest(b)})
}

// same reports whether two values are the same: the order of members means nothing.
func same(a, b *ast.Node) bool {
	if a == nil || b == nil {
		return a == b
	}
	if a.Kind != b.Kind || a.Text != b.Text || len(a.Members) != len(b.Members) || len(a.Elements) != len(b.Elements) {
		return false
	}
	for i := range a.Members {
		j := slices.IndexFunc(b.Members, func(m ast.Member) bool { return m.Name == a.Members[i].Name })
		if j < 0 || !same(a.Members[i].Value, b.Members[j].Value) {
			return false
		}
	}
	for i := range a.Elements {
		if !same(a.Elements[i], b.Elements[i]) {
			return false
		}
	}
	return true
}

// value returns what a field of a state holds, nil if it has not the field.
func value(s *state, field string) *ast.Node {
	if m := s.Field(field); m != nil {
		return m.Value
	}
	return nil
}

// plain takes the .$ off a member's name.
func plain(name string) string { return strings.TrimSuffix(name, ".$") }
