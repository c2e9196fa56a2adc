package infer

import (
	"cmp"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/shape"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
	"github.com/r-seed-632eed22/aslgen/runtime/jsonpath"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// What fields of the language take, as types that data feeds.
var (
	text    = &shape.Type{Kind: shape.String}
	integer = &shape.Type{Kind: shape.Integer, Bits: 64}
	number  = &shape.Type{Kind: shape.Float}
	boolean = &shape.Type{Kind: shape.Boolean}
	array   = &shape.Type{Kind: shape.List}
)

// evaluation is a state being followed.
type evaluation struct {
	*scope
	state *ast.State
	flow
	document   *shape.JSON // what $ is at the moment
	sometimes  bool        // not every execution that comes here evaluates what follows
	selects    bool        // what follows is evaluated for each item of the Map
	token      bool        // $$.Task.Token has a value
	readsToken bool
	states     states // in a JSONata state
}

// effective is the state's input after InputPath.
func (e *evaluation) effective(p *ast.Path) *shape.JSON {
	switch {
	case p == nil:
		return e.document
	case p.Null:
		return shape.Nothing
	case isInput(p):
		return e.document
	}
	return e.expr(p.Expr, "InputPath", nil)
}

// isInput reports whether a path is $.
func isInput(p *ast.Path) bool {
	return p.Expr != nil && p.Expr.Path != nil && p.Expr.Path.IsRoot() && p.Expr.Path.Root() == jsonpath.Input
}

// output is the document after OutputPath.
func (e *evaluation) output(document *shape.JSON) *shape.JSON {
	switch p := e.state.OutputPath; {
	case p == nil, isInput(p):
		return document
	case p.Null:
		return shape.Nothing
	default:
		before := e.document
		e.document = document
		document = e.expr(p.Expr, "OutputPath", nil)
		e.document = before
		return document
	}
}

// paths evaluates the paths that the state has in the place of numbers and texts.
func (e *evaluation) paths() {
	for i := range e.state.Fields {
		m := &e.state.Fields[i]
		if f := ast.StateFields.Named(m.Name); f != nil && f.Literal != nil && m.Value.Expr != nil {
			e.expr(m.Value.Expr, f.Name, sinkOf(f.Literal))
		}
	}
}

// sinkOf is the type of what a field of a number or a text takes.
func sinkOf(f *ast.Field) *shape.Type {
	switch {
	case f.Kind == ast.Text:
		return text
	case f.Range.Fraction:
		return number
	}
	return integer
}

// template returns what a payload template gives. Sink is the type of what it feeds, nil if that is anything.
func (e *evaluation) template(n *ast.Node, sink *shape.Type) *shape.JSON { return e.node(n, "", sink) }

func (e *evaluation) node(n *ast.Node, name string, sink *shape.Type) *shape.JSON {
	if n.Expr != nil {
		return e.expr(n.Expr, name, sink)
	}
	switch n.Kind {
	case value.ObjectKind:
		fields := make([]shape.Field, 0, len(n.Members))
		for _, m := range n.Members {
			name := strings.TrimSuffix(m.Name, ".$")
			fields = append(fields, shape.Field{Name: name, JSON: e.node(m.Value, name, memberType(sink, name))})
		}
		return shape.Object(fields...)
	case value.ArrayKind:
		elem := (*shape.JSON)(nil)
		for _, inner := range n.Elements {
			elem = shape.Join(elem, e.node(inner, name, elementType(sink)))
		}
		return shape.ArrayOf(elem, len(n.Elements))
	}
	return literal(n, "")
}

func memberType(t *shape.Type, name string) *shape.Type {
	if t == nil {
		return nil
	}
	if m := t.Member(name); m != nil {
		return m.Type
	}
	return nil
}

func elementType(t *shape.Type) *shape.Type {
	if t == nil {
		return nil
	}
	return t.Elem
}

// longestWord is the longest text in bytes of which more is known than that it is one.
const longestWord = 100

// literal is what a text says as it stands.
func literal(n *ast.Node, from string) *shape.JSON {
	if n.Bare {
		return shape.Any
	}
	switch n.Kind {
	case value.NullKind:
		return shape.Null
	case value.BoolKind:
		return shape.Bool
	case value.NumberKind:
		if v, err := value.Parse([]byte(n.Text)); err == nil {
			if _, whole := v.AsInt(); whole {
				return shape.Int
			}
		}
		return shape.Number
	case value.StringKind:
		if source.HasPlaceholder(n.Text) || len(n.Text) > longestWord {
			return shape.Text
		}
		return shape.Word(n.Text)
	case value.ArrayKind:
		elem := (*shape.JSON)(nil)
		for _, e := range n.Elements {
			elem = shape.Join(elem, literal(e, ""))
		}
		return shape.ArrayOf(elem, len(n.Elements))
	}
	fields := make([]shape.Field, 0, len(n.Members))
	for _, m := range n.Members {
		fields = append(fields, shape.Field{Name: m.Name, JSON: literal(m.Value, ""), From: from})
	}
	return shape.Object(fields...)
}

// expr returns what a path or a call gives, for the field with the name.
func (e *evaluation) expr(x *ast.Expr, name string, sink *shape.Type) *shape.JSON {
	var j *shape.JSON
	switch {
	case x == nil || x.Path == nil && x.Call == nil:
		return shape.Any
	case x.Path != nil:
		j = e.path(x.Path, x, sink, false)
	default:
		j = e.call(x.Call, x, sink)
	}
	e.feeds(j, x.Text, x.Span, name, sink)
	if e.report {
		e.program.Values[x] = shape.Join(e.program.Values[x], j)
	}
	return j
}

// path returns what a path gives, and notes what it reads of data from outside.
func (e *evaluation) path(p *jsonpath.Path, x *ast.Expr, sink *shape.Type, tested bool) *shape.JSON {
	w := e.walk(p)
	if w.there == shape.Never && !tested {
		e.missing(p, x, w)
		return shape.Any
	}
	if w.slip != nil && !tested {
		e.finding(x.Span, *w.slip)
	}
	if e.report {
		for _, n := range w.at.Origins {
			if !p.IsRoot() || p.Root() == jsonpath.Variable {
				n.Note(shape.Read{
					Text: p.String(), State: e.state.Name.Text, Span: x.Span, Sink: readType(sink, w.many),
					Tested: tested, Known: w.there == shape.Always, Always: !tested && !w.many && e.alwaysReads(), Each: !tested && !w.many && e.readsForEach(),
				})
			}
		}
	}
	if e.report && isAnyObject(sink) {
		suggest(w.at, "{}")
	}
	if p.IsRoot() && !tested {
		e.goesOn(w.at)
	}
	if w.many {
		return shape.Array(w.at)
	}
	return w.at
}

// alwaysReads reports whether every execution in which no error is caught reads what the state now reads.
func (e *evaluation) alwaysReads() bool { return e.always[e.state] && !e.sometimes }

// readsForEach reports whether the state now reads for every item of a Map.
func (e *evaluation) readsForEach() bool { return e.selects || e.each[e.state] && !e.sometimes }

// readType is the type of a node of which a path selects several, or one.
func readType(sink *shape.Type, many bool) *shape.Type {
	if many {
		sink = elementType(sink)
	}
	if isAnyObject(sink) {
		return nil
	}
	return sink
}

// isAnyObject reports whether a type is that of an object, whatever is in it.
func isAnyObject(t *shape.Type) bool { return t != nil && t.Kind == shape.Struct && t.Name == "" }

// walked is how far a path leads.
type walked struct {
	at    *shape.JSON // what is selected; with many, each node
	there shape.Presence
	many  bool
	last  *shape.JSON // what the step that finds nothing is taken from
	steps int         // before that step
	slip  *wrong      // a name of which it is not likely that it is there
}

func (e *evaluation) walk(p *jsonpath.Path) walked {
	w := walked{at: e.document, there: shape.Always}
	switch p.Root() {
	case jsonpath.Context:
		w.at = e.context()
		e.readsToken = e.readsToken || e.token && contextToken(p)
	case jsonpath.Variable:
		w.at, w.there = e.variables.Member(p.Variable())
		if w.there == shape.Never {
			return walked{at: shape.Any, there: shape.Maybe} // checking has its own rules for variables
		}
	}
	for i, step := range p.Steps() {
		before := w.at
		var there shape.Presence
		switch step.Kind {
		case jsonpath.MemberStep:
			w.slip = cmp.Or(w.slip, unlikely(func() string { return prefix(p, i) }, step.Name, w.at))
			w.at, there = w.at.Member(step.Name)
		case jsonpath.ElementStep:
			w.at, there = w.at.Element()
		case jsonpath.ElementsStep:
			w.at, there = elements(w.at)
			w.many = true
		case jsonpath.LengthStep:
			w.at, there = shape.Int, shape.Maybe
		default:
			return walked{at: shape.Any, there: shape.Maybe}
		}
		if there == shape.Never {
			w.there, w.last, w.steps = shape.Never, before, i
			return w
		}
		w.there = min(w.there, there)
	}
	return w
}

// elements is what [*] and its like select.
func elements(j *shape.JSON) (*shape.JSON, shape.Presence) {
	if j.Kinds&shape.ObjectKind != 0 && !j.IsAny() {
		return shape.Any, shape.Maybe
	}
	return j.Element()
}

func contextToken(p *jsonpath.Path) bool {
	names, _ := p.Names()
	return len(names) == 0 || names[0] == "Task"
}

// roleARN is $$.Execution.RoleArn: null in an execution that has no role, as there are none on AWS.
var roleARN = shape.Join(shape.Text, shape.Null)

// context is the context object (1.9).
func (e *evaluation) context() *shape.JSON {
	textField := func(name string) shape.Field { return shape.Field{Name: name, JSON: shape.Text} }
	maybe := func(name string, j *shape.JSON) shape.Field {
		return shape.Field{Name: name, JSON: j, Optional: true}
	}
	c := shape.Object(
		shape.Field{Name: "Execution", JSON: shape.Object(textField("Id"), shape.Field{Name: "Input", JSON: e.execution}, textField("Name"),
			shape.Field{Name: "RoleArn", JSON: roleARN}, textField("StartTime"), maybe("RedriveCount", shape.Int), maybe("RedriveTime", shape.Text))},
		shape.Field{Name: "State", JSON: shape.Object(textField("Name"), textField("EnteredTime"), maybe("RetryCount", shape.Int))},
		shape.Field{Name: "StateMachine", JSON: shape.Object(textField("Id"), textField("Name"))},
	)
	if e.token || e.state.Type.Text != "Task" {
		c = c.With(maybe("Task", shape.Object(textField("Token"))))
	}
	if e.item != nil {
		c = c.With(shape.Field{Name: "Map", JSON: shape.Object(shape.Field{Name: "Item", JSON: e.item})})
	} else {
		c = c.With(maybe("Map", shape.Any))
	}
	return c
}
