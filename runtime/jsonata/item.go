package jsonata

import (
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// kind is the type of an item: that of a document, or a function.
type kind value.Kind

const (
	undefinedKind = kind(value.AbsentKind)
	nullKind      = kind(value.NullKind)
	boolKind      = kind(value.BoolKind)
	numberKind    = kind(value.NumberKind)
	stringKind    = kind(value.StringKind)
	arrayKind     = kind(value.ArrayKind)
	objectKind    = kind(value.ObjectKind)
	functionKind  = objectKind + 1
)

// item is a value during evaluation. The zero item is undefined.
//
// What comes from a document stays what it is, a [value.Value], and is looked into when something asks for it: arrays and
// objects are not converted, numbers keep the text in which they were written. What an expression makes is in made.
//
// It is four words, the most that the compiler keeps in registers.
type item struct {
	kind   kind
	doc    value.Value // the document; of a string, always
	made   *made       // an array, object or function that an expression made
	number float64     // of a number; 1 for true; 1 for a function that a call passed on (see function)
}

// made is an array, object or function that an expression made.
type made struct {
	items []item   // elements of an array, values of an object
	names []string // of an object
	index map[string]int32
	fn    *function

	// What JSONata remembers about arrays. A sequence is the result of a path or of a function that selects; a sequence of
	// one is that one, and a sequence of none is undefined.
	sequence    bool
	keepSingle  bool // a sequence of one stays an array
	constructed bool // made by [ ] at an end of a path: does not flatten into the sequence around it
	outer       bool // wraps an array that is the input, so that it counts as one value
	tuples      bool // the items are objects that bind variables; that named "@" is the context
	unordered   bool // names are not in order yet: call order first
	namesShared bool // names belong to others too: copy before changing them
}

// indexedFrom is the number of members from which looking through them costs more than a map.
const indexedFrom = 12

var (
	undefined = item{}
	null      = item{kind: nullKind, doc: value.Null}
	yes       = item{kind: boolKind, doc: value.True, number: 1}
	no        = item{kind: boolKind, doc: value.False}
)

func boolean(b bool) item {
	if b {
		return yes
	}
	return no
}

func number(f float64) item { return item{kind: numberKind, number: f} }

func text(s string) item { return item{kind: stringKind, doc: value.String(s)} }

func arrayOf(items []item) item { return (&made{items: items}).array() }

func sequenceOf(items []item) item { return (&made{items: items, sequence: true}).array() }

func (m *made) array() item { return item{kind: arrayKind, made: m} }

func (m *made) object() item { return item{kind: objectKind, made: m} }

func (f *function) item() item { return item{kind: functionKind, made: &made{fn: f}} }

// text is the contents of a string.
func (v item) text() string {
	s, _ := v.doc.AsString()
	return s
}

func (v item) isTrue() bool { return v.kind == boolKind && v.number != 0 }

// function is nil if v is none.
func (v item) function() *function {
	if v.kind != functionKind {
		return nil
	}
	return v.made.fn
}

func (v item) isSequence() bool { return v.made != nil && v.made.sequence }

func (v item) isTuples() bool { return v.made != nil && v.made.tuples }

func (v item) isConstructed() bool { return v.made != nil && v.made.constructed }

// collapse is what a sequence stands for: nothing, its only value, or itself.
func (v item) collapse(keepArray bool) item {
	if v.made == nil || !v.made.sequence || v.made.tuples {
		return v
	}
	if keepArray {
		v.made.keepSingle = true
	}
	switch {
	case len(v.made.items) == 0:
		return undefined
	case len(v.made.items) == 1 && !v.made.keepSingle:
		return v.made.items[0]
	}
	return v
}

// fromValue is the item of a document.
func fromValue(v value.Value) item {
	switch v.Kind() {
	case value.BoolKind:
		b, _ := v.AsBool()
		return boolean(b)
	case value.NumberKind:
		return item{kind: numberKind, doc: v, number: floatOf(v)}
	}
	return item{kind: kind(v.Kind()), doc: v}
}

// floatOf is a number of a document. Most are short and whole.
func floatOf(v value.Value) float64 {
	const short = 9
	written, _ := v.AsNumber()
	if len(written) <= short {
		n := 0
		for i := 0; ; i++ {
			if i == len(written) {
				return float64(n)
			}
			digit := written[i] - '0'
			if digit > 9 {
				break
			}
			n = n*10 + int(digit)
		}
	}
	f, _ := v.AsFloat()
	return f
}

// len is the number of elements of an array.
func (v item) len() int {
	if v.made != nil {
		return len(v.made.items)
	}
	return v.doc.Len()
}

// at is an element of an array, undefined if there is none.
func (v item) at(i int) item {
	if v.made == nil {
		return fromValue(v.doc.At(i))
	}
	if i >= 0 && i < len(v.made.items) {
		return v.made.items[i]
	}
	return undefined
}

// elements are the items of an array, or v alone if it is none. The caller must not change them.
func (x *evaluation) elements(v item) []item {
	if v.kind != arrayKind {
		return []item{v}
	}
	if v.made != nil {
		return v.made.items
	}
	return x.pushAll(nil, v)
}

// get is a member of an object, undefined if there is none.
func (v item) get(name string) item {
	if v.made == nil {
		return fromValue(v.doc.Get(name))
	}
	if i := v.made.find(name); i >= 0 {
		return v.made.items[i]
	}
	return undefined
}

// members calls visit for the members of an object in the order of ECMAScript.
func (v item) members(visit func(name string, member item)) {
	if v.made == nil {
		for name, m := range ordered(v.doc) {
			visit(name, fromValue(m))
		}
		return
	}
	v.made.order()
	names, items := v.made.names, v.made.items
	for i, name := range names {
		visit(name, items[i])
	}
}

// size is the number of members of an object.
func (v item) size() int {
	if v.made != nil {
		return len(v.made.names)
	}
	return v.doc.Len()
}
