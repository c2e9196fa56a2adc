// Package gen compiles state machines in Amazon States Language to Go.
//
// It works in stages, each a package of its own: source holds the text, parse makes an ast of it, check holds that to the
// rules of the language, lower makes a Go program (ir) of it, and emit prints that. What they find goes into one list
// (diag). A stage does not run if one before it found an error.
package gen

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	goast "go/ast"
	"io/fs"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"

	"golang.org/x/mod/module"

	"github.com/r-seed-632eed22/aslgen/gen/config"
	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/check"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/emit"
	"github.com/r-seed-632eed22/aslgen/gen/internal/forms"
	"github.com/r-seed-632eed22/aslgen/gen/internal/ir"
	"github.com/r-seed-632eed22/aslgen/gen/internal/lower"
	"github.com/r-seed-632eed22/aslgen/gen/internal/parse"
	"github.com/r-seed-632eed22/aslgen/gen/internal/sdk"
	"github.com/r-seed-632eed22/aslgen/gen/internal/shape/infer"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
)

// Config says what to compile. What it leaves open, the file aslgen.yaml may say: see the package config.
type Config struct {
	Files   []string          // the state machines
	Package string            // of the generated files; "" takes that of the folder
	Output  string            // the generated file, if there is one machine; "" puts it beside the machine
	Machine string            // the machine's name in Go, if there is one; "" makes it of the file's name
	Names   map[string]string // names in Go for states
	// Values are for ${Name} placeholders; those without one are left to run time. A name of Set wins, and some machine must
	// have it; those of Documents have an array or object as their value, which cannot be part of a string.
	Values, Set map[string]string
	Documents   map[string]bool
	// Express and Standard say what the machines are, whatever aslgen.yaml says. Without either it is Standard.
	Express, Standard bool
}

// Result is what compiling gave.
type Result struct {
	Diagnostics diag.List
	Files       []File // empty if there is an error among the diagnostics
	folder      string // of a scaffold
}

// File is a generated file.
type File struct {
	Name    string
	Data    []byte
	Machine string // the file that it is generated from
}

// Generate compiles the machines of a configuration, which it reads from files. What is wrong with them is in the result;
// the error is for what cannot be read, or for a fault of the compiler.
func Generate(ctx context.Context, files fs.FS, c Config) (*Result, error) {
	g := newGeneration(files, c)
	var p printing
	g.compiled = p.print
	err := g.programs(ctx)
	printed, fault := p.wait()
	if err != nil || g.result.Diagnostics.HasErrors() {
		return g.result, err
	}
	if fault != nil {
		return nil, fault
	}
	g.result.Files = printed
	return g.result, nil
}

// printing prints the files of programs while others are still compiled, several at a time: formatting is most of the work of a generation.
type printing struct {
	files   []*File
	faults  []*error
	turns   chan struct{}
	workers sync.WaitGroup
}

func (p *printing) print(of program) {
	if p.turns == nil {
		p.turns = make(chan struct{}, runtime.GOMAXPROCS(0))
	}
	file, fault := &File{Name: of.output, Machine: of.unit}, new(error)
	p.files, p.faults = append(p.files, file), append(p.faults, fault)
	p.workers.Go(func() {
		p.turns <- struct{}{}
		defer func() { <-p.turns }()
		file.Data, *fault = emit.File(of.output, of.file)
	})
}

// wait returns the files, in the order in which they were given to be printed.
func (p *printing) wait() (files []File, err error) {
	p.workers.Wait()
	for i, file := range p.files {
		files = append(files, *file)
		err = errors.Join(err, *p.faults[i])
	}
	return files, err
}

// programs compiles all machines and reports what is wrong with them, one by one and together.
func (g *generation) programs(ctx context.Context) error {
	if err := g.expand(); err != nil {
		return err
	}
	var programs []program
	for _, name := range g.config.Files {
		if err := ctx.Err(); err != nil {
			return err
		}
		p, err := g.compile(ctx, name)
		if err != nil {
			return err
		}
		programs = append(programs, p...)
		if g.compiled != nil {
			for _, of := range p {
				g.compiled(of)
			}
		}
	}
	g.unusedNames()
	g.unusedValues()
	if err := g.collisions(programs); err != nil {
		return err
	}
	if g.vet {
		for _, d := range g.result.Diagnostics.All() {
			if d.Code == diag.NotGenerated {
				d.Severity = diag.Warning
			}
		}
	}
	return g.inVain(g.silence())
}

// Vet checks the machines of a configuration and generates nothing: that a part cannot be generated yet is a warning.
func Vet(ctx context.Context, files fs.FS, c Config) (*Result, error) {
	g := newGeneration(files, c)
	g.vet = true
	if err := g.programs(ctx); err != nil {
		return nil, err
	}
	return g.result, nil
}

// program is a machine that was compiled and is to be printed.
type program struct {
	name   string // of the machine in Go
	prefix string // of the names of its types and functions
	unit   string // the machine's file, with # and its name in a template
	source *source.File
	output string
	file   *ir.File
	// inferred is what its scaffold takes samples of.
	inferred *infer.Program
}

type generation struct {
	files    fs.FS
	config   Config
	compiled func(program) // is told of each program that was compiled; nil if nobody is
	vet      bool          // nothing is written: what cannot be generated yet is a warning, and any package will do
	result   *Result
	outputs  map[string]string                 // output → machine
	named    map[string]bool                   // the states of all machines
	opened   int                               // how many machines were read
	folders  map[string]map[string]*goast.File // the Go files of folders that were looked at

	configs map[string]*config.File // by their absolute names
	faulty  map[*config.File]bool
	applied map[string]*settings    // by the machine's file
	placed  map[string]bool         // the placeholders of all machines
	sdk     map[string]*sdk.Modules // for the code in a folder

	forms    map[string][]forms.Machine // by the names of their files
	machines map[string]forms.Machine   // that are compiled, by their names
}

func newGeneration(files fs.FS, c Config) *generation {
	return &generation{
		files: files, config: c, result: &Result{}, outputs: map[string]string{}, named: map[string]bool{},
		folders: map[string]map[string]*goast.File{}, configs: map[string]*config.File{}, faulty: map[*config.File]bool{}, applied: map[string]*settings{},
		placed: map[string]bool{}, sdk: map[string]*sdk.Modules{}, forms: map[string][]forms.Machine{}, machines: map[string]forms.Machine{},
	}
}

// compile compiles one file as far as it is sound.
func (g *generation) compile(ctx context.Context, name string) ([]program, error) {
	t, err := g.typed(ctx, name)
	if err != nil || t == nil {
		return nil, err
	}
	var found diag.List
	machine := cmp.Or(t.with.machine, machineName(name))
	prefix := machine
	if t.with.unprefixed {
		prefix = ""
	}
	modules, err := g.modules(ctx, t)
	if err != nil {
		return nil, err
	}
	file := lower.Machine(t.source, t.inferred, lower.Options{
		Modules: modules,
		Package: t.pkg,
		Types:   t.own.lower,
		Name:    machine,
		Prefix:  prefix,
		Names:   t.with.names,
		Express: t.with.express,
		Embed:   t.source.IsGiven() && embeds(t.source.Name, t.output),
	}, &found)
	g.result.Diagnostics.AddAll(&found)
	if file == nil {
		return nil, nil
	}
	return []program{{machine, prefix, name, t.source, t.output, file, t.inferred}}, nil
}

// embeds reports whether the generated file can embed the machine's: go:embed reaches no other folder, and takes only the
// names that files of a module may have.
func embeds(name, output string) bool {
	return filepath.Dir(output) == filepath.Dir(name) && module.CheckFilePath(filepath.Base(name)) == nil
}

// typed is a machine of which the types are known.
type typed struct {
	source      *source.File
	with        *settings
	output, pkg string // the generated file and its package
	own         *userTypes
	inferred    *infer.Program
}

// typed reads, checks and types one machine. It returns nil if an error was found.
func (g *generation) typed(ctx context.Context, name string) (*typed, error) {
	f, with, err := g.read(name)
	if err != nil || f == nil {
		return nil, err
	}
	m := checked(f, with.express, &g.result.Diagnostics)
	g.functionsHold()
	if m == nil {
		return nil, nil
	}
	output := cmp.Or(g.config.Output, filepath.Join(filepath.Dir(name), outputName(name)))
	if other, ok := g.outputs[output]; ok {
		return nil, sameOutput(other, name, output)
	}
	g.outputs[output] = name
	pkg, err := g.packageOf(output, with.pkg)
	if err != nil {
		return nil, err
	}
	collect(m, g.named)
	g.knownStates(with, m)
	g.knownTypes(with, m)
	own, ok, err := g.userTypes(ctx, m, with, output, pkg)
	if err != nil || !ok {
		return nil, err
	}
	var found diag.List
	own.infer.Express = with.express
	inferred := infer.Machine(f, m, own.infer, &found)
	g.result.Diagnostics.AddAll(&found)
	g.producesOutput(with.file, own, inferred.Output)
	return &typed{f, with, output, pkg, own, inferred}, nil
}

// functionsHold takes out what is said of placeholders inside functions of CloudFormation, which have a finding.
func (g *generation) functionsHold() {
	var functions []diag.Finding
	for _, d := range g.result.Diagnostics.All() {
		if d.Code == diag.CloudFormationFunction {
			functions = append(functions, d.Finding())
		}
	}
	g.result.Diagnostics.Filter(func(d *diag.Diagnostic) bool {
		return d.Code != diag.LeftToRunTime || !slices.ContainsFunc(functions, d.Finding().Within)
	})
}

// read reads a machine and what holds for it. It returns no file if an error was found.
func (g *generation) read(name string) (*source.File, *settings, error) {
	f, with, err := g.open(name)
	if err != nil || f == nil {
		return nil, nil, err
	}
	g.placeholders(f, with.values)
	f, ok := g.substitute(f, with)
	if !ok {
		return nil, nil, nil
	}
	return f, with, nil
}

// open reads a machine as it is written, and what holds for it. It returns no file if the configuration file is faulty.
func (g *generation) open(name string) (*source.File, *settings, error) {
	m, ok := g.machines[name]
	if !ok {
		return nil, nil, fmt.Errorf("%s is not read", name)
	}
	with, ok, err := g.settings(name)
	if err != nil || !ok {
		return nil, nil, err
	}
	with.withTemplate(m, g.config.Standard)
	return g.given(m.File), with, nil
}

// given notes the placeholders of a machine that is read, and returns it.
func (g *generation) given(f *source.File) *source.File {
	g.opened++
	for _, p := range source.Placeholders(f.Data) {
		g.placed[p.Name] = true
	}
	return f
}

// placeholders warns of those that have no value, which is then given when the machine is made.
func (g *generation) placeholders(f *source.File, values map[string]string) {
	left := map[string]bool{}
	var free []string
	var first source.Span
	for _, p := range source.Placeholders(f.Data) {
		if _, has := values[p.Name]; has || left[p.Name] {
			continue
		}
		left[p.Name] = true
		if !p.Escaped {
			if free = append(free, p.Name); len(free) == 1 {
				first = p.Span
			}
			continue
		}
		g.result.Diagnostics.Warnf(f, p.Span, diag.LeftToRunTime, "$${%s} is how a Terraform template writes the text ${%s}, which here is a placeholder", p.Name, p.Name).
			WithHint("render the template first: what comes out is the machine")
	}
	switch {
	case len(free) == 1:
		g.result.Diagnostics.Warnf(f, first, diag.LeftToRunTime, "${%s} has no value: it becomes a field of the machine's Config", free[0]).
			WithHint(fmt.Sprintf("give it one with -set '%s=…'", free[0]))
	case len(free) > 1:
		last := len(free) - 1
		g.result.Diagnostics.Warnf(f, first, diag.LeftToRunTime, "${%s} and ${%s} have no value: they become fields of the machine's Config", strings.Join(free[:last], "}, ${"), free[last]).
			WithHint(fmt.Sprintf("give them values with -set '%s=…', or in aslgen.yaml", free[0]))
	}
}

// checked parses and checks one file. It returns nil if that found an error.
func checked(f *source.File, express bool, l *diag.List) *ast.Machine {
	var found diag.List
	m := parse.File(f, &found)
	if m != nil {
		o := check.Options{Type: check.Standard}
		if express {
			o.Type = check.Express
		}
		check.Machine(f, m, o, &found)
	}
	l.AddAll(&found)
	if found.HasErrors() {
		return nil
	}
	return m
}

// unusedNames reports names that were chosen for states which no machine has.
func (g *generation) unusedNames() {
	for _, state := range sorted(g.config.Names) {
		if len(g.named) > 0 && !g.named[state] {
			g.result.Diagnostics.Errorf(nil, source.Span{}, diag.NoSuchState, "a name is chosen for the state %q, which no machine has", state).
				WithHint(diag.DidYouMean(state, sorted(g.named)))
		}
	}
}

// machineName makes the Go name of a machine of its file's: run_job.asl.json is RunJob.
func machineName(file string) string { return lower.Identifier(stem(file), "Machine") }

// outputName makes the name of the generated file: run_job.asl.json is run_job_asl.go. It never ends in what the go
// command takes for an operating system or a test, nor begins with what makes it overlook a file.
func outputName(file string) string {
	name := strings.Map(func(r rune) rune {
		if r == '_' || r == '-' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return '_'
	}, stem(file))
	return cmp.Or(strings.TrimLeft(name, "_"), "machine") + "_asl.go"
}

func stem(file string) string {
	if _, part, ok := strings.Cut(file, separator); ok { // ProcessOrders in a template is process_orders
		return strings.ToLower(wordStart.ReplaceAllString(part, "${1}${3}_${2}${4}"))
	}
	base := filepath.Base(file)
	for _, suffix := range []string{".tftpl", ".tmpl", ".tpl", ".json", ".yaml", ".yml", ".asl"} {
		base = strings.TrimSuffix(base, suffix)
	}
	return base
}

// wordStart is where a word begins in a name like ProcessECSOrders: before Orders, and before ECS.
var wordStart = regexp.MustCompile(`([a-z0-9])([A-Z])|([A-Z])([A-Z][a-z])`)
