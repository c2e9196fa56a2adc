package infer

import (
	"slices"
	"strconv"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/shape"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
	"github.com/r-seed-632eed22/aslgen/runtime/jsonata"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// This file finds examples of data from outside with which a machine goes on: those by which the first rule of a Choice holds
// that leads to an end which is no failure.

// examples notes by which data the Choice leads on.
func (e *evaluation) examples() {
	if !e.report {
		return
	}
	rules := e.state.Choices
	first := slices.IndexFunc(rules, func(r *ast.Rule) bool { return e.leadsOn(r.Next) })
	if first >= 0 {
		e.let(rules[first], true)
		rules = rules[:first]
	}
	for _, r := range rules {
		e.let(r, false)
	}
}

// leadsOn reports whether a way from a state leads to an end that is no failure, without coming back to the Choice.
func (e *evaluation) leadsOn(next *ast.String) bool {
	seen := map[*ast.State]bool{e.state: true}
	for queue := []*ast.String{next}; len(queue) > 0; queue = queue[1:] {
		s := e.named(queue[0])
		if s == nil || seen[s] {
			continue
		}
		seen[s] = true
		if s.Type.Text != "Fail" && s.Ends() {
			return true
		}
		queue = slices.AppendSeq(queue, s.Onward())
	}
	return false
}

// let notes data by which a rule holds, or does not.
func (e *evaluation) let(r *ast.Rule, holds bool) {
	inner := slices.Concat(r.And, r.Or)
	switch {
	case r.Condition != nil && r.Condition.Expr != nil && r.Condition.Expr.JSONata != nil:
		e.letExpression(r.Condition.Expr.JSONata.Tree(), holds)
	case r.Not != nil:
		e.let(r.Not, !holds)
	case len(inner) > 0 && (r.And != nil) == holds:
		for _, next := range inner {
			e.let(next, holds)
		}
	case len(inner) > 0:
		e.let(inner[0], holds)
	case r.Operand != nil && r.Variable != nil && r.Variable.Expr != nil && r.Variable.Expr.Path != nil:
		at := e.walk(r.Variable.Expr.Path).at
		if r.Operator == "IsPresent" {
			unwant(at, (r.Operand.Text == "true") != holds)
		} else {
			suggest(at, compared(r.Operator, r.Operand, holds))
		}
	}
}

// typeTests are examples of data for which tests of the type are true.
var typeTests = map[string]string{"IsNumeric": "1", "IsNull": "null", "IsBoolean": "true", "IsTimestamp": `"2025-01-01T00:00:00Z"`}

// compared returns JSON that compares with a literal as wanted, "" if none is known.
func compared(operator string, literal *ast.Node, holds bool) string {
	switch {
	case source.HasPlaceholder(literal.Text):
		return ""
	case operator == "BooleanEquals":
		return strconv.FormatBool((literal.Text == "true") == holds)
	case !holds:
		return ""
	case operator == "StringMatches" && !strings.Contains(literal.Text, `\`):
		return value.String(strings.ReplaceAll(literal.Text, "*", "x")).String()
	case operator == "NumericGreaterThan":
		return beside(literal.Text, 1)
	case operator == "NumericLessThan":
		return beside(literal.Text, -1)
	case strings.HasSuffix(operator, "Equals") && literal.Kind == value.StringKind:
		return value.String(literal.Text).String()
	case strings.HasSuffix(operator, "Equals"):
		return literal.Text
	case literal.Text == "true":
		return typeTests[operator]
	}
	return ""
}

// beside returns a number near another one.
func beside(number string, by float64) string {
	f, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return ""
	}
	return strconv.FormatFloat(f+by, 'f', -1, 64)
}

// letExpression notes data by which a part of a JSONata condition holds, or does not.
func (e *evaluation) letExpression(n *jsonata.Node, holds bool) {
	switch {
	case n.Kind == jsonata.BlockNode && len(n.Parts) == 1, n.Kind == jsonata.CallNode && n.Name == "boolean" && len(n.Parts) == 1:
		e.letExpression(n.Parts[0], holds)
	case n.Kind == jsonata.CallNode && n.Name == "not" && len(n.Parts) == 1:
		e.letExpression(n.Parts[0], !holds)
	case n.Kind == jsonata.CallNode && n.Name == "exists" && len(n.Parts) == 1:
		unwant(e.plain(n.Parts[0]), !holds)
	case n.Kind == jsonata.PathNode:
		suggest(e.plain(n), strconv.FormatBool(holds))
	case n.Kind != jsonata.OperatorNode || len(n.Parts) != 2:
	case n.Name == "and" || n.Name == "or":
		parts := n.Parts
		if (n.Name == "and") != holds {
			parts = parts[:1]
		}
		for _, part := range parts {
			e.letExpression(part, holds)
		}
	case n.Parts[1].Kind == jsonata.LiteralNode:
		suggest(e.plain(n.Parts[0]), comparedTo(n.Name, n.Parts[1].Value, holds))
	}
}

// comparedTo is compared for the operators of JSONata.
func comparedTo(operator string, literal value.Value, holds bool) string {
	if !holds {
		opposite := map[string]string{"=": "!=", "!=": "=", "<": ">=", ">": "<=", "<=": ">", ">=": "<"}
		operator = opposite[operator]
	}
	switch operator {
	case "=", "<=", ">=":
		return literal.String()
	case ">":
		return beside(literal.String(), 1)
	case "<":
		return beside(literal.String(), -1)
	}
	return ""
}

// plain returns what a path of names from a variable leads to, nil if that is not known.
func (e *evaluation) plain(n *jsonata.Node) *shape.JSON {
	if n.Kind != jsonata.PathNode || n.Filters != nil || n.Parts[0].Kind != jsonata.VariableNode {
		return nil
	}
	var names []string
	for _, step := range n.Parts[1:] {
		if step.Kind != jsonata.NameNode || step.Filters != nil {
			return nil
		}
		names = append(names, step.Name)
	}
	j, names, there := e.ataRoot(n.Parts[0].Name, names)
	for _, name := range names {
		if there == shape.Never {
			return nil
		}
		j, there = j.Member(name)
	}
	return j
}

// suggest notes an example of data from outside. The first that is found stays.
func suggest(j *shape.JSON, example string) {
	if j == nil || example == "" {
		return
	}
	for _, n := range j.Origins {
		if n.Example == "" {
			n.Example = example
		}
	}
}

// unwant notes whether data from outside had better be left out.
func unwant(j *shape.JSON, unwanted bool) {
	if j == nil || !unwanted {
		return
	}
	for _, n := range j.Origins {
		n.Unwanted = true
	}
}
