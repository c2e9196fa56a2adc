package jsonata

// nodeKind says what a node of the syntax tree is.
type nodeKind uint8

const (
	endNode nodeKind = iota // nothing, where an expression should stand
	stringNode
	numberNode
	valueNode // true, false, null
	regexNode
	nameNode
	variableNode
	wildcardNode
	descendantNode
	parentNode
	operatorNode    // a word such as "and" as a field's name, until resolve makes it one
	placeholderNode // ? in the arguments of a partial application
	binaryNode
	negateNode
	arrayNode
	objectNode
	blockNode
	conditionNode
	transformNode
	callNode
	partialNode
	lambdaNode
	bindNode
	applyNode
	pathNode // from resolve: steps
	sortNode // from resolve: a step of a path
)

// node is a node of the syntax tree. The parser builds it; resolve then makes paths of chains of dots and finds what the
// operator % refers to.
type node struct {
	kind        nodeKind
	offset, end int // the token that makes the node what it is
	start, stop int // all of the node's text
	height      int // how many nodes lie in one another below and with this one

	text   string // of a name, variable or string; the operator of a binary node
	number float64
	value  item // of valueNode
	regex  *regex

	left, right, third *node      // operands; procedure in left; pattern, update and delete; condition, then and else
	list               []*node    // elements, arguments, parameters, expressions of a block, steps
	pairs              [][2]*node // members of an object
	terms              []term     // of sortNode
	signature          *signature

	predicates []*node // filters of the value of the node itself
	stages     []stage // filters and indexes of a step
	group      *group
	focus      string  // variable bound by @
	index      string  // variable bound by #
	ancestor   *slot   // the variable that keeps the parent of this step
	slot       *slot   // of parentNode
	seeking    []*slot // parents that must be found outside

	tuples      bool // the step makes a stream of bindings, not of values
	keepArray   bool // [] follows: a sequence of one stays an array
	keepSingle  bool // of a path: a step has keepArray
	constructed bool // an array constructor that ends or begins a path: stays one value
	tail        bool // a call that is the last thing its function does
}

// term is a part of order-by.
type term struct {
	expr       *node
	descending bool
}

// stage is [...] after a step, or # that follows one.
type stage struct {
	filter *node // nil for an index
	index  string
}

// group is {...} after an expression.
type group struct {
	pairs       [][2]*node
	offset, end int
}

// slot is where the parent that % means is kept: a variable of a name that no variable of the text can have.
type slot struct {
	label string
	level int // how many steps up it still is
}

// cover makes the node's text reach over others.
func (n *node) cover(start, stop int) { n.start, n.stop = min(n.start, start), max(n.stop, stop) }

// children calls visit for every node directly below n, in the order of the text.
func (n *node) children(visit func(*node)) {
	each := func(nodes ...*node) {
		for _, child := range nodes {
			if child != nil {
				visit(child)
			}
		}
	}
	each(n.left)
	each(n.right, n.third)
	each(n.list...)
	for _, t := range n.terms {
		each(t.expr)
	}
	for _, pair := range n.pairs {
		each(pair[0], pair[1])
	}
	each(n.predicates...)
	for _, s := range n.stages {
		each(s.filter)
	}
	if n.group != nil {
		for _, pair := range n.group.pairs {
			each(pair[0], pair[1])
		}
	}
}
