// Package templates holds the files that `aslgen init` writes once and that are the user's from then on.
package templates

import (
	"bytes"
	"embed"
	"fmt"
	"go/format"
	"text/template"
)

//go:embed *.tmpl
var files embed.FS

var parsed = template.Must(template.New("").Option("missingkey=error").ParseFS(files, "*.tmpl"))

// Machine is what the files say about a machine.
type Machine struct {
	File       string // run_job.asl.json
	Package    string // of the generated code
	ImportPath string // of that package, "" if it is main
	Name       string // RunJob
	Tasks      []Task
	Imports    []string // that the types of Tasks need
	Wired      bool     // New…Tasks takes an ECS client
	Callbacks  bool     // a task waits for its token
	Document   bool     // the input is any document
	Arguments  string   // flags of the go:generate line, with a space behind them
}

// Task is a field of the machine's Tasks.
type Task struct {
	Name       string
	Effect     string // Call, Job or Send
	Parameters string // Go type
	Result     string // Go type; "" for Send
	Zero       string // a value of Result
	Wired      bool
}

// Render returns a file: main.go, machine_test.go or generate.go.
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
