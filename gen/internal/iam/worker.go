package iam

import (
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/catalog"
	"github.com/r-seed-632eed22/aslgen/runtime/jsonpath"
)

const report = "states:SendTaskSuccess states:SendTaskFailure states:SendTaskHeartbeat"

func (w *writer) workers(m *ast.Machine) {
	for s := range m.AllStates() {
		if s.Type != nil && s.Type.Text == "Task" && s.Resource != nil {
			w.worker(s)
		}
	}
}

// worker allows whoever works for a Task to report to it.
func (w *writer) worker(s *ast.State) {
	r, fault, _ := catalog.ParseResource(s.Resource.Text)
	c := w.call(s)
	switch {
	case fault != "":
	case r.Kind == catalog.Activity:
		w.allow("states:GetActivityTask "+report, s.Resource.Text)
	case r.Pattern == catalog.TokenPattern || r.Waits() && c.parameters != nil && passesToken(c.parameters):
		w.allow(report, w.arn("states", "stateMachine:"+w.stateMachine(c)))
	}
}

// passesToken reports whether a template reads the task token.
func passesToken(n *ast.Node) bool {
	switch {
	case n.Expr != nil && n.Expr.Path != nil && isToken(n.Expr.Path):
		return true
	case n.Expr != nil && n.Expr.Call != nil:
		for _, p := range n.Expr.Call.Paths() {
			if isToken(p) {
				return true
			}
		}
	case ast.IsExpression(n.Text) && strings.Contains(n.Text, "$states.context.Task.Token"):
		return true
	}
	for _, m := range n.Members {
		if passesToken(m.Value) {
			return true
		}
	}
	for _, e := range n.Elements {
		if passesToken(e) {
			return true
		}
	}
	return false
}

func isToken(p *jsonpath.Path) bool {
	names, _ := p.Names()
	return p.Root() == jsonpath.Context && len(names) > 1 && names[0] == "Task" && names[1] == "Token"
}
