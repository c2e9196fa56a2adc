package value

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// Parse reads one JSON text. Duplicate names and invalid UTF-8 are errors; errors.As finds a [*jsontext.SyntacticError]
// with the byte offset. What is in arrays and objects of more than a few hundred bytes is read when somebody asks for it.
func Parse(data []byte) (Value, error) {
	src, has, err := canonical(data)
	if err != nil {
		return Value{}, cmp.Or(faultOf(data), err)
	}
	return document(src, has), nil
}

// faultOf says why a text is not JSON.
func faultOf(data []byte) error {
	d := jsontext.NewDecoder(bytes.NewBuffer(data))
	err := d.SkipValue()
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	if err != nil {
		return err
	}
	if _, err = d.ReadToken(); err == nil {
		err = fmt.Errorf("value: text after the JSON value at offset %d", d.InputOffset())
	}
	return err
}

// MustParse is Parse for texts that are known to be JSON; it panics if one is not.
func MustParse(text string) Value {
	v, err := Parse([]byte(text))
	if err != nil {
		panic(err)
	}
	return v
}

// AppendJSON appends the encoding of v, without white space, to b. An absent value encodes as null.
func (v Value) AppendJSON(b []byte) []byte {
	switch v.Kind() {
	case AbsentKind:
		return append(b, "null"...)
	case StringKind:
		return appendQuoted(b, v.node.text)
	case ArrayKind, ObjectKind:
		if v.node.text == "" {
			return v.appendChildren(b)
		}
	}
	return append(b, v.node.text...)
}

// appendChildren appends the encoding of an array or object that was made of its children.
func (v Value) appendChildren(b []byte) []byte {
	b = slices.Grow(b, v.Size())
	if v.Kind() == ArrayKind {
		b = append(b, '[')
		for i, e := range v.node.elements {
			if i > 0 {
				b = append(b, ',')
			}
			b = e.AppendJSON(b)
		}
		return append(b, ']')
	}
	b = append(b, '{')
	for i := range v.node.members {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendQuoted(b, v.node.members[i].Name), ':')
		b = v.node.members[i].Value.AppendJSON(b)
	}
	return append(b, '}')
}

// String returns the encoding of v without white space.
func (v Value) String() string { return string(v.AppendJSON(make([]byte, 0, v.Size()))) }

// MarshalJSON implements the interface of encoding/json.
func (v Value) MarshalJSON() ([]byte, error) { return v.AppendJSON(make([]byte, 0, v.Size())), nil }

// UnmarshalJSON implements the interface of encoding/json.
func (v *Value) UnmarshalJSON(data []byte) (err error) {
	*v, err = Parse(data)
	return err
}

// IsZero reports whether v is absent, so that `json:",omitzero"` leaves it out.
func (v Value) IsZero() bool { return v.Kind() == AbsentKind }

// quotedLen is the length of s as a JSON string, in which U+FFFD stands for a byte that is not UTF-8.
func quotedLen(s string) int {
	n := escapedLen(s)
	if !utf8.ValidString(s) {
		for _, r := range s {
			if r == utf8.RuneError {
				n += len("\uFFFD") - 1
			}
		}
		n -= (len("\uFFFD") - 1) * strings.Count(s, "\uFFFD") // which were not replaced
	}
	return n
}

// escapedLen is [quotedLen] of a string that is UTF-8.
func escapedLen(s string) int {
	n := len(s) + 2
	for i := range len(s) {
		switch c := s[i]; {
		case c >= ' ' && c != '"' && c != '\\':
		case c == '"', c == '\\', c == '\b', c == '\f', c == '\n', c == '\r', c == '\t':
			n++
		default:
			n += 5
		}
	}
	return n
}

func appendQuoted(b []byte, s string) []byte {
	if !isPlain(s) {
		// Faulty UTF-8 is the only error, and it comes with the replaced text.
		b, _ = jsontext.AppendQuote(b, s)
		return b
	}
	return append(append(append(b, '"'), s...), '"')
}

// isPlain reports whether a text is ASCII that stands in JSON as it is. It looks at eight bytes at once.
func isPlain(s string) bool {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	for ; len(s) >= 8; s = s[8:] {
		w := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
			uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
		quotes, backslashes := w^ones*'"', w^ones*'\\' // which are zero in these
		control, quote, backslash := (w-ones*' ')&^w, (quotes-ones)&^quotes, (backslashes-ones)&^backslashes
		if (w|control|quote|backslash)&highs != 0 {
			return false
		}
	}
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c >= 0x80 {
			return false
		}
	}
	return true
}

func formatFloat(f float64) string {
	t := jsontext.Float(f)
	return t.String()
}
