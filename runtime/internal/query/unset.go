package query

import "github.com/r-seed-632eed22/aslgen/runtime/value"

// Unset is a member of a template whose value the type of the parameters does not tell from one that is not there: null and, in
// the SDK's types, some false, 0 and "". The history shows it all the same, as on AWS. Generated code makes it.
type Unset struct {
	To   string // JSON Pointer of the member
	JSON string // its value
}

// given is a value that a template was given for one of its members.
type given struct {
	to    Pointer
	value value.Value
}

// isUnset reports whether a member of this value is left out when the SDK writes it.
func isUnset(v value.Value) bool {
	if n, ok := v.AsFloat(); ok {
		return n == 0
	}
	return v.IsNull() || v.Equal(value.False) || v.Equal(value.String(""))
}

// hasUnset reports whether a value, or one in it, may be left out when the SDK writes it.
func hasUnset(v value.Value) bool {
	for _, e := range v.Elements() {
		if hasUnset(e) {
			return true
		}
	}
	for _, m := range v.Members() {
		if hasUnset(m) {
			return true
		}
	}
	return isUnset(v)
}

// asGiven returns known, what the SDK writes of a value, with the members that the SDK has left out.
func asGiven(known, given value.Value) value.Value {
	if known.IsAbsent() && isUnset(given) {
		return given
	}
	if known.Kind() != given.Kind() {
		return known
	}
	switch known.Kind() {
	case value.ArrayKind:
		elements := make([]value.Value, known.Len())
		for i, e := range known.Elements() {
			elements[i] = asGiven(e, given.At(i))
		}
		return value.Array(elements...)
	case value.ObjectKind:
		for name, m := range given.Members() {
			if hasUnset(m) {
				known = known.With(name, asGiven(known.Get(name), m))
			}
		}
	}
	return known
}
