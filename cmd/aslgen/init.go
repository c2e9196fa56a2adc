package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"slices"

	"github.com/r-seed-632eed22/aslgen/gen"
)

const initHelp = `Usage: aslgen init [flags] FILE

Generates a machine's code and writes what a user of it begins with. For run_job.asl.json these are, beside it:

	run_job_asl.go         the generated code, as aslgen writes it
	generate.go            the go:generate line that keeps it up to date
	run_job_test.go        a test with a mock in place of every task
	testmain_test.go       has the package's tests say how much of its machines they run
	cmd/run-job/main.go    a program that runs the machine against Amazon ECS (main.go in a package main)

It gets the modules of the AWS SDK for Go that the machine calls, but for that of Amazon ECS, which aslgen itself has.

All but the first are yours: one that exists is left as it is. The flags go into the go:generate line.
`

func initialize(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	f := newFlags("aslgen init", initHelp)
	c := f.config()
	engine := f.String("engine", "memory", "what main.go runs the machine on: memory runs one execution; durable keeps executions in a folder, over any number of processes; temporal is a worker of Temporal; both serve the Step Functions API for them")
	patterns, err := f.parse(args, stdout)
	if err != nil {
		return err
	}
	if c.Files, err = expand(patterns); err != nil {
		return err
	}
	if len(c.Files) != 1 {
		return errors.New("init takes one FILE")
	}
	line, err := f.lineArguments(c)
	if err != nil {
		return err
	}
	of := gen.Engine(*engine)
	if !slices.Contains([]gen.Engine{gen.Memory, gen.Durable, gen.Temporal}, of) {
		return fmt.Errorf("-engine is memory, durable or temporal, not %q", *engine)
	}
	if err := getModules(ctx, *c, of, stdout, stderr); err != nil {
		return err
	}
	scaffold, err := gen.Scaffold(ctx, gen.OS, *c, gen.ScaffoldOptions{Arguments: line, Engine: of})
	if err != nil {
		return err
	}
	if err := scaffold.CheckFolders(); err != nil {
		return err
	}
	r, err := gen.Generate(ctx, gen.OS, *c)
	if err != nil {
		return err
	}
	if err := report(&r.Diagnostics, stderr); err != nil {
		return err
	}
	generated, err := r.Write()
	if err != nil {
		return err
	}
	return begin(c.Files[0], line, scaffold, generated, stdout)
}

// getModules gets the modules of the AWS SDK for Go that the machine's tasks call. Without them the tasks are not wired, which generating
// the code says.
func getModules(ctx context.Context, c gen.Config, engine gen.Engine, stdout, stderr io.Writer) error {
	paths, err := gen.MissingModules(ctx, gen.OS, c)
	if err != nil {
		return err
	}
	folder := filepath.Dir(c.Files[0])
	if engine == gen.Temporal {
		paths = append(paths, missingPackages(ctx, folder, temporalPackages)...)
	}
	if len(paths) == 0 {
		return nil
	}
	get := exec.CommandContext(ctx, "go", append([]string{"get"}, paths...)...)
	get.Dir = folder
	said, err := get.CombinedOutput()
	if err != nil {
		fmt.Fprintf(stderr, "aslgen: go get: %v\n%s", err, said)
		return ctx.Err()
	}
	for _, path := range paths {
		fmt.Fprintln(stdout, "got  ", path)
	}
	return nil
}

// temporalPackages are what a worker of Temporal imports beside this module.
var temporalPackages = []string{"go.temporal.io/sdk/worker", "go.temporal.io/sdk/contrib/envconfig", "github.com/r-seed-632eed22/aslgen/runtime/temporal"}

// missingPackages returns those of the packages that the module of a folder cannot import.
func missingPackages(ctx context.Context, folder string, paths []string) (missing []string) {
	for _, path := range paths {
		list := exec.CommandContext(ctx, "go", "list", "-find", path)
		if list.Dir = folder; list.Run() != nil {
			missing = append(missing, path)
		}
	}
	return missing
}

// begin writes the files of a scaffold that are not there yet, and says what has been written and what comes next.
func begin(machine, line string, scaffold *gen.Result, generated []string, stdout io.Writer) error {
	dir := filepath.Dir(machine)
	lined, err := hasLine(dir, filepath.Base(machine))
	if err != nil {
		return err
	}
	if lined {
		scaffold.Files = slices.DeleteFunc(scaffold.Files, func(f gen.File) bool { return filepath.Base(f.Name) == "generate.go" })
	}
	written, kept, err := scaffold.WriteNew()
	for _, name := range slices.Concat(generated, written) {
		fmt.Fprintln(stdout, "wrote", name)
	}
	for _, name := range kept {
		fmt.Fprintln(stdout, "kept ", name)
		if filepath.Base(name) == "generate.go" {
			fmt.Fprintf(stdout, "      add to it: //go:generate go tool aslgen %s\n", line)
		}
	}
	if err != nil || len(written) == 0 {
		return err
	}
	fmt.Fprintln(stdout, "\nNext:")
	if has, err := hasTool(dir); err == nil && !has {
		fmt.Fprintln(stdout, "\tgo get -tool", toolPackage)
	}
	fmt.Fprintf(stdout, "\tgo mod tidy\n\tgo test %s\n", packagePattern(dir))
	return nil
}

// packagePattern writes a folder as the go command takes it.
func packagePattern(dir string) string {
	if filepath.IsAbs(dir) || dir == "." {
		return dir
	}
	return "./" + filepath.ToSlash(dir)
}
