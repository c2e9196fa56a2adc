package ast

import (
	"iter"
	"reflect"
	"slices"
)

// Language says in which query language a field exists.
type Language uint8

// The languages of fields.
const (
	AnyLanguage Language = iota
	OnlyJSONPath
	OnlyJSONata
)

// FieldKind says what a field holds.
type FieldKind uint8

// The kinds of fields.
const (
	Anything       FieldKind = iota // it is not looked at, or of a rule of its own
	Text                            // a string; one of Words, if there are any
	Texts                           // an array of strings
	ErrorNames                      // an array of the names of errors (R171)
	Boolean                         // true or false
	NumberField                     // a number in the field's Range
	FullPath                        // any path (R44)
	ReferencePath                   // a path that names a single node (R45)
	NumberPath                      // a Reference Path that does not begin in the context object
	ResultPath                      // a Reference Path into the input
	ItemsPath                       // a Reference Path, of which null has a rule of its own (R26)
	StringPath                      // a Reference Path or the call of an intrinsic function
	Template                        // a payload template, of which AWS takes other than an object, too (R50, R55)
	ObjectTemplate                  // a payload template that is an object
	Document                        // any value, evaluated to any depth in JSONata
	Value                           // any other value
	Comparison                      // the operand of a comparison operator
	Machines                        // a machine, or an array of them
	Structure                       // an object with Fields of its own
	Structures                      // an array or object of such
)

// IsPath reports whether the field takes a path, which is always the whole of it.
func (k FieldKind) IsPath() bool { return FullPath <= k && k <= StringPath }

// IsTemplate reports whether the field is a payload template of JSONPath.
func (k FieldKind) IsTemplate() bool { return k == Template || k == ObjectTemplate }

// Range is which numbers a field takes.
type Range struct {
	Low, High float64
	Fraction  bool // it takes more than whole numbers
	Zero      bool // a definition may say 0 as well, of which the documentation says otherwise
}

// Field is what Amazon States Language says about a field of an object. It is kept in the field of the object's Go type that
// has its name.
type Field struct {
	Name        string
	In          []string // the types of states, or the places of machines, that have it; nil is all
	Language    Language
	Kind        FieldKind
	Words       []string
	Range       Range
	Nullable    bool     // a path that may be null (R26)
	Expressions bool     // in a JSONata state, expressions in it are evaluated (R71)
	Path        string   // the field that takes a path in its place; the two exclude each other
	Instead     []string // the fields that do the same in the other query language
	Fields      *Fields  // those of the object in it, or of each
	NewName     string   // the field that it is the older name of, which comes first
	Literal     *Field   // the field in whose place it takes a path
	Placeholder bool     // a number that a placeholder may stand for until the machine is made

	keptIn []int
}

// Keeper returns a pointer to the Go field of an object that keeps the field, nil if none does.
func (f *Field) Keeper(object any) any {
	if f.keptIn == nil {
		return nil
	}
	return reflect.ValueOf(object).Elem().FieldByIndex(f.keptIn).Addr().Interface()
}

// Has reports whether objects of the type have the field.
func (f *Field) Has(kind string) bool { return f.In == nil || slices.Contains(f.In, kind) }

// Fields are the fields that an object may have.
type Fields struct {
	rows   []*Field
	byName map[string]*Field
}

// fieldsOf returns the fields of objects that are kept as the Go type.
func fieldsOf[T any](rows ...Field) *Fields {
	t := &Fields{byName: make(map[string]*Field, len(rows))}
	for i := range rows {
		f := &rows[i]
		name := f.Name
		if f.NewName != "" {
			name = f.NewName
		}
		if kept, ok := reflect.TypeFor[T]().FieldByName(name); ok && f.Kind != Anything && f.Kind != Comparison {
			f.keptIn = kept.Index
		}
		t.rows = append(t.rows, f)
		t.byName[f.Name] = f
	}
	for _, f := range t.rows {
		if f.Path != "" {
			t.byName[f.Path].Literal, t.byName[f.Path].Instead = f, []string{f.Name}
		}
	}
	return t
}

// All ranges over the fields.
func (t *Fields) All() iter.Seq[*Field] { return slices.Values(t.rows) }

// Named returns the field with the name, nil if there is none.
func (t *Fields) Named(name string) *Field { return t.byName[name] }

// of returns the fields that objects of a type have.
func (t *Fields) of(kind string) *Fields {
	some := &Fields{byName: map[string]*Field{}}
	for _, f := range t.rows {
		if f.Has(kind) {
			some.rows = append(some.rows, f)
			some.byName[f.Name] = f
		}
	}
	return some
}

// Written ranges over the fields of s that are known and written, those of the objects in them too: of a Map's ItemReader, of
// catchers and rules. Those of the machines inside s and of nested rules are not among them.
func (s *State) Written() iter.Seq2[*Field, *Member] {
	return func(yield func(*Field, *Member) bool) { written(s.Fields, StateFields, yield) }
}

func written(members Members, t *Fields, yield func(*Field, *Member) bool) bool {
	for i := range members {
		m := &members[i]
		f := t.Named(m.Name)
		if f == nil {
			continue
		}
		if !yield(f, m) {
			return false
		}
		if f.Fields == nil {
			continue
		}
		if !written(m.Value.Members, f.Fields, yield) {
			return false
		}
		for _, e := range m.Value.Elements {
			if !written(e.Members, f.Fields, yield) {
				return false
			}
		}
	}
	return true
}
