package value

import (
	"reflect"
	"unicode/utf8"
)

// structPlan is the plan of a struct.
type structPlan struct {
	fields []field
	places map[string]int // of fields, by their names
	rest   *restField     // nil if there is none
	parts  parts
}

// field is a field of a struct, or of one that is embedded in it.
type field struct {
	*plan
	name  string
	size  int   // length of the name's encoding
	index []int // as package reflect has it
	fieldOptions
	isZero func(reflect.Value) bool
}

// restField is a map in which the members are that no field has.
type restField struct {
	*mapPlan
	index int
}

func (m planner) planOfStruct(t reflect.Type) plan {
	p := &structPlan{places: map[string]int{}}
	f := fielder{planner: m, structPlan: p, seen: map[reflect.Type]bool{}}
	if !f.add(t, nil) {
		return m.byText()
	}
	p.parts.containers++
	return plan{p.write, p.read, p.parts}
}

func (p *structPlan) write(w *writer, v reflect.Value) (Value, bool) {
	var rest reflect.Value
	most := len(p.fields)
	if p.rest != nil {
		rest = v.Field(p.rest.index)
		most += rest.Len()
	}
	members, size := w.members(most), 0
	for i := range p.fields {
		f := &p.fields[i]
		at, there := f.at(v, false)
		if !there || f.omitzero && f.isZero(at) {
			continue
		}
		written, ok := f.write(w, at)
		if !ok {
			return Value{}, false
		}
		if !f.omitempty || !isEmpty(written) {
			members = append(members, Member{f.name, written})
			size += memberSize(f.size, written)
		}
	}
	if p.rest != nil {
		all, more, ok := p.rest.members(w, members, rest)
		if !ok || p.twice(members, all[len(members):]) {
			return Value{}, false
		}
		members, size = all, size+more
	}
	return w.object(members, size), true
}

// memberSize is the length of the encoding of a member, with a comma, whose name's has a length.
func memberSize(name int, v Value) int { return name + len(":") + v.Size() + len(",") }

// twice reports whether one of the other members has the name of one that a field has.
func (p *structPlan) twice(members, others []Member) bool {
	for i := range others {
		if _, known := p.places[others[i].Name]; !known {
			continue
		}
		for j := range members {
			if members[j].Name == others[i].Name {
				return true
			}
		}
	}
	return false
}

// isEmpty reports whether omitempty leaves out what was written.
func isEmpty(v Value) bool {
	return v.IsNull() || v.Size() == len(`""`) && v.Kind() >= StringKind
}

func (p *structPlan) read(v Value, into reflect.Value) bool {
	if v.IsNull() {
		into.SetZero()
		return true
	}
	if v.Kind() != ObjectKind {
		return false
	}
	next := 0 // which field is expected: documents often have the order of fields
	for _, m := range v.node.kids().members {
		place := next
		if next >= len(p.fields) || p.fields[next].name != m.Name {
			var known bool
			if place, known = p.places[m.Name]; !known {
				if !p.readOther(m, into) {
					return false
				}
				continue
			}
		}
		next = place + 1
		at, _ := p.fields[place].at(into, true)
		if !p.fields[place].read(m.Value, at) {
			return false
		}
	}
	return true
}

// readOther reads a member that no field has.
func (p *structPlan) readOther(m Member, into reflect.Value) bool {
	if p.rest == nil {
		return utf8.ValidString(m.Name)
	}
	rest := into.Field(p.rest.index)
	if rest.IsNil() {
		rest.Set(reflect.MakeMap(p.rest.t))
	}
	return p.rest.readMember(m, rest, reflect.New(p.rest.t.Key()).Elem(), reflect.New(p.rest.t.Elem()).Elem())
}

// at returns the field of a struct. There may be none, for an embedded pointer that is nil, which is only set if it is to be made.
func (f *field) at(v reflect.Value, make bool) (at reflect.Value, there bool) {
	for i, n := range f.index {
		if i > 0 && v.Kind() == reflect.Pointer {
			if v.IsNil() {
				if !make {
					return v, false
				}
				v.Set(reflect.New(v.Type().Elem()))
			}
			v = v.Elem()
		}
		v = v.Field(n)
	}
	return v, true
}
