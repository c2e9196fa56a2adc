// Package graph draws machines: as Mermaid, as DOT for Graphviz, and as SVG, which it lays out itself.
package graph

import (
	"strconv"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
)

// graph is a machine, a branch or an item processor as it is drawn.
type graph struct {
	nodes []*node // the first is where it starts
	edges []*edge
}

// node is a state, or where a machine starts or ends.
type node struct {
	id, name, kind string
	inside         []*graph // the branches of a Parallel, the processor of a Map
	each           string   // of a Map: how it goes over its items

	box
	rank int
	room float64 // how wide the labels are above it
}

// edge is a transition.
type edge struct {
	from, to *node
	label    string
	caught   bool    // by a catcher
	passes   []*node // the empty nodes of the rows between
}

// The kinds of nodes that are no states.
const (
	start = "start"
	end   = "end"
)

// builder gives nodes their ids.
type builder struct{ count int }

func (b *builder) node(name, kind string) *node {
	b.count++
	return &node{id: "n" + strconv.Itoa(b.count), name: name, kind: kind}
}

// of returns the graph of a machine.
func (b *builder) of(m *ast.Machine) *graph {
	begin := b.node("", start)
	g := &graph{nodes: []*node{begin}}
	var over *node
	states := map[string]*node{}
	for _, s := range m.States {
		n := b.node(s.Name.Text, s.Type.Text)
		for _, inner := range s.Machines() {
			n.inside = append(n.inside, b.of(inner))
		}
		if n.kind == "Map" {
			n.each = "each item"
			if s.ItemProcessor != nil && s.ItemProcessor.ProcessorConfig != nil && s.ItemProcessor.ProcessorConfig.Mode.Is("DISTRIBUTED") {
				n.each = "each item, distributed"
			}
		}
		states[n.name] = n
		g.nodes = append(g.nodes, n)
	}
	join := func(from *node, to *ast.String, label string, caught bool) {
		if to != nil && states[to.Text] != nil {
			g.edges = append(g.edges, &edge{from: from, to: states[to.Text], label: label, caught: caught})
		}
	}
	join(begin, m.StartAt, "", false)
	for _, s := range m.States {
		n := states[s.Name.Text]
		for _, r := range s.Choices {
			join(n, r.Next, rule(r), false)
		}
		join(n, s.Default, "otherwise", false)
		join(n, s.Next, "", false)
		for _, c := range s.Catch {
			join(n, c.Next, listed(c.ErrorEquals), true)
		}
		if s.Ends() && n.kind != "Fail" {
			if over == nil {
				over = b.node("", end)
			}
			g.edges = append(g.edges, &edge{from: n, to: over})
		}
	}
	if over != nil {
		g.nodes = append(g.nodes, over)
	}
	return g
}

// most is how many characters of a label are shown.
const most = 34

func short(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if letters := []rune(text); len(letters) > most {
		return string(letters[:most-1]) + "…"
	}
	return text
}

func listed(names []ast.String) string {
	var all []string
	for _, n := range names {
		all = append(all, n.Text)
	}
	return short(strings.Join(all, ", "))
}

// rule says what a rule of a Choice asks, in short.
func rule(r *ast.Rule) string {
	switch {
	case r.Condition != nil:
		return short(strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(r.Condition.Text), "{%"), "%}")))
	case r.Not != nil:
		return short("not " + rule(r.Not))
	case r.And != nil:
		return short(rules(r.And, " and "))
	case r.Or != nil:
		return short(rules(r.Or, " or "))
	case r.Variable == nil || r.Variable.Expr == nil:
		return ""
	}
	text := r.Variable.Expr.Text + " " + operators[strings.TrimSuffix(r.Operator, "Path")]
	switch {
	case operators[strings.TrimSuffix(r.Operator, "Path")] == "":
		text = r.Variable.Expr.Text + " " + r.Operator
	case r.Path != nil && r.Path.Expr != nil:
		text += " " + r.Path.Expr.Text
	case r.Operand != nil:
		text += " " + r.Operand.Text
	}
	return short(text)
}

func rules(all []*ast.Rule, word string) string {
	var parts []string
	for _, r := range all {
		parts = append(parts, rule(r))
	}
	return strings.Join(parts, word)
}

var operators = map[string]string{
	"StringEquals": "=", "NumericEquals": "=", "BooleanEquals": "=", "TimestampEquals": "=",
	"StringLessThan": "<", "NumericLessThan": "<", "TimestampLessThan": "<", "StringGreaterThan": ">", "NumericGreaterThan": ">", "TimestampGreaterThan": ">",
	"StringLessThanEquals": "≤", "NumericLessThanEquals": "≤", "TimestampLessThanEquals": "≤",
	"StringGreaterThanEquals": "≥", "NumericGreaterThanEquals": "≥", "TimestampGreaterThanEquals": "≥", "StringMatches": "like",
}
