// Package batch compiles many state machines into one Go program and runs them with task results that were written down.
// It needs the source of this module: its programs are built inside it, by an overlay, so nothing is written there.
package batch

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"go/format"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing/fstest"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/r-seed-632eed22/aslgen/gen"
	"github.com/r-seed-632eed22/aslgen/internal/built"
	"github.com/r-seed-632eed22/aslgen/internal/runner"
	"github.com/r-seed-632eed22/aslgen/templates"
)

// Machine is a state machine to compile.
type Machine struct {
	ID         string
	Definition []byte
	Express    bool
}

// Program is a Go program that runs machines. Close removes it.
type Program struct {
	// Refused are the machines that are not in the program, with the reason.
	Refused map[string]error
	at      place
	dir     string
	binary  string
}

// place is where a program is built: a package of this module, or of one inside it, by arguments of the go command.
type place struct {
	module              string // its folder; "" is this one
	folder, pkg, suffix string
	build               []string
	files               map[string][]byte // beside the machines'
}

var (
	own = place{folder: "cmd/internal/batch/program", pkg: "main", suffix: ".go", build: []string{"build"}, files: map[string][]byte{"main.go": []byte(mainFile)}} // in the overlay alone
	// onTemporal is the test binary of package temporal, which runs machines on the SDK's test environment.
	onTemporal = place{module: "runtime/temporal", folder: "runtime/temporal", pkg: "temporal", suffix: "_test.go", build: []string{"test", "-c", "-vet=off"}}
)

// Build compiles machines into one program. That a machine cannot be compiled is no error but noted in Refused.
func Build(ctx context.Context, machines []Machine) (*Program, error) {
	return buildAt(ctx, own, machines)
}

// BuildOnTemporal is [Build] for a program that runs machines as workflows of Temporal.
func BuildOnTemporal(ctx context.Context, machines []Machine) (*Program, error) {
	return buildAt(ctx, onTemporal, machines)
}

func buildAt(ctx context.Context, at place, machines []Machine) (*Program, error) {
	dir, err := os.MkdirTemp("", "aslgen-batch-*")
	if err != nil {
		return nil, err
	}
	p := &Program{Refused: map[string]error{}, at: at, dir: dir, binary: filepath.Join(dir, "program")}
	if err := p.build(ctx, machines); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

// Close removes the program.
func (p *Program) Close() error { return os.RemoveAll(p.dir) }

func (p *Program) build(ctx context.Context, machines []Machine) error {
	root, err := moduleRoot(ctx)
	if err != nil {
		return err
	}
	if err := built.FromSource(root); err != nil {
		return err
	}
	files := map[string][]byte{}
	maps.Copy(files, p.at.files)
	owner := map[string]string{} // file → machine
	for i, m := range machines {
		name := fmt.Sprintf("M%04d", i)
		code, glue, err := compile(ctx, root, p.at.pkg, name, m)
		if err != nil {
			p.Refused[m.ID] = err
			continue
		}
		for suffix, text := range map[string][]byte{"_asl": code, "_glue": glue} {
			file := strings.ToLower(name) + suffix + p.at.suffix
			files[file], owner[file] = text, m.ID
		}
	}
	for {
		faulty, err := p.link(ctx, root, files)
		if err != nil {
			return err
		}
		if len(faulty) == 0 {
			return nil
		}
		for file, fault := range faulty {
			id := owner[file]
			if id == "" {
				return fmt.Errorf("batch: %s: %s", file, fault)
			}
			p.Refused[id] = fmt.Errorf("go build: %s", fault)
			for other, of := range owner {
				if of == id {
					delete(files, other)
				}
			}
		}
	}
}

// compile returns a machine's generated file, and the one that registers it with the program. It imports what this module, in the folder
// root, can import.
func compile(ctx context.Context, root, pkg, name string, m Machine) (code, glue []byte, err error) {
	files := fstest.MapFS{"machine.asl.json": {Data: m.Definition}}
	c := gen.Config{Files: []string{"machine.asl.json"}, Package: pkg, Machine: name, Output: filepath.Join(root, name+".go"), Express: m.Express}
	r, err := gen.Generate(ctx, files, c)
	if err != nil {
		return nil, nil, err
	}
	if err := r.Diagnostics.Err(); err != nil {
		return nil, nil, err
	}
	described, err := gen.Describe(ctx, files, c)
	if err != nil {
		return nil, nil, err
	}
	return r.Files[0].Data, Glue(pkg, m.ID, described), nil
}

const mainFile = `package main

import "github.com/r-seed-632eed22/aslgen/internal/runner"

func main() { runner.Main() }
`

// Glue returns the file of a package that registers a generated machine of it with package runner.
func Glue(pkg, id string, m templates.Machine) []byte {
	var b bytes.Buffer
	b.WriteString("// Code generated to register a machine. DO NOT EDIT.\n\npackage " + pkg + "\n\nimport (\n\t\"github.com/r-seed-632eed22/aslgen/internal/runner\"\n")
	uses := func(name string) bool {
		return slices.ContainsFunc(m.Tasks, func(t templates.Task) bool { return strings.Contains(effectTypes(t), name+".") }) ||
			slices.ContainsFunc(m.Config, func(f templates.Field) bool { return strings.Contains(f.Sample, name+".") })
	}
	if slices.ContainsFunc(m.Config, func(f templates.Field) bool { return strings.HasPrefix(f.Sample, "value.") }) {
		b.WriteString("\t\"github.com/r-seed-632eed22/aslgen/runtime/value\"\n")
	}
	if uses("asl") || slices.ContainsFunc(m.Tasks, func(t templates.Task) bool { return t.Effect != "Objects" }) {
		b.WriteString("\t\"github.com/r-seed-632eed22/aslgen/runtime/asl\"\n")
	}
	for _, i := range m.Imports {
		if uses(cmp.Or(i.Name, filepath.Base(i.Path))) {
			fmt.Fprintf(&b, "\t%s\n", i)
		}
	}
	fmt.Fprintf(&b, ")\n\nfunc init() {\n\trunner.Register(%q, func(r *runner.Run) (runner.Machine, error) {\n", id)
	fmt.Fprintf(&b, "\t\treturn runner.Wrap(New%s(r.Engine, ", m.Prefix)
	if len(m.Config) > 0 {
		fmt.Fprintf(&b, "%sConfig{", m.Prefix)
		for _, f := range m.Config { // each placeholder stands for its own name
			fmt.Fprintf(&b, "%s: %s, ", f.Name, f.Sample)
		}
		b.WriteString("}, ")
	}
	fmt.Fprintf(&b, "%sTasks{\n", m.Prefix)
	for _, t := range m.Tasks {
		if t.Effect == "Objects" {
			fmt.Fprintf(&b, "\t\t\t%s: runner.Objects{Run: r},\n", t.Name)
			continue
		}
		does := map[string]string{"Call": "Caller", "Job": "Runner", "Send": "Sender"}[t.Effect]
		fmt.Fprintf(&b, "\t\t\t%s: asl.%s[%s]{%s: runner.Effect[%s]{Run: r, Activity: %t}},\n",
			t.Name, t.Effect, effectTypes(t), does, t.Parameters, strings.Contains(t.Resource, ":activity:"))
	}
	b.WriteString("\t\t}))\n\t})\n}\n")
	text, err := format.Source(b.Bytes())
	if err != nil {
		panic(fmt.Sprintf("%v\n%s", err, b.Bytes())) // all that it is made of is Go
	}
	return text
}

// effectTypes are the types of a task's parameters and result; "" if it has none. What is sent has no result.
func effectTypes(t templates.Task) string {
	switch t.Effect {
	case "Objects":
		return ""
	case "Send":
		return t.Parameters
	}
	return t.Parameters + ", " + t.Result
}

var position = regexp.MustCompile(`(?m)^\S*?([A-Za-z0-9_]+\.go):\d+:\d+: (.*)$`)

// link builds the program. It returns the files that the Go compiler refused.
func (p *Program) link(ctx context.Context, root string, files map[string][]byte) (faulty map[string]string, err error) {
	replace := map[string]string{}
	for name, text := range files {
		file := filepath.Join(p.dir, name)
		if err := os.WriteFile(file, text, 0o600); err != nil {
			return nil, err
		}
		replace[filepath.Join(root, p.at.folder, name)] = file
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return nil, err
	}
	overlayFile := filepath.Join(p.dir, "overlay.json")
	if err := os.WriteFile(overlayFile, overlay, 0o600); err != nil {
		return nil, err
	}
	build := exec.CommandContext(ctx, "go", append(slices.Clone(p.at.build), "-gcflags=-e", "-overlay", overlayFile, "-o", p.binary)...)
	build.Dir = filepath.Join(root, p.at.module)
	if p.at.module != "" { // which need not have all that machines import
		for _, file := range []string{"go.mod", "go.sum"} {
			text, err := os.ReadFile(filepath.Join(build.Dir, file))
			if err == nil {
				err = os.WriteFile(filepath.Join(p.dir, file), text, 0o600)
			}
			if err != nil {
				return nil, err
			}
		}
		build.Args = append(build.Args, "-mod=mod", "-modfile", filepath.Join(p.dir, "go.mod"))
	}
	build.Args = append(build.Args, "./"+strings.TrimPrefix(p.at.folder, p.at.module))
	output, err := build.CombinedOutput()
	if err == nil {
		return nil, nil
	}
	faulty = map[string]string{}
	for _, match := range position.FindAllSubmatch(output, -1) {
		if file := string(match[1]); faulty[file] == "" {
			faulty[file] = string(match[2])
		}
	}
	if len(faulty) == 0 {
		return nil, fmt.Errorf("batch: go build: %w\n%s", err, output)
	}
	return faulty, nil
}

func moduleRoot(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", "github.com/r-seed-632eed22/aslgen").Output()
	if err != nil {
		return "", fmt.Errorf("batch: it runs inside the module github.com/r-seed-632eed22/aslgen: %w", err)
	}
	return strings.TrimSpace(string(out)), nil
}

// Run runs executions and returns their results in the same order.
func (p *Program) Run(ctx context.Context, specs []runner.Spec) ([]runner.Result, error) {
	var in, out, faults bytes.Buffer
	for i := range specs {
		if err := json.MarshalWrite(&in, &specs[i]); err != nil {
			return nil, err
		}
		in.WriteByte('\n')
	}
	program := exec.CommandContext(ctx, p.binary)
	program.Env = append(os.Environ(), runner.Serves+"=1")
	program.Stdin, program.Stdout, program.Stderr = &in, &out, &faults
	if err := program.Run(); err != nil {
		return nil, fmt.Errorf("batch: the program: %w\n%s", err, faults.Bytes())
	}
	results := make([]runner.Result, 0, len(specs))
	for decoder := jsontext.NewDecoder(&out); ; {
		var r runner.Result
		if err := json.UnmarshalDecode(decoder, &r); errors.Is(err, io.EOF) {
			return results, nil
		} else if err != nil {
			return nil, err
		}
		results = append(results, r)
	}
}
