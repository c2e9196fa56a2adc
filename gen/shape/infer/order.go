package infer

import (
	"container/heap"
	"slices"

	"github.com/r-seed-632eed22/aslgen/gen/ast"
)

// order holds the states of a machine such that each comes after those that lead to it, as far as loops allow.
type order struct {
	states []*ast.State
	index  map[string]int
}

func (a *analysis) orderOf(m *ast.Machine) *order {
	if o := a.order[m]; o != nil {
		return o
	}
	byName := make(map[string]*ast.State, len(m.States))
	for _, s := range m.States {
		byName[s.Name.Text] = s
	}
	o := &order{states: postorder(m, byName), index: make(map[string]int, len(m.States))}
	slices.Reverse(o.states)
	for i, s := range o.states {
		o.index[s.Name.Text] = i
	}
	a.order[m] = o
	return o
}

// postorder lists the states that can be reached, each behind those it leads to. It keeps its own stack: a machine may have
// thousands of states in a row.
func postorder(m *ast.Machine, byName map[string]*ast.State) (list []*ast.State) {
	type visit struct {
		state   *ast.State
		targets []string
	}
	start := byName[m.StartAt.Text]
	if start == nil {
		return nil
	}
	seen := map[*ast.State]bool{start: true}
	for stack := []visit{{start, Targets(start)}}; len(stack) > 0; {
		top := &stack[len(stack)-1]
		if len(top.targets) == 0 {
			list = append(list, top.state)
			stack = stack[:len(stack)-1]
			continue
		}
		next := byName[top.targets[0]]
		top.targets = top.targets[1:]
		if next != nil && !seen[next] {
			seen[next] = true
			stack = append(stack, visit{next, Targets(next)})
		}
	}
	return list
}

// Targets returns the names of the states that a state may lead to, each once, in the order written.
func Targets(s *ast.State) (targets []string) {
	seen := map[string]bool{}
	add := func(to *ast.String) {
		if to != nil && !seen[to.Text] {
			seen[to.Text] = true
			targets = append(targets, to.Text)
		}
	}
	for _, r := range s.Choices {
		add(r.Next)
	}
	add(s.Default)
	add(s.Next)
	for _, c := range s.Catch {
		add(c.Next)
	}
	return targets
}

// followAlways marks the states that every execution comes through: those before the first that may lead elsewhere.
func (a *analysis) followAlways(m *ast.Machine) {
	byName := make(map[string]*ast.State, len(m.States))
	for _, s := range m.States {
		byName[s.Name.Text] = s
	}
	for s := byName[m.StartAt.Text]; s != nil && !a.always[s]; {
		a.always[s] = true
		for _, b := range s.Branches {
			a.followAlways(b)
		}
		targets := Targets(s)
		if len(targets) != 1 {
			return
		}
		s = byName[targets[0]]
	}
}

// queue holds the numbers of states to look at, the smallest first, each once.
type queue struct {
	numbers []int
	in      []bool
}

func newQueue(states int) *queue { return &queue{in: make([]bool, states)} }

func (q *queue) add(i int) {
	if !q.in[i] {
		q.in[i] = true
		heap.Push(q, i)
	}
}

func (q *queue) next() (i int, more bool) {
	if len(q.numbers) == 0 {
		return 0, false
	}
	i = heap.Pop(q).(int)
	q.in[i] = false
	return i, true
}

// Len, Less, Swap, Push and Pop implement [heap.Interface].
func (q *queue) Len() int           { return len(q.numbers) }
func (q *queue) Less(i, j int) bool { return q.numbers[i] < q.numbers[j] }
func (q *queue) Swap(i, j int)      { q.numbers[i], q.numbers[j] = q.numbers[j], q.numbers[i] }
func (q *queue) Push(x any)         { q.numbers = append(q.numbers, x.(int)) }
func (q *queue) Pop() any {
	last := len(q.numbers) - 1
	x := q.numbers[last]
	q.numbers = q.numbers[:last]
	return x
}
