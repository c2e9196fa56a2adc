package check

import (
	"github.com/r-seed-632eed22/aslgen/gen/ast"
	"github.com/r-seed-632eed22/aslgen/gen/diag"
)

// nextOrEnd checks that a state of a type that goes on says where, or that it ends (R13).
func (c *checker) nextOrEnd(in *scope, s *ast.State, kind string) {
	if _, has := stateFields[kind]["Next"]; !has {
		return
	}
	next, end := s.Field("Next"), s.Field("End")
	if next != nil && s.Next == nil || end != nil && s.End == nil { // written, but as something else
		in.broken = true
	}
	ends := s.End != nil && s.End.Value
	switch {
	case next != nil && ends:
		c.errorf(end.Span, diag.NextOrEnd, "state %q has both Next and \"End\": true", s.Name.Text).
			Relate(next.Span, "Next is here")
	case next == nil && end == nil:
		in.broken = true
		c.errorf(s.Name.Span, diag.NextOrEnd, "state %q has neither Next nor \"End\": true", s.Name.Text)
	case next == nil && s.End != nil && !ends:
		in.broken = true
		c.errorf(end.Span, diag.NextOrEnd, "state %q does not end, and has no Next", s.Name.Text)
	}
	c.target(in, "Next", s.Next)
}

// target checks that a transition leads to a state of its own scope (R7).
func (c *checker) target(in *scope, field string, to *ast.String) {
	if to == nil || in.states[to.Text] != nil {
		return
	}
	in.broken = true
	if other, ok := c.states[to.Text]; ok {
		c.errorf(to.Span, diag.CrossesScope, "%s leads to %q across the boundary of a branch or item processor", field, to.Text).
			Relate(other.Name.Span, "%q is here, among other states", to.Text)
		return
	}
	c.errorf(to.Span, diag.UnknownTarget, "%s names %q, which is not a state", field, to.Text).
		WithHint(diag.DidYouMean(to.Text, names(in)))
}

// flow checks what follows from the transitions of a scope: that it can end, and that every state is reached.
func (c *checker) flow(in *scope) {
	if in.broken || len(in.machine.States) == 0 {
		return
	}
	for _, s := range in.machine.States {
		if s.Type == nil || stateFields[s.Type.Text] == nil {
			return
		}
	}
	reached := reachable(in)
	var terminal *ast.State
	canEnd := false
	for _, s := range in.machine.States {
		if !reached[s] {
			c.warnf(s.Name.Span, diag.Unreachable, "no transition leads to state %q", s.Name.Text)
		}
		if s.Ends() {
			terminal = s
			canEnd = canEnd || reached[s]
		}
	}
	switch {
	case terminal == nil:
		c.errorf(in.machine.StatesSpan, diag.NoTerminalState, "no state of this machine ends it").
			WithHint(`one of them needs "End": true, or the type Succeed or Fail`)
	case !canEnd:
		c.warnf(in.machine.StatesSpan, diag.NoTerminalState, "no state that ends the machine is ever reached")
	default:
		c.loops(in, reached)
		c.idleLoops(in, reached)
	}
}

// reachable returns the states that an execution can come to.
func reachable(in *scope) map[*ast.State]bool {
	start := in.states[in.machine.StartAt.Text]
	reached := from(in, start)
	reached[start] = true
	return reached
}
