package shape

import (
	"fmt"
	"slices"
	"strings"
)

// Kinds is a set of kinds of JSON.
type Kinds uint8

// The kinds of JSON.
const (
	NullKind Kinds = 1 << iota
	BooleanKind
	NumberKind
	StringKind
	ArrayKind
	ObjectKind

	AnyKind = NullKind | BooleanKind | NumberKind | StringKind | ArrayKind | ObjectKind
)

// kindNames are in the order of the bits.
var kindNames = []string{"null", "a boolean", "a number", "a string", "an array", "an object"}

// String lists the kinds: "a string or null".
func (k Kinds) String() string {
	if k == AnyKind {
		return "any value"
	}
	var names []string
	for i, name := range kindNames {
		if k&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	slices.Reverse(names) // null last
	return strings.Join(names, " or ")
}

// JSON is what is known of a JSON value: the lattice of inference. It is immutable. Every value has a JSON that allows it;
// the less is known the more it allows, up to [Any].
type JSON struct {
	Kinds Kinds
	// Whole says that a number has no fraction and fits an int64.
	Whole bool
	// Texts are the only strings that it may be, sorted; nil is any string.
	Texts []string
	// Elem is what every element of an array is; nil is anything.
	Elem *JSON
	// Length is the number of elements of an array; 0 if that is not known.
	Length int
	// Fields are the members that an object is known to have or, if Optional, may have. If it is Closed it has no others.
	Fields []Field
	Closed bool
	// Origins are the sources whose data it is, unchanged but for Fields, if nothing else is known of it. Mixed says that it may
	// be other data too, which has none.
	Origins []*Need
	Mixed   bool
	// Go is the Go type that the value is the JSON of: one of an AWS SDK's, or the user's; nil if there is none.
	Go *Type
	// CauseOf are errors, by their names, for whose cause a catcher has the text, and whose causes are no JSON.
	CauseOf []string
	// size is how many values it is written out with, however often one of them is in it; 0 if it was not counted.
	size int
	// Base is the user's Go type that says what it is: of an object, which members there are, whatever states have set since; of
	// other data, the type that it is a field of. It is nil if there is none.
	Base *Type
}

// Field is a member of an object.
type Field struct {
	Name     string
	JSON     *JSON
	Optional bool
	From     string // what set it: ResultPath of "Run"; "" if that does not help
}

// Values of which the kind is all that is known.
var (
	Any     = &JSON{Kinds: AnyKind}
	Null    = &JSON{Kinds: NullKind}
	Bool    = &JSON{Kinds: BooleanKind}
	Number  = &JSON{Kinds: NumberKind}
	Int     = &JSON{Kinds: NumberKind, Whole: true}
	Text    = &JSON{Kinds: StringKind}
	Objects = &JSON{Kinds: ObjectKind} // an object with any members
	Nothing = &JSON{Kinds: ObjectKind, Closed: true}
)

// Word is one string.
func Word(text string) *JSON { return &JSON{Kinds: StringKind, Texts: []string{text}} }

// Array is an array of elements; nil elements are anything.
func Array(elem *JSON) *JSON { return ArrayOf(elem, 0) }

// ArrayOf is an array of so many elements.
func ArrayOf(elem *JSON, length int) *JSON {
	return (&JSON{Kinds: ArrayKind, Elem: elem, Length: length}).bounded()
}

// Object is an object of exactly these members.
func Object(fields ...Field) *JSON {
	return (&JSON{Kinds: ObjectKind, Fields: fields, Closed: true}).bounded()
}

// Limits keep what is known small, so that inference stays linear in the size of the machine: what is over them is Any.
const (
	mostTexts   = 16
	mostFields  = 100
	mostOrigins = 4
	mostDepth   = 12
	mostSize    = 4000
)

// bounded counts the size, and returns data of which only the kind is known if that is too large: a value may be in another
// several times, and so on.
func (j *JSON) bounded() *JSON {
	j.size = 1 + j.Elem.counted()
	for i := range j.Fields {
		j.size += j.Fields[i].JSON.counted()
	}
	if j.size > mostSize {
		return &JSON{Kinds: j.Kinds}
	}
	return j
}

// counted is the size as a part of other data.
func (j *JSON) counted() int {
	if j == nil {
		return 0
	}
	return max(j.size, 1)
}

// IsAny reports whether nothing is known of the value that its kind or origin does not say.
func (j *JSON) IsAny() bool { return j.Kinds == AnyKind && len(j.Fields) == 0 && !j.Closed }

// Is reports whether the value is of one of the kinds, and of no other.
func (j *JSON) Is(k Kinds) bool { return j.Kinds&^k == 0 }

// Field returns the member with the name that is known of, nil if there is none.
func (j *JSON) Field(name string) *Field {
	for i := range j.Fields {
		if j.Fields[i].Name == name {
			return &j.Fields[i]
		}
	}
	return nil
}

// fieldNear is Field for an object that was made like another one, in which the member has the index.
func (j *JSON) fieldNear(index int, name string) *Field {
	if index < len(j.Fields) && j.Fields[index].Name == name {
		return &j.Fields[index]
	}
	return j.Field(name)
}

// FieldNames returns the names of the members that are known of.
func (j *JSON) FieldNames() []string {
	names := make([]string, len(j.Fields))
	for i := range j.Fields {
		names[i] = j.Fields[i].Name
	}
	return names
}

// Presence says whether something is there.
type Presence uint8

// How sure it is that something is there.
const (
	Never Presence = iota
	Maybe
	Always
)

// Member returns what a member of the value is.
func (j *JSON) Member(name string) (*JSON, Presence) {
	if j.Kinds&ObjectKind == 0 {
		return Any, Never
	}
	sure := Always
	if j.Kinds != ObjectKind {
		sure = Maybe
	}
	if f := j.Field(name); f != nil {
		if f.Optional {
			sure = Maybe
		}
		return f.JSON, sure
	}
	if j.Closed {
		return Any, Never
	}
	return j.rest(func(n *Need) *Need { return n.Member(name) }), Maybe
}

// Element returns what an element of the value is.
func (j *JSON) Element() (*JSON, Presence) {
	switch {
	case j.Kinds&ArrayKind == 0:
		return Any, Never
	case j.Elem != nil:
		return j.Elem, Maybe
	}
	return j.rest((*Need).Element), Maybe
}

// rest is what a part of the value is of which nothing is known but where it comes from.
func (j *JSON) rest(part func(*Need) *Need) *JSON {
	if len(j.Origins) == 0 {
		return Any
	}
	out := &JSON{Mixed: j.Mixed}
	for _, n := range j.Origins {
		if n = part(n); n == nil {
			out.Mixed = true
			continue
		}
		out.Origins = append(out.Origins, n)
		if n.Model == nil {
			out.Kinds = AnyKind
		} else {
			out.Kinds |= n.Model.Kinds()
		}
	}
	if out.Mixed {
		out.Kinds = AnyKind
	}
	return out
}

// With returns the object with a member set.
func (j *JSON) With(f Field) *JSON {
	out := *j
	out.Kinds, out.Go = ObjectKind, nil
	out.Texts, out.Whole, out.Elem = nil, false, nil
	if j.Kinds&ObjectKind == 0 {
		out.Closed, out.Fields, out.Origins = true, nil, nil
	}
	i := slices.IndexFunc(out.Fields, func(g Field) bool { return g.Name == f.Name })
	if i < 0 && len(out.Fields) >= mostFields {
		return &JSON{Kinds: ObjectKind}
	}
	out.Fields = slices.Clone(out.Fields)
	if i >= 0 {
		out.Fields[i] = f
	} else {
		out.Fields = append(out.Fields, f)
	}
	return out.bounded()
}

// Without returns the object without a member.
func (j *JSON) Without(name string) *JSON {
	i := slices.IndexFunc(j.Fields, func(f Field) bool { return f.Name == name })
	if i < 0 {
		return j
	}
	out := *j
	out.Fields = slices.Delete(slices.Clone(j.Fields), i, i+1)
	return &out
}

// Narrow returns the value if it is of one of the kinds. It is nil if it cannot be.
func (j *JSON) Narrow(k Kinds) *JSON {
	if j.Kinds&^k == 0 {
		return j
	}
	if j.Kinds&k == 0 {
		return nil
	}
	out := *j
	out.Kinds &= k
	if out.Kinds&StringKind == 0 {
		out.Texts = nil
	}
	return &out
}

// Join returns what a value is that is either of two.
func Join(a, b *JSON) *JSON { return join(a, b, 0) }

func join(a, b *JSON, depth int) *JSON {
	switch {
	case a == b:
		return a
	case a == nil:
		return b
	case b == nil:
		return a
	case depth > mostDepth:
		return Any
	}
	out := &JSON{Kinds: a.Kinds | b.Kinds, Origins: joinOrigins(a, b)}
	out.Mixed = a.Mixed || b.Mixed || a.Origins == nil && b.Origins != nil && !a.isWhole() || b.Origins == nil && a.Origins != nil && !b.isWhole()
	out.Whole = (a.Whole || a.Kinds&NumberKind == 0) && (b.Whole || b.Kinds&NumberKind == 0) && out.Kinds&NumberKind != 0
	out.Texts = joinTexts(a, b)
	out.CauseOf = joinWords(a.CauseOf, b.CauseOf)
	switch {
	case a.Kinds&ArrayKind == 0:
		out.Elem = b.Elem
	case b.Kinds&ArrayKind == 0:
		out.Elem = a.Elem
	case a.Elem != nil && b.Elem != nil:
		out.Elem = join(a.Elem, b.Elem, depth+1)
	}
	joinFields(out, a, b, depth)
	if a.Length == b.Length {
		out.Length = a.Length
	}
	if a.Go == b.Go {
		out.Go = a.Go
	}
	if a.Base == b.Base {
		out.Base = a.Base
	}
	if same(out, a, depth) {
		return a
	}
	return out.bounded()
}

// isWhole reports whether all parts are known that it may have, if it has any.
func (j *JSON) isWhole() bool {
	return j.Kinds&ArrayKind == 0 && (j.Closed || j.Kinds&ObjectKind == 0)
}

func joinTexts(a, b *JSON) []string {
	switch {
	case a.Kinds&StringKind == 0:
		return b.Texts
	case b.Kinds&StringKind == 0:
		return a.Texts
	case a.Texts == nil || b.Texts == nil:
		return nil
	}
	all := joinWords(a.Texts, b.Texts)
	if len(all) > mostTexts {
		return nil
	}
	return all
}

func joinWords(a, b []string) []string {
	all := slices.Concat(a, b)
	slices.Sort(all)
	return slices.Compact(all)
}

func joinOrigins(a, b *JSON) []*Need {
	all := a.Origins
	for _, n := range b.Origins {
		if !slices.Contains(all, n) {
			all = append(slices.Clip(all), n)
		}
	}
	if len(all) > mostOrigins {
		return nil
	}
	return all
}

// joinFields sets what members the join of two objects has.
func joinFields(out, a, b *JSON, depth int) {
	switch {
	case a.Kinds&ObjectKind == 0:
		out.Fields, out.Closed = b.Fields, b.Closed
		return
	case b.Kinds&ObjectKind == 0:
		out.Fields, out.Closed = a.Fields, a.Closed
		return
	}
	out.Closed = a.Closed && b.Closed
	out.Fields = make([]Field, 0, max(len(a.Fields), len(b.Fields)))
	add := func(i int, f *Field, other *JSON) {
		g := Field{Name: f.Name, JSON: f.JSON, Optional: f.Optional, From: f.From}
		if o := other.fieldNear(i, f.Name); o != nil {
			g.JSON, g.Optional = join(f.JSON, o.JSON, depth+1), f.Optional || o.Optional
		} else {
			g.Optional = true
			if !other.Closed {
				rest, _ := other.Member(f.Name)
				g.JSON = join(f.JSON, rest, depth+1)
			}
		}
		if out.Closed || g.JSON != Any || !g.Optional {
			out.Fields = append(out.Fields, g)
		}
	}
	for i := range a.Fields {
		add(i, &a.Fields[i], b)
	}
	for i := range b.Fields {
		if f := &b.Fields[i]; a.fieldNear(i, f.Name) == nil {
			add(i, f, a)
		}
	}
	if len(out.Fields) > mostFields {
		out.Fields, out.Closed = nil, false
	}
}

// same reports whether two are equal.
func same(a, b *JSON, depth int) bool {
	if a == b {
		return true
	}
	if a == nil || b == nil || depth > mostDepth || a.Kinds != b.Kinds || a.Length != b.Length || a.Whole != b.Whole || a.Mixed != b.Mixed || a.Closed != b.Closed || a.Go != b.Go || a.Base != b.Base ||
		(a.Texts == nil) != (b.Texts == nil) || !slices.Equal(a.Texts, b.Texts) || !slices.Equal(a.CauseOf, b.CauseOf) || !slices.Equal(a.Origins, b.Origins) || len(a.Fields) != len(b.Fields) {
		return false
	}
	if !same(a.Elem, b.Elem, depth+1) {
		return false
	}
	for i := range a.Fields {
		f, g := &a.Fields[i], &b.Fields[i]
		if f.Name != g.Name || f.Optional != g.Optional || !same(f.JSON, g.JSON, depth+1) {
			return false
		}
	}
	return true
}

// Describe says what data is: its only text, or its kinds.
func (j *JSON) Describe() string {
	if j.Is(StringKind) && len(j.Texts) == 1 {
		return fmt.Sprintf("%q", j.Texts[0])
	}
	if j.Is(ArrayKind) && j.Elem != nil {
		return "an array of which an element is " + j.Elem.Kinds.String()
	}
	return j.Kinds.String()
}
