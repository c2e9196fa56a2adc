// Package schema writes what the compiler knows of a document's type as JSON Schema, for editors and other tools.
package schema

import (
	"encoding/json"
	"strconv"

	"github.com/invopop/jsonschema"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/shape"
)

// Language says how the values of a document may be written besides as themselves.
type Language string

// The languages: a document of plain values, a template in JSONPath, arguments in JSONata.
const (
	Plain    Language = ""
	JSONPath Language = ast.JSONPath
	JSONata  Language = ast.JSONata
)

// Of returns the schema of documents of a type. It stands for itself: structures are its definitions.
func Of(t *shape.Type, l Language) *jsonschema.Schema {
	b := &builder{language: l, definitions: jsonschema.Definitions{}}
	return b.document(b.of(t))
}

// document completes the schema of a whole document.
func (b *builder) document(s *jsonschema.Schema) *jsonschema.Schema {
	if s == jsonschema.TrueSchema {
		s = &jsonschema.Schema{}
	}
	s.Version, s.Definitions = jsonschema.Version, b.definitions
	return s
}

type builder struct {
	language    Language
	open        bool   // objects may have members that are not known
	prefix      string // of the names of definitions
	definitions jsonschema.Definitions
	uses        map[*shape.JSON]int    // of objects in data
	shared      map[*shape.JSON]string // the definitions of those that are in it more than once
}

// of returns the schema of a value of a type.
func (b *builder) of(t *shape.Type) *jsonschema.Schema {
	if t == nil {
		return jsonschema.TrueSchema
	}
	switch t.Kind {
	case shape.String:
		return &jsonschema.Schema{Type: "string"}
	case shape.Boolean:
		return &jsonschema.Schema{Type: "boolean"}
	case shape.Integer:
		return integer(t.Bits)
	case shape.Float:
		return &jsonschema.Schema{Type: "number"}
	case shape.Enum:
		s := &jsonschema.Schema{Type: "string"}
		for _, v := range t.Values() {
			s.Enum = append(s.Enum, v)
		}
		if b.language != Plain { // a deployment tool may put the word in
			return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{s, {Type: "string", Pattern: `\$\{[^{}]+\}`}}}
		}
		return s
	case shape.List:
		return array(b.value(t.Elem))
	case shape.Struct, shape.Union:
		if t.Name == "" {
			return b.object(t)
		}
		name := b.prefix + t.Name
		if b.definitions[name] == nil {
			b.definitions[name] = &jsonschema.Schema{} // for a type that holds itself
			*b.definitions[name] = *b.object(t)
		}
		return &jsonschema.Schema{Ref: "#/$defs/" + name}
	}
	return jsonschema.TrueSchema
}

func array(elem *jsonschema.Schema) *jsonschema.Schema {
	s := &jsonschema.Schema{Type: "array"}
	if elem != jsonschema.TrueSchema {
		s.Items = elem
	}
	return s
}

func integer(bits int) *jsonschema.Schema {
	s := &jsonschema.Schema{Type: "integer"}
	if bits == 32 {
		s.Minimum, s.Maximum = json.Number(strconv.Itoa(-1<<31)), json.Number(strconv.Itoa(1<<31-1))
	}
	return s
}

// value returns the schema of what may stand where a value of a type is wanted: in JSONata an expression too.
func (b *builder) value(t *shape.Type) *jsonschema.Schema {
	s := b.of(t)
	if b.language != JSONata || s == jsonschema.TrueSchema {
		return s
	}
	return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{s, {Type: "string", Pattern: `^\{%[\s\S]*%\}$`}}}
}

// object returns the schema of a structure. In a template each member may be written "Name" or "Name.$".
func (b *builder) object(t *shape.Type) *jsonschema.Schema {
	s := &jsonschema.Schema{Type: "object", Properties: jsonschema.NewProperties(), AdditionalProperties: jsonschema.FalseSchema}
	for _, m := range t.Members {
		b.member(s, m.Name, b.value(m.Type), m.Required)
	}
	if t.Kind == shape.Union {
		one := uint64(1)
		s.MinProperties, s.MaxProperties = &one, &one
	}
	return s
}

// member adds a member to the schema of a structure.
func (b *builder) member(s *jsonschema.Schema, name string, of *jsonschema.Schema, required bool) {
	s.Properties.Set(name, of)
	if b.language == JSONPath {
		s.Properties.Set(name+".$", &jsonschema.Schema{Type: "string", Pattern: `^(\$|States\.)`})
	}
	switch {
	case !required:
	case b.language == JSONPath:
		s.AllOf = append(s.AllOf, &jsonschema.Schema{AnyOf: []*jsonschema.Schema{{Required: []string{name}}, {Required: []string{name + ".$"}}}})
	default:
		s.Required = append(s.Required, name)
	}
}
