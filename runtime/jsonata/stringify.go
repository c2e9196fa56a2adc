package jsonata

import (
	"math"
	"strconv"
	"unicode/utf8"
)

// writer writes items as JSON as $string does: numbers rounded to 15 digits, functions as "", undefined as null in
// arrays and not at all in objects.
type writer struct {
	out    []byte
	indent int // spaces for each level; 0 for one line
	limit  int // where to stop; 0 for nowhere
	x      *evaluation

	counted int // the capacity of out that is counted
}

// stringOf is $string of an item that is not undefined.
func (x *evaluation) stringOf(v item, indent int) string {
	switch v.kind {
	case stringKind:
		return v.text()
	case functionKind:
		return ""
	case numberKind:
		if math.IsInf(v.number, 0) || math.IsNaN(v.number) {
			throw(failure{code: "D3001", value: v})
		}
		return x.numberText(v)
	}
	if v.made != nil && v.made.outer {
		v = v.made.items[0]
	}
	w := writer{indent: indent, x: x}
	w.value(v, 0)
	x.reserve(len(w.out))
	return string(w.out)
}

func (w *writer) value(v item, nesting int) {
	switch v.kind {
	case undefinedKind, nullKind:
		w.out = append(w.out, "null"...)
	case boolKind:
		w.out = v.doc.AppendJSON(w.out)
	case numberKind:
		w.number(v)
	case stringKind:
		w.out = appendJSONString(w.out, v.text())
	case arrayKind:
		w.array(v, nesting)
	case objectKind:
		w.object(v, nesting)
	case functionKind:
		w.out = append(w.out, `""`...)
	}
}

func (w *writer) number(v item) {
	if w.x != nil && !math.IsNaN(v.number) {
		finite(v)
	}
	if math.IsNaN(v.number) || math.IsInf(v.number, 0) {
		w.out = append(w.out, "null"...)
		return
	}
	w.out = append(w.out, w.x.numberText(v)...)
}

// numberText is a finite number as $string writes it: rounded to 15 digits. Step Functions rounds no whole number below
// 1e21, and of a document's long it keeps every digit (R86).
func (x *evaluation) numberText(v item) string {
	if x == nil || !x.aws || !isWhole(v) || math.Abs(v.number) >= 1e21 {
		return formatFloat(round15(v.number))
	}
	if n, ok := v.doc.AsInt(); ok {
		return strconv.FormatInt(n, 10)
	}
	return formatFloat(v.number)
}

// begin counts a child and reports whether it is to be written.
func (w *writer) begin() bool {
	if w.x != nil {
		w.x.use(1)
		w.x.within(len(w.out))
		if c := cap(w.out); c != w.counted {
			w.x.produce(c)
			w.counted = c
		}
	}
	return w.limit == 0 || len(w.out) < w.limit
}

func (w *writer) array(v item, nesting int) {
	checkNesting(nesting)
	w.out = append(w.out, '[')
	for i := range v.len() {
		if !w.begin() {
			break
		}
		w.separate(i, nesting+1)
		w.value(v.at(i), nesting+1)
	}
	if v.len() > 0 {
		w.newLine(nesting)
	}
	w.out = append(w.out, ']')
}

func (w *writer) object(v item, nesting int) {
	checkNesting(nesting)
	w.out = append(w.out, '{')
	written := 0
	v.members(func(name string, m item) {
		if m.kind == undefinedKind || !w.begin() {
			return
		}
		w.separate(written, nesting+1)
		written++
		w.out = append(appendJSONString(w.out, name), ':')
		if w.indent > 0 {
			w.out = append(w.out, ' ')
		}
		w.value(m, nesting+1)
	})
	if written > 0 {
		w.newLine(nesting)
	}
	w.out = append(w.out, '}')
}

func (w *writer) separate(i, nesting int) {
	if i > 0 {
		w.out = append(w.out, ',')
	}
	w.newLine(nesting)
}

func (w *writer) newLine(nesting int) {
	if w.indent == 0 {
		return
	}
	w.out = append(w.out, '\n')
	for range nesting * w.indent {
		w.out = append(w.out, ' ')
	}
}

const hexDigits = "0123456789abcdef"

// appendJSONString appends a string as JSON.stringify writes it: a lone surrogate is escaped.
func appendJSONString(b []byte, s string) []byte {
	b = append(b, '"')
	for len(s) > 0 {
		r, n := decode(s)
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case r == '\b':
			b = append(b, '\\', 'b')
		case r == '\f':
			b = append(b, '\\', 'f')
		case r == '\n':
			b = append(b, '\\', 'n')
		case r == '\r':
			b = append(b, '\\', 'r')
		case r == '\t':
			b = append(b, '\\', 't')
		case r < ' ' || r >= 0xD800 && r <= 0xDFFF:
			b = append(b, '\\', 'u', hexDigits[r>>12], hexDigits[r>>8&15], hexDigits[r>>4&15], hexDigits[r&15])
		case r == utf8.RuneError && n == 1:
			b = utf8.AppendRune(b, utf8.RuneError)
		default:
			b = append(b, s[:n]...)
		}
		s = s[n:]
	}
	return append(b, '"')
}
