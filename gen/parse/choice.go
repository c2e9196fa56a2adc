package parse

import "github.com/r-seed-632eed22/aslgen/gen/ast"

func (d *decoder) rules(m *ast.Member) []*ast.Rule {
	rules := []*ast.Rule{} // not nil: the field is written
	for _, n := range d.objects(m) {
		rules = append(rules, d.rule(n))
	}
	return rules
}

func (d *decoder) rule(n *ast.Node) *ast.Rule {
	r := &ast.Rule{Span: n.Span, Fields: n.Members}
	for i := range r.Fields {
		d.ruleField(r, &r.Fields[i])
	}
	return r
}

func (d *decoder) ruleField(r *ast.Rule, m *ast.Member) {
	switch m.Name {
	case "Comment":
		d.string(m)
	case "And":
		r.And = d.rules(m)
	case "Or":
		r.Or = d.rules(m)
	case "Not":
		if d.object(m) {
			r.Not = d.rule(m.Value)
		}
	case "Variable":
		r.Variable = d.path(m, fullPath)
	case "Next":
		r.Next = d.string(m)
	case "Assign":
		r.Assign = d.template(m)
	case "Condition":
		r.Condition = m.Value
	case "Output":
		r.Output = m.Value
	default:
		d.comparison(r, m)
	}
}

// comparison decodes a comparison operator. Of several in a rule the first is kept.
func (d *decoder) comparison(r *ast.Rule, m *ast.Member) {
	operand, known := ast.Operators[m.Name]
	if !known || r.Operator != "" {
		return
	}
	r.Operator, r.OpSpan = m.Name, m.Span
	if operand == ast.PathOperand {
		r.Path = d.path(m, fullPath)
	} else {
		r.Operand = m.Value
	}
}
