package jsonpath

import (
	"strconv"
	"strings"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// JavaString returns a value as Java's toString shows it, without quotes: {a=1, b=[x, null]}. So it stands in AWS's causes
// and in what States.Format makes of arrays and objects (docs/rules.md 1.19). Numbers keep their text.
func JavaString(v value.Value) string {
	switch v.Kind() {
	case value.StringKind:
		s, _ := v.AsString()
		return s
	case value.ArrayKind, value.ObjectKind:
		return string(appendJava(make([]byte, 0, v.Size()), v))
	}
	return v.String()
}

func appendJava(b []byte, v value.Value) []byte {
	switch v.Kind() {
	case value.ArrayKind:
		b = append(b, '[')
		for i, element := range v.Elements() {
			if i > 0 {
				b = append(b, ", "...)
			}
			b = appendJava(b, element)
		}
		return append(b, ']')
	case value.ObjectKind:
		separator := "{"
		for name, m := range v.Members() {
			b = append(append(append(b, separator...), name...), '=')
			b = appendJava(b, m)
			separator = ", "
		}
		if v.Len() == 0 {
			b = append(b, '{')
		}
		return append(b, '}')
	}
	return append(b, JavaString(v)...)
}

// place returns the current node in brackets: $['a'][0].
func (e *evaluation) place() string {
	b := []byte{'$'}
	for _, at := range e.where {
		if at.named {
			b = append(append(append(b, "['"...), at.name...), "']"...)
		} else {
			b = append(strconv.AppendInt(append(b, '['), int64(at.index), 10), ']')
		}
	}
	return string(b)
}

// fragment returns the steps from i on as Jayway shows them: in brackets, without the conditions of filters.
func (p *Path) fragment(i int) string {
	var b strings.Builder
	for ; i < len(p.steps); i++ {
		b.WriteString(p.steps[i].fragment())
	}
	return b.String()
}

func (s *step) fragment() string {
	switch s.kind {
	case nameStep:
		return "['" + s.name + "']"
	case namesStep:
		return "['" + strings.Join(s.names, "', '") + "']"
	case indexStep:
		return "[" + strconv.Itoa(s.index) + "]"
	case indicesStep:
		texts := make([]string, len(s.indices))
		for i, index := range s.indices {
			texts[i] = strconv.Itoa(index)
		}
		return "[" + strings.Join(texts, ",") + "]"
	case fromStep:
		return "[" + strconv.Itoa(s.index) + ":]"
	case toStep:
		return "[:" + strconv.Itoa(s.end) + "]"
	case betweenStep:
		return "[" + strconv.Itoa(s.index) + ":" + strconv.Itoa(s.end) + "]"
	case lastStep:
		return "[@.size()-" + strconv.Itoa(s.index) + "]"
	case wildcardStep:
		return "[*]"
	case filterStep:
		return "[?]"
	}
	return ".."
}
