package lower

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/ast"
	"github.com/r-seed-632eed22/aslgen/gen/catalog"
	"github.com/r-seed-632eed22/aslgen/gen/diag"
	"github.com/r-seed-632eed22/aslgen/gen/ir"
	"github.com/r-seed-632eed22/aslgen/gen/shape"
	"github.com/r-seed-632eed22/aslgen/gen/source"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// elems collects the fields of a composite literal.
type elems []ir.Elem

func (e *elems) add(key string, v ir.Expr) { *e = append(*e, ir.Elem{Key: key, Value: v}) }

func (e *elems) text(w *lowering, key string, s *ast.String) {
	if s != nil {
		e.add(key, w.text(s.Text))
	}
}

// path adds a path field that differs from its default.
func (e *elems) path(w *lowering, key string, p *ast.Path) {
	switch {
	case p == nil:
	case p.Null:
		e.add(key, runtimeName("NullPath"))
	case p.Expr.Text != "$":
		e.add(key, w.text(p.Expr.Text))
	}
}

// seconds adds a field of whole seconds and its path.
func (e *elems) seconds(w *lowering, key string, n *ast.Number, p *ast.Path) {
	if n != nil {
		e.add(key, integer(n))
	}
	if p != nil {
		e.add(key+"Path", w.text(p.Expr.Text))
	}
}

// integer writes a whole number, which may be written 1.0 or 1e2 in JSON, as Go does.
func integer(n *ast.Number) ir.Expr {
	i, _ := number(&ast.Node{Text: n.Text}).AsInt()
	return ir.Number{Text: strconv.FormatInt(i, 10)}
}

// definition returns the fields of the machine's asl.Definition.
func (w *lowering) definition() []ir.Elem {
	var d elems
	d.add("Name", ir.Text{Value: w.options.Name})
	if w.options.Express {
		d.add("Type", runtimeName("Express"))
	}
	d.add("StartAt", ir.Name{Name: w.byName[w.machine.StartAt.Text].constant})
	if n := w.machine.TimeoutSeconds; n != nil {
		d.add("TimeoutSeconds", integer(n))
	}
	d.add("States", w.table(w.machine))
	return d
}

// table returns the states of a machine.
func (w *lowering) table(m *ast.Machine) ir.Expr {
	table := ir.Composite{Type: ir.Slice{Elem: runtimeType("State")}, Lines: true}
	for _, s := range m.States {
		if row, ok := w.state(w.byName[s.Name.Text]); ok {
			table.Elems = append(table.Elems, ir.Elem{Value: row})
		}
	}
	return table
}

// branch returns a machine inside a machine.
func (w *lowering) branch(m *ast.Machine, typ ir.Type) ir.Expr {
	return ir.Composite{Type: typ, Lines: true, Elems: []ir.Elem{
		{Key: "StartAt", Value: ir.Name{Name: w.byName[m.StartAt.Text].constant}},
		{Key: "States", Value: w.table(m)},
	}}
}

// state returns a state's row of the table; ok is false if it cannot be generated, which is then reported.
func (w *lowering) state(s *state) (row ir.Expr, ok bool) {
	d := elems{{Key: "Name", Value: ir.Name{Name: s.constant}}}
	kind := s.Type.Text
	if s.JSONata(w.machine) {
		w.list.Errorf(w.file, s.Name.Span, diag.NotGenerated, "the state is written in JSONata, which cannot be generated yet")
		return nil, false
	}
	switch kind {
	case "Task":
		w.task(s, &d)
	case "Pass":
		w.pass(s, &d)
	case "Choice":
		w.choice(s, &d)
	case "Wait":
		w.wait(s, &d)
		w.assign(s, &d)
		w.transition(s, &d)
	case "Parallel":
		w.parallel(s, &d)
	case "Map":
		w.mapState(s, &d)
	case "Succeed":
		d.path(w, "InputPath", s.InputPath)
		d.path(w, "OutputPath", s.OutputPath)
	case "Fail":
		w.fail(s, &d)
	default:
		w.list.Errorf(w.file, s.Type.Span, diag.NotGenerated, "%s states cannot be generated yet", kind)
		return nil, false
	}
	return ir.Composite{Type: runtimeType(kind), Addr: true, Elems: d, Lines: true}, true
}

// transition adds Next or End.
func (w *lowering) transition(s *state, d *elems) {
	if s.Next != nil {
		d.add("Next", ir.Name{Name: w.byName[s.Next.Text].constant})
	} else {
		d.add("End", ir.Name{Name: "true"})
	}
}

func (w *lowering) pass(s *state, d *elems) {
	d.path(w, "InputPath", s.InputPath)
	if s.Parameters != nil {
		d.add("Parameters", documentTemplate(w.function(s, "Parameters", s.Parameters, nil)))
	}
	if s.Result != nil {
		d.add("Result", w.result(s.Result))
	}
	d.path(w, "ResultPath", s.ResultPath)
	d.path(w, "OutputPath", s.OutputPath)
	w.assign(s, d)
	w.transition(s, d)
}

// assign adds the variables that a state sets.
func (w *lowering) assign(s *state, d *elems) {
	if s.Assign != nil {
		d.add("Assign", documentTemplate(w.function(s, "Assign", s.Assign, nil)))
	}
}

func documentTemplate(function string) ir.Expr {
	return ir.Call{Func: runtimeName("Document"), Args: []ir.Expr{ir.Name{Name: function}}}
}

func (w *lowering) wait(s *state, d *elems) {
	d.path(w, "InputPath", s.InputPath)
	d.seconds(w, "Seconds", s.Seconds, s.SecondsPath)
	d.text(w, "Timestamp", s.Timestamp)
	if s.TimestampPath != nil {
		d.add("TimestampPath", w.text(s.TimestampPath.Expr.Text))
	}
	d.path(w, "OutputPath", s.OutputPath)
}

func (w *lowering) fail(s *state, d *elems) {
	for _, f := range []struct {
		name, without string
		text          *ast.String
		path          *ast.Path
	}{{"Error", "Unnamed", s.Error, s.ErrorPath}, {"Cause", "Causeless", s.Cause, s.CausePath}} {
		d.text(w, f.name, f.text)
		if f.path != nil {
			d.add(f.name+"Path", w.text(f.path.Expr.Text))
		}
		if f.text == nil && f.path == nil {
			d.add(f.without, ir.Name{Name: "true"})
		}
	}
}

func (w *lowering) choice(s *state, d *elems) {
	d.path(w, "InputPath", s.InputPath)
	rules := w.rules(s.Choices).(ir.Composite)
	for i, r := range s.Choices {
		if r.Assign != nil {
			c := rules.Elems[i].Value.(ir.Composite)
			c.Elems = append(c.Elems, ir.Elem{Key: "Assign", Value: documentTemplate(w.function(s, "ChoiceAssign", r.Assign, nil))})
			c.Lines = true
			rules.Elems[i].Value = c
		}
	}
	d.add("Choices", rules)
	if s.Default != nil {
		d.add("Default", ir.Name{Name: w.byName[s.Default.Text].constant})
	}
	d.path(w, "OutputPath", s.OutputPath)
	w.assign(s, d)
}

func (w *lowering) rules(rules []*ast.Rule) ir.Expr {
	list := ir.Composite{Type: ir.Slice{Elem: runtimeType("Rule")}, Lines: true}
	for _, r := range rules {
		list.Elems = append(list.Elems, ir.Elem{Value: w.rule(r, nil)})
	}
	return list
}

// rule returns the literal of a Choice's rule, with its type if that is not clear from around it.
func (w *lowering) rule(r *ast.Rule, typ ir.Type) ir.Composite {
	var d elems
	lines := true
	switch {
	case r.And != nil:
		d.add("And", w.rules(r.And))
	case r.Or != nil:
		d.add("Or", w.rules(r.Or))
	case r.Not != nil:
		not := w.rule(r.Not, runtimeType("Rule"))
		not.Addr = true
		d.add("Not", not)
	default:
		lines = false
		d.add("Variable", w.text(r.Variable.Expr.Text))
		d.add("Operator", ir.Text{Value: r.Operator})
		if r.Path != nil {
			d.add("Path", w.text(r.Path.Expr.Text))
		} else {
			d.add("Value", w.operand(r.Operand))
		}
	}
	if r.Next != nil {
		d.add("Next", ir.Name{Name: w.byName[r.Next.Text].constant})
	}
	return ir.Composite{Type: typ, Elems: d, Lines: lines}
}

// operand returns what a Choice's rule compares with as a plain Go literal; a number keeps its text.
func (w *lowering) operand(n *ast.Node) ir.Expr {
	if n.Kind == value.StringKind {
		return w.text(n.Text)
	}
	switch x := documentScalar(n).(type) {
	case ir.Call:
		if name := x.Func.(ir.Name).Name; name == "Int" {
			return x.Args[0]
		}
		return x
	case ir.Name:
		if x.Name == "True" || x.Name == "False" {
			return ir.Name{Name: strings.ToLower(x.Name)}
		}
		return x
	default:
		return x
	}
}

func (w *lowering) retry(retriers []*ast.Retrier, d *elems) {
	if len(retriers) == 0 {
		return
	}
	list := ir.Composite{Type: ir.Slice{Elem: runtimeType("Retrier")}, Lines: true}
	for _, r := range retriers {
		e := elems{{Key: "ErrorEquals", Value: texts(r.ErrorEquals)}}
		e.add("IntervalSeconds", orDefault(r.IntervalSeconds, "1"))
		e.add("MaxAttempts", orDefault(r.MaxAttempts, "3"))
		rate := ir.Number{Text: "2"}
		if r.BackoffRate != nil {
			rate.Text = r.BackoffRate.Text
		}
		e.add("BackoffRate", rate)
		if r.MaxDelaySeconds != nil {
			e.add("MaxDelaySeconds", integer(r.MaxDelaySeconds))
		}
		e.text(w, "JitterStrategy", r.JitterStrategy)
		list.Elems = append(list.Elems, ir.Elem{Value: ir.Composite{Elems: e, Lines: true}})
	}
	d.add("Retry", list)
}

func orDefault(n *ast.Number, text string) ir.Expr {
	if n == nil {
		return ir.Number{Text: text}
	}
	return integer(n)
}

func texts(list []ast.String) ir.Expr {
	c := ir.Composite{Type: ir.Slice{Elem: ir.Named{Name: "string"}}}
	for _, s := range list {
		c.Elems = append(c.Elems, ir.Elem{Value: ir.Text{Value: s.Text}})
	}
	c.Lines = tooLong(c)
	return c
}

func (w *lowering) catch(s *state, d *elems) {
	if len(s.Catch) == 0 {
		return
	}
	list := ir.Composite{Type: ir.Slice{Elem: runtimeType("Catcher")}, Lines: true}
	for _, c := range s.Catch {
		e := elems{{Key: "ErrorEquals", Value: texts(c.ErrorEquals)}}
		e.path(w, "ResultPath", c.ResultPath)
		if c.Assign != nil {
			e.add("Assign", documentTemplate(w.function(s, "CatchAssign", c.Assign, nil)))
		}
		e.add("Next", ir.Name{Name: w.byName[c.Next.Text].constant})
		list.Elems = append(list.Elems, ir.Elem{Value: ir.Composite{Elems: e, Lines: c.Assign != nil}})
	}
	d.add("Catch", list)
}

func (w *lowering) task(s *state, d *elems) {
	d.add("Resource", w.text(s.Resource.Text))
	d.path(w, "InputPath", s.InputPath)
	if s.Credentials != nil {
		d.add("Credentials", documentTemplate(w.function(s, "Credentials", s.Credentials, nil)))
	}
	d.add("Run", w.effect(s))
	d.seconds(w, "TimeoutSeconds", s.TimeoutSeconds, s.TimeoutSecondsPath)
	d.seconds(w, "HeartbeatSeconds", s.HeartbeatSeconds, s.HeartbeatSecondsPath)
	w.finish(s, d)
}

// finish adds what a state does with its result, and where it goes.
func (w *lowering) finish(s *state, d *elems) {
	if s.ResultSelector != nil {
		d.add("ResultSelector", documentTemplate(w.function(s, "ResultSelector", s.ResultSelector, nil)))
	}
	d.path(w, "ResultPath", s.ResultPath)
	d.path(w, "OutputPath", s.OutputPath)
	w.assign(s, d)
	w.retry(s.Retry, d)
	w.catch(s, d)
	w.transition(s, d)
}

func (w *lowering) parallel(s *state, d *elems) {
	d.path(w, "InputPath", s.InputPath)
	if s.Parameters != nil {
		d.add("Parameters", documentTemplate(w.function(s, "Parameters", s.Parameters, nil)))
	}
	branches := ir.Composite{Type: ir.Slice{Elem: runtimeType("Branch")}, Lines: true}
	for _, b := range s.Branches {
		branches.Elems = append(branches.Elems, ir.Elem{Value: w.branch(b, nil)})
	}
	d.add("Branches", branches)
	w.finish(s, d)
}

// client is how a resource is called: the types of its effect and what makes it.
type client struct {
	parameters *shape.Type // nil is a document
	result     ir.Type     // nil if the result is not the call's
	method     string      // of *ecstask.Client
	does       string      // documentation
}

var (
	runTaskInput  = func() *shape.Type { t := *catalog.RunTask(); t.Pointer = true; return &t }
	runTaskOutput = ir.Pointer{Elem: ir.Named{Package: pkgECS, Name: "RunTaskOutput"}}
	stoppedTask   = ir.Pointer{Elem: ir.Named{Package: pkgTypes, Name: "Task"}}
)

// clientOf returns what is known of the task's resource.
func clientOf(r catalog.Resource) client {
	switch {
	case r.Service == "ecs" && r.Action == "runTask" && r.Pattern == "":
		return client{runTaskInput(), runTaskOutput, "RequestResponse", "starts ECS tasks and does not wait for them"}
	case r.Service == "ecs" && r.Action == "runTask" && r.Pattern == catalog.SyncPattern:
		return client{runTaskInput(), stoppedTask, "Sync", "runs an ECS task and waits until it has stopped"}
	case r.Service == "ecs" && r.Action == "runTask" && r.Pattern == catalog.TokenPattern:
		return client{runTaskInput(), nil, "WaitForTaskToken", "starts an ECS task and waits until the task token comes back"}
	case r.Service == "aws-sdk" && r.Action == "ecs:runTask" && r.Pattern == "":
		return client{runTaskInput(), runTaskOutput, "SDKRunTask", "starts ECS tasks and does not wait for them"}
	}
	return client{result: documentType, does: "calls what the caller puts here"}
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
	c := clientOf(s.task)
	p := patterns[s.task.Pattern]
	types := []ir.Type{goType(c.parameters)}
	if p.effect != "Send" {
		types = append(types, c.result)
	}
	w.tasks = append(w.tasks, taskField{
		name: s.ident,
		doc:  fmt.Sprintf("%s %s (%s).", s.ident, c.does, s.Resource.Text),
		typ:  ir.Named{Package: pkgRuntime, Name: p.effect, Args: types},
		wire: c.method,
	})
	var added []ir.Elem
	if c.method == "Sync" { // what Step Functions adds (E12)
		added = append(added, ir.Elem{Key: "StartedBy", Value: ir.Call{
			Func: ir.Name{Package: pkgAWS, Name: "String"}, Args: []ir.Expr{ir.Text{Value: "AWS Step Functions"}},
		}})
	}
	parameters := runtimeName("Input") // a task without Parameters is given its input
	if s.Parameters != nil {
		parameters = ir.Name{Name: w.function(s, "Parameters", s.Parameters, c.parameters, added...)}
	}
	return ir.Call{Func: runtimeName(p.constructor), Args: []ir.Expr{parameters, ir.Select{X: ir.Name{Name: "tasks"}, Name: s.ident}}}
}

// result returns the document of a Pass state's Result.
func (w *lowering) result(n *ast.Node) ir.Expr {
	text := documentOf(n).String()
	if source.HasPlaceholder(text) {
		return (&template{lowering: w, field: "Result"}).document(n, "")
	}
	return ir.Call{Func: valueName("MustParse"), Args: []ir.Expr{ir.RawText{Value: text}}}
}
