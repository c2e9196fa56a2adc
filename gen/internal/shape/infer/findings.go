package infer

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/shape"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
	"github.com/r-seed-632eed22/aslgen/runtime/intrinsic"
	"github.com/r-seed-632eed22/aslgen/runtime/jsonpath"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// wrong is something that can never work.
type wrong struct {
	code    *diag.Code
	message string
	hint    string
}

// finding reports something once, when the data is final.
func (e *evaluation) finding(span source.Span, w wrong) {
	if !e.report || e.reported[span] {
		return
	}
	e.reported[span] = true
	e.list.Warnf(e.file, span, w.code, "%s", w.message).WithHint(w.hint)
}

// misfit reports data that does not fit where it goes: an error if a type of the user's says what it is.
func (e *evaluation) misfit(span source.Span, w wrong, j *shape.JSON) {
	if j.Base != nil {
		e.declared(span, w.message, j)
		return
	}
	e.finding(span, w)
}

// missing reports a path that finds nothing whatever the data.
func (e *evaluation) missing(p *jsonpath.Path, x *ast.Expr, w walked) {
	before, step := prefix(p, w.steps), p.Steps()[w.steps]
	out := wrong{code: diag.PathFindsNothing}
	switch {
	case p.Root() == jsonpath.Context && w.steps == 0 && step.Name == "Task":
		out.message = "only a task that waits for its token or for a job has $$.Task"
	case p.Root() == jsonpath.Context && w.last.Base == nil && !strings.HasPrefix(before, "$$.Map.Item.Value"):
		return // checking knows the context object
	case step.Kind == jsonpath.MemberStep && w.last.Kinds&shape.ObjectKind != 0:
		out.message, out.hint = noMember(before, step.Name, w.last)
	case step.Kind == jsonpath.MemberStep && isCause(before, w.last):
		out.message = fmt.Sprintf("%s finds nothing: %s is text", p, before)
		out.hint = "if the text is JSON, States.StringToJson(" + before + ") reads it"
	default:
		out.message = fmt.Sprintf("%s finds nothing: %s is %s", p, before, w.last.Kinds)
	}
	e.misfit(x.Span, out, w.last)
}

// isCause reports whether what a path leads to is the cause that a catcher is given.
func isCause(path string, j *shape.JSON) bool {
	return j.Kinds == textOrNull.Kinds && strings.HasSuffix(path, ".Cause")
}

// noMember says which members an object has in place of one that is not there.
func noMember(object, name string, j *shape.JSON) (message, hint string) {
	message = fmt.Sprintf("nothing before this state sets %s.%s", object, name)
	if j.Go != nil {
		message = fmt.Sprintf("%s has no member %q: it is a %s", object, name, j.Go.Name)
	}
	near, ok := diag.Nearest(name, j.FieldNames())
	if !ok {
		if names := j.FieldNames(); len(names) > 0 && len(names) <= 8 {
			hint = fmt.Sprintf("%s has %s", object, strings.Join(names, ", "))
		}
		return message, hint
	}
	hint = fmt.Sprintf("did you mean %q?", near)
	if f := j.Field(near); f.From != "" {
		message += fmt.Sprintf("; %s sets %s.%s", f.From, object, near)
	}
	return message, hint
}

// unlikely finds that an object, which need not have all that is known of it, is not likely to have a name.
func unlikely(object func() string, name string, j *shape.JSON) *wrong {
	if j.Closed || j.Field(name) != nil {
		return nil
	}
	return cmp.Or(slip(object, name, j), unanswered(name, j))
}

// slip finds that a name which an object need not have is all but one that a state has set.
func slip(object func() string, name string, j *shape.JSON) *wrong {
	var set []string
	for _, f := range j.Fields {
		if f.From != "" {
			set = append(set, f.Name)
		}
	}
	meant, ok := diag.Misspelt(name, set)
	if !ok {
		return nil
	}
	return &wrong{
		code:    diag.Misspelling,
		message: fmt.Sprintf("no state sets %s.%s; %s sets %s.%s", object(), name, j.Field(meant).From, object(), meant),
		hint:    fmt.Sprintf("did you mean %q?", meant),
	}
}

// slips finds names of members of data from outside that are read once, and are all but names that are read more often. Where it is known
// which names there are, that says nothing.
func (a *analysis) slips(n *shape.Need) {
	if n == nil {
		return
	}
	of, known := n.Model.(answer)
	known = known && of.isObject()
	reads := make(map[string][]shape.Read, len(n.Members))
	var often []string
	for _, m := range n.Members {
		if reads[m.Name] = m.All(); len(reads[m.Name]) > 1 {
			often = append(often, m.Name)
		}
	}
	for _, m := range n.Members {
		a.slips(m)
		once := reads[m.Name]
		if known || len(once) != 1 || once[0].Tested {
			continue
		}
		if meant, ok := diag.Misspelt(m.Name, often); ok && !a.reported[once[0].Span] {
			a.list.Warnf(a.file, once[0].Span, diag.Misspelling, "nothing else reads %q, but %q reads %q in its place", m.Name, reads[meant][0].State, meant).
				WithHint(fmt.Sprintf("did you mean %q?", meant))
		}
	}
	a.slips(n.Elem)
}

// prefix is the text of a path up to a step.
func prefix(p *jsonpath.Path, steps int) string {
	text := map[jsonpath.Root]string{jsonpath.Input: "$", jsonpath.Context: "$$", jsonpath.Variable: "$" + p.Variable()}[p.Root()]
	for _, s := range p.Steps()[:steps] {
		switch s.Kind {
		case jsonpath.MemberStep:
			text += "." + s.Name
		default:
			text += "[…]"
		}
	}
	return text
}

// feeds reports data that cannot be what the field it feeds takes.
func (e *evaluation) feeds(j *shape.JSON, text string, span source.Span, name string, sink *shape.Type) {
	if sink == nil || e.fits(j, sink) {
		return
	}
	w := wrong{code: diag.WrongData, message: fmt.Sprintf("%s takes %s, but %s is %s", name, sink.Describe(), text, j.Describe())}
	if sink.Kind == shape.Enum && j.Is(shape.StringKind) {
		w.message = fmt.Sprintf("%s cannot be %s", name, j.Describe())
		w.hint = "it is one of " + strings.Join(sink.Values(), ", ")
	}
	e.misfit(span, w, j)
}

// fits reports whether data may be of a type. Null is the same as nothing where the type is a parameter's.
func (e *evaluation) fits(j *shape.JSON, t *shape.Type) bool {
	kinds := map[shape.Kind]shape.Kinds{
		shape.String: shape.StringKind, shape.Enum: shape.StringKind, shape.Integer: shape.NumberKind, shape.Float: shape.NumberKind,
		shape.Boolean: shape.BooleanKind, shape.List: shape.ArrayKind, shape.Struct: shape.ObjectKind, shape.Union: shape.ObjectKind,
	}[t.Kind]
	if t.Kind == shape.Integer && t.Bits == 64 || t.Kind == shape.Float {
		kinds |= shape.StringKind // a text that is a number does, too
	}
	switch {
	case kinds == 0 || j.Kinds&shape.NullKind != 0:
		return true
	case j.Kinds&kinds == 0:
		return false
	case t.Kind == shape.Enum && j.Is(shape.StringKind) && j.Texts != nil && len(t.Constants) > 0:
		return slices.ContainsFunc(j.Texts, func(text string) bool { return slices.Contains(t.Values(), text) })
	case t.Kind == shape.List && t.Elem != nil && j.Is(shape.ArrayKind) && j.Elem != nil:
		return e.fits(j.Elem, t.Elem)
	}
	return true
}

// argumentFeeds reports an argument that an intrinsic function cannot take.
func (e *evaluation) argumentFeeds(c *intrinsic.Call, i int, j *shape.JSON, x *ast.Expr, sink *shape.Type) {
	if sink == nil || e.fits(j, sink) {
		return
	}
	if _, literal := c.Args[i].(*intrinsic.Literal); literal && sink.Kind != shape.Struct && sink.Kind != shape.List {
		return // parsing has looked at literals
	}
	e.misfit(x.Span, wrong{code: diag.WrongData, message: fmt.Sprintf("%s takes %s, but %s is %s", c.Function, sink.Describe(), c.Args[i], j.Describe())}, j)
}

// neverHolds reports a comparison that is false whatever the data.
func (e *evaluation) neverHolds(r *ast.Rule, p *jsonpath.Path, j *shape.JSON) {
	kinds := operandKinds(r.Operator)
	w := wrong{code: diag.NeverHolds}
	is := strings.HasPrefix(r.Operator, "Is")
	if is && (r.Operand == nil || r.Operand.Text != "true") {
		return
	}
	switch {
	case j.Kinds&kinds == 0:
		w.message = fmt.Sprintf("this is never true: %s is %s", p, j.Describe())
	case r.Operator == "StringEquals" && r.Operand != nil && r.Operand.Kind == value.StringKind && j.Is(shape.StringKind) &&
		j.Texts != nil && !source.HasPlaceholder(r.Operand.Text) && !slices.Contains(j.Texts, r.Operand.Text):
		w.message = fmt.Sprintf("this is never true: %s is %s", p, quoted(j.Texts))
		w.hint = diag.DidYouMean(r.Operand.Text, j.Texts)
	default:
		return
	}
	e.finding(r.OpSpan, w)
}

func quoted(texts []string) string {
	list := make([]string, len(texts))
	for i, t := range texts {
		list[i] = fmt.Sprintf("%q", t)
	}
	return strings.Join(list, " or ")
}

// wrongInput is for a Map whose input is no array.
func wrongInput(state string, j *shape.JSON) wrong {
	return wrong{code: diag.WrongData, message: fmt.Sprintf("Map %q goes over an array, but its input is %s", state, j.Describe()),
		hint: "ItemsPath says where the array is"}
}
