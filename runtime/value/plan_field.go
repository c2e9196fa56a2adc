package value

import (
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"
)

// fielder finds the fields of a struct, with those of structs that are embedded in it. What is unusual is left to package json: options that
// are hardly ever used, names that two fields have, and what it refuses.
type fielder struct {
	planner
	*structPlan
	seen map[reflect.Type]bool
}

// fieldOptions are the options of a field's json tag.
type fieldOptions struct{ omitzero, omitempty, embed bool }

// add adds the fields of a struct that lies at an index. It reports whether nothing about them is unusual.
func (f *fielder) add(t reflect.Type, index []int) bool {
	if f.seen[t] {
		return false
	}
	f.seen[t] = true
	var found, tagged bool
	for i := range t.NumField() {
		sf := t.Field(i)
		tag, hasTag := sf.Tag.Lookup("json")
		tagged = tagged || hasTag
		if tag == "-" || !sf.IsExported() && !sf.Anonymous && !hasTag {
			continue
		}
		found = true
		if !f.addField(sf, tag, append(slices.Clone(index), i)) {
			return false
		}
	}
	return found || tagged || t.NumField() == 0
}

// addField adds a field that has a tag and an index.
func (f *fielder) addField(sf reflect.StructField, tag string, index []int) bool {
	name, options, ok := parseTag(tag)
	switch {
	case !ok:
		return false
	case sf.Anonymous && name == "":
		return options == fieldOptions{} && f.addEmbedded(sf, index)
	case !sf.IsExported():
		return false
	case options.embed:
		return name == "" && options == fieldOptions{embed: true} && f.addRest(sf, index)
	}
	if name == "" {
		name = sf.Name
	}
	if _, twice := f.places[name]; twice {
		return false
	}
	p := f.planner.plan(sf.Type)
	if f.parts.members++; sf.Type.Kind() != reflect.Pointer && options == (fieldOptions{}) {
		f.parts.add(p.parts)
	}
	f.places[name] = len(f.fields)
	f.fields = append(f.fields, field{plan: p, name: name, size: escapedLen(name), index: index, fieldOptions: options, isZero: isZero(sf.Type)})
	return true
}

// parseTag returns what a tag says; ok is false if that is unusual.
func parseTag(tag string) (name string, options fieldOptions, ok bool) {
	name, list, more := strings.Cut(tag, ",")
	if strings.ContainsAny(name, "\\'\"`") || !utf8.ValidString(name) {
		return name, options, false
	}
	for more {
		var word string
		word, list, more = strings.Cut(list, ",")
		var option *bool
		switch word {
		case "omitzero":
			option = &options.omitzero
		case "omitempty":
			option = &options.omitempty
		case "embed":
			option = &options.embed
		}
		if option == nil || *option {
			return name, options, false
		}
		*option = true
	}
	return name, options, true
}

// addEmbedded adds the fields of a struct that is embedded as Go does it.
func (f *fielder) addEmbedded(sf reflect.StructField, index []int) bool {
	t := sf.Type
	if t.Kind() == reflect.Pointer {
		if !sf.IsExported() { // nobody else can set it
			return false
		}
		t = t.Elem()
	}
	return t.Kind() == reflect.Struct && !hasMethods(t) && f.add(t, index)
}

// addRest takes a map for the members that no field has.
func (f *fielder) addRest(sf reflect.StructField, index []int) bool {
	if f.rest != nil || len(index) > 1 || sf.Type.Kind() != reflect.Map || sf.Type.Key().Kind() != reflect.String || hasMethods(sf.Type) || hasMethods(sf.Type.Key()) {
		return false
	}
	f.rest = &restField{&mapPlan{t: sf.Type, element: f.planner.plan(sf.Type.Elem()), name: reflect.Value.String, key: setName}, index[0]}
	return true
}

type isZeroer interface{ IsZero() bool }

var zeroer = reflect.TypeFor[isZeroer]()

// isZero returns how to tell whether omitzero leaves out a value of a type.
func isZero(t reflect.Type) func(reflect.Value) bool {
	switch {
	case t == valueType:
		return func(v reflect.Value) bool { w, _ := reflect.TypeAssert[Value](v); return w.IsZero() }
	case t.Kind() == reflect.Interface && t.Implements(zeroer):
		return func(v reflect.Value) bool {
			return v.IsNil() || v.Elem().Kind() == reflect.Pointer && v.Elem().IsNil() || v.Interface().(isZeroer).IsZero()
		}
	case t.Kind() == reflect.Pointer && t.Implements(zeroer):
		return func(v reflect.Value) bool { return v.IsNil() || v.Interface().(isZeroer).IsZero() }
	case reflect.PointerTo(t).Implements(zeroer):
		return func(v reflect.Value) bool { return addressable(v).Addr().Interface().(isZeroer).IsZero() }
	}
	return reflect.Value.IsZero
}
