// Package config reads aslgen.yaml, which says once for a folder and those below it what flags would say for every call.
// [Help] describes the file.
package config

import (
	"path"
	"path/filepath"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
)

// Name is the name of the file.
const Name = "aslgen.yaml"

// Text is a string of the file and its place.
type Text struct {
	Text string
	Span source.Span
}

// File is a configuration file.
type File struct {
	Source *source.File
	Settings
	Machines []*Machine // in the order written
}

// Settings are what holds for all machines or for some.
type Settings struct {
	Package *Text
	Type    *Text // standard or express
	Values  []Pair
	Silence []Silence
}

// Pair is a member of an object whose keys the user chooses.
type Pair struct {
	Key, Value Text
	Document   bool // the value is a list or an object, as JSON
}

// Silence says that warnings with a code are not shown.
type Silence struct {
	Code   Text
	Reason string // "" if none is given
}

// Machine is what the file says of the machines whose file matches a pattern.
type Machine struct {
	Pattern Text  // with slashes, below the file's folder
	Name    *Text // in Go
	Prefix  *Text // true or false: whether its types and functions have its name before theirs
	Settings
	States []Pair // names in Go for states
	Types  Types
}

// Types are the Go types that the user has for the documents of a machine. What is nil is left to the compiler.
type Types struct {
	Input, Output *GoType
	Tasks         []TaskTypes
}

// TaskTypes are those of a Task state.
type TaskTypes struct {
	State              Text
	Parameters, Result *GoType
}

// Task returns the types of the Task state with the name, empty ones if there are none.
func (t *Types) Task(state string) TaskTypes {
	for _, task := range t.Tasks {
		if task.State.Text == state {
			return task
		}
	}
	return TaskTypes{}
}

// GoType is a Go type by its import path and name, written example.com/shop.Order; *example.com/shop.Order is a pointer.
type GoType struct {
	Package, Name string
	Pointer       bool
	Span          source.Span
}

// Matches reports whether the machine's pattern stands for a file, given by its path from the configuration file's folder.
// A pattern without a slash matches the file's name in any folder.
func (m *Machine) Matches(file string) bool {
	file = filepath.ToSlash(file)
	if !strings.Contains(m.Pattern.Text, "/") {
		file = path.Base(file)
	}
	ok, err := path.Match(m.Pattern.Text, file)
	return ok && err == nil
}

// For returns what the file says of the machine in a file, given by its path from the configuration file's folder: all that
// match, those written first first.
func (f *File) For(file string) (all []*Machine) {
	for _, m := range f.Machines {
		if m.Matches(file) {
			all = append(all, m)
		}
	}
	return all
}
