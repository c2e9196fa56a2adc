package schema

import (
	"regexp"
	"slices"
	"strings"

	"github.com/invopop/jsonschema"

	"github.com/r-seed-632eed22/aslgen/gen/internal/catalog"
	"github.com/r-seed-632eed22/aslgen/gen/internal/shape"
)

// integrations are those that start ECS tasks, as they end a Resource: the SDK's type says what they take, and each takes something else.
var integrations = []string{"ecs:runTask", "ecs:runTask.sync", "ecs:runTask.waitForTaskToken", "aws-sdk:ecs:runTask", "aws-sdk:ecs:runTask.waitForTaskToken"}

// Parameters returns the schema of what a task gives to an integration, such as ecs:runTask.sync: its Parameters in
// JSONPath, its Arguments in JSONata.
func Parameters(integration string, l Language) (*jsonschema.Schema, error) {
	if slices.Contains(integrations, integration) {
		s := Of(taken(integration), l)
		s.Title = integration
		return s, nil
	}
	c, err := found(integration)
	if err != nil {
		return nil, err
	}
	b := &builder{language: l, definitions: jsonschema.Definitions{}}
	s := b.document(b.call(c, integration))
	s.Title = integration
	return s, nil
}

// taken returns the parameters that an integration takes: of the optimized ones, those that wait start a single task.
func taken(integration string) *shape.Type {
	t := *catalog.RunTask()
	t.Name = strings.ReplaceAll(integration, ":", ".")
	waits := strings.HasPrefix(integration, "ecs:") && strings.Contains(integration, ".")
	t.Members = slices.DeleteFunc(slices.Clone(t.Members), func(m shape.Member) bool {
		return waits && m.Name == "Count" || integration == "ecs:runTask.sync" && m.Name == "StartedBy"
	})
	return &t
}

// Definition returns a schema for whole state machines by which an editor completes the parameters of tasks: of the optimized
// integrations, and of others that are named, such as aws-sdk:s3:getObject. It says nothing of the rest, which aslgen vet checks.
func Definition(others ...string) (*jsonschema.Schema, error) {
	root := &jsonschema.Schema{
		Version: jsonschema.Version, Title: "A state machine in Amazon States Language", Ref: "#/$defs/Machine",
		Definitions: jsonschema.Definitions{},
	}
	ref := func(name string) *jsonschema.Schema { return &jsonschema.Schema{Ref: "#/$defs/" + name} }
	machine := object("States", &jsonschema.Schema{Type: "object", AdditionalProperties: ref("State")})
	machine.Required = []string{"StartAt", "States"}
	state := object("Branches", &jsonschema.Schema{Type: "array", Items: ref("Machine")})
	state.Properties.Set("ItemProcessor", ref("Machine"))
	state.Properties.Set("Iterator", ref("Machine"))
	state.Required = []string{"Type"}
	root.Definitions["Machine"], root.Definitions["State"] = machine, state
	for _, in := range []struct {
		language Language
		field    string
	}{{JSONPath, "Parameters"}, {JSONata, "Arguments"}} {
		b := &builder{language: in.language, prefix: string(in.language) + ".", definitions: root.Definitions}
		for _, name := range slices.Concat(names(), others) {
			parameters, pattern, err := b.parameters(name)
			if err != nil {
				return nil, err
			}
			resource := object("Resource", &jsonschema.Schema{Pattern: `^arn:[^:]*:states:[^:]*:[^:]*:` + pattern + `$`})
			resource.Required = []string{"Resource", in.field}
			state.AllOf = append(state.AllOf, &jsonschema.Schema{If: resource, Then: object(in.field, parameters)})
		}
	}
	return root, nil
}

// parameters returns the schema of what an integration takes, and the pattern of the ends of its Resources.
func (b *builder) parameters(name string) (s *jsonschema.Schema, pattern string, err error) {
	if slices.Contains(integrations, name) {
		return b.value(taken(name)), regexp.QuoteMeta(name), nil
	}
	c, err := found(name)
	if err != nil {
		return nil, "", err
	}
	return b.call(c, name), regexp.QuoteMeta(name) + `(\.[\w:]+)?`, nil
}

func object(name string, of *jsonschema.Schema) *jsonschema.Schema {
	s := &jsonschema.Schema{Properties: jsonschema.NewProperties()}
	s.Properties.Set(name, of)
	return s
}
