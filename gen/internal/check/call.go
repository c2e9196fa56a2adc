package check

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/catalog"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
	"github.com/r-seed-632eed22/aslgen/internal/awsmodel"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// call holds the parameters of a Task to the model of the service that it calls (part 4).
type call struct {
	*checker
	*awsmodel.Call
	written
	resource catalog.Resource
}

// modelled checks the parameters of a call whose model is known. RunTask has more rules, and a check of its own.
func (c *checker) modelled(s *ast.State, r catalog.Resource) {
	known := r.Call()
	if known == nil || r.RunsTask() || r.Service == "ecs" {
		return
	}
	k := &call{c, known, written{c.jsonata(s)}, r}
	m := argumentsOf(&s.Object, k.ata)
	switch {
	case m == nil && (r.Service == "aws-sdk" || k.ata || s.Field("Arguments") != nil): // the input takes their place
	case m == nil:
		if required := k.required(k.Input()); len(required) > 0 {
			c.errorf(s.Resource.Span, diag.MissingParameter, "%s needs %s, and the state has no Parameters", what(r), list(required, "and"))
		}
	case m.Value.Kind == value.ObjectKind && m.Value.Expr == nil && m.Value.CloudFormation() == "":
		k.object(m.Value, m.Span, k.Input(), "")
		k.httpRequest(m)
	}
}

// required returns the names of the members that a shape must have.
func (k *call) required(x *awsmodel.Shape) (names []string) {
	for i := range x.Members {
		if m := &x.Members[i]; m.Required && !m.Token {
			names = append(names, k.NameOf(m))
		}
	}
	return names
}

// value checks a node against the shape of the parameter that it feeds. Null is given to the service (I5b).
func (k *call) value(n *ast.Node, x *awsmodel.Shape, path string) {
	if n.Kind == value.NullKind || k.unknown(n) || n.CloudFormation() != "" { // which has a finding
		return
	}
	switch x.Kind {
	case awsmodel.Structure, awsmodel.Union:
		if k.expect(n, x, path, value.ObjectKind) {
			k.object(n, n.Span, x, path)
		}
	case awsmodel.Map:
		if k.expect(n, x, path, value.ObjectKind) {
			for _, m := range n.Members {
				k.value(m.Value, x.Elem(), join(path, k.nameOf(&m)))
			}
			k.limits(n, x, path, len(n.Members), "members")
		}
	case awsmodel.List:
		if k.expect(n, x, path, value.ArrayKind) {
			for i, e := range n.Elements {
				k.value(e, x.Elem(), path+"["+strconv.Itoa(i)+"]")
			}
			k.limits(n, x, path, len(n.Elements), "elements")
		}
	case awsmodel.String:
		k.text(n, x, path)
	case awsmodel.Boolean:
		if k.expect(n, x, path, value.BoolKind) && x.Enum != nil && !slices.Contains(x.Enum, n.Text) {
			k.errorf(n.Span, diag.ParameterType, "%s must be %s", path, list(x.Enum, "or"))
		}
	case awsmodel.Timestamp:
		k.expect(n, x, path, value.StringKind, value.NumberKind)
	case awsmodel.Integer, awsmodel.Long, awsmodel.Float, awsmodel.Double:
		k.number(n, x, path)
	}
}

// expect reports a node of a kind that a shape is not written as.
func (k *call) expect(n *ast.Node, x *awsmodel.Shape, path string, kinds ...value.Kind) bool {
	if slices.Contains(kinds, n.Kind) {
		return true
	}
	quoted := n.Kind == value.StringKind && reads(n.Text, kinds[0])
	if quoted && !k.Strict() { // whether AWS reads it is not known
		k.warnf(n.Span, diag.ParameterForm, "%s is %s, not %s", path, article(kinds[0]), article(n.Kind)).WithHint("write it " + n.Text + ", without quotes")
		return false
	}
	d := k.errorf(n.Span, diag.ParameterType, "%s must be %s, not %s", path, article(kinds[0]), article(n.Kind))
	switch {
	case kinds[0] == value.ArrayKind && n.Kind == x.Elem().JSON():
		d.WithHint("a list stands in brackets")
	case quoted:
		d.WithHint("write it " + n.Text + ", without quotes")
	}
	return false
}

// reads reports whether a text is that of a value of a kind.
func reads(text string, kind value.Kind) bool {
	switch kind {
	case value.BoolKind:
		return strings.EqualFold(text, "true") || strings.EqualFold(text, "false")
	case value.NumberKind:
		_, err := strconv.ParseFloat(text, 64)
		return err == nil
	}
	return false
}

func (k *call) text(n *ast.Node, x *awsmodel.Shape, path string) {
	member := path[strings.LastIndexByte(path, '.')+1:]
	switch {
	case n.Kind == value.StringKind:
	case k.TakesJSON(member):
		return
	case k.Strict():
		d := k.errorf(n.Span, diag.ParameterType, "%s must be a string, not %s", path, article(n.Kind))
		if n.Kind == value.NumberKind || n.Kind == value.BoolKind {
			d.WithHint(fmt.Sprintf("write it %q", n.Text))
		}
		return
	default:
		k.warnf(n.Span, diag.ParameterForm, "%s is a string: the text of this JSON is sent", path)
		return
	}
	if x.Enum != nil && !slices.Contains(x.Enum, n.Text) {
		d := k.warnf(n.Span, diag.ParameterForm, "%s is not known to be %q", path, n.Text)
		if hint := diag.DidYouMean(n.Text, x.Enum); hint != "" {
			d.WithHint(hint)
		} else if len(x.Enum) <= 12 {
			d.WithHint("it is one of " + strings.Join(x.Enum, ", "))
		}
		return
	}
	k.limits(n, x, path, len([]rune(n.Text)), "characters")
}

func (k *call) number(n *ast.Node, x *awsmodel.Shape, path string) {
	if !k.expect(n, x, path, value.NumberKind) {
		return
	}
	v, err := value.Parse([]byte(n.Text))
	f, ok := v.AsFloat()
	if err != nil || !ok {
		return
	}
	whole := x.Kind == awsmodel.Integer || x.Kind == awsmodel.Long
	switch i, is := v.AsInt(); {
	case whole && f != math.Trunc(f):
		k.errorf(n.Span, diag.ParameterType, "%s must be a whole number, not %s", path, n.Text)
		return
	case whole && (!is || x.Kind == awsmodel.Integer && i != int64(int32(i))):
		k.errorf(n.Span, diag.ParameterType, "%s cannot be %s: it has %d bits", path, n.Text, bits(x))
		return
	}
	if x.Min != nil && f < *x.Min || x.Max != nil && f > *x.Max {
		k.warnf(n.Span, diag.ParameterForm, "%s is %s: the service takes %s", path, n.Text, between(x))
	}
}

// bits returns how many bits a whole number has.
func bits(x *awsmodel.Shape) int {
	if x.Kind == awsmodel.Integer {
		return 32
	}
	return 64
}

// limits looks at the length of a parameter. The limits of services change, so they only warn.
func (k *call) limits(n *ast.Node, x *awsmodel.Shape, path string, length int, of string) {
	if x.Min != nil && float64(length) < *x.Min || x.Max != nil && float64(length) > *x.Max {
		k.warnf(n.Span, diag.ParameterForm, "%s has %d %s: the service takes %s", path, length, of, between(x))
	}
}

// between says what numbers a shape's limits allow.
func between(x *awsmodel.Shape) string {
	text := func(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
	switch {
	case x.Max == nil:
		return "at least " + text(*x.Min)
	case x.Min == nil:
		return "at most " + text(*x.Max)
	}
	return text(*x.Min) + " to " + text(*x.Max)
}

// object checks the members of an object; span is where it is named, "" the path of all parameters.
func (k *call) object(n *ast.Node, span source.Span, x *awsmodel.Shape, path string) {
	set, placed := 0, false // members that are set, and whether a placeholder names one
	for i := range n.Members {
		m := &n.Members[i]
		name := k.nameOf(m)
		member := k.Member(x, name)
		switch {
		case member == nil && k.ata && strings.HasSuffix(name, ".$") && m.Value.Kind == value.StringKind: // it has a finding
			continue
		case source.HasPlaceholder(name):
			placed = true
			continue
		case member == nil:
			k.unknownMember(n, m, name, x, path)
			continue
		}
		if spelt := k.NameOf(member); spelt != name { // I5: it is not known whether both are taken
			k.warnf(m.Span, diag.ParameterForm, "%s is known to have %q, not %q", k.named(path), spelt, name).WithHint(fmt.Sprintf("write %q: the AWS SDK integration calls it so in results too", spelt))
		}
		if m.Value.Kind != value.NullKind && !k.unknown(m.Value) {
			set++
		}
		if set > 1 && awsmodel.IsUnion(x) {
			k.errorf(m.Span, diag.ParameterType, "%s must have exactly one member", k.named(path)).WithHint("leave the others out")
		}
		k.value(m.Value, member.Shape(), join(path, name))
	}
	if awsmodel.IsUnion(x) && len(n.Members) == 0 {
		k.errorf(span, diag.ParameterType, "%s must have exactly one member", k.named(path)).WithHint("it has " + list(k.Names(x), "or"))
	}
	for _, name := range k.required(x) {
		if k.find(n, name) == nil && !placed {
			k.errorf(span, diag.MissingParameter, "%s needs %s", k.named(path), name)
		}
	}
}

// named names the object at a path, or all parameters.
func (k *call) named(path string) string {
	if path == "" {
		return what(k.resource)
	}
	return path
}

// find returns the member that sets a parameter, nil if there is none. Null sets it (I5b).
func (k *call) find(n *ast.Node, name string) *ast.Member {
	return k.written.find(n, name, func(*ast.Node) bool { return true })
}

// unknownMember reports a member that the model does not have. It may be newer than the model, but for the spelling of one that
// is there: that the AWS SDK integration refuses when the machine is made (ASL100b).
func (k *call) unknownMember(of *ast.Node, m *ast.Member, name string, x *awsmodel.Shape, path string) {
	names := k.Names(x)
	if spelt, ok := k.Spelt(x, name); ok {
		k.errorf(m.Span, diag.UnknownParameter, "%s has no parameter %q", k.named(path), name).WithHint(fmt.Sprintf("did you mean %q?", spelt))
		return
	}
	if k.Change.Refuses(join(path, name)) {
		k.errorf(m.Span, diag.UnknownParameter, "%s takes no %q, which the API has", k.named(path), name)
		return
	}
	hint := diag.DidYouMean(name, names)
	switch near, ok := diag.Nearest(name, names); {
	case ok && k.find(of, near) != nil:
		hint = fmt.Sprintf("%q is there already: leave one of the two out", near)
	case hint == "" && k.resource.Service == "lambda":
		hint = "the function gets what is in Payload"
	case hint == "" && len(names) == 0:
		hint = "it takes none"
	case hint == "" && len(names) <= 12:
		hint = "it has " + strings.Join(names, ", ")
	}
	k.warnf(m.Span, diag.UnknownParameter, "%s is not known to have a parameter %q", k.named(path), name).WithHint(hint)
}
