package check

import (
	"slices"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
)

// variableNumbers are the numbers of a machine's variables, those of all its scopes, from 0.
type variableNumbers map[string]int

// of returns the number of a name, a new one if it has none yet.
func (n variableNumbers) of(name string) int {
	number, ok := n[name]
	if !ok {
		number = len(n)
		n[name] = number
	}
	return number
}

// variableSet is a set of variables: a bit for each by its number. A machine may have thousands, in thousands of states.
type variableSet []uint64

func (s variableSet) has(number int) bool {
	return number/64 < len(s) && s[number/64]&(1<<(number%64)) != 0
}

func (s *variableSet) add(number int) {
	for len(*s) <= number/64 {
		*s = append(*s, 0)
	}
	(*s)[number/64] |= 1 << (number % 64)
}

// join adds another set and reports whether it has one that is new.
func (s *variableSet) join(more variableSet) (news bool) {
	for len(*s) < len(more) {
		*s = append(*s, 0)
	}
	for i, word := range more {
		news = news || word&^(*s)[i] != 0
		(*s)[i] |= word
	}
	return news
}

// before returns, for each state of a scope that an execution can come to, the variables that may have a value there: those
// that some way to it assigns. A state sees what it assigns itself only if it is come to again (R64).
func (v *variableScope) before(begun variableSet) map[*ast.State]*variableSet {
	before := map[*ast.State]*variableSet{}
	if v.machine.StartAt == nil || v.states[v.machine.StartAt.Text] == nil {
		return before
	}
	assigned := map[*ast.State]variableSet{}
	for _, s := range v.machine.States {
		assigned[s] = v.assignedBy(s)
	}
	start := v.states[v.machine.StartAt.Text]
	begins := slices.Clone(begun)
	before[start] = &begins
	for work := []*ast.State{start}; len(work) > 0; {
		s := work[len(work)-1]
		work = work[:len(work)-1]
		for to := range s.Transitions() {
			next := v.target(to)
			if next == nil {
				continue
			}
			known, reached := before[next]
			if !reached {
				known = &variableSet{}
				before[next] = known
			}
			news := known.join(*before[s])
			if known.join(assigned[s]) || news || !reached {
				work = append(work, next)
			}
		}
	}
	return before
}

// target returns the state that a transition leads to, nil if there is none.
func (v *variableScope) target(to *ast.String) *ast.State { return v.states[to.Text] }

// assignedBy are the variables that a state may assign, whichever way it is left.
func (v *variableScope) assignedBy(s *ast.State) (assigned variableSet) {
	for _, template := range s.Assigns() {
		if template == nil {
			continue
		}
		for _, m := range template.Members {
			assigned.add(v.numbers.of(m.Name))
			assigned.add(v.numbers.of(strings.TrimSuffix(m.Name, ".$")))
		}
	}
	return assigned
}
