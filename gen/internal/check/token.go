package check

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/catalog"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
	"github.com/r-seed-632eed22/aslgen/runtime/jsonpath"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// token checks that a task that waits for its token passes it on: in JSONPath as $$.Task.Token, in JSONata as
// $states.context.Task.Token (R87, E46).
func (c *checker) token(s *ast.State, r catalog.Resource) {
	if r.Pattern != catalog.TokenPattern {
		return
	}
	where := c.passesToken(s)
	switch {
	case where.literal: // has a warning of its own
	case !where.read:
		c.warnf(s.Resource.Span, diag.TokenUnread, "nothing passes the task token on, so Task %q can only time out", s.Name.Text).
			WithHint(tokenHint(r, c.jsonata(s)))
	case r.Service == "ecs" && !where.placed:
		c.warnf(s.Resource.Span, diag.TokenUnplaced, "the task token reaches no container of Task %q", s.Name.Text).
			WithHint(tokenHint(r, c.jsonata(s)))
	}
}

// passesToken says what a Task does with its token.
func (c *checker) passesToken(s *ast.State) passed {
	where := passed{placed: s.InputPath != nil && s.InputPath.Expr != nil && readsToken(s.InputPath.Expr)}
	where.read = where.placed
	switch {
	case c.jsonata(s):
		where.jsonata(s.Arguments)
	case s.Parameters != nil:
		where.template(s.Parameters, nil)
	}
	return where
}

// tokenCarriers are the parameters that reach who reports back, by the service that is called.
var tokenCarriers = map[string]string{
	"lambda": "Payload", "sqs": "MessageBody", "sns": "Message", "states": "Input", "apigateway": "RequestBody",
}

// tokenHint says how a task passes its token on.
func tokenHint(r catalog.Resource, ata bool) string {
	suffix, token := ".$", taskToken
	if ata {
		suffix, token = "", "{% $states.context.Task.Token %}"
	}
	if r.RunsTask() {
		return fmt.Sprintf(`an override passes it: "Overrides": {"ContainerOverrides": [{"Name": "…", "Environment": [{"Name": "TASK_TOKEN", "Value%s": %q}]}]}`, suffix, token)
	}
	if carrier := tokenCarriers[r.Service]; carrier != "" {
		return fmt.Sprintf(`%s passes it: "%s": {"TaskToken%s": %q}`, carrier, carrier, suffix, token)
	}
	return fmt.Sprintf("a parameter that reaches who reports back passes it: %q", token)
}

// passed says what a template does with the task token.
type passed struct {
	read    bool // somewhere
	placed  bool // where a container of an ECS task sees it
	literal bool // its path is there as plain text
}

// containerPath is the way through the parameters of RunTask to what a container sees.
var containerPath = []string{"Overrides", "ContainerOverrides"}

func (p *passed) template(n *ast.Node, path []string) {
	for i := range n.Members {
		m := &n.Members[i]
		name, dynamic := strings.CutSuffix(m.Name, ".$")
		inner := append(slices.Clip(path), name)
		switch {
		case !dynamic:
			p.template(m.Value, inner)
		case m.Value.Expr == nil || source.HasPlaceholder(m.Value.Text) || readsToken(m.Value.Expr): // a placeholder may say it
			p.read = true
			p.placed = p.placed || reachesContainer(inner)
		}
	}
	for _, e := range n.Elements {
		p.template(e, path)
	}
	p.literal = p.literal || n.Kind == value.StringKind && n.Text == taskToken
}

// tokenInJSONata matches $states.context.Task.Token and what holds it.
var tokenInJSONata = regexp.MustCompile(`\$states(\.context(\.Task(\.Token)?)?)?([^.\w]|$)`)

// jsonata looks for the token in the expressions of a JSONata state by its name.
func (p *passed) jsonata(n *ast.Node) {
	if n == nil {
		return
	}
	if ast.IsExpression(n.Text) && tokenInJSONata.MatchString(n.Text) {
		p.read, p.placed = true, true
	}
	for i := range n.Members {
		p.jsonata(n.Members[i].Value)
	}
	for _, e := range n.Elements {
		p.jsonata(e)
	}
}

// reachesContainer reports whether a value at the path through the parameters of RunTask is, or holds, an Environment or
// a Command of a container.
func reachesContainer(path []string) bool {
	n := min(len(path), len(containerPath))
	if !slices.Equal(path[:n], containerPath[:n]) {
		return false
	}
	return len(path) <= len(containerPath) || path[2] == "Environment" || path[2] == "Command"
}

// readsToken reports whether the expression's value is, or holds, the task token.
func readsToken(e *ast.Expr) bool {
	if e.Path != nil {
		return pathReadsToken(e.Path)
	}
	return e.Call != nil && slices.ContainsFunc(e.Call.Paths(), pathReadsToken)
}

func pathReadsToken(p *jsonpath.Path) bool {
	if p.Root() != jsonpath.Context {
		return false
	}
	names, _ := p.Names()
	for i, want := range []string{"Task", "Token"} {
		if i < len(names) && names[i] != want {
			return false
		}
	}
	return true
}
