package infer

import (
	"fmt"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/catalog"
	"github.com/r-seed-632eed22/aslgen/gen/internal/shape"
	"github.com/r-seed-632eed22/aslgen/runtime/jsonpath"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// state returns where a state leads, and with what.
func (a *analysis) state(s *scope, state *ast.State, in flow) []edge {
	e := &evaluation{scope: s, state: state, flow: in, document: in.document}
	if state.JSONata(a.program.Machine) {
		return e.jsonata()
	}
	if state.Type.Text == "Fail" {
		e.paths()
		return nil
	}
	e.document = e.effective(state.InputPath)
	switch state.Type.Text {
	case "Choice":
		return e.choice()
	case "Wait":
		e.paths()
		return e.done(e.document, e.assigned(state.Assign, e.document))
	case "Succeed":
		return []edge{{with: flow{e.output(e.document), in.variables}}}
	}
	effective := e.document
	e.work()
	e.sometimes = false
	variables := e.assigned(state.Assign, e.document)
	if state.ResultSelector != nil {
		e.document = e.template(state.ResultSelector, nil)
	}
	merged := e.merge(state.ResultPath, e.document, fmt.Sprintf("ResultPath of %q", state.Name.Text))
	edges := e.done(merged, variables)
	e.document = effective
	return append(edges, e.caught()...)
}

// work sets the document to the result of the state's work.
func (e *evaluation) work() {
	switch e.state.Type.Text {
	case "Pass":
		e.pass()
	case "Task":
		e.task()
	case "Parallel":
		e.parallel()
	case "Map":
		e.mapState()
	}
}

// done returns where the state goes with its output.
func (e *evaluation) done(document, variables *shape.JSON) []edge {
	document = e.output(document)
	return []edge{{to: e.named(e.state.Next), with: flow{document, variables}}}
}

func (e *evaluation) pass() {
	if e.state.Parameters != nil {
		e.document = e.template(e.state.Parameters, nil)
	}
	if e.state.Result != nil {
		e.document = literal(e.state.Result, fmt.Sprintf("Result of %q", e.state.Name.Text))
	}
}

func (e *evaluation) task() {
	s := e.state
	r, _, _ := catalog.ParseResource(s.Resource.Text)
	e.token = r.Waits() || r.Kind == catalog.UnknownResource
	e.paths()
	if s.Credentials != nil {
		e.template(s.Credentials, nil)
	}
	if s.Parameters != nil {
		parameters := e.template(s.Parameters, r.Parameters())
		if declared := e.options.Parameters[s.Name.Text]; declared != nil {
			e.declaredParameters(s.Parameters, parameters, declared)
		}
	} else if declared := e.options.Parameters[s.Name.Text]; declared != nil {
		e.declared(s.Name.Span, Misfit(e.document, declared, "the input"), declared)
	} else {
		e.goesOn(e.document)
	}
	e.token = false
	e.document = e.result(s, r)
}

// result is what a task gives: what the user has said, what the integration is known for, or what is read of it.
func (e *evaluation) result(s *ast.State, r catalog.Resource) *shape.JSON {
	if given := e.options.Results[s.Name.Text]; given != nil {
		return given
	}
	need := e.program.Results[s]
	if need == nil {
		need = &shape.Need{Model: modelOf(r)}
		e.program.Results[s] = need
	}
	known := r.Result()
	if r.Pattern == catalog.SyncPattern && e.readsToken {
		known = shape.Any // who has the token may end the task with anything (E39c)
	}
	return sourced(known, need)
}

// sourced is what is known, where what is not comes from the need.
func sourced(known *shape.JSON, n *shape.Need) *shape.JSON {
	if known.Closed {
		return known
	}
	out := *known
	out.Origins = []*shape.Need{n}
	if n.Model != nil {
		out.Kinds = n.Model.Kinds()
	}
	out.Fields = append([]shape.Field{}, known.Fields...)
	for i, f := range out.Fields {
		if f.JSON.IsAny() {
			out.Fields[i].JSON = &shape.JSON{Kinds: shape.AnyKind, Origins: []*shape.Need{n.Member(f.Name)}}
		}
	}
	return &out
}

func (e *evaluation) parallel() {
	if e.state.Parameters != nil {
		e.document = e.template(e.state.Parameters, nil)
	}
	var elem *shape.JSON
	for _, b := range e.state.Branches {
		if out := e.follow(b, flow{e.document, e.variables}, e.item); out != nil {
			elem = shape.Join(elem, out)
		}
	}
	e.document = shape.ArrayOf(elem, len(e.state.Branches))
}

func (e *evaluation) mapState() {
	s := e.state
	e.paths()
	distributed := s.ItemProcessor.IsDistributed()
	elem := e.items(distributed)
	item := mapItem(elem)
	outer := e.item
	e.item, e.sometimes = item, true
	if selector := selectorOf(s); selector != nil {
		e.selects = true
		elem = e.template(selector, nil)
		e.selects = false
	}
	elem = e.batches(elem)
	inside := item
	variables := e.variables
	if distributed {
		inside, variables = nil, shape.Nothing // children see neither (R63, 1.9)
	}
	e.item = outer
	out := e.follow(s.ItemProcessor, flow{elem, variables}, inside)
	e.document = shape.Array(out)
	if s.ResultWriter != nil && s.ResultWriter.Resource != nil {
		e.document = shape.Object(shape.Field{Name: "MapRunArn", JSON: shape.Text}, shape.Field{Name: "ResultWriterDetails",
			JSON: shape.Object(shape.Field{Name: "Bucket", JSON: shape.Text}, shape.Field{Name: "Key", JSON: shape.Text})})
	}
}

// mapItem is $$.Map.Item (1.9).
func mapItem(elem *shape.JSON) *shape.JSON {
	return shape.Object(shape.Field{Name: "Index", JSON: shape.Int}, shape.Field{Name: "Value", JSON: elem},
		shape.Field{Name: "Key", JSON: shape.Any, Optional: true}, shape.Field{Name: "Source", JSON: shape.Text, Optional: true})
}

// items returns what an item of the Map is.
func (e *evaluation) items(distributed bool) *shape.JSON {
	if reader := e.state.ItemReader; reader != nil {
		if reader.Parameters != nil {
			e.template(reader.Parameters, nil)
		}
		return shape.Any
	}
	items := e.document
	if p := e.state.ItemsPath; p != nil && p.Expr != nil {
		items = e.expr(p.Expr, "ItemsPath", array)
	} else if items.Kinds&(shape.ArrayKind|shape.ObjectKind) == 0 || !distributed && items.Kinds&shape.ArrayKind == 0 {
		e.misfit(e.state.Name.Span, wrongInput(e.state.Name.Text, items), items)
	}
	if distributed && items.Kinds&shape.ObjectKind != 0 {
		return shape.Any
	}
	e.iterates(items)
	elem, _ := items.Element()
	return elem
}

// batches is what a child execution gets of items.
func (e *evaluation) batches(elem *shape.JSON) *shape.JSON {
	b := e.state.ItemBatcher
	if b == nil {
		return elem
	}
	batch := shape.Object(shape.Field{Name: "Items", JSON: shape.Array(elem)})
	if b.BatchInput != nil {
		batch = batch.With(shape.Field{Name: "BatchInput", JSON: e.template(b.BatchInput, nil)})
	}
	return batch
}

// caught returns where the catchers lead (R30, R180).
func (e *evaluation) caught() (edges []edge) {
	from := fmt.Sprintf("Catch of %q", e.state.Name.Text)
	for i, c := range e.state.Catch {
		output := errorOutput(from, plainCauses(e.state, i))
		variables := e.assigned(c.Assign, output)
		merged := e.merge(c.ResultPath, output, from)
		edges = append(edges, edge{to: e.named(c.Next), with: flow{merged, variables}})
	}
	return edges
}

// errorOutput is what a catcher is given (R181), for whose errors the causes are plain text.
func errorOutput(from string, plain []string) *shape.JSON {
	cause := *textOrNull
	cause.CauseOf = plain
	return shape.Object(shape.Field{Name: "Error", JSON: textOrNull, From: from}, shape.Field{Name: "Cause", JSON: &cause, From: from})
}

var textOrNull = shape.Join(shape.Text, shape.Null)

// merge puts a result into the state's raw input by a ResultPath (R29).
func (e *evaluation) merge(p *ast.Path, result *shape.JSON, from string) *shape.JSON {
	switch {
	case p == nil:
		return result
	case p.Null:
		return e.flow.document
	case p.Expr == nil || p.Expr.Path == nil:
		return shape.Any
	}
	var names []string
	for _, step := range p.Expr.Path.Steps() {
		if step.Kind != jsonpath.MemberStep {
			return shape.Any
		}
		names = append(names, step.Name)
	}
	if len(names) == 0 {
		return result
	}
	return set(e.flow.document, names, result, from)
}

func set(j *shape.JSON, names []string, to *shape.JSON, from string) *shape.JSON {
	if len(names) > 1 {
		inner, there := j.Member(names[0])
		if there == shape.Never {
			inner = shape.Nothing
		}
		to = set(inner, names[1:], to, from)
	}
	return j.With(shape.Field{Name: names[0], JSON: to, From: from})
}

// assigned returns the variables after an Assign whose $ is the document (R60).
func (e *evaluation) assigned(t *ast.Node, document *shape.JSON) *shape.JSON {
	if t == nil {
		return e.variables
	}
	before := e.document
	e.document = document
	v := e.template(t, nil)
	e.document = before
	variables := e.variables
	for _, f := range v.Fields {
		f.From = fmt.Sprintf("Assign of %q", e.state.Name.Text)
		variables = variables.With(f)
	}
	return variables
}

// selectorOf returns ItemSelector, or Parameters by its older name.
func selectorOf(s *ast.State) *ast.Node {
	if s.ItemSelector != nil && s.ItemSelector.Kind == value.ObjectKind {
		return s.ItemSelector
	}
	return s.Parameters
}
