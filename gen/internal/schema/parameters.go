package schema

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/invopop/jsonschema"

	"github.com/r-seed-632eed22/aslgen/gen/internal/catalog"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/shape"
)

// integrations are those whose parameters the catalog knows, as they end a Resource.
var integrations = []string{"ecs:runTask", "ecs:runTask.sync", "ecs:runTask.waitForTaskToken", "aws-sdk:ecs:runTask", "aws-sdk:ecs:runTask.waitForTaskToken"}

// Parameters returns the schema of what a task gives to an integration, such as ecs:runTask.sync: its Parameters in
// JSONPath, its Arguments in JSONata.
func Parameters(integration string, l Language) (*jsonschema.Schema, error) {
	if !slices.Contains(integrations, integration) {
		text := fmt.Sprintf("the parameters of %q are not known: there is %s", integration, strings.Join(integrations, ", "))
		if hint := diag.DidYouMean(integration, integrations); hint != "" {
			text += " (" + hint + ")"
		}
		return nil, fmt.Errorf("%s", text)
	}
	s := Of(taken(integration), l)
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

// Definition returns a schema for whole state machines by which an editor completes the parameters of the tasks that the
// catalog knows. It says nothing of the rest, which aslgen vet checks.
func Definition() *jsonschema.Schema {
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
		for _, name := range integrations {
			resource := object("Resource", &jsonschema.Schema{Pattern: `^arn:[^:]*:states:[^:]*:[^:]*:` + regexp.QuoteMeta(name) + `$`})
			resource.Required = []string{"Resource", in.field}
			state.AllOf = append(state.AllOf, &jsonschema.Schema{If: resource, Then: object(in.field, b.value(taken(name)))})
		}
	}
	return root
}

func object(name string, of *jsonschema.Schema) *jsonschema.Schema {
	s := &jsonschema.Schema{Properties: jsonschema.NewProperties()}
	s.Properties.Set(name, of)
	return s
}
