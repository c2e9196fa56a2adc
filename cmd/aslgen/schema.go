package main

import (
	"context"
	"errors"
	"io"

	"github.com/r-seed-632eed22/aslgen/gen"
)

const schemaHelp = `Usage: aslgen schema [flags]

Prints a JSON Schema of state machines by which an editor completes and checks the parameters of ECS tasks: tell it to use
the schema for *.asl.json. With -parameters it prints the schema of the parameters of one integration alone.
`

func printSchema(_ context.Context, args []string, stdout, _ io.Writer) error {
	f := newFlags("aslgen schema", schemaHelp)
	integration := f.String("parameters", "", "`integration` as it ends a Resource, such as ecs:runTask.sync")
	jsonata := f.Bool("jsonata", false, "with -parameters: of Arguments, which are JSONata")
	rest, err := f.parse(args, stdout)
	switch {
	case err != nil:
		return err
	case len(rest) > 0: // that of a machine's input and output would be here
		return errors.New("schema takes no FILE")
	case *integration == "" && *jsonata:
		return errors.New("-jsonata is for -parameters")
	}
	var text []byte
	if *integration == "" {
		text, err = gen.DefinitionSchema()
	} else {
		text, err = gen.ParametersSchema(*integration, *jsonata)
	}
	if err != nil {
		return err
	}
	_, err = stdout.Write(text)
	return err
}
