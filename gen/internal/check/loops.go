package check

import (
	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
)

// loops reports the loops among the reached states of a scope that no transition leaves. Such an execution ends when its
// history is full.
func (c *checker) loops(in *scope, reached map[*ast.State]bool) {
	done, reported := finishing(in), map[*ast.State]bool{}
	for _, s := range in.machine.States {
		if !reached[s] || done[s] {
			continue
		}
		for !done[s] { // to where the way from s meets itself
			done[s] = true
			s = first(in, s)
		}
		loop := from(s, in.target)
		if !loop[s] || reported[s] {
			continue
		}
		d := c.warnf(s.Name.Span, diag.EndlessLoop, "no way leads out of the loop that state %q is in: the execution fails when its history is full", s.Name.Text)
		for _, other := range in.machine.States {
			if loop[other] {
				done[other], reported[other] = true, true
			}
			if loop[other] && other != s {
				d.Relate(other.Name.Span, "%q is in it too", other.Name.Text)
			}
		}
	}
}

// finishing returns the states from which some way ends the machine.
func finishing(in *scope) map[*ast.State]bool {
	before := map[*ast.State][]*ast.State{}
	done := map[*ast.State]bool{}
	var queue []*ast.State
	for _, s := range in.machine.States {
		for to := range s.Transitions() {
			before[in.target(to)] = append(before[in.target(to)], s)
		}
		if s.Ends() {
			done[s] = true
			queue = append(queue, s)
		}
	}
	for ; len(queue) > 0; queue = queue[1:] {
		for _, s := range before[queue[0]] {
			if !done[s] {
				done[s] = true
				queue = append(queue, s)
			}
		}
	}
	return done
}

// first returns the state that the first transition of s leads to, s itself if there is none.
func first(in *scope, s *ast.State) *ast.State {
	for to := range s.Transitions() {
		if next := in.target(to); next != nil {
			return next
		}
	}
	return s
}

// from returns the states that transitions lead to from s: s itself only if it is on a loop.
func from(s *ast.State, target func(*ast.String) *ast.State) map[*ast.State]bool {
	ahead := map[*ast.State]bool{}
	for queue := []*ast.State{s}; len(queue) > 0; queue = queue[1:] {
		for to := range queue[0].Transitions() {
			if next := target(to); next != nil && !ahead[next] {
				ahead[next] = true
				queue = append(queue, next)
			}
		}
	}
	return ahead
}

// idleLoops reports loops in which nothing changes what is decided by and nothing waits: once in it, an execution goes round
// until its history is full.
func (c *checker) idleLoops(in *scope, reached map[*ast.State]bool) {
	const open, closed = 1, 2
	visited := map[*ast.State]int{}
	var visit func(s *ast.State)
	visit = func(s *ast.State) {
		visited[s] = open
		for to := range s.Transitions() {
			next := in.target(to)
			switch {
			case next == nil || !c.idle(next):
			case visited[next] == open:
				c.warnf(to.Span, diag.IdleLoop, "this leads back to %q, and nothing on the way round waits or changes anything", next.Name.Text).
					Relate(next.Name.Span, "%q is here", next.Name.Text)
			case visited[next] == 0:
				visit(next)
			}
		}
		visited[s] = closed
	}
	for _, s := range in.machine.States {
		if reached[s] && c.idle(s) && visited[s] == 0 {
			visit(s)
		}
	}
}

// idle reports whether a state passes on what it gets and takes no time.
func (c *checker) idle(s *ast.State) bool {
	if s.Type.Text != "Choice" && s.Type.Text != "Pass" {
		return false
	}
	for _, name := range []string{"InputPath", "OutputPath", "ResultPath", "Parameters", "Result", "Assign", "Output"} {
		if s.Field(name) != nil {
			return false
		}
	}
	for _, r := range s.Choices {
		if r.Assign != nil || r.Output != nil {
			return false
		}
	}
	return true
}
