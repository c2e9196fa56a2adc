package query

import (
	"slices"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Template makes a document from what it reads: a Pass state's Parameters, a ResultSelector.
type Template struct {
	make func(*asl.Context, *Reader) value.Value
	plan []read
}

// Document returns the template that f makes documents with.
func Document(f func(*asl.Context, *Reader) value.Value) *Template { return &Template{make: f} }

// Input is the template of a task that has no Parameters: it is given the state's input.
func Input(_ *asl.Context, r *Reader) value.Value { return r.Value("$", "") }

// Prepare plans what the template reads.
func (t *Template) Prepare() (err error) {
	t.plan, err = planOf(func(c *asl.Context, r *Reader) { t.make(c, r) })
	return err
}

// Expression returns the JSONata expression that stands at a member, or in place of the template.
func (t *Template) Expression(names ...string) *Query {
	for _, r := range t.plan {
		if (len(r.to) == 0 || slices.Equal(r.to, names)) && r.expr.Query != nil {
			return r.expr.Query
		}
	}
	return &Query{}
}

// Document makes the document.
func (t *Template) Document(s *Scope) (value.Value, error) {
	r := s.read(t.plan)
	v := t.make(s.Context, r)
	if r.err != nil {
		return value.Value{}, inDocument(r.err, v)
	}
	return v, nil
}
