// Command aslgen compiles state machines in Amazon States Language to Go. `aslgen -h` says how.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/config"
	"github.com/r-seed-632eed22/aslgen/internal/visible"
)

// Exit codes.
const (
	exitOK       = 0
	exitFindings = 1 // errors in a machine, or with -n a file that would change
	exitUsage    = 2 // a wrong call, a file that cannot be read or written, a fault of aslgen
)

// toolPackage is what a module names as its tool.
const toolPackage = "github.com/r-seed-632eed22/aslgen/cmd/aslgen"

const usage = `aslgen compiles state machines in Amazon States Language (AWS Step Functions) to Go.

Usage:

	aslgen [generate] [flags] FILE...
	                            write FILE_asl.go beside each FILE.asl.json
	aslgen vet [flags] FILE...  check the machines and write nothing
	aslgen init [flags] FILE    generate, and write a go:generate line, a first test and a main.go
	aslgen fmt [flags] FILE...  format machines in JSON
	aslgen graph [flags] FILE   print a picture of a machine, for Mermaid, for Graphviz or as SVG
	aslgen iam [flags] FILE...  print the IAM policy that the machines' role needs
	aslgen schema [FILE]        print a JSON Schema of a machine's input or output, or one by which editors complete machines
	aslgen breaking OLD NEW     say what changes for callers, workers and running executions; or -against REF FILE...
	aslgen replay MACHINE HISTORY...
	                            run executions of AWS again on a machine, and say where it goes otherwise
	aslgen cover PROFILE...     sum up which parts of machines their tests have run
	aslgen lsp                  serve an editor
	aslgen explain [CODE]       say what a code such as ASL0203, or a text of AWS, means

	aslgen start MACHINE        start an execution of a program that keeps them (init -engine durable)
	aslgen ps                   list the executions that run
	aslgen logs EXECUTION       print what has happened to one
	aslgen stop EXECUTION       stop it
	aslgen redrive EXECUTION    have it go on that has failed, timed out or was stopped

FILE is a machine in JSON or YAML, or a file of CloudFormation, SAM, CDK, the Serverless Framework or Terraform, whose machines are all meant,
or with template.yaml#Name one. It may be a pattern such as '*.asl.json' or 'jobs/**/*.asl.yaml', a folder, or ./... for all machines below one.
"aslgen COMMAND -h" lists the flags of a command,
"aslgen help config" describes the file aslgen.yaml, which may say the same for good.

A module takes aslgen as a tool and starts with a machine by

	go get -tool ` + toolPackage + `
	go tool aslgen init run_job.asl.json

and from then on go generate does what this line in one of its Go files says:

	//go:generate go tool aslgen run_job.asl.json

Exit codes: 0 if all is well or there are only warnings, 1 if a machine has errors (then nothing is written) or if -n
found something to write or breaking a breaking change, 2 if the call is wrong or a file cannot be read or written.
`

func main() {
	if os.Getenv("GOGC") == "" && !slices.Contains(os.Args[1:], "lsp") {
		debug.SetGCPercent(compilerGC)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// compilerGC is the percentage of garbage of a process that ends soon: a fifth of a generation's work is to collect it otherwise.
const compilerGC = 400

// run is main with its surroundings as arguments. It returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if slices.Equal(args, []string{"help", "config"}) {
		fmt.Fprint(stdout, config.Help)
		return exitOK
	}
	if len(args) > 0 && args[0] == "help" { // aslgen help vet is aslgen vet -h
		if len(args) > 1 && commands()[args[1]] == nil && !strings.HasPrefix(args[1], "-") {
			fmt.Fprintf(stderr, "aslgen: there is no command %s%s\n", args[1], meantHelp(args[1]))
			return exitUsage
		}
		args = append(args[1:len(args):len(args)], "-h")
	}
	command, args := commandOf(args)
	err := command(ctx, args, stdout, stderr)
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return exitOK
	case errors.Is(err, errFindings):
		return exitFindings
	}
	fmt.Fprintf(stderr, "aslgen: %s\n", visible.Escape(err.Error(), "\t\n"))
	return exitUsage
}

type command func(ctx context.Context, args []string, stdout, stderr io.Writer) error

// commands returns those that a first word stands for which is no file.
func commands() map[string]command {
	return map[string]command{"generate": generate, "version": printVersion, "vet": vet, "init": initialize, "iam": permissions, "breaking": compare, "schema": printSchema, "explain": explain, "cover": cover, "replay": replay, "graph": drawGraph, "fmt": format, "lsp": serveEditor,
		"start": startExecution, "stop": stopExecution, "redrive": redriveExecution, "ps": listExecutions, "logs": printHistory}
}

// commandOf returns the command that the arguments begin with, and its own arguments.
func commandOf(args []string) (command, []string) {
	if len(args) > 0 && commands()[args[0]] != nil {
		return commands()[args[0]], args[1:]
	}
	return generate, args
}

// version returns the version of the module that this command was built from.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}
