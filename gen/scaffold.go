package gen

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"go/build"
	"go/token"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"

	"github.com/r-seed-632eed22/aslgen/gen/internal/catalog"
	"github.com/r-seed-632eed22/aslgen/gen/internal/ir"
	"github.com/r-seed-632eed22/aslgen/gen/internal/lower"
	"github.com/r-seed-632eed22/aslgen/gen/internal/shape"
	"github.com/r-seed-632eed22/aslgen/internal/visible"
	"github.com/r-seed-632eed22/aslgen/templates"
)

// ScaffoldOptions say what [Scaffold] writes.
type ScaffoldOptions struct {
	Arguments string // of aslgen, for the go:generate line
	Engine    Engine // of main.go
}

// Engine is what main.go runs a machine on.
type Engine string

// The engines: main.go runs one execution; keeps them in a folder, and serves the API for them; is a worker of Temporal that serves it.
const (
	Memory   Engine = "memory"
	Durable  Engine = "durable"
	Temporal Engine = "temporal"
)

// mainTemplates are the templates of main.go.
var mainTemplates = map[Engine]string{"": "main.go", Memory: "main.go", Durable: "durable_main.go", Temporal: "temporal_main.go"}

// Scaffold returns the files that a user of a single machine begins with: a test with a mock for every task, a main.go and
// a go:generate line. They are named relative to the generated file's folder and belong to the user once written.
func Scaffold(ctx context.Context, files fs.FS, c Config, o ScaffoldOptions) (*Result, error) {
	g := newGeneration(files, c)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	name, err := g.only()
	if err != nil || name == "" {
		return g.result, err
	}
	programs, err := g.compile(ctx, name)
	if err != nil || g.result.Diagnostics.HasErrors() {
		return g.result, err
	}
	p := programs[0]
	m := describe(&p)
	m.File, m.Command, m.Arguments = p.file.Source, commandName(p.output), o.Arguments
	mainTemplate := mainTemplates[o.Engine]
	if mainTemplate == "" {
		return nil, fmt.Errorf("the engine is memory, durable or temporal, not %q", o.Engine)
	}
	dir := filepath.Dir(p.output)
	g.result.folder = dir
	mainFile := filepath.Join(dir, "main.go")
	if m.Package != "main" {
		mainFile = filepath.Join(dir, "cmd", commandName(p.output), "main.go")
		if m.ImportPath, err = importPath(files, dir); err != nil {
			return nil, err
		}
		if err := module.CheckImportPath(m.ImportPath); err != nil {
			return nil, fmt.Errorf("the folder %s is no place for a package: %w", dir, err)
		}
	}
	list := []struct{ template, name string }{
		{"generate.go", filepath.Join(dir, "generate.go")},
		{"machine_test.go", testName(p.output)},
		{mainTemplate, mainFile},
	}
	if !hasTestMain(files, dir) {
		list = append(list, struct{ template, name string }{"testmain_test.go", filepath.Join(dir, "testmain_test.go")})
	}
	for _, f := range list {
		data, err := templates.Render(f.template, m)
		if err != nil {
			return nil, err
		}
		g.result.Files = append(g.result.Files, File{Name: f.name, Data: data})
	}
	return g.result, nil
}

// testMain is how a package's tests begin to say that they have a main function of their own.
var testMain = regexp.MustCompile(`(?m)^func TestMain\(`)

// hasTestMain reports whether the tests of a folder have a main function: a package has one at most.
func hasTestMain(files fs.FS, dir string) bool {
	names, err := GoFiles(files, dir)
	if err != nil {
		return false // whoever writes there is told
	}
	return slices.ContainsFunc(names, func(name string) bool {
		text, err := fs.ReadFile(files, name)
		return err == nil && strings.HasSuffix(name, "_test.go") && testMain.Match(text)
	})
}

// commandName makes the name of the folder in cmd that holds main.go: that of run_job_asl.go is run-job. A name by which Go
// finds no package there gets a word more.
func commandName(output string) string {
	name := strings.ReplaceAll(strings.TrimSuffix(filepath.Base(output), "_asl.go"), "_", "-")
	if name == "testdata" || name == "vendor" || module.CheckImportPath("cmd/"+name) != nil {
		name += "-machine"
	}
	return name
}

// testName makes the name of a generated file's test: that of run_job_asl.go is run_job_test.go. Where Go would take the
// test for one of some systems alone, as it would job_windows_test.go, it is job_windows_asl_test.go.
func testName(output string) string {
	name := strings.TrimSuffix(output, "_asl.go") + "_test.go"
	nowhere := build.Context{GOOS: "none", GOARCH: "none", OpenFile: func(string) (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader("package p")), nil
	}}
	if everywhere, err := nowhere.MatchFile(filepath.Split(name)); err != nil || !everywhere {
		return strings.TrimSuffix(output, ".go") + "_test.go"
	}
	return name
}

// Describe returns what the generated code of a single machine declares, as its scaffold uses it.
func Describe(ctx context.Context, files fs.FS, c Config) (templates.Machine, error) {
	g := newGeneration(files, c)
	if err := ctx.Err(); err != nil {
		return templates.Machine{}, err
	}
	name, err := g.only()
	var programs []program
	if name != "" {
		programs, err = g.compile(ctx, name)
	}
	if err == nil {
		err = g.result.Diagnostics.Err()
	}
	if err != nil {
		return templates.Machine{}, err
	}
	return describe(&programs[0]), nil
}

// describe reads off a machine's program what its scaffold says.
func describe(p *program) templates.Machine {
	f := p.file
	m := templates.Machine{Name: p.name, Prefix: p.prefix, Package: f.Package, Document: f.InputAlias}
	own := m.ImportName() + "."
	if m.Package == "main" {
		own = ""
	}
	here := typeText{names: f.Imports, imports: map[string]bool{}}
	elsewhere := typeText{own, f.Imports, map[string]bool{}}
	for _, c := range f.Config {
		types := typeText{names: f.Imports, imports: map[string]bool{}}
		sample := sampleOf(c, types)
		m.Config = append(m.Config, templates.Field{Name: c.Field, Placeholder: c.Placeholder, Sample: sample, Text: types.of(c.Type) == "string", Optional: lower.OfEngine(c.Placeholder)})
		m.ConfigImports = append(m.ConfigImports, types.list()...)
	}
	slices.SortFunc(m.ConfigImports, func(a, b templates.Import) int { return strings.Compare(a.Path, b.Path) })
	m.ConfigImports = slices.Compact(m.ConfigImports)
	for _, field := range f.Tasks {
		t := describeTask(field, own, here)
		if arguments := field.Type.Args; !t.Wired && len(arguments) > 0 {
			t.StubParameters = elsewhere.of(arguments[0])
			if len(arguments) > 1 {
				t.StubResult = elsewhere.of(arguments[1])
			}
		}
		m.Wired, m.Callbacks = m.Wired || t.Wired, m.Callbacks || t.Effect == "Send"
		m.Tasks = append(m.Tasks, t)
	}
	p.sample(&m)
	m.Imports, m.StubImports = here.list(), elsewhere.list()
	return m
}

// sample gives the machine's test an input and answers of tasks by which all that is read of them is there.
func (p *program) sample(m *templates.Machine) {
	s := newSamples(p.inferred.Machine)
	m.Input, m.Fails = s.document(p.inferred.Input), p.inferred.Output == nil
	answers := map[string]*shape.Need{}
	for state, need := range p.inferred.Results {
		answers[state.Name.Text] = need
	}
	for i := range m.Tasks {
		t, task := &m.Tasks[i], p.file.Tasks[i]
		need := answers[task.State]
		resource, _, _ := catalog.ParseResource(task.Resource)
		if task.Answers != "" {
			t.Answer = s.document(need.Part(task.Answers))
		} else {
			t.Answer = s.answer(need, resource)
		}
		switch t.Result {
		case "*types.Task":
			t.Outcome = `asltest.ECSExited("main", 0)`
		case "*ecs.RunTaskOutput":
			t.Answer = `{"Tasks": [{"TaskArn": "arn:aws:ecs:us-east-1:123456789012:task/default/1", "LastStatus": "PROVISIONING"}], "Failures": []}`
		}
	}
}

// sampleOf returns a Go expression for a value of a field of Config.
func sampleOf(c ir.Setting, types typeText) string {
	switch t := types.of(c.Type); {
	case t == "string":
		return visible.Quote(c.Placeholder)
	case c.Enum != "":
		return t + "(" + strconv.Quote(c.Enum) + ")"
	case t == "bool":
		return "true"
	case strings.HasPrefix(t, "int"), strings.HasPrefix(t, "float"):
		return "1"
	case t == "[]string":
		return "[]string{" + visible.Quote(c.Placeholder) + "}"
	case strings.HasPrefix(t, "*"):
		return "&" + t[1:] + "{}"
	case strings.HasPrefix(t, "[]"):
		return t + "{{}}"
	case t == "asl.Value":
		return "value.EmptyObject"
	default:
		return t + "{}"
	}
}

// describeTask describes a field of Tasks. What precedes names of the generated code elsewhere is given.
func describeTask(f ir.Task, own string, here typeText) templates.Task {
	effect := f.Type
	t := templates.Task{Name: f.Field, Effect: effect.Name, Resource: f.Resource, Wired: f.Wired,
		Type: typeText{own, here.names, map[string]bool{}}.of(effect)}
	if len(effect.Args) == 0 { // asl.Objects
		return t
	}
	t.Parameters = here.of(effect.Args[0])
	if len(effect.Args) > 1 {
		t.Result = here.of(effect.Args[1])
	}
	return t
}

// typeText writes types as Go does.
type typeText struct {
	own     string            // precedes names of the generated code
	names   map[string]string // of packages that are not called as their path ends
	imports map[string]bool   // the packages that the types need, which it notes
}

// list returns the packages that the types need.
func (w typeText) list() (all []templates.Import) {
	for _, path := range sorted(w.imports) {
		all = append(all, templates.Import{Name: w.names[path], Path: path})
	}
	return all
}

func (w typeText) of(t ir.Type) string {
	switch t := t.(type) {
	case ir.Pointer:
		return "*" + w.of(t.Elem)
	case ir.Slice:
		return "[]" + w.of(t.Elem)
	case ir.Named:
		name := w.own + t.Name
		switch base := path.Base(t.Package); {
		case t.Package == "" && predeclared(t.Name):
			name = t.Name
		case t.Package != "":
			if base != "asl" { // which both files import anyway
				w.imports[t.Package] = true
			}
			name = cmp.Or(w.names[t.Package], base) + "." + t.Name
		}
		var arguments []string
		for _, a := range t.Args {
			arguments = append(arguments, w.of(a))
		}
		if arguments != nil {
			name += "[" + strings.Join(arguments, ", ") + "]"
		}
		return name
	}
	return ""
}

// predeclared reports whether a type is one of Go's own, such as string.
func predeclared(name string) bool { return !token.IsExported(name) }

// importPath returns the import path of a folder, by the go.mod above it.
func importPath(files fs.FS, dir string) (string, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	for root := abs; ; root = filepath.Dir(root) {
		text, err := fs.ReadFile(files, filepath.Join(root, "go.mod"))
		if err == nil {
			below, err := filepath.Rel(root, abs)
			return path.Join(modfile.ModulePath(text), filepath.ToSlash(below)), err
		}
		if root == filepath.Dir(root) {
			return "", fmt.Errorf("%s is in no module: run go mod init", dir)
		}
	}
}

// CheckFolders returns an error if there is a file where a file of the result needs a folder, or a link that leads out of the
// machine's folder.
func (r *Result) CheckFolders() error {
	for _, f := range r.Files {
		if err := checkFolder(filepath.Dir(f.Name)); err != nil {
			return err
		}
	}
	folder, err := os.OpenRoot(r.folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // writing the generated file says so
	}
	if err != nil {
		return err
	}
	defer folder.Close()
	for _, f := range r.Files {
		if _, err := folder.Stat(filepath.Dir(r.inFolder(f))); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return notWritten(f.Name, err)
		}
	}
	return nil
}

// WriteNew writes the files that do not exist yet; it never replaces one, nor leaves the machine's folder by a link. It
// returns the names of those it wrote and of those that were there.
func (r *Result) WriteNew() (written, there []string, err error) {
	folder, err := os.OpenRoot(r.folder)
	if err != nil {
		return nil, nil, err
	}
	defer folder.Close()
	for _, f := range r.Files {
		exists, err := create(folder, r.inFolder(f), f.Data)
		if err != nil {
			return written, there, notWritten(f.Name, err)
		}
		if exists {
			there = append(there, f.Name)
		} else {
			written = append(written, f.Name)
		}
	}
	return written, there, nil
}

// inFolder returns the name of a file of a scaffold in the machine's folder.
func (r *Result) inFolder(f File) string {
	name, err := filepath.Rel(r.folder, f.Name)
	if err != nil { // not for a name that was joined to the folder's
		return f.Name
	}
	return name
}
