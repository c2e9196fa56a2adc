package gen

import (
	"bytes"
	"encoding/json"

	"github.com/invopop/jsonschema"

	"github.com/r-seed-632eed22/aslgen/gen/schema"
)

// DefinitionSchema returns the JSON Schema by which an editor completes the tasks of state machines.
func DefinitionSchema() ([]byte, error) { return schemaText(schema.Definition()) }

// ParametersSchema returns the JSON Schema of the parameters of an integration, such as ecs:runTask.sync: of Parameters, or
// of Arguments in JSONata.
func ParametersSchema(integration string, jsonata bool) ([]byte, error) {
	language := schema.JSONPath
	if jsonata {
		language = schema.JSONata
	}
	s, err := schema.Parameters(integration, language)
	if err != nil {
		return nil, err
	}
	return schemaText(s)
}

func schemaText(s *jsonschema.Schema) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(s)
	return b.Bytes(), err
}
