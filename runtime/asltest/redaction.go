package asltest

import "github.com/r-seed-632eed22/aslgen/runtime/value"

// redaction says whether differences show documents without what their texts, numbers and booleans say.
type redaction bool

// What stands for a redacted text, number or boolean: one that is the same on both sides, or there is nothing to hold it against, and one that
// is not.
const (
	sameScalar  = "…"
	otherScalar = "≠"
)

func (r redaction) shown(v value.Value) string {
	text, _ := r.both(v, v)
	return text
}

// both shows two documents.
func (r redaction) both(want, got value.Value) (string, string) {
	if r {
		want, got = withoutScalars(want, got), withoutScalars(got, want)
	}
	return shortened(want), shortened(got)
}

func shortened(v value.Value) string {
	if v.IsAbsent() {
		return "nothing"
	}
	const most = 400
	if s := v.String(); len(s) > most {
		return s[:most] + "…"
	} else {
		return s
	}
}

// withoutScalars returns a document with marks in the place of its scalars, that say whether another document has the same there.
func withoutScalars(v, than value.Value) value.Value {
	switch v.Kind() {
	case value.ArrayKind:
		var elements []value.Value
		for i, e := range v.Elements() {
			elements = append(elements, withoutScalars(e, than.At(i)))
		}
		return value.Array(elements...)
	case value.ObjectKind:
		var members []value.Member
		for name, e := range v.Members() {
			members = append(members, value.Member{Name: name, Value: withoutScalars(e, than.Get(name))})
		}
		return value.Object(members...)
	case value.StringKind, value.NumberKind, value.BoolKind:
		if like(v, than) {
			return value.String(sameScalar)
		}
		return value.String(otherScalar)
	}
	return v
}
