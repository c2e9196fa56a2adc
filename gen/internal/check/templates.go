package check

import (
	"regexp"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/catalog"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// pass checks a Pass state: its Result is static (R120).
func (c *checker) pass(s *ast.State) {
	if s.Result != nil && !c.jsonata(s) {
		c.staticResult(s.Result)
	}
}

func (c *checker) staticResult(n *ast.Node) {
	if ast.IsExpression(n.Text) {
		c.warnf(n.Span, diag.StaticResult, "Result is static: this expression is not evaluated")
	}
	for i := range n.Members {
		if m := &n.Members[i]; strings.HasSuffix(m.Name, ".$") {
			c.warnf(m.Span, diag.StaticResult, "Result is static: %q is not evaluated", m.Name).WithHint(`"Parameters" is`)
		}
		c.staticResult(n.Members[i].Value)
	}
	for _, e := range n.Elements {
		c.staticResult(e)
	}
}

// templates looks through the payload templates of a JSONPath state for texts that were meant to be evaluated (R50, R52).
func (c *checker) templates(s *ast.State) {
	if c.jsonata(s) {
		return
	}
	for f, m := range s.Written() {
		if f.Kind.IsTemplate() && m.Value.Kind == value.ObjectKind {
			c.forgotten(m.Value)
		}
	}
}

// deployedOnly looks for functions of CloudFormation in what a state sends. AWS takes them there, as the data they are. Those
// in the parameters of RunTask have been found.
func (c *checker) deployedOnly(s *ast.State) {
	if s.Resource != nil {
		if r, _, _ := catalog.ParseResource(s.Resource.Text); r.RunsTask() {
			return
		}
	}
	for _, name := range []string{"Parameters", "Arguments", "ItemSelector"} {
		if m := s.Field(name); m != nil {
			c.functions(m.Value, name)
		}
	}
}

func (c *checker) functions(n *ast.Node, field string) {
	if function := n.CloudFormation(); function != "" {
		c.list.DeployedOnly(c.file, n.Span, function, field).Severity = diag.Warning
		return
	}
	for i := range n.Members {
		c.functions(n.Members[i].Value, n.Members[i].Name)
	}
	for _, e := range n.Elements {
		c.functions(e, field)
	}
}

var looksDynamic = regexp.MustCompile(`^(\$\$?\.\.?[\pL_]|\$\$?\[|States\.[A-Za-z0-9]+\()`)

const taskToken = "$$.Task.Token"

func (c *checker) forgotten(n *ast.Node) {
	for i := range n.Members {
		m := &n.Members[i]
		switch {
		case strings.HasSuffix(m.Name, ".$"):
			continue
		case m.Value.Kind != value.StringKind:
			c.forgotten(m.Value)
		case m.Value.Text == taskToken:
			c.warnf(m.Value.Span, diag.TokenLiteral, "this is the text %s, not the token", taskToken).WithHint(evaluated(m.Name))
		case looksDynamic.MatchString(m.Value.Text):
			c.warnf(m.Value.Span, diag.ForgottenSuffix, "this is passed on as text, not evaluated").WithHint(evaluated(m.Name))
		}
	}
	for _, e := range n.Elements {
		switch {
		case e.Kind != value.StringKind:
			c.forgotten(e)
		case e.Text == taskToken:
			c.warnf(e.Span, diag.TokenLiteral, "this is the text %s, not the token", taskToken).WithHint(elementHint)
		case looksDynamic.MatchString(e.Text):
			c.warnf(e.Span, diag.ForgottenSuffix, "this is passed on as text: an element of an array is not evaluated").
				WithHint(elementHint)
		}
	}
}

const elementHint = `States.Array under a name that ends in .$ makes an array of values`

func evaluated(name string) string { return `"` + name + `.$" is evaluated` }
