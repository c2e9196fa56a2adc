package gen

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"io/fs"

	"github.com/invopop/jsonschema"

	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/schema"
)

// DefinitionSchema returns the JSON Schema by which an editor completes the tasks of state machines: of the optimized
// integrations, and of others such as aws-sdk:s3:getObject. The error says which of those is not known.
func DefinitionSchema(others ...string) ([]byte, error) {
	s, err := schema.Definition(others...)
	if err != nil {
		return nil, err
	}
	return schemaText(s)
}

// ParametersSchema returns the JSON Schema of the parameters of an integration, such as ecs:runTask.sync or aws-sdk:s3:getObject:
// of Parameters, or of Arguments in JSONata.
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

// InputSchema returns the JSON Schema of the input of a machine, nil if there is an error among what was found in that.
func InputSchema(ctx context.Context, files fs.FS, c Config) ([]byte, *Findings, error) {
	return machineSchema(ctx, files, c, "input", func(t *typed) *jsonschema.Schema {
		if t.own.infer.Input != nil {
			return schema.Data(t.own.infer.Input, true)
		}
		return schema.Input(t.inferred.Input)
	})
}

// OutputSchema returns the JSON Schema of the output of a machine, nil if there is an error among what was found in that.
func OutputSchema(ctx context.Context, files fs.FS, c Config) ([]byte, *Findings, error) {
	return machineSchema(ctx, files, c, "output", func(t *typed) *jsonschema.Schema {
		if t.own.output != nil {
			return schema.Data(t.own.output, false)
		}
		return schema.Data(t.inferred.Output, false)
	})
}

// machineSchema returns the schema of a document of the one machine of a configuration. Of what is found only errors are
// reported: vet reports the rest.
func machineSchema(ctx context.Context, files fs.FS, c Config, what string, of func(*typed) *jsonschema.Schema) ([]byte, *diag.List, error) {
	g := newGeneration(files, c)
	g.vet = true
	name, err := g.only()
	var t *typed
	if name != "" {
		t, err = g.typed(ctx, name)
	}
	if err != nil {
		return nil, nil, err
	}
	g.unusedValues()
	errors := &g.result.Diagnostics
	errors.Filter(isError)
	if t == nil || errors.HasErrors() {
		return nil, errors, nil
	}
	s := of(t)
	s.Title = "The " + what + " of " + cmp.Or(t.with.machine, machineName(name))
	text, err := schemaText(s)
	return text, errors, err
}

func schemaText(s *jsonschema.Schema) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(s)
	return b.Bytes(), err
}
