// Package value is the exact JSON document that flows between the states of a machine.
//
// A [Value] is immutable and shares structure with the documents it came from: changing one member of a document copies
// the objects on the way to it and nothing else. The text of numbers and the order of members are kept, a member that is
// absent differs from one that is null, and every node knows the length of its encoding, so checking a document against
// the data limit of 256 KiB costs nothing (docs/rules.md R5, 1.20).
package value

import (
	"iter"
	"slices"
	"strconv"
)

// Kind says what a Value is.
type Kind uint8

// The kinds of a Value. The zero Value is Absent: no value at all, as of a member that an object does not have.
const (
	AbsentKind Kind = iota
	NullKind
	BoolKind
	NumberKind
	StringKind
	ArrayKind
	ObjectKind
)

// String returns the JSON name of the kind: null, boolean, number, string, array or object.
func (k Kind) String() string {
	return [...]string{"absent", "null", "boolean", "number", "string", "array", "object"}[k]
}

// Value is one JSON value, or none (the zero Value). Values do not compare with ==: see [Value.Equal].
//
// It is one word, since evaluators pass little else around.
type Value struct {
	_    [0]func()
	node *node
}

// node is what a value points to.
type node struct {
	text      string // Bool and Number: the JSON text; String: the contents; of an array or object that was read its JSON text
	*children        // of an array or object, but for one that is unread
	*unread
	size int32 // length of the encoding in bytes
	kind Kind
}

// children are those of an array or object.
type children struct {
	elements []Value
	members  []Member
	index    *index // of objects of more than indexedFrom members
}

func scalar(kind Kind, size int, text string) Value {
	return Value{node: &node{text: text, size: clip(size), kind: kind}}
}

// container is an array or an object with what is in it.
type container struct {
	node
	children
}

func contain(kind Kind, size int, c children) Value {
	n := &container{node{size: clip(size), kind: kind}, c}
	n.node.children = &n.children
	return Value{node: &n.node}
}

// clip holds a size to what an int32 can say; nothing near it is a legal document.
func clip(size int) int32 { return int32(min(size, 1<<31-1)) }

// Member is a name and a value of an object.
type Member struct {
	Name  string
	Value Value
}

// The values that need no making.
var (
	Null        = scalar(NullKind, len("null"), "null")
	True        = scalar(BoolKind, len("true"), "true")
	False       = scalar(BoolKind, len("false"), "false")
	EmptyObject = Object()
	EmptyArray  = Array()
)

// Bool returns true or false.
func Bool(b bool) Value {
	if b {
		return True
	}
	return False
}

// Int returns a number.
func Int(i int64) Value { return number(strconv.FormatInt(i, 10)) }

// Float returns a number, written as ECMAScript writes it. NaN and the infinities have no JSON form and give null.
func Float(f float64) Value {
	if f != f || f-f != 0 {
		return Null
	}
	return number(formatFloat(f))
}

func number(text string) Value { return scalar(NumberKind, len(text), text) }

// String returns a string. Text that is not UTF-8 has its faulty bytes replaced when it is encoded.
func String(s string) Value { return scalar(StringKind, quotedLen(s), s) }

// Array returns an array. It keeps elements: the caller must not change them afterwards. An absent one is null.
func Array(elements ...Value) Value {
	size := 2 + max(len(elements)-1, 0)
	for i := range elements {
		if elements[i].IsAbsent() {
			elements[i] = Null
		}
		size += elements[i].Size()
	}
	return contain(ArrayKind, size, children{elements: elements})
}

// Kind returns what v is.
func (v Value) Kind() Kind {
	if v.node == nil {
		return AbsentKind
	}
	return v.node.kind
}

// IsAbsent reports whether v is no value at all.
func (v Value) IsAbsent() bool { return v.node == nil }

// IsNull reports whether v is null. An absent value is not.
func (v Value) IsNull() bool { return v.Kind() == NullKind }

// Size returns the length of v's encoding in bytes; 0 if v is absent.
func (v Value) Size() int {
	if v.node == nil {
		return 0
	}
	return int(v.node.size)
}

// AsBool returns the boolean; ok is false if v is none.
func (v Value) AsBool() (b, ok bool) {
	return v.Size() == len("true") && v.Kind() == BoolKind, v.Kind() == BoolKind
}

// AsString returns the contents of a string; ok is false if v is none.
func (v Value) AsString() (s string, ok bool) {
	if v.Kind() != StringKind {
		return "", false
	}
	return v.node.text, true
}

// AsNumber returns the text of a number as it was written; ok is false if v is none.
func (v Value) AsNumber() (text string, ok bool) {
	if v.Kind() != NumberKind {
		return "", false
	}
	return v.node.text, true
}

// AsFloat returns a number as a double; ok is false if v is none. A number too large is an infinity.
func (v Value) AsFloat() (f float64, ok bool) {
	if v.Kind() != NumberKind {
		return 0, false
	}
	if f, ok = digits(v.node.text); !ok {
		f, _ = strconv.ParseFloat(v.node.text, 64)
	}
	return f, true
}

// digits reads a number of at most fifteen digits and nothing else, as most numbers are: a float64 holds it exactly.
func digits(text string) (f float64, ok bool) {
	if len(text) > 15 {
		return 0, false
	}
	var n int64
	for i := range len(text) {
		digit := text[i] - '0'
		if digit > 9 {
			return 0, false
		}
		n = 10*n + int64(digit)
	}
	return float64(n), true
}

// AsInt returns a number that is a whole one in the range of int64, however it is written (1, 1.0, 1e2); ok is false if
// v is none.
func (v Value) AsInt() (i int64, ok bool) {
	if v.Kind() != NumberKind {
		return 0, false
	}
	if i, err := strconv.ParseInt(v.node.text, 10, 64); err == nil {
		return i, true
	}
	f, err := strconv.ParseFloat(v.node.text, 64)
	if err != nil || f != float64(int64(f)) || f < -1<<63 || f >= 1<<63 {
		return 0, false
	}
	return int64(f), true
}

// Len returns the number of elements of an array or members of an object; 0 for the rest.
func (v Value) Len() int {
	switch v.Kind() {
	case ArrayKind:
		return len(v.node.kids().elements)
	case ObjectKind:
		return len(v.node.kids().members)
	}
	return 0
}

// At returns element i of an array; absent if there is none.
func (v Value) At(i int) Value {
	if v.Kind() != ArrayKind {
		return Value{}
	}
	if elements := v.node.kids().elements; i >= 0 && i < len(elements) {
		return elements[i]
	}
	return Value{}
}

// Get returns a member of an object; absent if there is none.
func (v Value) Get(name string) Value {
	if v.Kind() != ObjectKind {
		return Value{}
	}
	c := v.node.kids()
	if i := c.find(name); i >= 0 {
		return c.members[i].Value
	}
	return Value{}
}

// Elements ranges over an array in order; over nothing if v is none.
func (v Value) Elements() iter.Seq2[int, Value] {
	return func(yield func(int, Value) bool) {
		if v.Kind() != ArrayKind {
			return
		}
		for i, e := range v.node.kids().elements {
			if !yield(i, e) {
				return
			}
		}
	}
}

// Members ranges over an object in order; over nothing if v is none.
func (v Value) Members() iter.Seq2[string, Value] {
	return func(yield func(string, Value) bool) {
		if v.Kind() != ObjectKind {
			return
		}
		for _, m := range v.node.kids().members {
			if !yield(m.Name, m.Value) {
				return
			}
		}
	}
}

// WithElement returns v, an array, with element i set. v itself does not change. It panics if v is no array that long.
func (v Value) WithElement(i int, element Value) Value {
	if i < 0 || i >= v.Len() || v.Kind() != ArrayKind {
		panic("value: WithElement out of range")
	}
	elements := slices.Clone(v.node.kids().elements)
	elements[i] = element
	return Array(elements...)
}

// SharesMemory reports whether two values are one that was made once. Whether they are the same JSON says [Value.Equal].
func SharesMemory(a, b Value) bool { return a.node == b.node }

// Equal reports whether v and w are the same JSON: numbers by their double value, objects whatever their order
// (docs/rules.md R99). Absent equals only absent. Package go-cmp compares with it. reflect.DeepEqual does not: of two equal values one may
// have been read further than the other.
func (v Value) Equal(w Value) bool {
	if v.Kind() != w.Kind() {
		return false
	}
	switch v.Kind() {
	case AbsentKind:
		return true
	case NumberKind:
		x, _ := v.AsFloat()
		y, _ := w.AsFloat()
		return v.node.text == w.node.text || x == y
	case ArrayKind:
		if v.Len() != w.Len() {
			return false
		}
		for i, e := range v.Elements() {
			if !e.Equal(w.At(i)) {
				return false
			}
		}
		return true
	case ObjectKind:
		if v.Len() != w.Len() {
			return false
		}
		for name, m := range v.Members() {
			if !m.Equal(w.Get(name)) {
				return false
			}
		}
		return true
	}
	return v.node.text == w.node.text
}
