package check

import (
	"slices"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
)

// nextOrEnd checks that a state of a type that goes on says where, or that it ends (R13).
func (c *checker) nextOrEnd(in *scope, s *ast.State, kind string) {
	if ast.StateFieldsOf[kind].Named("Next") == nil {
		return
	}
	next, end := s.Field("Next"), s.Field("End")
	ends := s.End != nil && s.End.Value
	switch {
	case next != nil && ends:
		c.errorf(end.Span, diag.NextOrEnd, "state %q has both Next and \"End\": true", s.Name.Text).
			Relate(next.Span, "Next is here")
	case next == nil && end == nil:
		c.errorf(s.Name.Span, diag.NextOrEnd, "state %q has neither Next nor \"End\": true", s.Name.Text)
	case next == nil && s.End != nil && !ends:
		c.errorf(end.Span, diag.NextOrEnd, "state %q does not end, and has no Next", s.Name.Text)
	}
	if next != nil || !ends {
		c.target(in, "Next", s.Next)
	}
}

// target checks that a transition leads to a state of its own scope (R7). One that is missing or no string has a finding.
func (c *checker) target(in *scope, field string, to *ast.String) {
	if to == nil {
		in.broken = true
		return
	}
	if in.states[to.Text] != nil {
		return
	}
	if other, ok := c.states[to.Text]; ok {
		in.broken = true
		c.errorf(to.Span, diag.CrossesScope, "%s leads to %q across the boundary of a branch or item processor", field, to.Text).
			Relate(other.Name.Span, "%q is here, among other states", to.Text)
		return
	}
	c.errorf(to.Span, diag.UnknownTarget, "%s names %q, which is not a state", field, to.Text).WithHint(in.misspelt(to.Text))
}

// flow checks what follows from the transitions of a scope: that it can end, and that every state is reached. AWS asks only
// the outermost machine for a state that ends it, and where there is none says no more.
func (c *checker) flow(in *scope) {
	if in.broken || c.doubled || len(in.machine.States) == 0 {
		return
	}
	for _, s := range in.machine.States {
		if s.Type == nil || ast.StateFieldsOf[s.Type.Text] == nil {
			return
		}
	}
	ends := slices.ContainsFunc(in.machine.States, (*ast.State).Ends)
	if !ends && in.place == ast.Outermost {
		c.errorf(in.machine.StatesSpan, diag.NoTerminalState, "no state of this machine ends it").WithHint(terminalHint)
		return
	}
	reached := reachable(in)
	canEnd := false
	for _, s := range in.machine.States {
		if !reached[s] {
			c.errorf(s.Name.Span, diag.Unreachable, "no transition leads to state %q", s.Name.Text)
		}
		canEnd = canEnd || reached[s] && s.Ends()
	}
	switch {
	case !ends:
		c.warnf(in.machine.StatesSpan, diag.NoTerminalState, "none of these states ends them, so the state around them never does").
			WithHint(terminalHint)
	case canEnd:
		c.loops(in, reached)
		c.idleLoops(in, reached)
	}
}

const terminalHint = `one of them needs "End": true, or the type Succeed or Fail`

// reachable returns the states that an execution can come to.
func reachable(in *scope) map[*ast.State]bool {
	start := in.target(in.machine.StartAt)
	reached := from(start, in.target)
	reached[start] = true
	return reached
}
