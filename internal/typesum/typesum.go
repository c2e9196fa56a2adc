// Package typesum sums up what a Go type has to do with JSON: by it a program knows whether a type is still what it was when
// the program's code was generated. The compiler and the runtime look at types in ways of their own, and sum them up here.
package typesum

import (
	"crypto/sha256"
	"encoding/hex"
	"reflect"
	"strings"
)

// Type is a Go type.
type Type interface {
	// Name returns the name of a named type and the import path of its package, else nothing.
	Name() (path, name string)
	// Kind is reflect.Invalid for a type that is not known.
	Kind() reflect.Kind
	// Elem and Key are those of a pointer, a slice, an array or a map.
	Elem() Type
	Key() Type
	// Fields are those of a struct.
	Fields() []Field
	// WritesItself reports whether it, or a pointer to it, has methods that say what its JSON is.
	WritesItself() bool
}

// Field is a field of a struct.
type Field struct {
	Name               string
	Tag                reflect.StructTag
	Exported, Embedded bool
	Type               Type
}

// awsTypes begins the import paths of types that a new version of their module may give more fields.
const awsTypes = "github.com/aws/aws-sdk-go-v2/"

// Of returns the sum of a type; "" if a part of it is not known.
func Of(t Type) string {
	w := &writer{inside: map[string]bool{}}
	w.write(t)
	if w.unknown {
		return ""
	}
	sum := sha256.Sum256([]byte(w.text.String()))
	return hex.EncodeToString(sum[:16])
}

// writer writes a type out. A type is the same in whichever package it is.
type writer struct {
	text    strings.Builder
	inside  map[string]bool // the named types that have been written
	unknown bool
}

func (w *writer) write(t Type) {
	if path, name := t.Name(); name != "" {
		id := path + "." + name
		if w.inside[id] || strings.HasPrefix(path, awsTypes) || t.WritesItself() {
			w.text.WriteString(name)
			return
		}
		w.inside[id] = true
	}
	switch kind := t.Kind(); kind {
	case reflect.Invalid:
		w.unknown = true
	case reflect.Pointer:
		w.text.WriteByte('*')
		w.write(t.Elem())
	case reflect.Slice, reflect.Array:
		w.text.WriteString("[]")
		w.write(t.Elem())
	case reflect.Map:
		w.text.WriteString("map[")
		w.write(t.Key())
		w.text.WriteByte(']')
		w.write(t.Elem())
	case reflect.Struct:
		w.fields(t.Fields())
	default:
		w.text.WriteString(kind.String())
	}
}

// fields writes the fields that encoding/json looks at.
func (w *writer) fields(all []Field) {
	w.text.WriteByte('{')
	for _, f := range all {
		if !f.Exported && !f.Embedded {
			continue
		}
		if f.Embedded {
			w.text.WriteByte('+')
		}
		w.text.WriteString(f.Name + " `" + f.Tag.Get("json") + "` ")
		w.write(f.Type)
		w.text.WriteByte(';')
	}
	w.text.WriteByte('}')
}
