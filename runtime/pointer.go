package runtime

import (
	"iter"
	"strconv"
	"strings"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// pointer is a JSON Pointer (RFC 6901), by its tokens.
type pointer []string

func parsePointer(text string) pointer {
	tokens := strings.Split(text, "/")[1:]
	for i, t := range tokens {
		tokens[i] = strings.NewReplacer("~1", "/", "~0", "~").Replace(t)
	}
	return tokens
}

// last returns the name of the template's member, "" if the template is nothing but an expression.
func (p pointer) last() string {
	if len(p) == 0 {
		return ""
	}
	return p[len(p)-1]
}

// get returns the value at the place that p names, absent if there is none.
func (p pointer) get(v value.Value) value.Value {
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
func (p pointer) steps(v value.Value) iter.Seq2[string, bool] {
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

// location returns the place in a document that a field makes, as AWS writes it: Output/a[1]/b (R82).
func (p pointer) location(field string, document value.Value) string {
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
func (p pointer) member(document value.Value) (name string) {
	for token, element := range p.steps(document) {
		if !element {
			name = token
		}
	}
	return name
}

// set returns v with the place that p names set, where the way there exists.
func (p pointer) set(v, to value.Value) value.Value {
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
