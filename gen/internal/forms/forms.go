// Package forms reads machines that are not a file of JSON of their own: written in YAML, in JSON with comments, or as a part of what a
// deployment tool reads: a template of CloudFormation, AWS SAM or CDK, a file of the Serverless Framework or of Terraform. What comes out is JSON whose
// places are those of the file as it was given.
package forms

import (
	"bytes"
	"path/filepath"

	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
)

// kind is a kind of value.
type kind uint8

const (
	null kind = iota
	boolean
	number
	text
	array
	object
	bare // a placeholder without quotes
)

// node is a value of a file, with its place.
type node struct {
	kind     kind
	span     source.Span
	tag      string // of YAML: !Sub
	text     string // of a text what it says, of other scalars their JSON
	at       []int32
	members  []member
	elements []*node
}

// member is a member of an object.
type member struct{ name, value *node }

// place returns where a byte of the text comes from.
func (n *node) place(i int) int32 {
	if i < len(n.at) {
		return n.at[i]
	}
	return n.span.Start
}

// member returns the value of a member, nil if there is none.
func (n *node) member(name string) *node {
	if n == nil {
		return nil
	}
	for _, m := range n.members {
		if m.name.text == name {
			return m.value
		}
	}
	return nil
}

// IsYAML reports whether a file's name is that of YAML.
func IsYAML(name string) bool {
	ext := filepath.Ext(name)
	return ext == ".yaml" || ext == ".yml"
}

// Machine is a machine that a file holds.
type Machine struct {
	File    *source.File // JSON, with the places of the file that it is written in
	Name    string       // in a template; "" if the file is the machine
	Express bool
	Values  map[string]string // of placeholders, as the template gives them
}

// Read returns the machines of a file: one, if the file is a machine. What is wrong with the form is reported, and there are then fewer. open
// reads another file that the template names, by its name relative to it.
func Read(f *source.File, l *diag.List, open func(name string) (*source.File, error)) []Machine {
	r := &reader{file: f, list: l}
	switch {
	case isTerraform(f.Name):
		return r.terraform(open)
	case !IsYAML(f.Name) && !isTemplate(f.Data):
		return []Machine{{File: withoutComments(f, l)}}
	}
	var root *node
	if IsYAML(f.Name) {
		root = r.yaml()
	} else {
		root = r.json()
	}
	if root == nil {
		return nil
	}
	if t := r.template(root, open); t != nil {
		return t.machines()
	}
	return []Machine{{File: r.written((&template{reader: r}).resolve(root))}}
}

// reader reads a file.
type reader struct {
	file *source.File
	list *diag.List
}

// isTemplate reports whether a file of JSON may be a template: it has a member that machines do not have.
func isTemplate(data []byte) bool {
	return bytes.Contains(data, []byte(`"Resources"`)) || bytes.Contains(data, []byte(`"stepFunctions"`))
}
