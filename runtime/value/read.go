package value

import (
	"strings"
	"sync/atomic"

	"github.com/go-json-experiment/json/jsontext"
)

// source is a canonical text, whose containers are read when somebody asks for what is in them.
type source struct {
	text  string
	spans []span // in the order in which they begin
}

// unread is a container of a source that was not read with what is around it.
type unread struct {
	read   atomic.Pointer[children] // nil until somebody asks
	source *source
	from   int32
}

// wholeUpTo is the length up to which a container is read with all that is in it: that costs less than to come back for it.
const wholeUpTo = 512

// document returns the value of a source.
func document(src source, has count) Value {
	r := reader{text: src.text, spans: src.spans, until: len(src.text)}
	if len(src.text) > wholeUpTo {
		kept := src
		r.source, r.level = &kept, true
		return r.value()
	}
	r.scalars, r.containers = make([]node, 0, has.scalars), make([]container, 0, has.containers)
	r.fields, r.values = make([]Member, 0, has.members), make([]Value, 0, has.elements)
	return r.value()
}

// kids returns what is in a container.
func (n *node) kids() *children {
	if n.children != nil {
		return n.children
	}
	if c := n.unread.read.Load(); c != nil {
		return c
	}
	return n.unread.load(int(n.size))
}

// unreadYet reports whether nobody has asked what is in a container.
func (n *node) unreadYet() bool { return n.children == nil && n.unread.read.Load() == nil }

func (u *unread) load(size int) *children {
	from := int(u.from)
	r := reader{source: u.source, text: u.source.text, spans: u.source.spans, at: from, until: from + size, level: size > wholeUpTo}
	if r.level {
		r.span = u.source.find(from) + 1 // the first inside
	}
	c := new(children)
	if r.text[from] == '{' {
		*c = r.members()
	} else {
		*c = r.elements()
	}
	if u.read.CompareAndSwap(nil, c) {
		return c
	}
	return u.read.Load() // somebody was quicker, and all see the same values
}

// find returns the number of the span that begins at a place.
func (s *source) find(at int) int {
	low, high := 0, len(s.spans)
	for low < high {
		if middle := (low + high) / 2; int(s.spans[middle].from) < at {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low
}

// reader reads values of a source. Strings and numbers are parts of the text, not copies. Room for values is made for many at once, since
// that is cheaper.
type reader struct {
	text   string
	spans  []span
	source *source // nil if all is read at once
	at     int
	until  int  // where what is read ends
	level  bool // containers are left for later
	span   int  // number of the first span that does not begin before at

	scalars    []node
	values     []Value
	fields     []Member
	containers []container
	later      []left
}

// left is a container that is left for later.
type left struct {
	node
	unread
}

// room is for how many more values there is made room, where the room of so many is full.
func (r *reader) room(full int) int {
	const perValue, most = 16, 64
	return min(most, 1+(r.until-r.at)/perValue, max(8, 2*full))
}

func (r *reader) value() Value {
	from := r.at
	switch r.text[r.at] {
	case 'n':
		r.at += len("null")
		return Null
	case 't':
		r.at += len("true")
		return True
	case 'f':
		r.at += len("false")
		return False
	case '"':
		s := r.string()
		return r.scalar(StringKind, s, r.at-from)
	case '[':
		return r.container(ArrayKind)
	case '{':
		return r.container(ObjectKind)
	}
	for r.at < len(r.text) && r.text[r.at] != ',' && r.text[r.at] != ']' && r.text[r.at] != '}' {
		r.at++
	}
	return r.scalar(NumberKind, r.text[from:r.at], r.at-from)
}

func (r *reader) scalar(kind Kind, text string, size int) Value {
	if len(r.scalars) == cap(r.scalars) {
		r.scalars = make([]node, 0, r.room(cap(r.scalars)))
	}
	r.scalars = append(r.scalars, node{text: text, size: int32(size), kind: kind})
	return Value{node: &r.scalars[len(r.scalars)-1]}
}

// container returns the container that begins here, with what is in it, or without if that is long and was not asked for.
func (r *reader) container(kind Kind) Value {
	from := r.at
	if r.level && r.span < len(r.spans) && int(r.spans[r.span].from) == from {
		return r.leave(kind)
	}
	var c children
	if kind == ObjectKind {
		c = r.members()
	} else {
		c = r.elements()
	}
	if len(r.containers) == cap(r.containers) {
		r.containers = make([]container, 0, r.room(4*cap(r.containers))/4+1)
	}
	r.containers = r.containers[:len(r.containers)+1]
	n := &r.containers[len(r.containers)-1]
	n.children, n.node = c, node{text: r.text[from:r.at], children: &n.children, size: int32(r.at - from), kind: kind}
	return Value{node: &n.node}
}

// leave passes over the container that begins here and has a span.
func (r *reader) leave(kind Kind) Value {
	from := r.at
	r.at, r.span = int(r.spans[r.span].to), int(r.spans[r.span].next)
	if len(r.later) == cap(r.later) {
		r.later = make([]left, 0, r.room(4*cap(r.later))/4+1)
	}
	r.later = r.later[:len(r.later)+1]
	l := &r.later[len(r.later)-1]
	l.node = node{text: r.text[from:r.at], unread: &l.unread, size: int32(r.at - from), kind: kind}
	l.unread.source, l.unread.from = r.source, int32(from)
	return Value{node: &l.node}
}

func (r *reader) elements() children {
	var few [16]Value
	all := few[:0]
	for r.at++; r.text[r.at] != ']'; {
		if r.text[r.at] == ',' {
			r.at++
		}
		all = append(all, r.value())
	}
	r.at++
	from := len(r.values)
	if from+len(all) > cap(r.values) {
		r.values, from = make([]Value, 0, max(len(all), r.room(4*cap(r.values))/4)), 0
	}
	r.values = append(r.values, all...)
	return children{elements: r.values[from:len(r.values):len(r.values)]}
}

func (r *reader) members() (c children) {
	var few [8]Member
	all := few[:0]
	for r.at++; r.text[r.at] != '}'; {
		if r.text[r.at] == ',' {
			r.at++
		}
		name := r.string()
		r.at++ // the colon
		all = append(all, Member{name, r.value()})
	}
	r.at++
	from := len(r.fields)
	if from+len(all) > cap(r.fields) {
		r.fields, from = make([]Member, 0, max(len(all), r.room(2*cap(r.fields))/2)), 0
	}
	r.fields = append(r.fields, all...)
	if c.members = r.fields[from:len(r.fields):len(r.fields)]; len(all) > indexedFrom {
		c.index, _ = newIndex(c.members)
	}
	return c
}

func (r *reader) string() string {
	from := r.at + 1
	end, escaped := closing(r.text, from)
	r.at = end + 1
	if !escaped {
		return r.text[from:end]
	}
	text, _ := jsontext.AppendUnquote(nil, r.text[from-1:r.at]) // of valid JSON
	return string(text)
}

// closing returns where the quote is that closes a string whose contents begin at i, and whether they have escapes.
func closing(text string, i int) (end int, escaped bool) {
	end = i + strings.IndexByte(text[i:], '"')
	for {
		backslash := strings.IndexByte(text[i:end], '\\')
		if backslash < 0 {
			return end, escaped
		}
		escaped = true
		if i += backslash + 2; i > end { // it is the quote that is escaped
			end = i + strings.IndexByte(text[i:], '"')
		}
	}
}
