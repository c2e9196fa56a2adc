package schema

import (
	"fmt"
	"slices"
	"strings"

	"github.com/invopop/jsonschema"

	"github.com/r-seed-632eed22/aslgen/gen/internal/catalog"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/internal/awsmodel"
)

// found returns the call of an integration, such as sqs:sendMessage or aws-sdk:s3:getObject.waitForTaskToken, with its service and its
// action.
func found(integration string) (*awsmodel.Call, error) {
	name, _, _ := strings.Cut(integration, ".")
	service, action, _ := strings.Cut(name, ":")
	if c := awsmodel.Find(service, action); c != nil && (c.SDK || offers(service, action)) {
		return c, nil
	}
	candidates := names()
	if service == "aws-sdk" {
		candidates = nil
		service, _, _ := strings.Cut(action, ":")
		if s := awsmodel.Load(service); s != nil {
			for _, a := range s.Actions() {
				candidates = append(candidates, "aws-sdk:"+service+":"+a)
			}
		} else {
			for _, s := range awsmodel.Services() {
				candidates = append(candidates, "aws-sdk:"+s)
			}
		}
	}
	text := fmt.Sprintf("the parameters of %q are not known", integration)
	if hint := diag.DidYouMean(integration, candidates); hint != "" {
		text += " (" + hint + ")"
	} else if service != "aws-sdk" {
		text += ": there is " + strings.Join(candidates, ", ") + ", and aws-sdk:service:action"
	}
	return nil, fmt.Errorf("%s", text)
}

// offers reports whether an optimized integration may have an action.
func offers(service, action string) bool {
	actions := catalog.Actions(service)
	return actions == nil || slices.Contains(actions, action)
}

// names returns the integrations whose parameters are known, but for those of the AWS SDK.
func names() []string {
	all := slices.Clone(integrations)
	for _, service := range catalog.Integrations() {
		for _, action := range catalog.Actions(service) {
			if service != "ecs" && awsmodel.Find(service, action) != nil {
				all = append(all, service+":"+action)
			}
		}
	}
	return all
}

// call returns the schema of the parameters of a call.
func (b *builder) call(c *awsmodel.Call, name string) *jsonschema.Schema {
	m := modelled{b, c, b.prefix + strings.ReplaceAll(name, ":", ".") + "."}
	return m.value(c.Input())
}

// modelled writes the shapes of a service.
type modelled struct {
	*builder
	call   *awsmodel.Call
	prefix string // of the names of definitions
}

// value returns the schema of what may stand where a value of a shape is wanted: in JSONata an expression too.
func (m *modelled) value(x *awsmodel.Shape) *jsonschema.Schema {
	s := m.of(x)
	if m.language != JSONata || s == jsonschema.TrueSchema {
		return s
	}
	return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{s, {Type: "string", Pattern: `^\{%[\s\S]*%\}$`}}}
}

func (m *modelled) of(x *awsmodel.Shape) *jsonschema.Schema {
	switch x.Kind {
	case awsmodel.Structure, awsmodel.Union:
		name := m.prefix + x.Name
		if m.definitions[name] == nil {
			m.definitions[name] = &jsonschema.Schema{} // for a shape that holds itself
			*m.definitions[name] = *m.structure(x)
		}
		return &jsonschema.Schema{Ref: "#/$defs/" + name}
	case awsmodel.List:
		return array(m.value(x.Elem()))
	case awsmodel.Map:
		return &jsonschema.Schema{Type: "object", AdditionalProperties: m.value(x.Elem())}
	case awsmodel.String:
		if x.Enum == nil {
			return &jsonschema.Schema{Type: "string"}
		}
		s := &jsonschema.Schema{Type: "string"}
		for _, v := range x.Enum {
			s.Enum = append(s.Enum, v)
		}
		return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{s, {Type: "string"}}} // there may be newer ones, and placeholders
	case awsmodel.Boolean:
		return &jsonschema.Schema{Type: "boolean"}
	case awsmodel.Integer:
		return integer(32)
	case awsmodel.Long:
		return integer(64)
	case awsmodel.Float, awsmodel.Double:
		return &jsonschema.Schema{Type: "number"}
	}
	return jsonschema.TrueSchema // times, and what is sent as JSON or as bytes
}

func (m *modelled) structure(x *awsmodel.Shape) *jsonschema.Schema {
	s := &jsonschema.Schema{Type: "object", Properties: jsonschema.NewProperties(), AdditionalProperties: jsonschema.FalseSchema}
	for i := range x.Members {
		member := &x.Members[i]
		of := jsonschema.TrueSchema
		if !m.call.TakesJSON(m.call.NameOf(member)) {
			of = m.value(member.Shape())
		}
		m.member(s, m.call.NameOf(member), of, member.Required && !member.Token)
	}
	if awsmodel.IsUnion(x) {
		one := uint64(1)
		s.MinProperties, s.MaxProperties = &one, &one
	}
	return s
}
