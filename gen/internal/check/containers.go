package check

import (
	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// parallel checks a Parallel state; its branches are checked as machines (R130).
func (c *checker) parallel(s *ast.State) {
	switch branches := s.Field("Branches"); {
	case branches == nil:
		c.errorf(s.Name.Span, diag.NoBranches, "Parallel %q has no Branches", s.Name.Text)
	case branches.Value.Kind == value.ArrayKind && len(branches.Value.Elements) == 0:
		c.errorf(branches.Value.Span, diag.NoBranches, "Branches cannot be empty")
	}
}

// mapState checks the structure of a Map state; its item processor is checked as a machine (R140).
func (c *checker) mapState(s *ast.State) {
	ata := c.jsonata(s)
	switch processor, iterator := s.Field("ItemProcessor"), s.Field("Iterator"); {
	case processor != nil && iterator != nil:
		c.errorf(iterator.Span, diag.MapProcessor, "a Map has either ItemProcessor or Iterator").
			Relate(processor.Span, "ItemProcessor is here")
	case processor == nil && iterator == nil:
		c.errorf(s.Name.Span, diag.MapProcessor, "Map %q has no ItemProcessor", s.Name.Text)
	case iterator != nil:
		c.warnf(iterator.Span, diag.Deprecated, "Iterator is the older name of ItemProcessor")
	}
	switch selector, parameters := s.Field("ItemSelector"), s.Field("Parameters"); {
	case selector != nil && parameters != nil:
		c.errorf(parameters.Span, diag.MapTemplateTwice, "a Map has either ItemSelector or Parameters").
			Relate(selector.Span, "ItemSelector is here")
	case parameters != nil && !ata:
		c.warnf(parameters.Span, diag.Deprecated, "Parameters of a Map is the older name of ItemSelector")
	}
	c.fieldAndPath(s.Fields, ast.StateFields, diag.FieldAndPath)
	for f, m := range s.Written() {
		if f.Kind == ast.Structure && f.Fields != nil && m.Value.Kind == value.ObjectKind {
			c.fields(f.Name, m.Value.Members, f.Fields, ata)
			c.fieldAndPath(m.Value.Members, f.Fields, diag.FieldAndPath)
		}
	}
	c.mapFields(s)
}

// fieldAndPath reports the fields that an object has both as a value and as a path.
func (c *checker) fieldAndPath(members ast.Members, t *ast.Fields, code *diag.Code) {
	for f := range t.All() {
		if f.Path == "" {
			continue
		}
		literal, path := members.Named(f.Name), members.Named(f.Path)
		if literal != nil && path != nil {
			c.errorf(path.Span, code, "%s and %s exclude each other", f.Name, f.Path).Relate(literal.Span, "%s is here", f.Name)
		}
	}
}
