// Package templates holds the files that `aslgen init` writes once and that are the user's from then on.
package templates

import (
	"bytes"
	"embed"
	"fmt"
	"go/format"
	"slices"
	"strings"
	"text/template"

	"github.com/r-seed-632eed22/aslgen/internal/visible"
)

//go:embed *.tmpl
var files embed.FS

var parsed = template.Must(template.New("").Option("missingkey=error").Funcs(template.FuncMap{
	// What the user has named is one line of a comment, whatever is in it.
	"comment": func(text string) string { return visible.Escape(text, "") },
	"quote":   visible.Quote,
	"raw":     visible.Raw,
}).ParseFS(files, "*.tmpl"))

// Machine is what the files say about a machine.
type Machine struct {
	File       string  // run_job.asl.json
	Command    string  // run-job, the folder of main.go
	Package    string  // of the generated code
	ImportPath string  // of that package, "" if it is main
	Name       string  // RunJob
	Prefix     string  // of the names of its types and functions: Name, or "" where they have none
	Config     []Field // of the machine's Config, if it has one

	ConfigImports []Import // the packages that the samples of Config's fields need
	Tasks         []Task
	Imports       []Import // that the types of Tasks need
	// StubImports are those that main.go needs for the types of tasks that are not wired.
	StubImports []Import
	Wired       bool   // New…Tasks takes an ECS client
	Callbacks   bool   // a task waits for its token
	Document    bool   // the input is any document
	Arguments   string // of aslgen in the go:generate line
	Input       string // JSON that the test begins with
	Fails       bool   // every execution fails
}

// Import is a package that a file imports. Name is "" if that is how its path ends.
type Import struct{ Name, Path string }

// String writes the import as Go does.
func (i Import) String() string { return strings.TrimLeft(i.Name+" "+visible.Quote(i.Path), " ") }

// Field is a field of the machine's Config, and the placeholder that it stands for.
type Field struct {
	Name, Placeholder string
	Sample            string // a Go expression for a value of it
	Text              bool   // it is a text; else the environment has its JSON
	Optional          bool   // if it is empty, the engine knows
}

// ConfigJSON reports whether a field of Config is read as JSON.
func (m Machine) ConfigJSON() bool {
	return slices.ContainsFunc(m.Config, func(f Field) bool { return !f.Text })
}

// Unread is the format of the error for an environment variable that is not the JSON that it should be.
func (f Field) Unread() string {
	return f.Variable() + " in the environment is no JSON for ${" + f.Placeholder + "}: %w"
}

// Variable is the environment variable that main.go reads the field from.
func (f Field) Variable() string {
	return strings.ToUpper(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, f.Placeholder))
}

// Help is the line about the field in the help of main.go.
func (f Field) Help() string {
	return fmt.Sprintf("  %s: what ${%s} stands for", f.Variable(), visible.Escape(f.Placeholder, ""))
}

// Environment reports whether main.go reads variables of the environment.
func (m Machine) Environment() bool { return m.Wired || len(m.Config) > 0 }

// Stubs reports whether main.go has a function that is still to be written in place of a task.
func (m Machine) Stubs() bool {
	return slices.ContainsFunc(m.Tasks, func(t Task) bool { return !t.Wired && t.Effect != "Objects" })
}

// UnwiredObjects reports whether a task reads or writes objects of main.go's choice.
func (m Machine) UnwiredObjects() bool {
	return slices.ContainsFunc(m.Tasks, func(t Task) bool { return !t.Wired && t.Effect == "Objects" })
}

// Functions reports whether the test has a mock in place of a task.
func (m Machine) Functions() bool {
	return slices.ContainsFunc(m.Tasks, func(t Task) bool { return t.Effect != "Objects" })
}

// Objects reports whether a task reads or writes objects.
func (m Machine) Objects() bool {
	return slices.ContainsFunc(m.Tasks, func(t Task) bool { return t.Effect == "Objects" })
}

// Task is a field of the machine's Tasks.
type Task struct {
	Name       string
	Resource   string // as in the machine; "" for Objects
	Effect     string // Call, Job, Send or Objects
	Type       string // of the field, as another package writes it
	Parameters string // Go type
	Result     string // Go type; "" for Send
	Answer     string // JSON that the test answers with
	Outcome    string // what the test answers with in its place, "" if that is it
	Wired      bool

	StubParameters, StubResult string // the types as another package writes them
}

// mainNames are the names that main.go has besides that of the machine's package.
var mainNames = []string{
	"address", "asl", "begin", "c", "cancel", "certificate", "client", "code", "config", "configuration", "context", "ctx", "dirstore", "durable", "ended",
	"ending", "engine", "envconfig", "err", "errors", "execution", "failed", "flag", "fmt", "folder", "handler", "history", "http", "input",
	"inputFile", "io", "json", "keys", "known", "listener", "log", "logForm", "logger", "machine", "main", "memory", "name", "net", "newMachine", "open",
	"options", "os", "output", "p", "pair", "parameters", "privateKey", "queue", "r", "read", "readInput", "result", "run", "serve", "server", "sfnapi", "signal", "slog",
	"start", "stop", "syscall", "task", "tasks", "temporal", "text", "time", "tls", "todo", "token", "unknown", "url", "usage", "value", "values",
	"variable", "w", "worker", "wrong", "x",
}

// predeclared are names of the language that main.go uses, or cannot give to an import.
var predeclared = []string{"bool", "byte", "error", "false", "init", "int", "int64", "float64", "len", "make", "nil", "string", "append", "true"}

// ImportName is what main.go calls the machine's package: by its name, if that is free.
func (m Machine) ImportName() string {
	if slices.Contains(mainNames, m.Package) || slices.Contains(predeclared, m.Package) {
		return m.Package + "asl"
	}
	return m.Package
}

// Render returns a file: main.go, durable_main.go, temporal_main.go, machine_test.go, testmain_test.go or generate.go.
func Render(name string, m Machine) ([]byte, error) {
	var b bytes.Buffer
	if err := parsed.ExecuteTemplate(&b, name+".tmpl", m); err != nil {
		return nil, err
	}
	out, err := format.Source(b.Bytes())
	if err != nil {
		return nil, fmt.Errorf("templates: %s: %w", name, err)
	}
	return out, nil
}
