package iam

import (
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// call is a call that a state makes.
type call struct {
	*writer
	state      *ast.State
	parameters *ast.Node // nil if there are none, or if an expression makes them
	ata        bool      // the state's language is JSONata
	at         source.Span
}

// argument is what a definition says of a parameter.
type argument struct {
	name  string // of the parameter
	text  string
	known bool // text is all that the value will be, up to placeholders
	given bool
	span  source.Span
	node  *ast.Node
}

// argument returns what the parameter at a path holds: the name or ARN of something.
func (c *call) argument(path ...string) argument { return c.name(c.find(c.parameters, path...)) }

// freeText returns what a parameter holds in which any character may stand: a key, a path. In a policy it stands for itself.
func (c *call) freeText(path ...string) argument {
	a := c.find(c.parameters, path...)
	a.text = literal.Replace(a.text)
	return a
}

// literal writes the characters of patterns as a policy has them for themselves (IAM User Guide, "IAM policy elements:
// Variables and tags").
var literal = strings.NewReplacer("*", "${*}", "?", "${?}")

// nothing stands for what is not there: a permission whose resource or condition has it is left out.
const nothing = "\uFFFF"

// name returns an argument that names something. No name at AWS has the characters that are patterns in a policy, so such a
// one names nothing.
func (c *call) name(a argument) argument {
	if !a.known || !strings.ContainsAny(a.text, "*?") {
		return a
	}
	if !c.unnamed[a.span] {
		c.unnamed[a.span] = true
		c.warnf(a.span, diag.PatternInName, "%q has * or ?, which no name at AWS has: the policy does not allow the call", a.text)
	}
	a.text = strings.NewReplacer("*", nothing, "?", nothing).Replace(a.text)
	return a
}

func (c *call) find(n *ast.Node, path ...string) argument {
	if n == nil {
		return argument{given: c.dynamic(), span: c.at}
	}
	for i := range n.Members {
		m := &n.Members[i]
		name, evaluated := strings.CutSuffix(m.Name, ".$")
		if c.ata {
			name, evaluated = m.Name, ast.IsExpression(m.Value.Text)
		}
		switch {
		case name != path[0]:
		case evaluated:
			return argument{given: true, span: m.Span, node: m.Value}
		case len(path) > 1:
			return c.find(m.Value, path[1:]...)
		default:
			known := m.Value.Kind == value.StringKind && m.Value.Text != ""
			return argument{name: name, text: m.Value.Text, known: known, given: m.Value.Kind != value.NullKind, span: m.Span, node: m.Value}
		}
	}
	return argument{span: c.at}
}

// dynamic reports whether an expression makes all parameters.
func (c *call) dynamic() bool {
	return c.ata && c.state.Arguments != nil && ast.IsExpression(c.state.Arguments.Text)
}

// resource returns the ARN of what a parameter names: as it is given if that is an ARN or a placeholder, else made of the
// name. If it is not known, that is any of its kind, with a note.
func (c *call) resource(a argument, what, service, prefix string) string {
	switch {
	case !a.known:
		c.wide(a, what)
		return c.arn(service, prefix+"*")
	case strings.HasPrefix(a.text, "arn:"), c.placedARN(a):
		return a.text
	}
	return c.arn(service, prefix+a.text)
}

// placedARN reports whether a text begins with a placeholder that is an ARN by its name, as ${TaskDefinitionArn} and
// ${Job.Arn} are, or by that of the parameter.
func (c *call) placedARN(a argument) bool {
	parts, names := source.Split(a.text)
	return len(names) > 0 && parts[0] == "" && (strings.HasSuffix(a.name, "Arn") || strings.HasSuffix(strings.ToLower(names[0]), "arn"))
}

// wide notes that the policy allows more than one thing of a kind.
func (c *call) wide(a argument, what string) {
	if !a.given {
		c.warnf(c.at, diag.WidePermission, "Task %q does not say which %s: the policy allows any", c.state.Name.Text, what)
		return
	}
	c.warnf(a.span, diag.WidePermission, "which %s it is, is not known before it runs: the policy allows any", what)
}
