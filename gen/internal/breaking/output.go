package breaking

import (
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/shape"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
)

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
		c.add(diag.OutputChanged, true, before, after, "%s of %s was %s, and may be %s", path, what, old.Kinds, now.Kinds)
		return
	}
	for _, f := range old.Fields {
		inner := path + "." + f.Name
		switch g := now.Field(f.Name); {
		case g == nil && now.Closed:
			c.add(diag.OutputChanged, true, before, after, "%s no longer has %s", what, inner)
		case g == nil:
		case g.Optional && !f.Optional && now.Closed:
			c.add(diag.OutputChanged, true, before, after, "%s does not always have %s any more", what, inner)
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
