package breaking

import (
	"slices"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/catalog"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
	json "github.com/r-seed-632eed22/aslgen/runtime/value"
)

// work compares what a state hands over: to a worker, to the container of an ECS task, to what is inside it.
func (c *comparison) work(old, s *state) {
	if s.Type.Text == "Pass" {
		return
	}
	for _, field := range []string{"Parameters", "Arguments"} {
		x, y := value(old, field), value(s, field)
		if same(x, y) {
			continue
		}
		c.add(diag.WorkChanged, false, place(old, field), place(s, field), "the %s of %q have changed", field, s.Name.Text)
		if x == nil || y == nil || s.Type.Text != "Task" {
			continue
		}
		r, _, _ := catalog.ParseResource(s.Resource.Text)
		switch {
		case r.Service == "ecs" && r.Action == "runTask":
			c.containers(s, x, y, place(old, field), place(s, field))
		case isWork(s) && y.Kind == json.ObjectKind:
			c.members(diag.WorkChanged, field, s, x, y, "$")
		}
	}
}

// container is what the text of a task's parameters says of a container.
type container struct {
	name      string
	span      source.Span
	variables []ast.String // the names in its Environment
	known     bool         // they are all names that there are
}

// containers compares what the containers of an ECS task read: their environment variables. A container is known by its name,
// which the task definition has too.
func (c *comparison) containers(s *state, x, y *ast.Node, before, after source.Span) {
	old, known := containersOf(x)
	now, sure := containersOf(y)
	for i := range old {
		j := slices.IndexFunc(now, func(n container) bool { return n.name == old[i].name })
		switch {
		case j >= 0:
			c.environment(s, &old[i], &now[j])
		case sure:
			c.add(diag.WorkChanged, true, old[i].span, after, "%q no longer gives the container %q anything", s.Name.Text, old[i].name)
		}
	}
	for i := range now {
		if known && !slices.ContainsFunc(old, func(o container) bool { return o.name == now[i].name }) {
			c.add(diag.WorkChanged, true, before, now[i].span, "%q now fails with a task definition that has no container %q", s.Name.Text, now[i].name)
		}
	}
}

func (c *comparison) environment(s *state, old, now *container) {
	has := func(in *container, name string) bool {
		return slices.ContainsFunc(in.variables, func(v ast.String) bool { return v.Text == name })
	}
	for _, v := range old.variables {
		if now.known && !has(now, v.Text) {
			c.add(diag.WorkChanged, true, v.Span, now.span, "the container %q of %q no longer has the environment variable %s", now.name, s.Name.Text, v.Text)
		}
	}
	for _, v := range now.variables {
		if old.known && !has(old, v.Text) {
			c.add(diag.WorkChanged, false, old.span, v.Span, "the container %q of %q has the environment variable %s too", now.name, s.Name.Text, v.Text)
		}
	}
}

// containersOf returns the containers that parameters have overrides for. They are all if known.
func containersOf(parameters *ast.Node) (all []container, known bool) {
	overrides := inside(parameters, "Overrides", "ContainerOverrides")
	if overrides == nil {
		return nil, parameters.Kind == json.ObjectKind
	}
	known = overrides.Kind == json.ArrayKind
	for _, e := range overrides.Elements {
		name := inside(e, "Name")
		if !isText(name) {
			known = false
			continue
		}
		o := container{name: name.Text, span: name.Span, known: e.Kind == json.ObjectKind}
		if list := inside(e, "Environment"); list != nil {
			o.known = list.Kind == json.ArrayKind
			for _, v := range list.Elements {
				if n := inside(v, "Name"); isText(n) {
					o.variables = append(o.variables, ast.String{Text: n.Text, Span: n.Span})
				} else {
					o.known = false
				}
			}
		}
		all = append(all, o)
	}
	return all, known
}

// inside returns what names lead to, whether it is written down or evaluated; nil if there is nothing.
func inside(n *ast.Node, names ...string) *ast.Node {
	for _, name := range names {
		i := slices.IndexFunc(n.Members, func(m ast.Member) bool { return plain(m.Name) == name })
		if i < 0 {
			return nil
		}
		n = n.Members[i].Value
	}
	return n
}

// isText reports whether a value is a text that is not evaluated.
func isText(n *ast.Node) bool {
	return n != nil && n.Kind == json.StringKind && n.Expr == nil && !source.HasPlaceholder(n.Text)
}
