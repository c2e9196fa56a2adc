// Package lower turns a checked state machine into the Go program that package emit prints. Names are chosen here.
package lower

import (
	"cmp"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/catalog"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/ir"
	"github.com/r-seed-632eed22/aslgen/gen/internal/sdk"
	"github.com/r-seed-632eed22/aslgen/gen/internal/shape"
	"github.com/r-seed-632eed22/aslgen/gen/internal/shape/infer"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
)

// Options is what the file does not say.
type Options struct {
	Package string            // of the generated file
	Name    string            // of the machine, an exported Go name
	Prefix  string            // of its types and functions: its name, or "" in a package that has no other machine
	Names   map[string]string // short names for states, exported Go names
	Express bool
	Embed   bool // the file lies beside the generated one, where go:embed can name it
	Types   Types
	Modules *sdk.Modules // of the AWS SDK for Go, with the services of the machine looked up; nil if none is to be used
}

// Packages that generated code imports.
const (
	pkgAWS      = "github.com/aws/aws-sdk-go-v2/aws"
	pkgECS      = "github.com/aws/aws-sdk-go-v2/service/ecs"
	pkgTypes    = pkgECS + "/types"
	pkgRuntime  = "github.com/r-seed-632eed22/aslgen/runtime"
	pkgASL      = pkgRuntime + "/asl"
	pkgTable    = pkgASL + "/table"
	pkgValue    = pkgRuntime + "/value"
	pkgECSTask  = pkgRuntime + "/ecstask"
	pkgAWSTask  = pkgRuntime + "/awstask"
	pkgAWSRole  = pkgRuntime + "/awsrole"
	pkgHTTPTask = pkgRuntime + "/httptask"
)

// version is the form of generated code; the runtime says which it runs.
const version = table.MaxVersion

// lowering is the work on one machine.
type lowering struct {
	file    *source.File
	machine *ast.Machine
	program *infer.Program
	options Options
	list    *diag.List

	states  []*state
	byName  map[string]*state
	global  nameSet // names at the package's level
	tasks   []taskField
	parts   []ir.Decl            // functions of parts of the table
	late    []ir.Decl            // types and template functions, in the order of the states
	listed  map[string]int       // how many states have a list of retriers or catchers
	shared  map[string]ir.Expr   // the call of the function of one that several have
	types   map[string]*taskType // by their structure
	config  config
	imports map[string]string // names of packages that are not called as their path ends
	clients map[string]serviceClient

	unions       []ir.Expr       // among the parameters of calls
	listedUnions map[string]bool // with their packages
	unionsName   string          // of the variable that has them, "" if no call needs it
	missing      map[string]bool // modules of the SDK that were reported
}

// state is a state and the names made of it.
type state struct {
	*ast.State
	wanted   string           // the name that it would have by itself
	ident    string           // RunECSTask
	constant string           // RunJobStateRunECSTask
	task     catalog.Resource // of a Task
	jsonata  bool             // its query language is JSONata
}

// taskField is a field of the machine's Tasks.
type taskField struct {
	name, doc       string
	typ             ir.Named
	state, resource string
	client          client
}

// Machine lowers a machine in which check has found no error. It reports what cannot be generated, and returns nil then.
func Machine(f *source.File, p *infer.Program, o Options, l *diag.List) *ir.File {
	m := p.Machine
	w := &lowering{file: f, machine: m, program: p, options: o, list: l, byName: map[string]*state{}, global: nameSet{}, types: map[string]*taskType{},
		imports: map[string]string{}, clients: map[string]serviceClient{}, listedUnions: map[string]bool{}}
	w.nameStates()
	w.config.owner = o.Prefix
	input := w.inputDecls()
	output := w.outputDecls()
	definition := w.definition() // fills tasks and late
	if w.list.HasErrors() {
		return nil
	}
	out := &ir.File{Package: o.Package, Source: f.Called(), Embeds: w.options.Embed, Imports: w.imports}
	_, out.InputAlias = input[0].(*ir.Alias)
	for _, t := range w.tasks {
		out.Tasks = append(out.Tasks, ir.Task{
			Field: t.name, Type: t.typ, State: t.state, Resource: t.resource, Wired: t.client.wire != nil, Answers: t.client.answers,
		})
	}
	for _, name := range w.config.names {
		out.Config = append(out.Config, ir.Setting{Field: w.config.fields[name], Placeholder: name, Type: w.config.typeOf(name), Enum: w.config.enums[name]})
	}
	out.Decls = append(out.Decls, w.guard(), w.stateNames())
	out.Decls = append(out.Decls, input...)
	out.Decls = append(out.Decls, output...)
	out.Decls = append(out.Decls, w.configDecls()...)
	out.Decls = append(out.Decls, w.tasksDecls()...)
	out.Decls = append(out.Decls, w.constructor(definition)...)
	out.Decls = append(out.Decls, w.unionsDecls()...)
	out.Decls = append(out.Decls, w.parts...)
	out.Decls = append(out.Decls, w.late...)
	return out
}

// nameStates chooses the names of all states, inner ones too. Of several with one name, a state for which it was chosen has it,
// else one that is called exactly so, else the first.
func (w *lowering) nameStates() {
	w.collectStates(w.machine)
	named := slices.Clone(w.states)
	slices.SortStableFunc(named, func(a, b *state) int { return cmp.Compare(w.claim(a), w.claim(b)) })
	taken, first := nameSet{}, map[string]*state{}
	for _, s := range named {
		s.ident = taken.take(s.wanted)
		if first[s.wanted] == nil {
			first[s.wanted] = s
		}
	}
	for _, s := range w.states {
		if other := first[s.wanted]; s.ident != s.wanted && other != s {
			w.list.Warnf(w.file, s.Name.Span, diag.SameName, "the states %q and %q would both be %s in Go: this one becomes %s",
				other.Name.Text, s.Name.Text, s.wanted, s.ident).
				WithHint(fmt.Sprintf("choose a name: -name '%s=…'", s.Name.Text)).
				Relate(other.Name.Span, "this is %s", s.wanted)
		}
		s.constant = w.global.take(w.options.Prefix + "State" + s.ident)
	}
	for _, suffix := range []string{"Input", "Output", "Tasks", "Clients", "Config"} {
		w.global.reserve(w.options.Prefix + suffix)
	}
}

// claim orders states by how good their claim to the name is that they want.
func (w *lowering) claim(s *state) int {
	_, chosen := w.options.Names[s.Name.Text]
	switch {
	case chosen:
		return 0
	case s.wanted == s.Name.Text:
		return 1
	}
	return 2
}

// collectStates lists the states of a machine and of those in it.
func (w *lowering) collectStates(m *ast.Machine) {
	for _, s := range m.States {
		n := &state{State: s, wanted: w.options.Names[s.Name.Text], jsonata: s.JSONata(w.machine)}
		if n.wanted == "" {
			n.wanted = Identifier(s.Name.Text, "State")
		}
		if s.Resource != nil {
			n.task, _, _ = catalog.ParseResource(s.Resource.Text)
		}
		w.states = append(w.states, n)
		w.byName[s.Name.Text] = n
		for _, inner := range s.Machines() {
			w.collectStates(inner)
		}
	}
}

// own is the name of something that belongs to a state: runJobRunECSTaskParameters.
func (w *lowering) own(s *state, suffix string) string {
	return w.private(s.ident + suffix)
}

// private takes a name that is not exported for something of the machine's.
func (w *lowering) private(name string) string {
	if w.options.Prefix == "" {
		return w.global.take(unexported(name))
	}
	return w.global.take(unexported(w.options.Prefix) + name)
}

// guard makes a file that is too old for the runtime, or too young, a build error.
func (w *lowering) guard() ir.Decl {
	check := func(x, y ir.Expr) ir.Const {
		return ir.Const{Name: "_", Value: ir.Call{Func: tableName("EnforceVersion"), Args: []ir.Expr{ir.Binary{X: x, Operator: "-", Y: y}}}}
	}
	v := ir.Number{Text: strconv.Itoa(version)}
	return &ir.Consts{
		Doc: "If the first line does not compile, this file is too old for the runtime: run go generate.\n" +
			"If the second does not, the runtime is too old for this file: go get github.com/r-seed-632eed22/aslgen.",
		Items: []ir.Const{check(v, tableName("MinVersion")), check(tableName("MaxVersion"), v)},
	}
}

func (w *lowering) stateNames() ir.Decl {
	d := &ir.Consts{Doc: fmt.Sprintf("The states of %s.", w.options.Name)}
	for _, s := range w.states {
		d.Items = append(d.Items, ir.Const{Name: s.constant, Value: ir.Text{Value: s.Name.Text}})
	}
	return d
}

// constructor declares the function that makes the machine, and the file it was generated from where that is embedded.
func (w *lowering) constructor(definition []ir.Elem) []ir.Decl {
	name := w.options.Prefix
	var decls []ir.Decl
	if w.options.Embed {
		variable := w.private("Definition")
		decls = append(decls, &ir.Var{
			Name: variable, Doc: fmt.Sprintf("%s is the file that this code was generated from.", variable),
			Directive: "go:embed " + embedPattern(filepath.Base(w.file.Name)), Type: ir.Named{Name: "string"},
		})
		definition = append(definition,
			ir.Elem{Key: "File", Value: ir.Text{Value: filepath.Base(w.file.Name)}},
			ir.Elem{Key: "Source", Value: ir.Name{Name: variable}})
	}
	if !w.file.IsGiven() { // the runtime reads JSON, and no templates
		variable := w.private("Definition")
		decls = append(decls, &ir.Var{
			Name: variable, Doc: fmt.Sprintf("%s is the machine that this code was generated from.", variable), Value: ir.RawText{Value: string(w.file.Written())},
		})
		definition = append(definition, ir.Elem{Key: "File", Value: ir.Text{Value: filepath.Base(w.file.Name)}}, ir.Elem{Key: "Source", Value: ir.Name{Name: variable}})
		if where := w.file.Places(); where != "" {
			variable := w.private("Places")
			decls = append(decls, &ir.Var{
				Name: variable, Doc: fmt.Sprintf("%s are where the definition's parts stand in %s.", variable, filepath.Base(w.file.Name)), Value: ir.RawText{Value: where},
			})
			definition = append(definition, ir.Elem{Key: "Places", Value: ir.Name{Name: variable}})
		}
	}
	definition = append(definition, ir.Elem{Key: "Checksum", Value: ir.Text{Value: table.Checksum(string(w.file.Written()))}})
	params := []ir.Param{{Name: "engine", Type: aslType("Engine")}}
	if len(w.config.names) > 0 {
		params = append(params, ir.Param{Name: "config", Type: ir.Named{Name: name + "Config"}})
		definition = append(definition, ir.Elem{Key: "Config", Value: w.config.literal()})
		definition = append(definition, w.config.numbers()...)
	}
	params = append(params,
		ir.Param{Name: "tasks", Type: ir.Named{Name: name + "Tasks"}},
		ir.Param{Name: "options", Type: aslType("Option"), Variadic: true})
	types := []ir.Type{ir.Named{Name: name + "Input"}, ir.Named{Name: name + "Output"}}
	return append(decls, &ir.Func{
		Name: "New" + name, Doc: fmt.Sprintf("New%s returns the state machine, to run on an engine:\n\n%s", name, w.chart()),
		Params:  params,
		Results: []ir.Type{ir.Pointer{Elem: ir.Named{Package: pkgASL, Name: "Machine", Args: types}}, ir.Named{Name: "error"}},
		Sets:    w.config.ofEngine(),
		Return: ir.Call{
			Func: ir.Name{Package: pkgTable, Name: "NewMachine", Args: types},
			Args: []ir.Expr{
				ir.Name{Name: "engine"},
				ir.Composite{Type: tableType("Definition"), Elems: definition, Lines: true},
				ir.Name{Name: "options"},
			},
			Spread: true,
		},
	})
}

// chart draws the way from the start as far as it does not branch, then each state with where it leads.
func (w *lowering) chart() string {
	line := "\tstart"
	seen := map[string]bool{}
	s := w.byName[w.machine.StartAt.Text]
	for s != nil && !seen[s.Name.Text] {
		seen[s.Name.Text] = true
		line += " → " + s.Name.Text
		targets := infer.Targets(s.State)
		if len(targets) == 0 {
			return line + " → end"
		}
		if len(targets) > 1 || s.Ends() || seen[targets[0]] {
			break
		}
		s = w.byName[targets[0]]
	}
	lines := []string{"\tstart → " + w.machine.StartAt.Text}
	for _, s := range w.machine.States {
		to := infer.Targets(s)
		if s.Ends() || len(to) == 0 {
			to = append([]string{"end"}, to...)
		}
		lines = append(lines, "\t"+s.Name.Text+" → "+strings.Join(to, ", "))
	}
	return strings.Join(lines, "\n")
}

// embedPattern writes a file's name as a go:embed directive takes it: a pattern, in quotes where it has more than plain
// characters.
func embedPattern(name string) string {
	if plainName.MatchString(name) {
		return name
	}
	return strconv.Quote(strings.ReplaceAll(name, "[", "[[]"))
}

var plainName = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)

func aslName(name string) ir.Expr   { return ir.Name{Package: pkgASL, Name: name} }
func aslType(name string) ir.Type   { return ir.Named{Package: pkgASL, Name: name} }
func tableName(name string) ir.Expr { return ir.Name{Package: pkgTable, Name: name} }
func tableType(name string) ir.Type { return ir.Named{Package: pkgTable, Name: name} }

// documentType is the type of what nothing is known of.
var documentType = aslType("Value")

// goType returns the Go type of a field for a shape.
func goType(t *shape.Type) ir.Type {
	if t == nil {
		return documentType
	}
	var out ir.Type
	switch t.Kind {
	case shape.Document:
		return documentType
	case shape.String:
		out = ir.Named{Name: "string"}
	case shape.Boolean:
		out = ir.Named{Name: "bool"}
	case shape.Float:
		out = ir.Named{Name: "float64"}
	case shape.Integer:
		out = ir.Named{Name: "int" + strconv.Itoa(t.Bits)}
	case shape.List:
		out = ir.Slice{Elem: goType(t.Elem)}
	default:
		out = ir.Named{Package: t.Package, Name: t.Name}
	}
	if t.Pointer {
		return ir.Pointer{Elem: out}
	}
	return out
}
