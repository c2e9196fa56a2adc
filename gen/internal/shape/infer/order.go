package infer

import (
	"container/heap"
	"iter"
	"slices"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
)

// order holds the states of a machine such that each comes after those that lead to it, as far as loops allow.
type order struct {
	states      []*ast.State
	index       map[string]int
	unavoidable []*ast.State // without an error that is caught
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
	o.unavoidable = o.findUnavoidable()
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
func Targets(s *ast.State) []string { return distinct(s.Transitions()) }

func distinct(names iter.Seq[*ast.String]) (texts []string) {
	seen := map[string]bool{}
	for name := range names {
		if !seen[name.Text] {
			seen[name.Text] = true
			texts = append(texts, name.Text)
		}
	}
	return texts
}

// markAlways marks the states that every execution of a machine comes through in which no error is caught.
func (a *analysis) markAlways(m *ast.Machine, marked map[*ast.State]bool) {
	for _, s := range a.orderOf(m).unavoidable {
		marked[s] = true
		for _, b := range s.Branches {
			a.markAlways(b, marked)
		}
	}
}

// markEach marks the states that the processor of a Map comes through for every item.
func (a *analysis) markEach(m *ast.Machine) {
	for s := range m.AllStates() {
		if s.ItemProcessor != nil {
			a.markAlways(s.ItemProcessor, a.each)
		}
	}
}

// findUnavoidable returns the states on every way from the start of a machine to an end on which no error is caught. Those are
// on any one way to an end, which is compared with what can be reached beside it.
func (o *order) findUnavoidable() (list []*ast.State) {
	way := o.way()
	at := make(map[int]int, len(way)) // places on the way, by the states
	for i, state := range way {
		at[state] = i
	}
	beside := make([]bool, len(o.states))
	reached := 0 // the farthest place on the way that is led to from places before
	for i, state := range way {
		if reached <= i {
			list = append(list, o.states[state])
		}
		for stack := []int{state}; len(stack) > 0; {
			s := o.states[stack[len(stack)-1]]
			stack = stack[:len(stack)-1]
			if s.Ends() {
				reached = len(way)
			}
			for to := range s.Onward() {
				next, known := o.index[to.Text]
				place, on := at[next]
				switch {
				case !known:
				case on:
					reached = max(reached, place)
				case !beside[next]:
					beside[next] = true
					stack = append(stack, next)
				}
			}
		}
	}
	return list
}

// way returns the numbers of the states on a way from the start to an end; if there is no end, the start alone.
func (o *order) way() (states []int) {
	if len(o.states) == 0 {
		return nil
	}
	from := map[int]int{0: -1}
	for queue := []int{0}; len(queue) > 0; queue = queue[1:] {
		at := queue[0]
		if o.states[at].Ends() {
			for ; at >= 0; at = from[at] {
				states = append(states, at)
			}
			slices.Reverse(states)
			return states
		}
		for to := range o.states[at].Onward() {
			next, known := o.index[to.Text]
			if _, seen := from[next]; known && !seen {
				from[next] = at
				queue = append(queue, next)
			}
		}
	}
	return []int{0}
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
