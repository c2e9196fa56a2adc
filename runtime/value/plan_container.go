package value

import (
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// elementsPlan is the plan of a slice or an array.
type elementsPlan struct {
	element *plan
	empty   reflect.Value // of a slice
}

func (m planner) planOfElements(t reflect.Type) plan {
	p := &elementsPlan{element: m.plan(t.Elem())}
	if t.Kind() == reflect.Array {
		return plan{write: p.write, read: p.readArray}
	}
	p.empty = reflect.MakeSlice(t, 0, 0)
	return plan{write: p.write, read: p.readSlice}
}

func (p *elementsPlan) write(w *writer, v reflect.Value) (Value, bool) {
	n := v.Len()
	if n == 0 {
		return EmptyArray, true
	}
	w.reserve(n, p.element.parts)
	elements, size, ok := w.elements(n), 1+n, w.enter()
	for i := 0; ok && i < n; i++ {
		elements[i], ok = p.element.write(w, v.Index(i))
		size += elements[i].Size()
	}
	w.depth--
	return w.array(elements, size), ok
}

// readSlice fills up the room that the slice has, as package json does.
func (p *elementsPlan) readSlice(v Value, into reflect.Value) bool {
	n := v.Len()
	switch {
	case v.IsNull():
		into.SetZero()
		return true
	case v.Kind() != ArrayKind:
		return false
	case n == 0:
		into.Set(p.empty)
		return true
	}
	room := into.Cap()
	into.SetLen(room)
	for i, e := range v.node.kids().elements {
		if i == room {
			into.Grow(n - i)
			into.SetLen(n)
		}
		if at := into.Index(i); !p.readElement(e, at, i < room) {
			return false
		}
	}
	into.SetLen(n)
	return true
}

func (p *elementsPlan) readArray(v Value, into reflect.Value) bool {
	if v.IsNull() {
		into.SetZero()
		return true
	}
	if v.Kind() != ArrayKind || v.Len() != into.Len() {
		return false
	}
	for i, e := range v.node.kids().elements {
		if !p.readElement(e, into.Index(i), true) {
			return false
		}
	}
	return true
}

// readElement reads an element, in a place that may have been used.
func (p *elementsPlan) readElement(v Value, into reflect.Value, used bool) bool {
	if used {
		into.SetZero()
	}
	return p.element.read(v, into)
}

// mapPlan is the plan of a map whose keys are strings or whole numbers.
type mapPlan struct {
	t       reflect.Type
	element *plan
	name    func(key reflect.Value) string
	key     func(name string, key reflect.Value) bool // sets the key of a name
}

func (m planner) planOfMap(t reflect.Type) plan {
	p := &mapPlan{t: t}
	switch k := t.Key(); {
	case hasMethods(k) || m.isFormed(k):
		return m.byText()
	case k.Kind() == reflect.String:
		p.name, p.key = reflect.Value.String, setName
	case reflect.Zero(k).CanInt():
		p.name = func(k reflect.Value) string { return strconv.FormatInt(k.Int(), 10) }
		p.key = setIntName
	case reflect.Zero(k).CanUint():
		p.name = func(k reflect.Value) string { return strconv.FormatUint(k.Uint(), 10) }
		p.key = setUintName
	default:
		return m.byText()
	}
	p.element = m.plan(t.Elem())
	return plan{write: p.write, read: p.read}
}

func setName(name string, key reflect.Value) bool {
	key.SetString(strings.Clone(name))
	return utf8.ValidString(name)
}

// setIntName takes numbers as they are written here, so that no two names are one key.
func setIntName(name string, key reflect.Value) bool {
	i, err := strconv.ParseInt(name, 10, key.Type().Bits())
	key.SetInt(i)
	return err == nil && strconv.FormatInt(i, 10) == name
}

func setUintName(name string, key reflect.Value) bool {
	u, err := strconv.ParseUint(name, 10, key.Type().Bits())
	key.SetUint(u)
	return err == nil && strconv.FormatUint(u, 10) == name
}

func (p *mapPlan) write(w *writer, v reflect.Value) (Value, bool) {
	members, size, ok := p.members(w, w.members(v.Len()), v)
	return w.object(members, size), ok
}

// members appends the members of a map in the order of their names. The size is what [writer.object] takes.
func (p *mapPlan) members(w *writer, members []Member, v reflect.Value) (all []Member, size int, ok bool) {
	if v.Len() == 0 {
		return members, 0, true
	}
	if !w.enter() {
		return members, 0, false
	}
	w.reserve(v.Len(), p.element.parts)
	from := len(members)
	key, element := reflect.New(p.t.Key()).Elem(), reflect.New(p.t.Elem()).Elem()
	for entries := v.MapRange(); entries.Next(); {
		key.SetIterKey(entries)
		element.SetIterValue(entries)
		name := p.name(key)
		written, ok := p.element.write(w, element)
		if !ok || !utf8.ValidString(name) {
			return members, 0, false
		}
		members = append(members, Member{name, written})
		size += memberSize(escapedLen(name), written)
	}
	w.depth--
	slices.SortFunc(members[from:], func(a, b Member) int { return strings.Compare(a.Name, b.Name) })
	return members, size, true
}

func (p *mapPlan) read(v Value, into reflect.Value) bool {
	if v.IsNull() {
		into.SetZero()
		return true
	}
	if v.Kind() != ObjectKind {
		return false
	}
	if into.IsNil() {
		into.Set(reflect.MakeMapWithSize(p.t, v.Len()))
	}
	key, element := reflect.New(p.t.Key()).Elem(), reflect.New(p.t.Elem()).Elem()
	for _, m := range v.node.kids().members {
		if !p.readMember(m, into, key, element) {
			return false
		}
	}
	return true
}

// readMember stores a member in a map, in what it has of the name if it has it. Key and element are room.
func (p *mapPlan) readMember(m Member, into, key, element reflect.Value) bool {
	if !p.key(m.Name, key) {
		return false
	}
	if known := into.MapIndex(key); known.IsValid() {
		element.Set(known)
	} else {
		element.SetZero()
	}
	if !p.element.read(m.Value, element) {
		return false
	}
	into.SetMapIndex(key, element)
	return true
}

// writeInside writes what is in a pointer or an interface.
func (p *plan) writeInside(w *writer, v reflect.Value) (Value, bool) {
	if !w.enter() {
		return Value{}, false
	}
	written, ok := p.write(w, v)
	w.depth--
	return written, ok
}

func (m planner) planOfPointer(t reflect.Type) plan {
	to, elem := m.plan(t.Elem()), t.Elem()
	return plan{
		parts: to.parts,
		write: func(w *writer, v reflect.Value) (Value, bool) {
			if v.IsNil() {
				return Null, true
			}
			return to.writeInside(w, v.Elem())
		},
		read: func(v Value, into reflect.Value) bool {
			if v.IsNull() {
				into.SetZero()
				return true
			}
			if into.IsNil() {
				into.Set(reflect.New(elem))
			}
			return to.read(v, into.Elem())
		},
	}
}

func (m planner) planOfInterface(t reflect.Type) plan {
	c := m.Codec
	return plan{
		write: func(w *writer, v reflect.Value) (Value, bool) {
			if v.IsNil() {
				return Null, true
			}
			return c.plan(v.Elem().Type()).writeInside(w, v.Elem())
		},
		read: func(v Value, into reflect.Value) bool {
			if v.IsNull() {
				into.SetZero()
				return true
			}
			if !into.IsNil() {
				return c.readAgain(v, into)
			}
			x, ok := anyOf(v)
			if !ok || t.NumMethod() > 0 {
				return false
			}
			into.Set(reflect.ValueOf(x))
			return true
		},
	}
}

// readAgain reads into a copy of what is in an interface, and puts it there.
func (c *Codec) readAgain(v Value, into reflect.Value) bool {
	was := reflect.New(into.Elem().Type()).Elem()
	was.Set(into.Elem())
	ok := c.plan(was.Type()).read(v, was)
	into.Set(was)
	return ok
}

// anyOf returns what a document is in Go where nothing says its type; nil if it is null.
func anyOf(v Value) (x any, ok bool) {
	switch v.Kind() {
	case BoolKind:
		return v.AsBool()
	case StringKind:
		return copied(v)
	case NumberKind:
		f, _ := v.AsFloat()
		return f, !math.IsInf(f, 0)
	case ArrayKind:
		all := make([]any, v.Len())
		for i, e := range v.node.kids().elements {
			if all[i], ok = anyOf(e); !ok {
				return nil, false
			}
		}
		return all, true
	case ObjectKind:
		all := make(map[string]any, v.Len())
		for _, m := range v.node.kids().members {
			if all[strings.Clone(m.Name)], ok = anyOf(m.Value); !ok || !utf8.ValidString(m.Name) {
				return nil, false
			}
		}
		return all, true
	}
	return nil, true
}
