package query

import (
	"iter"
	"strconv"
	"strings"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Pointer is a JSON Pointer (RFC 6901), by its tokens.
type Pointer []string

func ParsePointer(text string) Pointer {
	tokens := strings.Split(text, "/")[1:]
	for i, t := range tokens {
		tokens[i] = strings.NewReplacer("~1", "/", "~0", "~").Replace(t)
	}
	return tokens
}

// last returns the name of the template's member, "" if the template is nothing but an expression.
func (p Pointer) last() string {
	if len(p) == 0 {
		return ""
	}
	return p[len(p)-1]
}

// Get returns the value at the place that p names, absent if there is none.
func (p Pointer) get(v value.Value) value.Value {
	for i, token := range p {
		if v.Kind() == value.ArrayKind {
			n, err := strconv.Atoi(token)
			if err != nil {
				return value.Value{}
			}
			v = v.At(n)
			continue
		}
		if i == len(p)-1 {
			token = strings.TrimSuffix(token, ".$")
		}
		v = v.Get(token)
	}
	return v
}

// steps goes from v by the tokens; each is of an element, by its number, or of a member. Where v does not tell, for it is not
// what the pointer is of, numbers are elements.
func (p Pointer) steps(v value.Value) iter.Seq2[string, bool] {
	return func(yield func(string, bool) bool) {
		for _, token := range p {
			i, err := strconv.Atoi(token)
			element := err == nil && v.Kind() != value.ObjectKind
			if !yield(token, element) {
				return
			}
			if element {
				v = v.At(i)
			} else {
				v = v.Get(token)
			}
		}
	}
}

// Location returns the place in a document that a field makes, as AWS writes it: Output/a[1]/b (R82).
func (p Pointer) location(field string, document value.Value) string {
	for token, element := range p.steps(document) {
		if element {
			field += "[" + token + "]"
		} else {
			field += "/" + token
		}
	}
	return field
}

// member returns the name of the innermost member on the way.
func (p Pointer) member(document value.Value) (name string) {
	for token, element := range p.steps(document) {
		if !element {
			name = token
		}
	}
	return name
}

// set returns v with the place that p names set, where the way there exists.
func (p Pointer) set(v, to value.Value) value.Value {
	if len(p) == 0 {
		return to
	}
	if v.Kind() == value.ArrayKind {
		if i, err := strconv.Atoi(p[0]); err == nil && i >= 0 && i < v.Len() {
			return v.WithElement(i, p[1:].set(v.At(i), to))
		}
		return v
	}
	if v.Kind() != value.ObjectKind {
		v = value.EmptyObject
	}
	name := p[0]
	if len(p) == 1 {
		name = strings.TrimSuffix(name, ".$")
	}
	return v.With(name, p[1:].set(v.Get(name), to))
}

// PlaceIn returns the place of a field in a state, by the location of which a template or a call may know more: in the field
// "Choices[1]/Output" the members on the way to.
func PlaceIn(field string, to ...string) Pointer {
	if field == "" {
		return nil
	}
	field = strings.NewReplacer("[", "/", "]", "").Replace(field)
	return append(strings.Split(field, "/"), to...)
}
