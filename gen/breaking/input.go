package breaking

import (
	"maps"
	"slices"

	"github.com/r-seed-632eed22/aslgen/gen/shape"
	"github.com/r-seed-632eed22/aslgen/gen/source"
)

// input compares what the versions read from the execution's input.
func (c *comparison) input() {
	before, after := needs(c.from.Types.Input), needs(c.to.Types.Input)
	for _, path := range slices.Sorted(maps.Keys(after)) {
		now, old := after[path], before[path]
		read, span := now.First(), c.from.Machine.StartAt.Span
		if old != nil {
			span = old.First().Span
		}
		switch {
		case now.Needed() && (old == nil || !old.Needed()):
			when := "on every way"
			if !read.Always {
				when = "for every item"
			}
			c.add(true, span, read.Span, "the execution input needs %s, which %q reads %s", path, read.State, when)
		case old == nil:
			c.add(false, span, read.Span, "the execution input may have %s, which %q reads", path, read.State)
		case narrowed(old.Type(), now.Type()):
			was := "of any type"
			if t := old.Type(); t != nil {
				was = t.Describe()
			}
			c.add(true, span, read.Span, "%s of the execution input was %s, and must be %s", path, was, describe(old.Type(), now.Type()))
		}
	}
	for _, path := range slices.Sorted(maps.Keys(before)) {
		if after[path] == nil {
			c.add(false, before[path].First().Span, c.to.Machine.StartAt.Span, "%s of the execution input is no longer read", path)
		}
	}
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
	enter(top, "$")
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

// output compares what executions give, as far as that is known of both versions.
func (c *comparison) output() {
	before, after := c.from.Types.Output, c.to.Types.Output
	if before == nil || after == nil {
		return
	}
	c.given("the execution output", "$", before, after, c.from.end(), c.to.end())
}

func (c *comparison) given(what, path string, old, now *shape.JSON, before, after source.Span) {
	if old.Kinds == shape.AnyKind || now.Kinds == shape.AnyKind { // nothing is known
		return
	}
	if more := now.Kinds &^ old.Kinds; more != 0 {
		c.add(true, before, after, "%s of %s was %s, and may be %s", path, what, old.Kinds, now.Kinds)
		return
	}
	for _, f := range old.Fields {
		inner := path + "." + f.Name
		switch g := now.Field(f.Name); {
		case g == nil && now.Closed:
			c.add(true, before, after, "%s no longer has %s", what, inner)
		case g == nil:
		case g.Optional && !f.Optional && now.Closed:
			c.add(true, before, after, "%s does not always have %s any more", what, inner)
		default:
			c.given(what, inner, f.JSON, g.JSON, before, after)
		}
	}
	if old.Elem != nil && now.Elem != nil {
		c.given(what, path+"[*]", old.Elem, now.Elem, before, after)
	}
}

// end returns the place of the first state that ends the machine.
func (v *Version) end() source.Span {
	for _, s := range v.Machine.States {
		if s.Type.Text == "Succeed" || s.End != nil && s.End.Value {
			return s.Name.Span
		}
	}
	return v.Machine.StatesSpan
}
