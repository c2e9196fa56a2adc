package jsonata

import (
	"math"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// maxNesting is how deep arrays and objects may lie in one another for what goes through all of them.
const maxNesting = 5000

func checkNesting(nesting int) {
	if nesting > maxNesting {
		panic(&stop{ErrDepth})
	}
}

// toValue is the JSON of an item. As JSON.stringify has it, undefined and functions are null in an array and left out of
// an object. A number that is not finite has no JSON: code D1001, but in Step Functions it is a text (R84).
func (x *evaluation) toValue(v item, nesting int) value.Value {
	switch v.kind {
	case numberKind:
		return x.numberValue(v)
	case arrayKind:
		if v.made != nil {
			return x.arrayValue(v.made, nesting)
		}
	case objectKind:
		if v.made != nil {
			return x.objectValue(v.made, nesting)
		}
	}
	return v.doc
}

func (x *evaluation) arrayValue(m *made, nesting int) value.Value {
	checkNesting(nesting)
	x.use(len(m.items))
	x.produce(valueBytes * (len(m.items) + 4))
	elements := make([]value.Value, len(m.items))
	for i, e := range m.items {
		if elements[i] = x.toValue(e, nesting+1); elements[i].IsAbsent() {
			elements[i] = value.Null
		}
	}
	return value.Array(elements...)
}

func (x *evaluation) objectValue(m *made, nesting int) value.Value {
	checkNesting(nesting)
	x.use(len(m.names))
	x.produce(memberBytes * (len(m.names) + 2))
	m.order()
	members := make([]value.Member, len(m.names))
	for i, name := range m.names {
		members[i] = value.Field(name, x.toValue(m.items[i], nesting+1))
	}
	return value.Object(members...)
}

// numberValue keeps the text of a number that an expression only passed on.
func (x *evaluation) numberValue(v item) value.Value {
	if !v.doc.IsAbsent() {
		return v.doc
	}
	if x.aws && !isFinite(v) {
		return value.String(formatFloat(v.number))
	}
	if i := int64(v.number); float64(i) == v.number && math.Abs(v.number) < 1<<53 {
		return value.Int(i) // of -0 too: JSON.stringify writes 0
	}
	return value.Float(finite(v))
}

// finite is a number that is no infinity: code D1001.
func finite(v item) float64 {
	if math.IsInf(v.number, 0) {
		throw(failure{code: "D1001", value: v})
	}
	return v.number
}

// isNumeric reports whether v is a number other than NaN; infinities are errors.
func isNumeric(v item) bool { return v.kind == numberKind && !math.IsNaN(finite(v)) }

// clone copies an item as writing it as JSON and reading it back does: numbers lose what is beyond 15 digits, functions
// become empty strings, and what does not exist is null in an array and gone from an object.
func (x *evaluation) clone(v item, nesting int) item {
	checkNesting(nesting)
	x.use(1)
	switch v.kind {
	case functionKind:
		return text("")
	case numberKind:
		return number(round15(finite(v)))
	case arrayKind:
		items := make([]item, v.len())
		x.allocate(len(items))
		for i := range items {
			if items[i] = x.clone(v.at(i), nesting+1); items[i].kind == undefinedKind {
				items[i] = null
			}
		}
		return arrayOf(items)
	case objectKind:
		o := newObject(v.size())
		x.allocate(memberItems * v.size())
		v.members(func(name string, m item) {
			if m = x.clone(m, nesting+1); m.kind != undefinedKind {
				o.set(name, m)
			}
		})
		return o.object()
	}
	return v
}

// equal is the = operator: deep, with objects equal whatever their order.
func (x *evaluation) equal(a, b item, nesting int) bool {
	if a.kind != b.kind {
		return false
	}
	x.use(1)
	switch a.kind {
	case numberKind, boolKind:
		return a.number == b.number
	case stringKind:
		return a.text() == b.text()
	case arrayKind:
		return x.equalArrays(a, b, nesting)
	case objectKind:
		return x.equalObjects(a, b, nesting)
	case functionKind:
		return a.made == b.made && a.number == 0
	}
	return true
}

func (x *evaluation) equalArrays(a, b item, nesting int) bool {
	checkNesting(nesting)
	if a.len() != b.len() {
		return false
	}
	for i := range a.len() {
		if !x.equal(a.at(i), b.at(i), nesting+1) {
			return false
		}
	}
	return true
}

func (x *evaluation) equalObjects(a, b item, nesting int) bool {
	checkNesting(nesting)
	if a.size() != b.size() {
		return false
	}
	same := true
	a.members(func(name string, m item) {
		same = same && b.has(name) && x.equal(m, b.get(name), nesting+1)
	})
	return same
}

// has reports whether an object has a member, be it undefined.
func (v item) has(name string) bool {
	if v.made != nil {
		return v.made.find(name) >= 0
	}
	return !v.doc.Get(name).IsAbsent()
}

// same is ECMAScript's ===: arrays, objects and functions are the same only if they are one.
func same(a, b item) bool {
	if a.kind != b.kind {
		return false
	}
	switch a.kind {
	case numberKind, boolKind:
		return a.number == b.number
	case stringKind:
		return a.text() == b.text()
	}
	return a.made == b.made && value.SharesMemory(a.doc, b.doc)
}

// truth casts to a boolean as $boolean does; of undefined it is false.
func (x *evaluation) truth(v item, nesting int) bool {
	switch v.kind {
	case boolKind:
		return v.number != 0
	case stringKind:
		return v.text() != ""
	case numberKind:
		return isNumeric(v) && v.number != 0
	case objectKind:
		return v.size() > 0
	case functionKind:
		return v.number == 0 && !v.made.fn.plain
	case arrayKind:
		checkNesting(nesting)
		any := false
		for i := range v.len() {
			x.use(1)
			any = x.truth(v.at(i), nesting+1) || any // all are looked at: an infinity is an error wherever it is
		}
		return any
	}
	return false
}
