package infer

import (
	"fmt"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/shape"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
)

// declared reports what does not go with a Go type of the user's: an error, since the user has said what the data is.
func (e *evaluation) declared(span source.Span, message string, j *shape.JSON) {
	if message == "" || !e.report || e.reported[span] {
		return
	}
	e.reported[span] = true
	d := e.list.Errorf(e.file, span, diag.WrongGoType, "%s", message)
	base := j.Base
	if base == nil || e.options.Declared == nil {
		return
	}
	if f, at, ok := e.options.Declared(base); ok {
		said := fmt.Sprintf("the type %s says so", base.Name)
		if j.Is(shape.ObjectKind) {
			said = fmt.Sprintf("the type %s has %s", base.Name, names(j))
		}
		d.Related = append(d.Related, diag.Related{File: f, Span: at, Message: said})
	}
}

func names(j *shape.JSON) string {
	if len(j.Fields) == 0 {
		return "no members"
	}
	return strings.Join(j.FieldNames(), ", ")
}

// declaredParameters holds the template of a task's parameters against the user's type, member by member.
func (e *evaluation) declaredParameters(n *ast.Node, given, declared *shape.JSON) {
	for i := range n.Members {
		m := &n.Members[i]
		name := strings.TrimSuffix(m.Name, ".$")
		field, there := declared.Member(name)
		f := given.Field(name)
		switch {
		case there == shape.Never:
			e.declared(m.Span, fmt.Sprintf("the parameters' type has no member %q", name), declared)
		case f == nil:
		case m.Value.Expr == nil && len(m.Value.Members) > 0 && field.Kinds&shape.ObjectKind != 0:
			e.declaredParameters(m.Value, f.JSON, field)
		default:
			e.declared(m.Value.Span, Misfit(f.JSON, field, name), declared)
		}
	}
}

// Misfit says why data can never be of a type, "" if it may be. What is what the data is called.
func Misfit(data, declared *shape.JSON, what string) string {
	switch {
	case data.Kinds&declared.Kinds == 0:
		return fmt.Sprintf("%s is %s, but its Go type is for %s", what, data.Kinds, declared.Kinds)
	case !data.Is(shape.ObjectKind) || !declared.Is(shape.ObjectKind):
		return ""
	}
	for i := range declared.Fields {
		f := &declared.Fields[i]
		given, there := data.Member(f.Name)
		if there == shape.Never {
			if f.Optional {
				continue
			}
			return fmt.Sprintf("%s has no member %q, which its Go type has", what, f.Name)
		}
		if inner := Misfit(given, f.JSON, what+"."+f.Name); inner != "" {
			return inner
		}
	}
	return ""
}
