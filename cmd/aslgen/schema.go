package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen"
)

const schemaHelp = `Usage: aslgen schema [flags] [FILE]

Prints the JSON Schema of the input of a state machine, or with -of output that of its output. Without FILE it prints a
schema of state machines by which an editor completes and checks the parameters of tasks, of all optimized integrations and of
those that -with names: tell it to use the schema for *.asl.json. With -parameters it prints the schema of the parameters of
one integration alone.
`

func printSchema(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	f := newFlags("aslgen schema", schemaHelp)
	c := newConfig()
	f.values(c)
	of := f.String("of", "", "with FILE: `document`, input (unless given) or output")
	integration := f.String("parameters", "", "`integration` as it ends a Resource, such as ecs:runTask.sync or aws-sdk:s3:getObject")
	with := f.String("with", "", "further `integrations` for the editor's schema: aws-sdk:s3:getObject,aws-sdk:glue:getCrawler")
	jsonata := f.Bool("jsonata", false, "with -parameters: of Arguments, which are JSONata")
	files, err := f.parse(args, stdout)
	var text []byte
	var found *gen.Findings
	switch {
	case err != nil:
		return err
	case *integration == "" && *jsonata:
		return errors.New("-jsonata is for -parameters")
	case *with != "" && (len(files) > 0 || *integration != ""):
		return errors.New("-with is for the schema of machines, without FILE and -parameters")
	case len(files) == 0 && *of != "":
		return errors.New("-of is for FILE")
	case len(files) > 1 || len(files) == 1 && *integration != "":
		return errors.New("schema takes one FILE, or -parameters")
	case *integration != "":
		text, err = gen.ParametersSchema(*integration, *jsonata)
	case len(files) == 0:
		text, err = gen.DefinitionSchema(strings.FieldsFunc(*with, func(r rune) bool { return r == ',' })...)
	default:
		text, found, err = machineSchema(ctx, *c, files[0], *of)
	}
	if err != nil {
		return err
	}
	if found != nil {
		if err := report(found, stderr); err != nil {
			return err
		}
	}
	_, err = stdout.Write(text)
	return err
}

func machineSchema(ctx context.Context, c gen.Config, file, of string) ([]byte, *gen.Findings, error) {
	c.Files = []string{file}
	switch of {
	case "", "input":
		return gen.InputSchema(ctx, gen.OS, c)
	case "output":
		return gen.OutputSchema(ctx, gen.OS, c)
	}
	return nil, nil, fmt.Errorf("-of is input or output, not %q", of)
}
