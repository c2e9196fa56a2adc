package lower

import (
	"fmt"
	"strconv"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/ir"
)

// This file declares functions for the parts of a machine's table that would nest too deep in it or stand there twice: machines
// inside machines, and lists of retriers or catchers that several states have.

// branch declares the function of a machine inside a state, and returns its call. What says which of the state's machines it is.
func (w *lowering) branch(s *state, suffix, what string, m *ast.Machine) ir.Expr {
	doc := fmt.Sprintf("is %s of %s.", what, strconv.Quote(s.Name.Text))
	return w.part(w.own(s, suffix), doc, tableType("Branch"), func() ir.Expr {
		return ir.Composite{Type: tableType("Branch"), Lines: true, Elems: []ir.Elem{
			{Key: "StartAt", Value: ir.Name{Name: w.byName[m.StartAt.Text].constant}},
			{Key: "States", Value: w.table(m)},
		}}
	})
}

// handlers is the list of a state's field, Retry or Catch: a call of its function if other states have the same.
func (w *lowering) handlers(s *state, field, element string, list func() ir.Expr) ir.Expr {
	key := handlersKey(s.State, field)
	if w.listed == nil {
		w.listed, w.shared = map[string]int{}, map[string]ir.Expr{}
		for _, other := range w.states {
			for _, field := range []string{"Retry", "Catch"} {
				w.listed[handlersKey(other.State, field)]++
			}
		}
	}
	if key == "" || w.listed[key] < 2 {
		return list()
	}
	if w.shared[key] == nil {
		name := w.private(field)
		w.shared[key] = w.part(name, fmt.Sprintf("is the %s of %d states.", field, w.listed[key]), ir.Slice{Elem: tableType(element)}, list)
	}
	return w.shared[key]
}

// handlersKey is the same for lists that are the same, "" for one that is a state's own: its templates are.
func handlersKey(s *ast.State, field string) string {
	for _, c := range s.Catch {
		if field == "Catch" && (c.Output != nil || c.Assign != nil) {
			return ""
		}
	}
	m := s.Field(field)
	if m == nil {
		return ""
	}
	return field + documentOf(m.Value).String()
}

// part declares the function that makes a part of the table, behind those that call it, and returns its call. It is given the
// machine's Tasks, and is a method of its Config, where it uses them.
func (w *lowering) part(name, doc string, typ ir.Type, body func() ir.Expr) ir.Expr {
	f := &ir.Func{Name: name, Doc: name + " " + doc, Results: []ir.Type{typ}}
	w.parts = append(w.parts, f)
	tasks, uses := len(w.tasks), w.config.uses
	f.Return = body()
	call := ir.Call{Func: w.method(f, w.config.uses > uses)}
	if len(w.tasks) > tasks {
		f.Params = []ir.Param{{Name: "tasks", Type: ir.Named{Name: w.options.Prefix + "Tasks"}}}
		call.Args = []ir.Expr{ir.Name{Name: "tasks"}}
	}
	return call
}

// method returns a function of the machine's as an expression. One that uses the machine's Config becomes a method of it.
func (w *lowering) method(f *ir.Func, usesConfig bool) ir.Expr {
	if !usesConfig {
		return ir.Name{Name: f.Name}
	}
	f.Receiver = &ir.Param{Name: "config", Type: ir.Named{Name: w.config.owner + "Config"}}
	return ir.Select{X: ir.Name{Name: "config"}, Name: f.Name}
}
