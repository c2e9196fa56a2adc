package value

import "sync"

// writer has room for the parts of a document that is written, which are made for many at once, since that is cheaper.
type writer struct {
	depth int   // how deep what is written lies
	grown grown // when room was full

	scalars    []node
	values     []Value
	fields     []Member
	containers []container
}

// parts is how many parts a document has, of a Go type, that always has them.
type parts struct{ scalars, members, containers int }

func (p *parts) add(q parts) {
	p.scalars, p.members, p.containers = p.scalars+q.scalars, p.members+q.members, p.containers+q.containers
}

// mostParts is how much room is made at once.
const mostParts = 64

// writers are kept, not their room.
var writers = sync.Pool{New: func() any { return new(writer) }}

// newWriter returns a writer with room for parts. It is to be left.
func newWriter(p parts) *writer {
	w := writers.Get().(*writer)
	w.reserve(1, p)
	return w
}

// reserve makes room for n times as many parts, which are written next, unless there is room.
func (w *writer) reserve(n int, p parts) {
	w.scalars = reserved(w.scalars, n*p.scalars)
	w.fields = reserved(w.fields, n*p.members)
	w.containers = reserved(w.containers, n*p.containers)
}

func reserved[T any](room []T, n int) []T {
	if n = min(n, mostParts); cap(room)-len(room) < n {
		return make([]T, 0, n)
	}
	return room
}

// enter reports whether what is written may lie deeper than what it lies in. The writer is there afterwards.
func (w *writer) enter() bool {
	w.depth++
	return w.depth <= deepestGo
}

func (w *writer) leave() {
	*w = writer{}
	writers.Put(w)
}

// grown is for how many parts room was made last.
type grown struct{ scalars, values, fields, containers int }

// more returns how many parts room is made for next, at least two.
func more(grown *int) int {
	*grown = min(mostParts, max(2, 2**grown))
	return *grown
}

func (w *writer) scalar(kind Kind, size int, text string) Value {
	if len(w.scalars) == cap(w.scalars) {
		w.scalars = make([]node, 0, more(&w.grown.scalars))
	}
	w.scalars = w.scalars[:len(w.scalars)+1]
	n := &w.scalars[len(w.scalars)-1] // which is zero
	n.text, n.size, n.kind = text, clip(size), kind
	return Value{node: n}
}

func (w *writer) number(text string) Value { return w.scalar(NumberKind, len(text), text) }

// string returns a string, which is UTF-8.
func (w *writer) string(s string) Value { return w.scalar(StringKind, escapedLen(s), s) }

// elements returns room for the elements of an array.
func (w *writer) elements(n int) []Value {
	from := len(w.values)
	if from+n > cap(w.values) {
		w.values, from = make([]Value, 0, max(n, more(&w.grown.values))), 0
	}
	w.values = w.values[:from+n]
	return w.values[from : from+n : from+n]
}

// members returns room for as many members as an object has at most.
func (w *writer) members(n int) []Member {
	from := len(w.fields)
	if from+n > cap(w.fields) {
		w.fields, from = make([]Member, 0, max(n, more(&w.grown.fields))), 0
	}
	w.fields = w.fields[:from+n]
	return w.fields[from : from : from+n]
}

func (w *writer) array(elements []Value, size int) Value {
	n := w.container(ArrayKind, size)
	n.children.elements = elements
	return Value{node: &n.node}
}

// object returns an object of members that all have different names, and together the size of their encodings with a comma each.
func (w *writer) object(members []Member, size int) Value {
	if len(members) == 0 {
		return EmptyObject
	}
	n := w.container(ObjectKind, size+len("{}")-len(","))
	n.children.members = members
	if len(members) > indexedFrom {
		n.children.index, _ = newIndex(members)
	}
	return Value{node: &n.node}
}

func (w *writer) container(kind Kind, size int) *container {
	if len(w.containers) == cap(w.containers) {
		w.containers = make([]container, 0, more(&w.grown.containers)/2)
	}
	w.containers = w.containers[:len(w.containers)+1]
	n := &w.containers[len(w.containers)-1] // which is zero
	n.node.children, n.size, n.kind = &n.children, clip(size), kind
	return n
}
