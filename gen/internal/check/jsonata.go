package check

import (
	"regexp"
	"slices"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
	"github.com/r-seed-632eed22/aslgen/runtime/jsonata"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// expressionsOf checks the expressions of a JSONata state: what in them can only fail, and what they read of $states.
func (c *checker) expressionsOf(s *ast.State) {
	if !c.jsonata(s) {
		return
	}
	kind := ""
	if s.Type != nil {
		kind = s.Type.Text
	}
	for i := range s.Fields {
		m := &s.Fields[i]
		switch f := ast.StateFields.Named(m.Name); {
		case f != nil && f.Kind == ast.Machines:
		case m.Name == "Catch":
			for _, h := range m.Value.Elements {
				c.expressionsIn(h, readable{errorOutput: true})
			}
		case m.Name == "Output", m.Name == "Assign":
			c.expressionsIn(m.Value, readable{result: kind == "Task" || kind == "Parallel" || kind == "Map"})
		default:
			c.expressionsIn(m.Value, readable{})
		}
	}
	for f, m := range s.Written() {
		if f.Kind == ast.Document || f.Kind.IsTemplate() && f.Language == ast.AnyLanguage {
			c.plainTexts(m.Value)
		}
	}
}

// plainTexts looks for texts that are paths or intrinsic calls of JSONPath, where they are not evaluated.
func (c *checker) plainTexts(n *ast.Node) {
	if n.Kind == value.StringKind && looksDynamic.MatchString(n.Text) {
		c.warnf(n.Span, diag.JSONPathInJSONata, "this is passed on as text, not evaluated").WithHint(asJSONata(n.Text))
	}
	for i := range n.Members {
		if m := &n.Members[i]; !strings.HasSuffix(m.Name, ".$") { // the name has a finding
			c.plainTexts(m.Value)
		}
	}
	for _, e := range n.Elements {
		c.plainTexts(e)
	}
}

// plainPath is a path of JSONPath that reads the same in JSONata: one of names alone.
var plainPath = regexp.MustCompile(`^\$\$?(\.[A-Za-z_]\w*)+$`)

// ataFunctions are what JSONata has for the intrinsic functions.
var ataFunctions = map[string]string{
	"Format": "the operator &", "StringToJson": "$parse", "JsonToString": "$string", "Array": "[…]", "ArrayPartition": "$partition",
	"ArrayContains": "the operator in", "ArrayRange": "$range", "ArrayGetItem": "[…] after the array", "ArrayLength": "$count",
	"ArrayUnique": "$distinct", "Base64Encode": "$base64encode", "Base64Decode": "$base64decode", "Hash": "$hash",
	"JsonMerge": "$merge", "MathRandom": "$random", "MathAdd": "the operator +", "StringSplit": "$split", "UUID": "$uuid",
}

// asJSONata says how a path or an intrinsic call is written in JSONata.
func asJSONata(text string) string {
	if plainPath.MatchString(text) {
		root, names := "$states.input", text[1:]
		if strings.HasPrefix(text, "$$") {
			root, names = "$states.context", text[2:]
		}
		return `write "{% ` + root + names + ` %}"`
	}
	name, _, _ := strings.Cut(strings.TrimPrefix(text, "States."), "(")
	if other, known := ataFunctions[name]; known {
		return "an expression stands between {% and %}; JSONata has " + other + " for States." + name
	}
	return "an expression stands between {% and %}"
}

// readable says what of $states has a value (R72).
type readable struct{ result, errorOutput bool }

func (c *checker) expressionsIn(n *ast.Node, r readable) {
	if n.Expr != nil && n.Expr.JSONata != nil {
		c.problems(n)
		c.statesReads(n, r)
	}
	for i := range n.Members {
		m := &n.Members[i]
		if strings.HasSuffix(m.Name, ".$") && m.Value.Kind == value.StringKind {
			c.warnf(m.Span, diag.JSONPathInJSONata, "%q is a name like any other in JSONata, and its value a text", m.Name).
				WithHint(`"` + strings.TrimSuffix(m.Name, ".$") + `": "{% … %}"`)
		}
		c.expressionsIn(m.Value, r)
	}
	for _, e := range n.Elements {
		c.expressionsIn(e, r)
	}
}

// place is the place of a part of an expression in the file.
func (c *checker) place(n *ast.Node, start, end int) source.Span {
	at := n.Expr.Start
	return source.Span{Start: c.file.InString(n.Span, at+start), End: c.file.InString(n.Span, at+end)}
}

// noFunction is the code of a call of what is no function.
const noFunction = "T1006"

// problems reports what fails whenever it is evaluated. AWS takes it all the same, so these are warnings.
func (c *checker) problems(n *ast.Node) {
	for _, p := range n.Expr.JSONata.Problems() {
		code, hint := diag.JSONataFails, ""
		if p.Code == noFunction {
			code = diag.UnknownFunction
			if strings.HasPrefix(n.Expr.JSONata.String()[p.Offset:], "$eval") {
				hint = "Step Functions has no $eval; $parse reads JSON"
			}
		}
		c.warnf(c.place(n, p.Offset, p.End), code, "%s", p.Message).WithHint(hint)
	}
}

// statesMembers are the members of $states.
var statesMembers = []string{"input", "context", "result", "errorOutput"}

// statesReads reports the members of $states that an expression reads where they are not (R72).
func (c *checker) statesReads(n *ast.Node, r readable) {
	for _, ref := range n.Expr.JSONata.References() {
		if ref.Name != "states" || len(ref.Fields) == 0 {
			continue
		}
		f := ref.Fields[0]
		place := func() source.Span { return c.place(n, f.Offset, f.End) } // which is far in a long text
		switch {
		case f.Name == "result" && !r.result:
			c.errorf(place(), diag.NoSuchStates, "there is no $states.result here").
				WithHint("the Output and Assign of a Task, Parallel or Map state have it")
		case f.Name == "errorOutput" && !r.errorOutput:
			c.errorf(place(), diag.NoSuchStates, "there is no $states.errorOutput here").WithHint("the Output and Assign of a catcher have it")
		case !slices.Contains(statesMembers, f.Name):
			c.warnf(place(), diag.NoSuchStates, "$states has no %s", f.Name).WithHint(diag.DidYouMean(f.Name, statesMembers))
		case f.Name == "context":
			c.contextNames(place, ref.Fields[1:])
		}
	}
}

// contextNames looks for names that the context object does not have.
func (c *checker) contextNames(place func() source.Span, fields []jsonata.Field) {
	at := contextObject
	for _, f := range fields {
		inner, ok := at[f.Name]
		if !ok {
			c.warnf(place(), diag.NotInContext, "the context object has no %s", f.Name).WithHint(diag.DidYouMean(f.Name, sortedNames(at)))
			return
		}
		if at = inner; at == nil {
			return
		}
	}
}

// ataVariables ranges over the variables that the expressions of a JSONata state read, with their places.
func (c *checker) ataVariables(s *ast.State, yield func(name string, span source.Span)) {
	for e := range s.Expressions() {
		for _, ref := range ataReads(e) {
			yield(ref.Name, source.Span{Start: c.file.InString(e.Span, e.Start+ref.Offset), End: c.file.InString(e.Span, e.Start+ref.End)})
		}
	}
}

// ataReads are the workflow variables that an expression reads.
func ataReads(e *ast.Expr) (references []jsonata.Reference) {
	if e.JSONata == nil {
		return nil
	}
	reported := map[int]bool{} // called, as a function that there is not
	for _, p := range e.JSONata.Problems() {
		reported[p.Offset] = p.Code == noFunction
	}
	for _, ref := range e.JSONata.References() {
		if ref.Name != "states" && ref.Name != "" && ref.Name != "$" && !ref.Library && !reported[ref.Offset] {
			references = append(references, ref)
		}
	}
	return references
}
