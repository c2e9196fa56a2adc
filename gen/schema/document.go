package schema

import (
	"strings"

	"github.com/invopop/jsonschema"

	"github.com/r-seed-632eed22/aslgen/gen/shape"
)

// Input returns the schema of what a machine reads of the execution's input: it requires what every execution reads in which
// no error is caught. Other members may be there: they go their way through the machine.
func Input(n *shape.Need) *jsonschema.Schema {
	b := &builder{definitions: jsonschema.Definitions{}}
	return b.document(b.need(n))
}

// Data returns the schema of what is known of data. If it is open, objects may have members besides those that are known.
func Data(j *shape.JSON, open bool) *jsonschema.Schema {
	b := &builder{open: open, definitions: jsonschema.Definitions{}}
	return b.document(b.data(j))
}

// need returns the schema of a place that is read.
func (b *builder) need(n *shape.Need) *jsonschema.Schema {
	s := &jsonschema.Schema{}
	switch {
	case n.Elem.Used():
		s.Type, s.Items = "array", b.need(n.Elem)
	case n.HasMembers():
		s.Type = "object"
	default:
		if t := n.Type(); t != nil {
			*s = *b.of(t)
		}
	}
	for _, m := range n.Members {
		if !m.Used() {
			continue
		}
		if s.Properties == nil {
			s.Properties = jsonschema.NewProperties()
		}
		s.Properties.Set(m.Name, b.need(m))
		if m.Required() {
			s.Required = append(s.Required, m.Name)
		}
	}
	if paths, states := n.Texts(); len(paths) > 0 {
		s.Description = strings.Join(paths, ", ") + " of " + strings.Join(states, ", ")
	}
	return s
}

// data returns the schema of what is known of data.
func (b *builder) data(j *shape.JSON) *jsonschema.Schema {
	if j == nil || j.Kinds == shape.AnyKind || j.Kinds == 0 {
		return jsonschema.TrueSchema
	}
	var of []*jsonschema.Schema
	for kind := shape.NullKind; kind <= shape.ObjectKind; kind <<= 1 {
		if j.Kinds&kind != 0 {
			of = append(of, b.ofKind(kind, j))
		}
	}
	if len(of) == 1 {
		return of[0]
	}
	return &jsonschema.Schema{AnyOf: of}
}

// ofKind returns the schema of data which is of one kind.
func (b *builder) ofKind(kind shape.Kinds, j *shape.JSON) *jsonschema.Schema {
	switch kind {
	case shape.NullKind:
		return &jsonschema.Schema{Type: "null"}
	case shape.BooleanKind:
		return &jsonschema.Schema{Type: "boolean"}
	case shape.NumberKind:
		if j.Whole {
			return &jsonschema.Schema{Type: "integer"}
		}
		return &jsonschema.Schema{Type: "number"}
	case shape.StringKind:
		s := &jsonschema.Schema{Type: "string"}
		for _, text := range j.Texts {
			s.Enum = append(s.Enum, text)
		}
		return s
	case shape.ArrayKind:
		return array(b.data(j.Elem))
	}
	s := &jsonschema.Schema{Type: "object"}
	for _, f := range j.Fields {
		if s.Properties == nil {
			s.Properties = jsonschema.NewProperties()
		}
		s.Properties.Set(f.Name, b.data(f.JSON))
		if !f.Optional {
			s.Required = append(s.Required, f.Name)
		}
	}
	if j.Closed && !b.open {
		s.AdditionalProperties = jsonschema.FalseSchema
	}
	return s
}
