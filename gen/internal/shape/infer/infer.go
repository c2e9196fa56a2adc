// Package infer follows the document through a state machine, from its literals, the results of integrations it knows and
// the tests of its Choice states forwards, and from what its states read backwards to the execution's input and to the
// results of tasks.
//
// It is gradual: what cannot be known is any value, and nothing is found wrong with that. Its findings are warnings, for a
// state that it is sure about may never be reached.
package infer

import (
	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/shape"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
)

// Program is a machine with what was found out about its data.
type Program struct {
	Machine *ast.Machine
	// Input is what the machine reads of the execution's input.
	Input *shape.Need
	// Output is the execution's output; nil if no state ends the execution with one.
	Output *shape.JSON
	// Results is what the machine reads of a task's result, as far as nothing else is known of that.
	Results map[*ast.State]*shape.Need
	// Events is how many events the history has at least of an execution that no error ends.
	Events int
	// Values is what expressions of reached states give.
	Values map[*ast.Expr]*shape.JSON
}

// Options are what a definition does not say itself.
type Options struct {
	// Input is what the execution's input is, nil if that is not known.
	Input *shape.JSON
	// Parameters and Results are the user's types of tasks, by the names of the states; nil are left to inference.
	Parameters, Results map[string]*shape.JSON
	// Express says that the machine is an Express one.
	Express bool
	// Declared returns where a type of the user's is declared.
	Declared func(*shape.Type) (*source.File, source.Span, bool)
}

// Machine follows the data through a machine in which checking has found no error, and reports what can never work.
func Machine(f *source.File, m *ast.Machine, o Options, l *diag.List) *Program {
	p := &Program{Machine: m, Input: &shape.Need{}, Results: map[*ast.State]*shape.Need{}, Values: map[*ast.Expr]*shape.JSON{}}
	a := &analysis{
		file: f, list: l, program: p, options: o, always: map[*ast.State]bool{}, each: map[*ast.State]bool{}, memo: map[*ast.Machine]memo{},
		reported: map[source.Span]bool{}, order: map[*ast.Machine]*order{}, iterations: map[*ast.State]int{}, gone: map[*shape.JSON]bool{},
		looksAt: map[string]bool{},
	}
	a.markAlways(m, a.always)
	a.markEach(m)
	a.findTests(m)
	input := o.Input
	if input == nil {
		input = &shape.JSON{Kinds: shape.AnyKind, Origins: []*shape.Need{p.Input}}
	}
	a.execution = input
	a.report = true
	p.Output = a.follow(m, flow{document: input, variables: shape.Nothing}, nil)
	a.goesOn(p.Output)
	a.slips(p.Input)
	for _, n := range p.Results {
		a.slips(n)
	}
	a.countEvents(m)
	return p
}

// goesOn notes that data goes to where it is not known what is read of it.
func (a *analysis) goesOn(j *shape.JSON) {
	if j == nil || !a.report || a.gone[j] {
		return
	}
	a.gone[j] = true
	for _, n := range j.Origins {
		n.Whole = true
	}
	for i := range j.Fields {
		a.goesOn(j.Fields[i].JSON)
	}
	a.goesOn(j.Elem)
}

// analysis is the work on one machine.
type analysis struct {
	file      *source.File
	list      *diag.List
	program   *Program
	options   Options
	execution *shape.JSON         // the execution's input
	always    map[*ast.State]bool // every execution comes through them
	each      map[*ast.State]bool // … for every item of the Map around them
	memo      map[*ast.Machine]memo
	order     map[*ast.Machine]*order
	reported  map[source.Span]bool
	report    bool // the data is final: findings and reads count

	iterations map[*ast.State]int // of Maps, if they are known
	gone       map[*shape.JSON]bool
	looksAt    map[string]bool // the paths that Choice states look at
}

// memo is what a machine inside a state was last followed with.
type memo struct {
	in  flow
	out *shape.JSON
}

// flow is what comes to a state.
type flow struct {
	document  *shape.JSON
	variables *shape.JSON // an object
}

func (f flow) same(g flow) bool { return f.document == g.document && f.variables == g.variables }

func joinFlows(f, g flow) flow {
	return flow{shape.Join(f.document, g.document), shape.Join(f.variables, g.variables)}
}

// edge leads to a state; a nil one ends the machine.
type edge struct {
	to   *ast.State
	with flow
}

// most is how often the data that comes to a state may grow before it is given up on: it then is any data.
const most = 8

// follow takes data through a machine and returns its output, nil if none comes out. item is $$.Map.Item inside a Map.
func (a *analysis) follow(m *ast.Machine, in flow, item *shape.JSON) *shape.JSON {
	if known, ok := a.memo[m]; ok && !a.report && known.in.same(in) {
		return known.out
	}
	order := a.orderOf(m)
	s := &scope{analysis: a, machine: m, item: item, inputs: make([]flow, len(order.states)), times: make([]int, len(order.states)), order: order}
	report := a.report
	a.report = false
	s.run(in)
	if a.report = report; report {
		for i, state := range order.states {
			if s.inputs[i].document != nil {
				s.leave(a.state(s, state, s.inputs[i]), nil)
			}
		}
	}
	a.memo[m] = memo{in, s.out}
	return s.out
}

// scope is one States object being followed.
type scope struct {
	*analysis
	machine *ast.Machine
	item    *shape.JSON
	order   *order
	inputs  []flow // by the order of the states
	times   []int
	out     *shape.JSON
}

// run follows data until nothing changes any more. States are looked at in an order in which, but for loops, all that
// comes to one is known before it is.
func (s *scope) run(in flow) {
	work := newQueue(len(s.order.states))
	start, ok := s.order.index[s.machine.StartAt.Text]
	if !ok {
		return
	}
	s.inputs[start] = in
	work.add(start)
	for i, more := work.next(); more; i, more = work.next() {
		s.leave(s.state(s, s.order.states[i], s.inputs[i]), work)
	}
}

// leave takes data along edges. Without a queue the states that they lead to know it already.
func (s *scope) leave(edges []edge, work *queue) {
	for _, e := range edges {
		if e.to == nil {
			s.out = shape.Join(s.out, e.with.document)
			continue
		}
		i, ok := s.order.index[e.to.Name.Text]
		if !ok || work == nil {
			continue
		}
		with := e.with
		if s.inputs[i].document != nil {
			with = joinFlows(s.inputs[i], e.with)
		}
		if with.same(s.inputs[i]) {
			continue
		}
		if s.times[i]++; s.times[i] > most {
			with = flow{shape.Any, shape.Objects}
			if with.same(s.inputs[i]) {
				continue
			}
		}
		s.inputs[i] = with
		work.add(i)
	}
}

// state returns the state of the scope with the name, nil if there is none.
func (s *scope) named(name *ast.String) *ast.State {
	if name == nil {
		return nil
	}
	if i, ok := s.order.index[name.Text]; ok {
		return s.order.states[i]
	}
	return nil
}
