package infer

import (
	"fmt"
	"slices"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/catalog"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/shape"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
	"github.com/r-seed-632eed22/aslgen/runtime/intrinsic"
	"github.com/r-seed-632eed22/aslgen/runtime/jsonata"
)

const errorTimeout = "States.Timeout"

// plainCauses returns the errors of an ECS task that a catcher takes, and none before it, and whose cause is no JSON: only those
// of a task that has failed, and of one that did not start, are (E31).
func plainCauses(s *ast.State, index int) (names []string) {
	if s.Type.Text != "Task" {
		return nil
	}
	r, _, _ := catalog.ParseResource(s.Resource.Text)
	if r.Service != "ecs" {
		return nil
	}
	errors, _ := r.Errors()
	all := errors.Names
	if s.Field("TimeoutSeconds") != nil || s.Field("TimeoutSecondsPath") != nil {
		all = append([]string{errorTimeout}, all...)
	}
	for _, name := range all {
		first := slices.IndexFunc(s.Catch, func(c *ast.Catcher) bool { return takesError(c.ErrorEquals, name) })
		if first == index {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// takesError reports whether a catcher takes an error (R174).
func takesError(equals []ast.String, name string) bool {
	return slices.ContainsFunc(equals, func(e ast.String) bool {
		return e.Text == name || e.Text == "States.ALL" || e.Text == "States.TaskFailed" && name != errorTimeout
	})
}

// notJSON reports that a cause is read as JSON which need not be.
func (e *evaluation) notJSON(function string, span source.Span, causes []string) {
	listed := slices.DeleteFunc(slices.Clone(causes), func(name string) bool { return name == errorTimeout })
	if len(listed) > 2 {
		listed = append(listed[:2:2], "…")
	}
	if slices.Contains(causes, errorTimeout) {
		listed = append([]string{errorTimeout}, listed...)
	}
	e.finding(span, wrong{code: diag.CauseNotJSON,
		message: fmt.Sprintf("%s fails where the cause is no JSON, and the catcher takes such errors too: %s", function, strings.Join(listed, ", ")),
		hint:    "of ECS tasks only States.TaskFailed itself and AmazonECS.Unknown have JSON as their cause: give the others a catcher before this one, or look at the Error first"})
}

// parses reports a call of States.StringToJson for a cause, unless some Choice looks at the cause or its error.
func (e *evaluation) parses(c *intrinsic.Call, of *shape.JSON, x *ast.Expr) {
	arg, ok := c.Args[0].(*intrinsic.PathArg)
	if !ok || of.CauseOf == nil {
		return
	}
	cause := arg.Path.String()
	if e.looksAt[cause] || e.looksAt[strings.TrimSuffix(cause, "Cause")+"Error"] {
		return
	}
	e.notJSON(c.Function, x.Span, of.CauseOf)
}

// parses reports a call of $parse for a cause, unless the expression or some Choice looks at a cause or an error.
func (r *reading) parses(of given, n *jsonata.Node) {
	if of.json.CauseOf == nil || r.looksAt[conditions] || looksAtError(r.x.JSONata) > 1 {
		return
	}
	r.notJSON("$parse", r.span(n.Start, n.End), of.json.CauseOf)
}

// conditions stands for the Conditions of Choice states among what is tested.
const conditions = "Condition"

// findTests notes what the Choice states of a machine look at.
func (a *analysis) findTests(m *ast.Machine) {
	for _, s := range m.States {
		for i := range s.Choices {
			a.findTestsOf(s.Choices[i])
		}
		for _, b := range s.Branches {
			a.findTests(b)
		}
		if s.ItemProcessor != nil {
			a.findTests(s.ItemProcessor)
		}
	}
}

func (a *analysis) findTestsOf(r *ast.Rule) {
	if r.Variable != nil && r.Variable.Expr != nil {
		a.looksAt[r.Variable.Expr.Text] = true
	}
	if c := r.Condition; c != nil && c.Expr != nil && c.Expr.JSONata != nil && looksAtError(c.Expr.JSONata) > 0 {
		a.looksAt[conditions] = true
	}
	for _, inner := range slices.Concat(r.And, r.Or) {
		a.findTestsOf(inner)
	}
	if r.Not != nil {
		a.findTestsOf(r.Not)
	}
}

// looksAtError returns how often an expression reads a member Error or Cause.
func looksAtError(x *jsonata.Expr) (times int) {
	for _, ref := range x.References() {
		if i := len(ref.Fields) - 1; i >= 0 && (ref.Fields[i].Name == "Error" || ref.Fields[i].Name == "Cause") {
			times++
		}
	}
	return times
}
