package schema

import (
	"strconv"
	"strings"

	"github.com/invopop/jsonschema"

	"github.com/r-seed-632eed22/aslgen/gen/internal/shape"
)

// mostDepth is how deep a schema looks into a document. It takes anything further inside.
const mostDepth = 32

// Input returns the schema of what a machine reads of the execution's input: it requires what every execution reads in which
// no error is caught. Other members may be there: they go their way through the machine.
func Input(n *shape.Need) *jsonschema.Schema {
	b := &builder{definitions: jsonschema.Definitions{}}
	return b.document(b.need(n, 0))
}

// Data returns the schema of what is known of data. If it is open, objects may have members besides those that are known. An
// object that is in it more than once is a definition.
func Data(j *shape.JSON, open bool) *jsonschema.Schema {
	b := &builder{open: open, definitions: jsonschema.Definitions{}, uses: map[*shape.JSON]int{}, shared: map[*shape.JSON]string{}}
	b.count(j)
	return b.document(b.data(j, 0))
}

// count counts how often each object is in data.
func (b *builder) count(j *shape.JSON) {
	if j == nil {
		return
	}
	b.uses[j]++
	if b.uses[j] > 1 {
		return
	}
	b.count(j.Elem)
	for _, f := range j.Fields {
		b.count(f.JSON)
	}
}

// need returns the schema of a place that is read.
func (b *builder) need(n *shape.Need, depth int) *jsonschema.Schema {
	if depth > mostDepth {
		return jsonschema.TrueSchema
	}
	s := &jsonschema.Schema{}
	switch {
	case n.Elem.Used():
		s.Type, s.Items = "array", b.need(n.Elem, depth+1)
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
		s.Properties.Set(m.Name, b.need(m, depth+1))
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
func (b *builder) data(j *shape.JSON, depth int) *jsonschema.Schema {
	if j == nil || j.Kinds == shape.AnyKind || j.Kinds == 0 || depth > mostDepth {
		return jsonschema.TrueSchema
	}
	if b.uses[j] < 2 || len(j.Fields) == 0 {
		return b.ofKinds(j, depth)
	}
	if b.shared[j] == "" {
		b.shared[j] = "shared" + strconv.Itoa(len(b.shared)+1)
		b.definitions[b.shared[j]] = b.ofKinds(j, depth)
	}
	return &jsonschema.Schema{Ref: "#/$defs/" + b.shared[j]}
}

func (b *builder) ofKinds(j *shape.JSON, depth int) *jsonschema.Schema {
	var of []*jsonschema.Schema
	for kind := shape.NullKind; kind <= shape.ObjectKind; kind <<= 1 {
		if j.Kinds&kind != 0 {
			of = append(of, b.ofKind(kind, j, depth))
		}
	}
	if len(of) == 1 {
		return of[0]
	}
	return &jsonschema.Schema{AnyOf: of}
}

// ofKind returns the schema of data which is of one kind.
func (b *builder) ofKind(kind shape.Kinds, j *shape.JSON, depth int) *jsonschema.Schema {
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
		return array(b.data(j.Elem, depth+1))
	}
	s := &jsonschema.Schema{Type: "object"}
	for _, f := range j.Fields {
		if s.Properties == nil {
			s.Properties = jsonschema.NewProperties()
		}
		s.Properties.Set(f.Name, b.data(f.JSON, depth+1))
		if !f.Optional {
			s.Required = append(s.Required, f.Name)
		}
	}
	if j.Closed && !b.open {
		s.AdditionalProperties = jsonschema.FalseSchema
	}
	return s
}
