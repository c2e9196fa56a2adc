package breaking

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/catalog"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/shape"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
)

// origin is where data comes from that the machine reads: who calls it, or who works for it.
type origin struct {
	code     *diag.Code
	what     string      // the execution input
	whose    string      // executions whose input: has no …
	old, new source.Span // its place, for what one version does not read
}

// input compares what the versions read from the execution's input.
func (c *comparison) input() {
	c.reads(origin{diag.InputChanged, "the execution input", "executions whose input", c.from.Machine.StartAt.Span, c.to.Machine.StartAt.Span},
		c.from.Types.Input, c.to.Types.Input)
}

// results compares what the versions read of what workers answer: functions, activities, and who has the token of a task.
func (c *comparison) results() {
	for _, old := range inOrder(c.before) {
		s := c.after[c.now(old.Name.Text)]
		if s == nil || !isWork(s) {
			continue
		}
		c.reads(origin{diag.ResultChanged, fmt.Sprintf("the result of %q", s.Name.Text), fmt.Sprintf("executions in which the result of %q", s.Name.Text),
			old.Name.Span, s.Name.Span}, c.from.Types.Results[old.State], c.to.Types.Results[s.State])
	}
}

// isWork reports whether a task is done by somebody whom the machine's owner has written, not by a service of AWS.
func isWork(s *state) bool {
	if s.Type.Text != "Task" {
		return false
	}
	r, _, _ := catalog.ParseResource(s.Resource.Text)
	return r.Kind == catalog.Function || r.Kind == catalog.Activity || r.Pattern == catalog.TokenPattern || r.Service == "lambda"
}

// reads compares what the versions read of data from one origin.
func (c *comparison) reads(from origin, old, now *shape.Need) {
	before, after := needs(old), needs(now)
	for _, path := range slices.Sorted(maps.Keys(after)) {
		now, old := after[path], before[path]
		read, span := now.First(), from.old
		if old != nil {
			span = old.First().Span
		}
		fails := c.newReader(old, now)
		switch {
		case fails != nil:
			c.add(from.code, true, span, fails.Span, "%s has %s now fail in %q", from.whose, lack(path), fails.State)
		case old == nil:
			c.add(from.code, false, span, read.Span, "%s may have %s, which %q reads", from.what, path, read.State)
		case narrowed(old.Type(), now.Type()):
			was := "of any type"
			if t := old.Type(); t != nil {
				was = t.Describe()
			}
			c.add(from.code, true, span, read.Span, "%s of %s was %s, and must be %s", path, from.what, was, describe(old.Type(), now.Type()))
		}
	}
	for _, path := range slices.Sorted(maps.Keys(before)) {
		if after[path] == nil {
			c.add(from.code, false, before[path].First().Span, from.new, "%s of %s is no longer read", path, from.what)
		}
	}
}

// newReader returns the first read of a place that fails where the place is not there, and that the old version did not make;
// nil if there is none.
func (c *comparison) newReader(old, now *shape.Need) (first *shape.Read) {
	if old != nil && old.Needed() {
		return nil
	}
	for i := range now.Reads {
		r := &now.Reads[i]
		if r.Tested || r.Known || old != nil && slices.ContainsFunc(old.Reads, func(o shape.Read) bool {
			return !o.Tested && !o.Known && c.now(o.State) == r.State && (o.Always || o.Each || !r.Always && !r.Each)
		}) {
			continue
		}
		if first == nil || r.Span.Start < first.Span.Start {
			first = r
		}
	}
	return first
}

// lack says what is not there: no order.id, no element of items, an element of items without id.
func lack(path string) string {
	path = strings.TrimPrefix(path, "$.")
	i := strings.LastIndex(path, "[*]")
	switch {
	case i < 0:
		return "no " + path
	case i+len("[*]") == len(path):
		return "no element of " + path[:i]
	}
	return fmt.Sprintf("an element of %s without %s", path[:i], strings.TrimPrefix(path[i+len("[*]"):], "."))
}

// needs returns what is read, by the paths of the places.
func needs(top *shape.Need) map[string]*shape.Need {
	all := map[string]*shape.Need{}
	var enter func(n *shape.Need, path string)
	enter = func(n *shape.Need, path string) {
		if path != "$" && len(n.Reads) > 0 {
			all[path] = n
		}
		for _, m := range n.Members {
			enter(m, path+"."+m.Name)
		}
		if n.Elem != nil {
			enter(n.Elem, path+"[*]")
		}
	}
	if top != nil {
		enter(top, "$")
	}
	return all
}

// narrowed reports whether a type does not take all that another one took.
func narrowed(old, now *shape.Type) bool {
	switch {
	case now == nil || now.Kind == shape.Document:
		return false
	case old == nil:
		return true
	case now.Kind == shape.Enum && old.Kind == shape.Enum:
		return slices.ContainsFunc(old.Values(), func(v string) bool { return !slices.Contains(now.Values(), v) })
	case old.Kind == shape.Enum && now.Kind == shape.String, old.Kind == shape.Integer && now.Kind == shape.Float:
		return false
	case now.Kind == shape.Integer && old.Kind == shape.Integer:
		return now.Bits < old.Bits
	case now.Kind == shape.List && old.Kind == shape.List:
		return narrowed(old.Elem, now.Elem)
	}
	return now.Kind != old.Kind
}

// describe names the type that another one has become, such that they differ.
func describe(old, now *shape.Type) string {
	text := now.Describe()
	if old == nil || text != old.Describe() {
		return text
	}
	switch now.Kind {
	case shape.Enum:
		return "one of fewer strings"
	case shape.Integer:
		return "one of 32 bits"
	}
	return text + " of something else"
}
