package jsonata

import (
	"slices"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Reference is a use of a variable that the expression does not bind itself.
type Reference struct {
	Name    string // without the dollar; "" is the context, "$" the input
	Fields  []Field
	More    bool // something follows the fields that is no constant name, such as a wildcard
	Library bool // the library has a function of that name
	Offset  int  // where the variable stands in the text, in bytes
	End     int
}

// Field is a constant name of a path.
type Field struct {
	Name     string
	Offset   int
	End      int
	Filtered bool // […] follows it: the next field is one of an element, or of what is no array
}

// References returns the variables that the expression takes from outside, in the order of the text, each with the
// constant path that follows it: $states.context.Task.Token is the name states with three fields. A filter does not
// interrupt the path. $ and $$ are among them only where they mean the input.
func (e *Expr) References() []Reference {
	s := &scoping{program: e.program}
	s.within(func() {
		s.functions(e.tree)
		s.visit(e.tree)
	})
	slices.SortStableFunc(s.found, func(a, b Reference) int { return a.Offset - b.Offset })
	return s.found
}

// scoping goes through the tree in the order of evaluation and keeps what is bound.
type scoping struct {
	program *program
	scopes  []scope
	inner   int // depth of what has a context of its own
	lambdas int // depth of functions
	found   []Reference
}

// scope is what is bound in a block. Its functions are seen in the bodies of functions before they are bound, for these run
// later.
type scope struct{ bound, functions map[string]bool }

func (s *scoping) bind(name string) {
	if name != "" {
		s.scopes[len(s.scopes)-1].bound[name] = true
	}
}

// functions notes the functions that parts of a block bind.
func (s *scoping) functions(parts ...*node) {
	for _, part := range parts {
		if part.kind == bindNode && part.right.kind == lambdaNode {
			s.scopes[len(s.scopes)-1].functions[part.left.text] = true
		}
	}
}

func (s *scoping) isBound(name string) bool {
	return slices.ContainsFunc(s.scopes, func(at scope) bool {
		return at.bound[name] || s.lambdas > 0 && at.functions[name]
	})
}

// within visits something in a scope of its own.
func (s *scoping) within(visit func()) {
	s.scopes = append(s.scopes, scope{map[string]bool{}, map[string]bool{}})
	visit()
	s.scopes = s.scopes[:len(s.scopes)-1]
}

// inContext visits something that has another context.
func (s *scoping) inContext(visit func()) {
	s.inner++
	visit()
	s.inner--
}

func (s *scoping) visit(n *node) {
	switch n.kind {
	case variableNode:
		s.use(n, nil)
		s.decorations(n)
	case bindNode:
		s.visit(n.right)
		s.bind(n.left.text)
	case blockNode:
		s.within(func() {
			s.functions(n.list...)
			for _, part := range n.list {
				s.visit(part)
			}
			s.decorations(n)
		})
	case lambdaNode:
		s.within(func() {
			for _, param := range n.list {
				s.bind(param.text)
			}
			s.lambdas++
			s.inContext(func() { s.visit(n.right) })
			s.lambdas--
		})
	case transformNode:
		s.inContext(func() { n.children(s.visit) })
	case pathNode:
		s.within(func() { s.path(n) })
	default:
		bare := *n
		bare.predicates, bare.stages, bare.group = nil, nil, nil
		bare.children(s.visit)
		s.decorations(n)
	}
}

// decorations visits filters and groups.
func (s *scoping) decorations(n *node) {
	s.inContext(func() {
		rest := node{predicates: n.predicates, stages: n.stages, group: n.group}
		rest.children(s.visit)
	})
}

// path visits the steps. What they bind is seen in the steps after them.
func (s *scoping) path(n *node) {
	first := n.list[0]
	v := bareVariable(first)
	if v != nil {
		s.use(v, n.list[1:])
	}
	s.binds(first)
	if v != nil {
		s.decorations(first)
	} else {
		s.visit(first)
	}
	s.inContext(func() {
		for _, step := range n.list[1:] {
			s.binds(step)
			s.visit(step)
		}
	})
	s.decorations(&node{group: n.group})
}

func (s *scoping) binds(step *node) {
	s.bind(step.focus)
	s.bind(step.index)
	for _, st := range step.stages {
		s.bind(st.index)
	}
}

// bareVariable is the variable that a step is, be it in parentheses.
func bareVariable(n *node) *node {
	for n.kind == blockNode && len(n.list) == 1 {
		n = n.list[0]
	}
	if n.kind == variableNode {
		return n
	}
	return nil
}

// use notes a variable, with the constant names among the steps after it.
func (s *scoping) use(n *node, steps []*node) {
	if s.isBound(n.text) || n.text == "" && s.inner > 0 {
		return
	}
	r := Reference{Name: n.text, Offset: n.offset, End: n.end, Library: s.program.library.functions[n.text] != nil}
	for _, step := range steps {
		if step.kind == sortNode {
			continue
		}
		if step.kind != nameNode {
			r.More = true
			break
		}
		r.Fields = append(r.Fields, Field{step.text, step.offset, step.end, step.stages != nil || step.predicates != nil})
	}
	s.found = append(s.found, r)
}

// Path returns the variable and the names of an expression that is no more than $variable.name.name; ok is false for all
// others. [Lookup] has the meaning of the names.
func (e *Expr) Path() (variable string, names []string, ok bool) {
	n := e.tree
	if n.kind == variableNode && isPlain(n) {
		return n.text, nil, true
	}
	if n.kind != pathNode || n.group != nil || n.keepSingle || n.list[0].kind != variableNode || !isPlain(n.list[0]) {
		return "", nil, false
	}
	names, ok = plainNames(n.list[1:])
	return n.list[0].text, names, ok
}

// Lookup is what an expression $v.name.name gives for a value: the member of a member; of an array that of each element,
// flattened, and one alone as itself. It is absent if there is none.
func Lookup(v value.Value, names ...string) value.Value {
	at := v
	for _, name := range names {
		if at.Kind() == value.ArrayKind {
			x := &evaluation{steps: defaultSteps, memory: defaultMemory}
			return x.toValue(x.fields(fromValue(v), names), 0)
		}
		at = at.Get(name)
	}
	return at
}

// Constant returns the value of an expression that is a literal, or an array or object of literals; ok is false for all
// others.
func (e *Expr) Constant() (v value.Value, ok bool) {
	if !isConstant(e.tree) {
		return value.Value{}, false
	}
	v, err := e.Eval(nil, value.Value{}, nil)
	return v, err == nil && !v.IsAbsent()
}

func isConstant(n *node) bool {
	if n.predicates != nil || n.group != nil {
		return false
	}
	switch n.kind {
	case stringNode, numberNode, valueNode:
		return true
	case arrayNode, objectNode:
		constant := true
		n.children(func(c *node) { constant = constant && isConstant(c) })
		return constant
	case blockNode:
		return len(n.list) == 1 && isConstant(n.list[0])
	}
	return false
}

// Result returns what kind of value the expression gives if it gives one; [value.AbsentKind] if that depends on the data.
func (e *Expr) Result() value.Kind { return e.program.result(e.tree) }

func (p *program) result(n *node) value.Kind {
	if n.group != nil {
		return value.ObjectKind
	}
	if n.predicates != nil {
		return value.AbsentKind
	}
	switch n.kind {
	case stringNode:
		return value.StringKind
	case numberNode, negateNode:
		return value.NumberKind
	case valueNode:
		return n.value.doc.Kind()
	case arrayNode:
		return value.ArrayKind
	case objectNode:
		return value.ObjectKind
	case binaryNode:
		return operatorResult(n.text)
	case bindNode:
		return p.result(n.right)
	case blockNode:
		if len(n.list) > 0 {
			return p.result(n.list[len(n.list)-1])
		}
	case conditionNode:
		k := p.result(n.right)
		if n.third == nil || p.result(n.third) == k {
			return k
		}
	case callNode:
		return p.callResult(n)
	case applyNode:
		if n.right.kind == callNode {
			return p.callResult(n.right)
		}
	}
	return value.AbsentKind
}

func operatorResult(operator string) value.Kind {
	switch operator {
	case "&":
		return value.StringKind
	case "+", "-", "*", "/", "%":
		return value.NumberKind
	case "..":
		return value.AbsentKind
	}
	return value.BoolKind
}

// callResult goes by what the signature says; a function that gives an array may give a sequence, which is one only if
// it has several values.
func (p *program) callResult(n *node) value.Kind {
	name := calledName(n)
	b := p.library.functions[name]
	if b == nil || n.left.kind != variableNode || p.bound[name] || p.dynamic {
		return value.AbsentKind
	}
	switch b.signature[len(b.signature)-2] {
	case 's':
		return value.StringKind
	case 'n':
		return value.NumberKind
	case 'b':
		return value.BoolKind
	case 'o':
		if name != "clone" {
			return value.ObjectKind
		}
	}
	switch name {
	case "split", "zip", "partition", "range":
		return value.ArrayKind
	}
	return value.AbsentKind
}
