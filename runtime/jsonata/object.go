package jsonata

import (
	"iter"
	"slices"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

func newObject(capacity int) *made {
	return &made{names: make([]string, 0, capacity), items: make([]item, 0, capacity)}
}

func (m *made) find(name string) int {
	if m.index != nil {
		if i, ok := m.index[name]; ok {
			return int(i)
		}
		return -1
	}
	for i, n := range m.names {
		if n == name {
			return i
		}
	}
	return -1
}

// set gives a member a value: where it is, or else after the others.
func (m *made) set(name string, v item) {
	if i := m.find(name); i >= 0 {
		m.items[i] = v
		return
	}
	m.own()
	m.unordered = m.unordered || !m.inOrder(name)
	m.names, m.items = append(m.names, name), append(m.items, v)
	if m.index != nil {
		m.index[name] = int32(len(m.names) - 1)
	} else if len(m.names) > indexedFrom {
		m.reindex()
	}
}

// inOrder reports whether a name may stand after the others: names that are array indexes come first, by size, as in
// ECMAScript.
func (m *made) inOrder(name string) bool {
	n, ok := arrayIndex(name)
	if !ok || len(m.names) == 0 {
		return true
	}
	last, ok := arrayIndex(m.names[len(m.names)-1])
	return ok && last < n
}

// order puts the members in the order of ECMAScript. It is put off until someone asks for all of them.
func (m *made) order() {
	if !m.unordered {
		return
	}
	m.own()
	m.unordered = false
	values := make(map[string]item, len(m.names))
	for i, name := range m.names {
		values[name] = m.items[i]
	}
	slices.SortStableFunc(m.names, compareNames)
	m.items = make([]item, len(m.names))
	for i, name := range m.names {
		m.items[i] = values[name]
	}
	m.reindex()
}

func (m *made) remove(name string) {
	i := m.find(name)
	if i < 0 {
		return
	}
	m.own()
	m.names, m.items = slices.Delete(m.names, i, i+1), slices.Delete(m.items, i, i+1)
	m.reindex()
}

// own makes names that belong to others too the object's own.
func (m *made) own() {
	if m.namesShared {
		m.names, m.namesShared = slices.Clone(m.names), false
	}
}

func (m *made) reindex() {
	m.index = nil
	if len(m.names) <= indexedFrom {
		return
	}
	m.index = make(map[string]int32, max(2*len(m.names), cap(m.names)))
	for i, name := range m.names {
		m.index[name] = int32(i)
	}
}

// ordered ranges over the members of an object of a document in the order of ECMAScript: array indexes first, by size.
func ordered(v value.Value) iter.Seq2[string, value.Value] {
	for name := range v.Members() {
		if _, ok := arrayIndex(name); ok {
			return reordered(v)
		}
	}
	return v.Members()
}

func reordered(v value.Value) iter.Seq2[string, value.Value] {
	var names []string
	for name := range v.Members() {
		names = append(names, name)
	}
	slices.SortStableFunc(names, compareNames)
	return func(yield func(string, value.Value) bool) {
		for _, name := range names {
			if !yield(name, v.Get(name)) {
				return
			}
		}
	}
}

func compareNames(a, b string) int {
	m, first := arrayIndex(a)
	n, second := arrayIndex(b)
	switch {
	case first && second && m < n, first && !second:
		return -1
	case first && second && m > n, second && !first:
		return 1
	}
	return 0
}

// arrayIndex is the number that a name stands for if ECMAScript takes it for an array index: 0 to 2³²−2 without sign or
// leading zeros.
func arrayIndex(name string) (uint64, bool) {
	if name == "" || len(name) > 10 || name[0] == '0' && len(name) > 1 {
		return 0, false
	}
	n := uint64(0)
	for i := range len(name) {
		if name[i] < '0' || name[i] > '9' {
			return 0, false
		}
		n = n*10 + uint64(name[i]-'0')
	}
	return n, n < 1<<32-1
}
