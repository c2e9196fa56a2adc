package check

import (
	"maps"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/ast"
)

// variableNames are those of variables.
type variableNames map[string]bool

// before returns, for each state of a scope that an execution can come to, the variables that may have a value there: those
// that some way to it assigns. A state sees what it assigns itself only if it is come to again (R64).
func (v *variableScope) before(begun variableNames) map[*ast.State]variableNames {
	before := map[*ast.State]variableNames{}
	if v.machine.StartAt == nil || v.states[v.machine.StartAt.Text] == nil {
		return before
	}
	start := v.states[v.machine.StartAt.Text]
	before[start] = maps.Clone(begun)
	for work := []*ast.State{start}; len(work) > 0; {
		s := work[len(work)-1]
		work = work[:len(work)-1]
		after := v.after(s, before[s])
		for to := range s.Transitions() {
			if next := v.target(to); next != nil && reach(before, next, after) {
				work = append(work, next)
			}
		}
	}
	return before
}

// target returns the state that a transition leads to, nil if there is none.
func (v *variableScope) target(to *ast.String) *ast.State { return v.states[to.Text] }

// after are the variables that may have a value after a state, whichever way it is left.
func (v *variableScope) after(s *ast.State, before variableNames) variableNames {
	after := variableNames{}
	maps.Copy(after, before)
	for _, template := range assigns(s) {
		if template == nil {
			continue
		}
		for _, m := range template.Members {
			after[m.Name] = true
			after[strings.TrimSuffix(m.Name, ".$")] = true
		}
	}
	return after
}

// reach adds names to what may have a value before a state, and reports whether that is news.
func reach(before map[*ast.State]variableNames, s *ast.State, more variableNames) (news bool) {
	known, reached := before[s]
	if known == nil {
		known = variableNames{}
		before[s] = known
	}
	count := len(known)
	maps.Copy(known, more)
	return !reached || len(known) > count
}
