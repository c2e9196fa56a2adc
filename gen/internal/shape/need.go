package shape

import (
	"slices"

	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
)

// Need is what a machine reads of data that comes from outside: the execution's input, the result of a task of which
// nothing is known. It is a tree along the names of the paths.
type Need struct {
	Name    string  // of the member, "" at the top and for elements
	Members []*Need // in the order they were first asked for
	Elem    *Need
	Reads   []Read
	Whole   bool  // all of it goes on to where it is not known what is read: to a task, into the output
	Model   Model // what its source says that it is, nil if that is nothing

	// Example is JSON with which the machine goes on, "" if none is known. Unwanted says that it goes on without the place.
	Example  string
	Unwanted bool

	depth  int
	ofItem bool
}

// Model is what the source of data says that it is, as the model of a service does of the results of its operations.
type Model interface {
	Kinds() Kinds
	// Member and Elem return what a part is, nil if nothing says.
	Member(name string) Model
	Elem() Model
}

// Read is a path that reads the place.
type Read struct {
	Text   string // the path
	State  string // of the state that reads it
	Span   source.Span
	Sink   *Type // what it feeds; nil is anything
	Tested bool  // it is only asked whether, or of what kind, it is there
	Known  bool  // a test before has found it there: where it is not, nothing reads it
	Always bool  // on every way through the machine on which no error is caught
	Each   bool  // for every item of a Map, of which the place is a part
}

// Member returns the need of a member, nil if it is too deep.
func (n *Need) Member(name string) *Need {
	if m := n.Part(name); m != nil {
		return m
	}
	if n.depth >= mostDepth || len(n.Members) >= mostFields {
		return nil
	}
	m := &Need{Name: name, depth: n.depth + 1, ofItem: n.ofItem}
	if n.Model != nil {
		m.Model = n.Model.Member(name)
	}
	n.Members = append(n.Members, m)
	return m
}

// Part returns what is read of a member, nil if that is nothing.
func (n *Need) Part(name string) *Need {
	if n == nil {
		return nil
	}
	if i := slices.IndexFunc(n.Members, func(m *Need) bool { return m.Name == name }); i >= 0 {
		return n.Members[i]
	}
	return nil
}

// Element returns the need of an element of an array, nil if it is too deep.
func (n *Need) Element() *Need {
	if n.Elem == nil && n.depth < mostDepth {
		n.Elem = &Need{depth: n.depth + 1, ofItem: true}
		if n.Model != nil {
			n.Elem.Model = n.Model.Elem()
		}
	}
	return n.Elem
}

// Note adds a read. Those of one state come one after another.
func (n *Need) Note(r Read) {
	r.Each = r.Each && n.ofItem
	for i := len(n.Reads) - 1; i >= 0 && n.Reads[i].State == r.State; i-- {
		if n.Reads[i] == r {
			return
		}
	}
	n.Reads = append(n.Reads, r)
}

// First returns the read that says most of the place: the first in the text, of those on every way if there are such.
func (n *Need) First() *Read {
	needed := n.Needed()
	var first *Read
	for i := range n.Reads {
		if r := &n.Reads[i]; (r.Always || r.Each) == needed && (first == nil || r.Span.Start < first.Span.Start) {
			first = r
		}
	}
	return first
}

// Needed reports whether the place itself is read on every way through the machine, or for every item that it is a part of.
func (n *Need) Needed() bool {
	return slices.ContainsFunc(n.Reads, func(r Read) bool { return r.Always || r.Each })
}

// Required reports whether the place, or a part of it, must be there where the object is that it is a member of.
func (n *Need) Required() bool {
	return n.Needed() || slices.ContainsFunc(n.Members, (*Need).Required) || n.Elem.Always()
}

// All returns the reads of the place and of its parts.
func (n *Need) All() []Read {
	if n == nil {
		return nil
	}
	all := slices.Concat(n.Reads, n.Elem.All())
	for _, m := range n.Members {
		all = append(all, m.All()...)
	}
	return all
}

// Used reports whether it, or a part of it, is read.
func (n *Need) Used() bool {
	return n != nil && (len(n.Reads) > 0 || n.Elem.Used() || slices.ContainsFunc(n.Members, (*Need).Used))
}

// Wanted reports whether it, or a part of it, is read or has an example.
func (n *Need) Wanted() bool {
	return n != nil && (len(n.Reads) > 0 || n.Example != "" || n.Elem.Wanted() || slices.ContainsFunc(n.Members, (*Need).Wanted))
}

// HasMembers reports whether a member of it is read, or a part of one.
func (n *Need) HasMembers() bool { return slices.ContainsFunc(n.Members, (*Need).Used) }

// Type returns the type that serves all reads of the place which want one, nil if there is none.
func (n *Need) Type() *Type {
	var t *Type
	for i := range n.Reads {
		switch sink := n.Reads[i].Sink; {
		case sink == nil:
		case t == nil:
			t = sink
		default:
			if t = unify(t, sink); t == nil {
				return nil
			}
		}
	}
	return t
}

// unify returns the type of data that feeds both of two types, nil if there is none.
func unify(a, b *Type) *Type {
	if a.Kind > b.Kind {
		a, b = b, a
	}
	switch {
	case a.Kind == String && b.Kind == Enum:
		return a
	case a.Kind == Integer && b.Kind == Integer:
		return &Type{Kind: Integer, Bits: max(a.Bits, b.Bits)}
	case a.Kind == Integer && b.Kind == Float:
		return b
	case a.Kind == List && b.Kind == List:
		if a.Elem == nil || b.Elem == nil {
			return &Type{Kind: List}
		}
		return &Type{Kind: List, Elem: unify(a.Elem, b.Elem)}
	case a.Kind == b.Kind && a.Package == b.Package && a.Name == b.Name:
		return a
	}
	return nil
}

// Texts returns the paths that read the place, and the states that do, each once.
func (n *Need) Texts() (paths, states []string) {
	for i := range n.Reads {
		r := &n.Reads[i]
		if !slices.Contains(paths, r.Text) {
			paths = append(paths, r.Text)
		}
		if !slices.Contains(states, r.State) {
			states = append(states, r.State)
		}
	}
	return paths, states
}

// Always reports whether the place, or a part of it, is read on every way through the machine.
func (n *Need) Always() bool {
	return n != nil && (slices.ContainsFunc(n.Reads, func(r Read) bool { return r.Always }) || slices.ContainsFunc(n.Members, (*Need).Always) ||
		n.Elem.Always())
}

// Tested reports whether it is asked whether the place is there at all.
func (n *Need) Tested() bool {
	return slices.ContainsFunc(n.Reads, func(r Read) bool { return r.Tested })
}
