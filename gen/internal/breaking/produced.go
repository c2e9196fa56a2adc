package breaking

import (
	"slices"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	json "github.com/r-seed-632eed22/aslgen/runtime/value"
)

// produced compares what a state leaves behind: the place of its result, the names in it, and its variables.
func (c *comparison) produced(old, s *state) {
	for _, field := range []string{"ResultPath", "OutputPath"} {
		x, y := value(old, field), value(s, field)
		if written(x) != written(y) {
			c.add(diag.OutputChanged, true, place(old, field), place(s, field), "%s of %q was %s, and is %s", field, s.Name.Text, written(x), written(y))
		}
	}
	for _, field := range []string{"ResultSelector", "Result", "Output"} {
		c.names(field, old, s, "$")
	}
	if s.Type.Text == "Pass" && value(s, "Result") == nil && value(old, "Result") == nil {
		c.names("Parameters", old, s, "$")
	}
	c.names("Assign", old, s, "variable ")
	c.work(old, s)
}

// written returns how a path field is written; without it it is $.
func written(n *ast.Node) string {
	switch {
	case n == nil:
		return "$"
	case n.Kind == json.NullKind:
		return "null"
	}
	return n.Text
}

// names compares the names in the template of a field.
func (c *comparison) names(field string, old, s *state, before string) {
	x, y := value(old, field), value(s, field)
	switch {
	case x == nil && y == nil:
		return
	case (x == nil || y == nil) && field != "Assign":
		c.add(diag.OutputChanged, true, place(old, field), place(s, field), "%s of %q has come or gone: its result is another", field, s.Name.Text)
		return
	}
	c.members(diag.OutputChanged, field, s, x, y, before)
}

func (c *comparison) members(code *diag.Code, field string, s *state, x, y *ast.Node, path string) {
	if x == nil || y != nil && (x.Kind != json.ObjectKind || y.Kind != json.ObjectKind) {
		return
	}
	for i := range x.Members {
		m := &x.Members[i]
		inner := join(path, plain(m.Name))
		j := -1
		if y != nil {
			j = slices.IndexFunc(y.Members, func(n ast.Member) bool { return plain(n.Name) == plain(m.Name) })
		}
		if j < 0 {
			at := place(s, field)
			does := "no longer produces"
			if code == diag.WorkChanged {
				does = "no longer hand over"
			}
			c.add(code, true, m.Span, at, "%s of %q %s %s", field, s.Name.Text, does, inner)
			continue
		}
		c.members(code, field, s, m.Value, y.Members[j].Value, inner)
	}
}

// join writes the path of a member: $.a.b, or that of a variable.
func join(path, name string) string {
	if path == "variable " {
		return path + name
	}
	return path + "." + name
}
