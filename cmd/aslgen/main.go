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
	"strings"
)

// Exit codes.
const (
	exitOK       = 0
	exitFindings = 1 // errors in a machine, or with -n a file that would change
	exitUsage    = 2 // a wrong call, a file that cannot be read or written, a fault of aslgen
)

const usage = `aslgen compiles state machines in Amazon States Language (AWS Step Functions) to Go.

Usage:

	aslgen [flags] FILE...     write FILE_asl.go beside each FILE.asl.json
	aslgen vet [flags] FILE... check the machines and write nothing
	aslgen init [flags] FILE   write a first test, a main.go and a go:generate line, once
	aslgen explain CODE        say what a code such as ASL0203 means

FILE may be a pattern such as '*.asl.json'. "aslgen COMMAND -h" lists the flags of a command.

In a Go file, with aslgen as a tool of the module (go get -tool github.com/r-seed-632eed22/aslgen/cmd/aslgen):

	//go:generate go tool aslgen run_job.asl.json

It exits with 0 if all is well or there are only warnings, 1 if a machine has errors, 2 if it was called wrongly.
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is main with its surroundings as arguments. It returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	commands := map[string]func(context.Context, []string, io.Writer, io.Writer) error{
		"vet": vet, "init": initialize, "explain": explain,
	}
	command := generate
	if len(args) > 0 {
		if c, ok := commands[args[0]]; ok {
			command, args = c, args[1:]
		}
	}
	err := command(ctx, args, stdout, stderr)
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return exitOK
	case errors.Is(err, errFindings):
		return exitFindings
	}
	fmt.Fprintf(stderr, "aslgen: %v\n", err)
	return exitUsage
}

// errFindings says that what was found has been printed.
var errFindings = errors.New("findings")

// flags returns the flag set of a command. A wrong flag is an error of one line; -h prints help and the flags.
func flags(name, help string, stdout io.Writer) *flag.FlagSet {
	f := flag.NewFlagSet(name, flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.Usage = func() {
		f.SetOutput(stdout)
		fmt.Fprintf(stdout, "%s\nFlags:\n\n", help)
		f.PrintDefaults()
	}
	return f
}

// parse reads the flags, which may stand between the files, and returns the files.
func parse(f *flag.FlagSet, args []string) (files []string, err error) {
	for {
		if err := f.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				return nil, err
			}
			return nil, fmt.Errorf("%w (aslgen -h lists the flags)", err)
		}
		if args = f.Args(); len(args) == 0 {
			return files, nil
		}
		files, args = append(files, args[0]), args[1:]
	}
}

// names collects -name 'STATE=Name'.
type names map[string]string

func (n names) String() string { return "" }

func (n names) Set(s string) error {
	i := strings.LastIndex(s, "=")
	if i <= 0 {
		return fmt.Errorf("write it 'STATE=Name'")
	}
	state, name := s[:i], s[i+1:]
	if !isExported(name) {
		return fmt.Errorf("%q is no exported Go name", name)
	}
	if other, ok := n[state]; ok && other != name {
		return fmt.Errorf("the state %q has the name %s already", state, other)
	}
	n[state] = name
	return nil
}

// version returns the version of the module that this command was built from.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}
