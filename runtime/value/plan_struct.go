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
}

// field is a field of a struct, or of one that is embedded in it.
type field struct {
	*plan
	name  string
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
	return plan{p.write, p.read}
}

func (p *structPlan) write(v reflect.Value, depth int) (Value, bool) {
	members := make([]Member, 0, len(p.fields))
	for i := range p.fields {
		f := &p.fields[i]
		at, there := f.at(v, false)
		if !there || f.omitzero && f.isZero(at) {
			continue
		}
		written, ok := f.write(at, depth)
		if !ok {
			return Value{}, false
		}
		if !f.omitempty || !isEmpty(written) {
			members = append(members, Member{f.name, written})
		}
	}
	if p.rest != nil {
		named, ok := len(members), false
		if members, ok = p.rest.members(members, v.Field(p.rest.index), depth); !ok || p.twice(members[:named], members[named:]) {
			return Value{}, false
		}
	}
	return ofMembers(members), true
}

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

// ofMembers returns an object of members that all have different names.
func ofMembers(members []Member) Value {
	c := children{members: members}
	if len(members) > indexedFrom {
		c.index, _ = newIndex(members)
	}
	return contain(ObjectKind, c.objectSize(), c)
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
