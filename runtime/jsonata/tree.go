package jsonata

import "github.com/r-seed-632eed22/aslgen/runtime/value"

// NodeKind says what a part of an expression is.
type NodeKind uint8

// The kinds of parts.
const (
	OtherNode     NodeKind = iota // anything of Parts
	LiteralNode                   // Value
	VariableNode                  // of Name: "" is the context, "$" the input
	NameNode                      // the member Name of the context
	PathNode                      // Parts are its steps
	SortNode                      // a step that sorts by Parts
	ArrayNode                     // of Parts
	ObjectNode                    // Parts are names and values in turns
	BlockNode                     // gives the last of Parts
	BindNode                      // binds Name to Parts[0]
	ConditionNode                 // test, then and, if there is one, else
	OperatorNode                  // Name with its operands
	CallNode                      // of the library's function Name with arguments
	FunctionNode                  // with Parameters and a body
)

// Node is a part of an expression, for those who look at an expression without evaluating it. A chain of dots is one path.
type Node struct {
	Kind       NodeKind
	Name       string
	Parameters []string
	Value      value.Value
	Parts      []*Node
	Filters    []*Node    // […] behind it
	Group      []*Node    // {…} behind it: names and values in turns
	Binds      []string   // the variables that @ and # behind it bind
	Keeps      bool       // [] behind it: one value stays an array
	Result     value.Kind // of what it gives, as that of [Expr.Result]
	Start, End int        // its place in the text, in bytes
}

// Tree returns the expression taken apart.
func (e *Expr) Tree() *Node { return e.program.view(e.tree) }

func (p *program) view(n *node) *Node {
	out := &Node{Keeps: n.keepArray || n.keepSingle, Result: p.result(n), Start: n.start, End: n.stop}
	for _, filter := range n.predicates {
		out.Filters = append(out.Filters, p.view(filter))
	}
	for _, s := range n.stages {
		if s.filter != nil {
			out.Filters = append(out.Filters, p.view(s.filter))
		}
		out.bind(s.index)
	}
	out.bind(n.focus)
	out.bind(n.index)
	if n.group != nil {
		out.Group = p.views(pairNodes(n.group.pairs))
	}
	p.viewKind(out, n)
	return out
}

func (n *Node) bind(name string) {
	if name != "" {
		n.Binds = append(n.Binds, name)
	}
}

// viewKind sets what is special to a kind.
func (p *program) viewKind(out *Node, n *node) {
	switch n.kind {
	case stringNode:
		out.Kind, out.Value = LiteralNode, value.String(n.text)
	case numberNode:
		x := &evaluation{steps: defaultSteps, memory: defaultMemory}
		out.Kind, out.Value = LiteralNode, x.toValue(number(n.number), 0)
	case valueNode:
		out.Kind, out.Value = LiteralNode, n.value.doc
	case variableNode:
		out.Kind, out.Name = VariableNode, n.text
	case nameNode:
		out.Kind, out.Name, out.Start, out.End = NameNode, n.text, n.offset, n.end
	case pathNode:
		out.Kind, out.Parts = PathNode, p.views(n.list)
	case sortNode:
		out.Kind = SortNode
		for _, t := range n.terms {
			out.Parts = append(out.Parts, p.view(t.expr))
		}
	case arrayNode:
		out.Kind, out.Parts = ArrayNode, p.views(n.list)
	case objectNode:
		out.Kind, out.Parts = ObjectNode, p.views(pairNodes(n.pairs))
	case blockNode:
		out.Kind, out.Parts = BlockNode, p.views(n.list)
	case bindNode:
		out.Kind, out.Name, out.Parts = BindNode, n.left.text, p.views([]*node{n.right})
	case conditionNode:
		out.Kind, out.Parts = ConditionNode, p.views([]*node{n.left, n.right, n.third})
	case binaryNode, negateNode:
		out.Kind, out.Name, out.Parts = OperatorNode, n.text, p.views([]*node{n.left, n.right})
	case lambdaNode:
		out.Kind, out.Parts = FunctionNode, p.views([]*node{n.right})
		for _, parameter := range n.list {
			out.Parameters = append(out.Parameters, parameter.text)
		}
	case callNode:
		p.viewCall(out, n, nil)
	case applyNode:
		p.viewCall(out, n.right, n.left)
	default:
		p.viewParts(out, n)
	}
}

// viewCall is for a call, to which ~> may pass its first argument.
func (p *program) viewCall(out *Node, n, passed *node) {
	called := n
	arguments := []*node{passed}
	if n.kind == callNode {
		called, arguments = n.left, append(arguments, n.list...)
	}
	if called.kind == variableNode && called.predicates == nil && p.library.functions[called.text] != nil && !p.bound[called.text] && !p.dynamic {
		out.Kind, out.Name, out.Parts = CallNode, called.text, p.views(arguments)
		return
	}
	out.Parts = p.views([]*node{passed})
	p.viewParts(out, n)
}

func (p *program) viewParts(out *Node, n *node) {
	bare := *n
	bare.predicates, bare.stages, bare.group = nil, nil, nil
	bare.children(func(c *node) { out.Parts = append(out.Parts, p.view(c)) })
}

// views leaves out nodes that are nil.
func (p *program) views(list []*node) (all []*Node) {
	for _, n := range list {
		if n != nil {
			all = append(all, p.view(n))
		}
	}
	return all
}

func pairNodes(pairs [][2]*node) (list []*node) {
	for _, pair := range pairs {
		list = append(list, pair[0], pair[1])
	}
	return list
}
