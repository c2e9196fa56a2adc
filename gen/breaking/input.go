package breaking

import (
	"maps"
	"slices"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/ast"
	"github.com/r-seed-632eed22/aslgen/gen/catalog"
	"github.com/r-seed-632eed22/aslgen/gen/shape"
	"github.com/r-seed-632eed22/aslgen/gen/source"
	"github.com/r-seed-632eed22/aslgen/runtime/jsonpath"
)

// need is a path that a machine reads from the execution's input.
type need struct {
	path   string
	span   source.Span
	state  string
	always bool   // on every way through the machine on which nothing fails
	kind   string // of JSON that the value must have, "" if that is not known
}

// input compares what the versions read from the execution's input.
func (c *comparison) input() {
	before, after := needs(c.from.Machine), needs(c.to.Machine)
	for _, path := range slices.Sorted(maps.Keys(after)) {
		now, old := after[path], before[path]
		span := c.from.Machine.StartAt.Span
		if old != nil {
			span = old.span
		}
		switch {
		case now.always && (old == nil || !old.always):
			c.add(true, span, now.span, "the execution input needs %s, which %q reads on every way", path, now.state)
		case old == nil:
			c.add(false, span, now.span, "the execution input may have %s, which %q reads", path, now.state)
		case now.kind != "" && now.kind != old.kind:
			was := old.kind
			if was == "" {
				was = "of any type"
			}
			c.add(true, span, now.span, "%s of the execution input was %s, and must be %s", path, was, now.kind)
		}
	}
	for _, path := range slices.Sorted(maps.Keys(before)) {
		if after[path] == nil {
			c.add(false, before[path].span, c.to.Machine.StartAt.Span, "%s of the execution input is no longer read", path)
		}
	}
}

// origin is what the input of a state has of the execution's input.
type origin struct {
	input   bool // it is that, but for what was written
	written map[string]bool
}

// needs returns what the states of a machine, without those inside others, read from the execution's input.
func needs(m *ast.Machine) map[string]*need {
	states := map[string]*ast.State{}
	for _, s := range m.States {
		states[s.Name.Text] = s
	}
	all, readers := map[string]*need{}, map[string]map[string]bool{}
	for s, o := range origins(m, states) {
		if !o.input || s.JSONata(m) {
			continue
		}
		reads(s, func(p *jsonpath.Path, span source.Span, kind string, sure bool) {
			names, only := p.Names()
			if p.Root() != jsonpath.Input || len(names) == 0 || o.written[names[0]] {
				return
			}
			if !only {
				kind = ""
			}
			path := "$." + strings.Join(names, ".")
			n := all[path]
			if n == nil || span.Start < n.span.Start {
				if n != nil && kind == "" {
					kind = n.kind
				}
				n = &need{path: path, span: span, state: s.Name.Text, kind: kind}
				all[path] = n
			} else if n.kind == "" {
				n.kind = kind
			}
			if sure {
				if readers[path] == nil {
					readers[path] = map[string]bool{}
				}
				readers[path][s.Name.Text] = true
			}
		})
	}
	for path, n := range all {
		n.always = len(readers[path]) > 0 && !canAvoid(m, states, readers[path])
	}
	return all
}

// canAvoid reports whether an execution in which nothing fails can end without coming to one of the readers.
func canAvoid(m *ast.Machine, states map[string]*ast.State, readers map[string]bool) bool {
	seen := map[string]bool{}
	for queue := []string{m.StartAt.Text}; len(queue) > 0; queue = queue[1:] {
		s := states[queue[0]]
		if s == nil || seen[s.Name.Text] || readers[s.Name.Text] {
			continue
		}
		seen[s.Name.Text] = true
		if s.Type.Text == "Succeed" || s.Type.Text == "Fail" || s.End != nil && s.End.Value {
			return true
		}
		for to := range onward(s) {
			queue = append(queue, to.Text)
		}
	}
	return false
}

// origins returns what the input of each reached state has of the execution's input. Where ways meet, it has what it has
// on one of them: what is read then may be there.
func origins(m *ast.Machine, states map[string]*ast.State) map[*ast.State]origin {
	found := map[*ast.State]origin{}
	type step struct {
		to string
		o  origin
	}
	for queue := []step{{m.StartAt.Text, origin{input: true}}}; len(queue) > 0; queue = queue[1:] {
		s, o := states[queue[0].to], queue[0].o
		if s == nil {
			continue
		}
		old, seen := found[s]
		if seen {
			if o = meet(old, o); o.input == old.input && len(o.written) == len(old.written) {
				continue
			}
		}
		found[s] = o
		out := after(m, s, o)
		for to := range onward(s) {
			queue = append(queue, step{to.Text, out})
		}
		for _, h := range s.Catch {
			if h.Next != nil {
				queue = append(queue, step{h.Next.Text, put(o, h.ResultPath, s.JSONata(m))})
			}
		}
	}
	return found
}

// meet joins two ways: the input is there if it is on one of them, without what is written on all of those.
func meet(a, b origin) origin {
	switch {
	case !a.input:
		return b
	case !b.input:
		return a
	}
	both := map[string]bool{}
	for name := range a.written {
		if b.written[name] {
			both[name] = true
		}
	}
	return origin{true, both}
}

// after returns what the output of a state has of the execution's input.
func after(m *ast.Machine, s *ast.State, o origin) origin {
	if s.JSONata(m) {
		passes := s.Type.Text != "Task" && s.Type.Text != "Parallel" && s.Type.Text != "Map"
		return origin{o.input && passes && s.Output == nil, o.written}
	}
	if !isRoot(s.OutputPath) {
		return origin{}
	}
	switch s.Type.Text {
	case "Choice", "Wait", "Succeed":
		return origin{o.input && isRoot(s.InputPath), o.written}
	case "Pass":
		if s.Parameters == nil && s.Result == nil && isRoot(s.InputPath) && isRoot(s.ResultPath) {
			return o
		}
	}
	return put(o, s.ResultPath, false)
}

// put writes a result into a document.
func put(o origin, resultPath *ast.Path, ata bool) origin {
	switch {
	case ata || isRoot(resultPath):
		return origin{}
	case resultPath.Null || resultPath.Expr == nil || resultPath.Expr.Path == nil:
		return o
	}
	written := maps.Clone(o.written)
	if written == nil {
		written = map[string]bool{}
	}
	if names, _ := resultPath.Expr.Path.Names(); len(names) > 0 {
		written[names[0]] = true
	}
	return origin{o.input, written}
}

func isRoot(p *ast.Path) bool {
	return p == nil || !p.Null && p.Expr != nil && p.Expr.Path != nil && p.Expr.Path.Root() == jsonpath.Input && p.Expr.Path.IsRoot()
}

// reads calls note for every path that a state reads from its input.
func reads(s *ast.State, note func(p *jsonpath.Path, span source.Span, kind string, sure bool)) {
	expression := func(e *ast.Expr, kind string, sure bool) {
		switch {
		case e == nil:
		case e.Path != nil:
			note(e.Path, e.Span, kind, sure)
		case e.Call != nil:
			for _, p := range e.Call.Paths() {
				note(p, e.Span, "", sure)
			}
		}
	}
	path := func(p *ast.Path, kind string, sure bool) {
		if p != nil {
			expression(p.Expr, kind, sure)
		}
	}
	if !isRoot(s.InputPath) {
		path(s.InputPath, "", true)
		return // the rest reads what that gives
	}
	var parameters *shape.Type
	if s.Resource != nil && strings.Contains(s.Resource.Text, "ecs:runTask") {
		parameters = catalog.RunTask()
	}
	template(s.Parameters, parameters, func(e *ast.Expr, kind string) { expression(e, kind, true) })
	for _, p := range []*ast.Path{s.TimeoutSecondsPath, s.HeartbeatSecondsPath, s.SecondsPath} {
		path(p, "a number", true)
	}
	for _, p := range []*ast.Path{s.TimestampPath, s.ErrorPath, s.CausePath} {
		path(p, "a string", true)
	}
	if m := s.Field("ItemsPath"); m != nil {
		expression(m.Value.Expr, "an array", true)
	}
	for i, r := range s.Choices {
		rule(r, i == 0, path)
	}
}

// template calls note for every expression of a template, with the kind of value that it feeds.
func template(n *ast.Node, t *shape.Type, note func(*ast.Expr, string)) {
	if n == nil {
		return
	}
	if n.Expr != nil {
		kind := ""
		if t != nil && t.Kind != shape.Document {
			kind = t.Describe()
		}
		note(n.Expr, kind)
	}
	for i := range n.Members {
		var inner *shape.Type
		if t != nil {
			if m := t.Member(plain(n.Members[i].Name)); m != nil {
				inner = m.Type
			}
		}
		template(n.Members[i].Value, inner, note)
	}
	for _, e := range n.Elements {
		var inner *shape.Type
		if t != nil {
			inner = t.Elem
		}
		template(e, inner, note)
	}
}

// rule notes what a rule compares. Only the first comparison is sure to be made, and a test of presence needs nothing.
func rule(r *ast.Rule, sure bool, note func(p *ast.Path, kind string, sure bool)) {
	kind := ""
	switch ast.Operators[strings.TrimSuffix(r.Operator, "Path")] {
	case ast.StringOperand, ast.PatternOperand, ast.TimestampOperand:
		kind = "a string"
	case ast.NumberOperand:
		kind = "a number"
	case ast.BooleanOperand:
		if r.Operator == "BooleanEquals" || r.Operator == "BooleanEqualsPath" {
			kind = "a boolean"
		}
	}
	if r.Operator != "IsPresent" {
		note(r.Variable, kind, sure)
		note(r.Path, kind, sure)
	}
	for i, inner := range append(slices.Clone(r.And), r.Or...) {
		rule(inner, sure && i == 0, note)
	}
	if r.Not != nil {
		rule(r.Not, sure, note)
	}
}
