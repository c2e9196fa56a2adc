package check

import (
	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// choice checks a Choice state (R90 to R94).
func (c *checker) choice(in *scope, s *ast.State) {
	switch choices := s.Field("Choices"); {
	case choices == nil:
		c.errorf(s.Name.Span, diag.BadChoiceRule, "Choice %q has no Choices", s.Name.Text)
	case choices.Value.Kind == value.ArrayKind && len(choices.Value.Elements) == 0:
		c.errorf(choices.Value.Span, diag.BadChoiceRule, "Choices cannot be empty")
	}
	for _, r := range s.Choices {
		c.rule(s, r, true)
		c.target(in, "Next", r.Next)
	}
	if s.Field("Default") == nil {
		c.warnf(s.Name.Span, diag.NoDefault, "Choice %q has no Default: when no rule matches, the execution fails", s.Name.Text)
	} else {
		c.target(in, "Default", s.Default)
	}
}

func (c *checker) rule(s *ast.State, r *ast.Rule, top bool) {
	known := c.fields("a Choice rule", r.Fields, ast.RuleFields, c.jsonata(s))
	if next := r.Field("Next"); top && next == nil {
		c.errorf(r.Span, diag.BadChoiceRule, "this rule has no Next")
	} else if !top && next != nil {
		c.errorf(next.Span, diag.BadChoiceRule, "a rule inside And, Or or Not has no Next: the outermost has")
	}
	if assign := r.Field("Assign"); !top && assign != nil {
		c.errorf(assign.Span, diag.BadChoiceRule, "a rule inside And, Or or Not cannot assign variables: the outermost can")
	}
	switch {
	case c.jsonata(s):
		c.condition(r)
	case known:
		c.comparison(r)
	}
	c.operand(r)
	for _, inner := range [][]*ast.Rule{r.And, r.Or} {
		for _, r := range inner {
			c.rule(s, r, false)
		}
	}
	if r.Not != nil {
		c.rule(s, r.Not, false)
	}
}

// condition checks the Condition of a JSONata rule.
func (c *checker) condition(r *ast.Rule) {
	switch n := r.Condition; {
	case n == nil:
		c.errorf(r.Span, diag.BadCondition, "this rule has no Condition")
	case n.Kind == value.BoolKind, n.Kind == value.StringKind && (ast.IsExpression(n.Text) || ast.IsUnended(n.Text)):
	default:
		c.errorf(n.Span, diag.BadCondition, "Condition must be true, false or an expression between {%% and %%}")
	}
}

// comparison checks that a rule, whose fields are all known, compares once or combines once.
func (c *checker) comparison(r *ast.Rule) {
	var combining, comparing []*ast.Member
	for i := range r.Fields {
		switch m := &r.Fields[i]; {
		case m.Name == "And" || m.Name == "Or" || m.Name == "Not":
			combining = append(combining, m)
			if m.Value.Kind == value.ArrayKind && len(m.Value.Elements) == 0 {
				c.errorf(m.Value.Span, diag.BadComparison, "%s needs at least one rule", m.Name)
			}
		case ast.Operators[m.Name] != 0:
			comparing = append(comparing, m)
		}
	}
	variable := r.Field("Variable")
	switch {
	case len(combining) > 1:
		c.errorf(combining[1].Span, diag.BadComparison, "a rule has one of And, Or and Not, not %s and %s",
			combining[0].Name, combining[1].Name)
	case len(combining) == 1 && (variable != nil || comparing != nil):
		c.errorf(combining[0].Span, diag.BadComparison, "a rule either compares or combines rules with %s, not both",
			combining[0].Name)
	case len(combining) == 1:
	case len(comparing) > 1:
		c.errorf(comparing[1].Span, diag.BadComparison, "a rule has one comparison, not %s and %s",
			comparing[0].Name, comparing[1].Name).WithHint(`put two rules into "And"`)
	case variable == nil && comparing == nil:
		c.errorf(r.Span, diag.BadComparison, "this rule compares nothing: it needs a Variable and a comparison, or And, Or or Not")
	case variable == nil:
		c.errorf(comparing[0].Span, diag.BadComparison, "%s has no Variable to compare", comparing[0].Name)
	case comparing == nil:
		c.errorf(variable.Span, diag.BadComparison, "nothing compares this Variable")
	}
}

// operand checks the literal that a rule compares with.
func (c *checker) operand(r *ast.Rule) {
	n := r.Operand
	if n == nil {
		return
	}
	want, ok := "", false
	switch ast.Operators[r.Operator] {
	case ast.StringOperand, ast.PatternOperand:
		want, ok = "a string", n.Kind == value.StringKind
	case ast.NumberOperand:
		want, ok = "a number", n.Kind == value.NumberKind
	case ast.BooleanOperand:
		want, ok = "true or false", n.Kind == value.BoolKind
	case ast.TimestampOperand:
		want = "a timestamp as 2026-01-31T12:00:00Z"
		ok = n.Kind == value.StringKind && (isTimestamp(n.Text) || source.HasPlaceholder(n.Text))
	}
	if !ok {
		c.errorf(n.Span, diag.BadOperand, "%s compares with %s, not %s", r.Operator, want, c.file.Text(n.Span))
		return
	}
	if ast.Operators[r.Operator] == ast.PatternOperand {
		c.pattern(n)
	}
}

// pattern checks the escapes of StringMatches: a backslash stands before * or a backslash (R101).
func (c *checker) pattern(n *ast.Node) {
	for i := 0; i < len(n.Text); i++ {
		if n.Text[i] != '\\' {
			continue
		}
		if i++; i < len(n.Text) && (n.Text[i] == '*' || n.Text[i] == '\\') {
			continue
		}
		span := n.Span
		span.Start = c.file.InString(n.Span, i-1)
		c.errorf(span, diag.BadMatchPattern, "in a pattern a backslash stands before * or another backslash").
			WithHint(`in JSON: \\* or \\\\`)
		return
	}
}
