package lower

import (
	"strconv"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/ir"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
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
		e.add(key, tableName("NullPath"))
	case p.Expr.Text != "$":
		e.add(key, w.text(p.Expr.Text))
	}
}

// seconds adds a field of whole seconds, and its path or expression.
func (e *elems) seconds(w *lowering, s *state, key string, n *ast.Number, p *ast.Path) {
	if m := s.Field(key); s.jsonata && m != nil && m.Value.Kind == value.StringKind && !m.Value.Bare {
		e.raw(w, key, m)
		return
	}
	if n != nil {
		e.add(key, w.seconds(ast.StateFields.Named(key), n))
	}
	if p != nil {
		e.add(key+"Path", w.text(p.Expr.Text))
	}
}

// seconds returns the whole number of a field, which a placeholder may stand for.
func (w *lowering) seconds(f *ast.Field, n *ast.Number) ir.Expr {
	if n.Bare {
		w.config.number(n.Text, f)
		return w.bare(&ast.Node{Text: n.Text, Span: n.Span}, ir.Named{Name: "int"})
	}
	return integer(n)
}

// integer writes a whole number, which may be written 1.0 or 1e2 in JSON, as Go does.
func integer(n *ast.Number) ir.Expr {
	i, _ := number(&ast.Node{Text: n.Text}).AsInt()
	return ir.Number{Text: strconv.FormatInt(i, 10)}
}

// definition returns the fields of the machine's table.Definition.
func (w *lowering) definition() []ir.Elem {
	var d elems
	d.add("Name", ir.Text{Value: w.options.Name})
	if w.options.Express {
		d.add("Type", aslName("Express"))
	}
	d.add("StartAt", ir.Name{Name: w.byName[w.machine.StartAt.Text].constant})
	if n := w.machine.TimeoutSeconds; n != nil {
		d.add("TimeoutSeconds", w.seconds(ast.MachineFields.Named("TimeoutSeconds"), n))
	}
	d.add("States", w.table(w.machine))
	if sums := w.typeSums(); sums != nil {
		d.add("Types", sums)
	}
	return d
}

// table returns the states of a machine.
func (w *lowering) table(m *ast.Machine) ir.Expr {
	table := ir.Composite{Type: ir.Slice{Elem: tableType("State")}, Lines: true}
	for _, s := range m.States {
		if row, ok := w.state(w.byName[s.Name.Text]); ok {
			table.Elems = append(table.Elems, ir.Elem{Value: row})
		}
	}
	return table
}

// state returns a state's row of the table; ok is false if it cannot be generated, which is then reported.
func (w *lowering) state(s *state) (row ir.Expr, ok bool) {
	d := elems{{Key: "Name", Value: ir.Name{Name: s.constant}}}
	if s.jsonata {
		d.add("QueryLanguage", tableName("JSONata"))
	}
	kind := s.Type.Text
	switch kind {
	case "Task":
		w.task(s, &d)
	case "Pass":
		w.pass(s, &d)
	case "Choice":
		w.choice(s, &d)
	case "Wait":
		w.wait(s, &d)
		w.output(s, &d)
		w.assign(s, &d)
		w.transition(s, &d)
	case "Parallel":
		w.parallel(s, &d)
	case "Map":
		w.mapState(s, &d)
	case "Succeed":
		d.path(w, "InputPath", s.InputPath)
		d.path(w, "OutputPath", s.OutputPath)
		w.output(s, &d)
	case "Fail":
		w.fail(s, &d)
	default:
		w.list.Errorf(w.file, s.Type.Span, diag.NotGenerated, "%s states cannot be generated yet", kind)
		return nil, false
	}
	return ir.Composite{Type: tableType(kind), Addr: true, Elems: d, Lines: true}, true
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
	if s.Result != nil && !s.jsonata {
		d.add("Result", w.result(s.Result))
	}
	d.path(w, "ResultPath", s.ResultPath)
	d.path(w, "OutputPath", s.OutputPath)
	w.output(s, d)
	w.assign(s, d)
	w.transition(s, d)
}

// output adds what a JSONata state hands on.
func (w *lowering) output(s *state, d *elems) {
	if s.Output != nil {
		d.add("Output", documentTemplate(w.function(s, "Output", s.Output, nil)))
	}
}

// assign adds the variables that a state sets.
func (w *lowering) assign(s *state, d *elems) {
	if s.Assign != nil {
		d.add("Assign", documentTemplate(w.function(s, "Assign", s.Assign, nil)))
	}
}

func documentTemplate(function ir.Expr) ir.Expr {
	return ir.Call{Func: tableName("Document"), Args: []ir.Expr{function}}
}

func (w *lowering) wait(s *state, d *elems) {
	d.path(w, "InputPath", s.InputPath)
	d.seconds(w, s, "Seconds", s.Seconds, s.SecondsPath)
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
		if r.Output != nil {
			c := rules.Elems[i].Value.(ir.Composite)
			c.Elems = append(c.Elems, ir.Elem{Key: "Output", Value: documentTemplate(w.function(s, "ChoiceOutput", r.Output, nil))})
			c.Lines = true
			rules.Elems[i].Value = c
		}
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
	w.output(s, d)
	w.assign(s, d)
}

func (w *lowering) rules(rules []*ast.Rule) ir.Expr {
	list := ir.Composite{Type: ir.Slice{Elem: tableType("Rule")}, Lines: true}
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
	case r.Condition != nil:
		lines = false
		d.add("Condition", w.text(r.Condition.Text))
	case r.And != nil:
		d.add("And", w.rules(r.And))
	case r.Or != nil:
		d.add("Or", w.rules(r.Or))
	case r.Not != nil:
		not := w.rule(r.Not, tableType("Rule"))
		not.Addr = true
		lines = not.Lines
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

// result returns the document of a Pass state's Result.
func (w *lowering) result(n *ast.Node) ir.Expr {
	text := documentOf(n).String()
	if source.HasPlaceholder(text) {
		return (&template{lowering: w, field: "Result"}).expr(n, nil, "")
	}
	return ir.Call{Func: valueName("MustParse"), Args: []ir.Expr{ir.RawText{Value: text}}}
}
