package lower

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/catalog"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/ir"
	"github.com/r-seed-632eed22/aslgen/gen/internal/shape"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

func (w *lowering) task(s *state, d *elems) {
	d.add("Resource", w.text(s.Resource.Text))
	d.path(w, "InputPath", s.InputPath)
	if s.Credentials != nil {
		d.add("Credentials", documentTemplate(w.function(s, "Credentials", s.Credentials, nil)))
	}
	d.add("Run", w.effect(s))
	d.seconds(w, s, "TimeoutSeconds", s.TimeoutSeconds, s.TimeoutSecondsPath)
	d.seconds(w, s, "HeartbeatSeconds", s.HeartbeatSeconds, s.HeartbeatSecondsPath)
	w.finish(s, d)
}

// finish adds what a state does with its result, and where it goes.
func (w *lowering) finish(s *state, d *elems) {
	if s.ResultSelector != nil {
		d.add("ResultSelector", documentTemplate(w.function(s, "ResultSelector", s.ResultSelector, nil)))
	}
	d.path(w, "ResultPath", s.ResultPath)
	d.path(w, "OutputPath", s.OutputPath)
	w.output(s, d)
	w.assign(s, d)
	w.retry(s, d)
	w.catch(s, d)
	w.transition(s, d)
}

// client is how a resource is called: the types of its effect and what makes it.
type client struct {
	does       string      // documentation
	parameters *shape.Type // what the template makes; nil is a document
	given      ir.Type     // what the effect is given; nil is what the template makes
	result     ir.Type     // nil if the result is not the call's
	wire       ir.Expr     // makes the effect of a client of the machine's; nil if the caller does
	of         []string    // the fields of Clients that it is made of

	// What stands between the template and an effect that is given something else: a function of the package awstask, with what it is told
	// besides the effect.
	decoded   string
	read      bool // that reads the document into what it is given, as into a type of the user's
	arguments []ir.Expr
	unions    bool // it is told of the unions too
	startedBy bool // the parameters of RunTask get a StartedBy

	answers string // the member of the result that the effect answers with, "" for all of it
}

var (
	runTaskInput  = func() *shape.Type { t := *catalog.RunTask(); t.Pointer = true; return &t }
	runTaskOutput = ir.Pointer{Elem: ir.Named{Package: pkgECS, Name: "RunTaskOutput"}}
	stoppedTask   = ir.Pointer{Elem: ir.Named{Package: pkgTypes, Name: "Task"}}
)

// clientOf returns how a task is carried out, which may have types of the user's.
func (w *lowering) clientOf(s *state, own TaskTypes) client {
	if w.isFunction(s) {
		return w.lambdaFunction(s, own)
	}
	c, ok := w.ecsCall(s)
	if own.Parameters == nil && own.Result == nil {
		if ok {
			return c
		}
		if c, ok := w.httpCall(s); ok {
			return c
		}
		if call := w.sdkCall(s); call != nil {
			return w.calls(s, call)
		}
	}
	if !ok {
		c = w.callersOwn(s)
	}
	if own.Parameters != nil { // the template stays a document, which the type is read from
		c.given, c.parameters, c.wire = w.userType(own.Parameters), nil, nil
	}
	if own.Result != nil {
		c.result = w.userType(own.Result)
	}
	return c
}

// ecsCall returns how a task is carried out that calls RunTask of Amazon ECS.
func (w *lowering) ecsCall(s *state) (c client, ok bool) {
	ecs := func(result ir.Type, name, does string) (client, bool) {
		return client{
			does: does, parameters: runTaskInput(), result: result, startedBy: name == "Sync",
			of: []string{w.ecsTask()}, wire: ir.Call{Func: method("ECS", name)},
		}, true
	}
	r := s.task
	switch {
	case r.Service == "ecs" && r.Action == "runTask" && r.Pattern == "":
		return ecs(runTaskOutput, "RequestResponse", "starts ECS tasks and does not wait for them")
	case r.Service == "ecs" && r.Action == "runTask" && r.Pattern == catalog.SyncPattern:
		return ecs(stoppedTask, "Sync", "runs an ECS task and waits until it has stopped")
	case r.Service == "ecs" && r.Action == "runTask" && r.Pattern == catalog.TokenPattern:
		return ecs(nil, "WaitForTaskToken", "starts an ECS task and waits until the task token comes back")
	case r.Service == "aws-sdk" && r.Action == "ecs:runTask" && r.Pattern == "":
		return ecs(runTaskOutput, "SDKRunTask", "starts ECS tasks and does not wait for them")
	}
	return client{}, false
}

// httpCall returns how a task is carried out that calls an HTTP endpoint (P1, A1, D6).
func (w *lowering) httpCall(s *state) (c client, ok bool) {
	made := s.task.HTTP()
	if made == nil {
		return client{}, false
	}
	named := func(name string) ir.Type { return ir.Pointer{Elem: ir.Named{Package: pkgHTTPTask, Name: name}} }
	c = client{does: made.Does, read: true, given: named(made.Given), of: []string{w.httpClient()}}
	switch s.task.Pattern {
	case "":
		c.result = named(made.Result)
	case catalog.SyncPattern:
		c.result = ir.Named{Package: pkgASL, Name: "Value"}
	}
	wire := ir.Call{Func: method(c.of[0], made.Method)}
	if s.Credentials != nil {
		wire.Args = []ir.Expr{ir.Call{Func: ir.Name{Package: pkgHTTPTask, Name: "AsRole"}, Args: []ir.Expr{w.assumeRole(&c)}}}
	}
	c.wire = wire
	return c, true
}

// callersOwn is a task that only the caller knows how to carry out. Its types are those of the template and of what is read.
func (w *lowering) callersOwn(s *state) client {
	c := client{does: "makes a call that the caller puts here"}
	if s.task.Kind == catalog.Activity {
		c.does = "has a worker of an activity do its work, or a Go function in its place"
	}
	own := w.options.Types.Tasks[s.Name.Text]
	if node, field := s.parameters(); own.Parameters == nil {
		c.parameters = w.parametersType(s, node, field)
	}
	if own.Result == nil {
		c.result = w.resultType(s, w.program.Results[s.State])
	}
	return c
}

// patterns are the constructors of effects and their types, by the pattern's suffix in a resource.
var patterns = map[string]struct{ constructor, effect string }{
	"":                   {"RequestResponse", "Call"},
	catalog.SyncPattern:  {"Sync", "Job"},
	catalog.Sync2Pattern: {"Sync", "Job"},
	catalog.TokenPattern: {"WaitForTaskToken", "Send"},
}

// effect declares the task's field in the machine's Tasks and the function that makes its parameters.
func (w *lowering) effect(s *state) ir.Expr {
	p, known := patterns[s.task.Pattern]
	if !known {
		w.list.Errorf(w.file, s.Resource.Span, diag.NotGenerated, "what the task waits for is not known before the placeholder in %s is replaced", s.Resource.Text)
	}
	own := w.options.Types.Tasks[s.Name.Text]
	c := w.clientOf(s, own)
	call := ir.Expr(ir.Select{X: ir.Name{Name: "tasks"}, Name: s.ident})
	switch {
	case c.decoded != "":
		decoded := ir.Call{Func: awstaskName(c.decoded), Args: append(slices.Clone(c.arguments), call)}
		if c.unions {
			decoded.Args, decoded.Spread = append(decoded.Args, ir.Name{Name: w.unionsName}), true
		}
		call = decoded
	case own.Parameters != nil || c.read:
		call = ir.Call{Func: tableName("Decoded" + p.effect), Args: []ir.Expr{call}}
	}
	types := []ir.Type{c.given}
	if c.given == nil {
		types[0] = goType(c.parameters)
	}
	if p.effect != "Send" {
		types = append(types, c.result)
	}
	w.tasks = append(w.tasks, taskField{
		name:   s.ident,
		doc:    fmt.Sprintf("%s %s (%s).", s.ident, c.does, s.Resource.Text),
		typ:    ir.Named{Package: pkgASL, Name: p.effect, Args: types},
		client: c, state: s.Name.Text, resource: s.Resource.Text,
	})
	return ir.Call{Func: tableName(p.constructor), Args: append([]ir.Expr{ir.Text{Value: s.ident}, w.parameters(s, c), call}, unset(s, c)...)}
}

// parameters is the function that makes a task's parameters.
func (w *lowering) parameters(s *state, c client) ir.Expr {
	node, field := s.parameters()
	if node == nil { // the task is given its input
		return tableName("Input")
	}
	var added []ir.Elem
	if c.startedBy && c.parameters != nil { // what Step Functions adds (E12)
		added = append(added, ir.Elem{Key: "StartedBy", Value: ir.Call{
			Func: ir.Name{Package: pkgAWS, Name: "String"}, Args: []ir.Expr{ir.Text{Value: "AWS Step Functions"}},
		}})
	}
	return w.function(s, field, node, c.parameters, added...)
}

// unset are the literals of a task's parameters that the type of the SDK does not tell from members that are not there.
func unset(s *state, c client) (all []ir.Expr) {
	node, _ := s.parameters()
	if node == nil || c.parameters == nil || c.parameters.Package == "" {
		return nil
	}
	var walk func(n *ast.Node, typ *shape.Type, pointer string)
	walk = func(n *ast.Node, typ *shape.Type, pointer string) {
		switch {
		case n.Expr != nil || typ == nil:
			return
		case n.Kind == value.NullKind || isZero(n, typ):
			all = append(all, ir.Composite{Type: tableType("Unset"), Elems: []ir.Elem{
				{Key: "To", Value: ir.Text{Value: pointer}}, {Key: "JSON", Value: ir.Text{Value: documentOf(n).String()}},
			}})
		}
		for i, e := range n.Elements {
			walk(e, typ.Elem, pointer+"/"+strconv.Itoa(i))
		}
		for _, m := range n.Members {
			if member := typ.Member(m.Name); member != nil {
				walk(m.Value, member.Type, pointer+"/"+escape(m.Name))
			}
		}
	}
	walk(node, c.parameters, "")
	return all
}

// isZero reports whether a literal is the zero value of a type that has no pointer.
func isZero(n *ast.Node, typ *shape.Type) bool {
	switch {
	case typ.Pointer:
		return false
	case typ.Kind == shape.Enum || typ.Kind == shape.String:
		return n.Kind == value.StringKind && n.Text == ""
	case typ.Kind == shape.Boolean:
		return n.Text == "false"
	case typ.Kind == shape.Integer:
		i, ok := number(n).AsInt()
		return ok && i == 0
	}
	return false
}

// parameters returns what a state's work is given, and the field that says so: Arguments in a JSONata state.
func (s *state) parameters() (n *ast.Node, field string) {
	if s.jsonata {
		return s.Arguments, "Arguments"
	}
	return s.Parameters, "Parameters"
}

// given returns the one of Parameters and Arguments that is of the state's query language.
func (s *state) given(parameters, arguments *ast.Node) *ast.Node {
	if s.jsonata {
		return arguments
	}
	return parameters
}
