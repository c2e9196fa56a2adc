package check

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
)

// fields reports every field of an object that its table does not have, or has for the other query language. It reports
// whether all of them belong.
func (c *checker) fields(what string, fields ast.Members, t *ast.Fields, ata bool) bool {
	ok := true
	for i := range fields {
		known := t.Named(fields[i].Name) != nil
		if !known {
			c.unknownField(what, &fields[i], fields, t, ata)
		} else {
			known = c.fieldLanguage(&fields[i], fields, t, ata)
		}
		ok = ok && known
	}
	return ok
}

// unknownField reports a field that an object with these fields cannot have, with the one that is meant: of the state's query
// language, and not there yet.
func (c *checker) unknownField(what string, m *ast.Member, of ast.Members, t *ast.Fields, ata bool) {
	var names []string
	for f := range t.All() {
		if f.Language == ast.AnyLanguage || (f.Language == ast.OnlyJSONata) == ata {
			names = append(names, f.Name)
		}
	}
	slices.Sort(names)
	hint := diag.DidYouMean(m.Name, names)
	if near, ok := diag.Nearest(m.Name, names); ok && of.Named(near) != nil {
		hint = fmt.Sprintf("%q is there already: leave one of the two out", near)
	}
	c.errorf(m.Span, diag.UnknownField, "%s has no field %q", what, m.Name).WithHint(hint)
}

// fieldLanguage reports a field, one of an object with the table, that belongs to the other query language than the state's.
func (c *checker) fieldLanguage(m *ast.Member, of ast.Members, t *ast.Fields, ata bool) bool {
	switch f := t.Named(m.Name); {
	case c.noWord:
		return true
	case f.Language == ast.OnlyJSONPath && ata:
		c.errorf(m.Span, diag.JSONPathField, "%q belongs to JSONPath, and the query language of this state is JSONata", m.Name).
			WithHint(inJSONataInstead(f, of, t))
	case f.Language == ast.OnlyJSONata && !ata:
		c.errorf(m.Span, diag.JSONataField, "%q belongs to JSONata, and the query language of this state is JSONPath", m.Name).
			WithHint(inJSONPathInstead(f, of, t))
	default:
		return true
	}
	return false
}

// inJSONataInstead is the hint at what JSONata has for a field. What takes a path in JSONPath is an expression there.
func inJSONataInstead(f *ast.Field, of ast.Members, t *ast.Fields) string {
	switch {
	case f.Name == "InputPath":
		return "JSONata has $states.input for it"
	case f.Kind == ast.Comparison:
		return `JSONata has "Condition" for it`
	}
	for _, other := range f.Instead {
		switch {
		case t.Named(other) == nil:
		case of.Named(other) != nil:
			return fmt.Sprintf("%q is there already: leave one of the two out", other)
		case f.Kind.IsPath() || other == "Condition":
			return "JSONata has " + strconv.Quote(other) + " with a {% %} expression for it"
		default:
			return "JSONata has " + strconv.Quote(other) + " for it"
		}
	}
	return ""
}

// inJSONPathInstead is the hint at what JSONPath has for a field.
func inJSONPathInstead(f *ast.Field, of ast.Members, t *ast.Fields) string {
	if f.Name == "Condition" {
		return `JSONPath has "Variable" and a comparison for it`
	}
	var others []*ast.Field
	var quoted []string
	for _, name := range f.Instead {
		if other := t.Named(name); other != nil {
			others = append(others, other)
			quoted = append(quoted, strconv.Quote(name))
		}
	}
	switch {
	case others == nil:
		return ""
	case len(others) > 1:
		return "JSONPath has " + list(quoted, "and") + " for it"
	case of.Named(others[0].Name) != nil:
		return quoted[0] + " is there already: leave one of the two out"
	case others[0].Kind.IsPath():
		return "JSONPath has " + quoted[0] + " with a path for it"
	}
	return "JSONPath has " + quoted[0] + " for it"
}

// stateFields reports the fields that do not belong to a state of the type.
func (c *checker) stateFields(s *ast.State, kind string) {
	t, ata := ast.StateFieldsOf[kind], c.jsonata(s)
	for i := range s.Fields {
		m := &s.Fields[i]
		if t.Named(m.Name) == nil {
			c.strangeStateField(s, m, kind)
		} else {
			c.fieldLanguage(m, s.Fields, t, ata)
		}
	}
}

// strangeStateField reports a field that states of this type do not have, with what is known about it.
func (c *checker) strangeStateField(s *ast.State, m *ast.Member, kind string) {
	switch m.Name {
	case "Next", "End": // the types without them: R93, R14
		c.errorf(m.Span, diag.NoTransition, "a %s state has no %s", kind, m.Name)
		return
	case "Retry", "Catch":
		c.errorf(m.Span, diag.BadHandler, "a %s state has no %s: only Task, Parallel and Map have", kind, m.Name)
		return
	case "Assign": // R66
		c.errorf(m.Span, diag.BadVariable, "a %s state cannot assign variables", kind)
		return
	}
	if f := ast.StateFields.Named(m.Name); f != nil {
		owners := slices.DeleteFunc(slices.Clone(ast.StateTypes), func(other string) bool { return !f.Has(other) })
		c.errorf(m.Span, diag.UnknownField, "%q is a field of %s states, not of %s", m.Name, strings.Join(owners, " and "), kind)
		return
	}
	c.unknownField("a "+kind+" state", m, s.Fields, ast.StateFieldsOf[kind], c.jsonata(s))
}
