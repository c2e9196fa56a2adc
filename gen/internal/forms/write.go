package forms

import (
	"strings"
	"unicode/utf8"

	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
)

// written returns a value as a file of JSON whose places are those of the file that it was read from.
func (r *reader) written(n *node) *source.File {
	w := &writer{}
	w.value(n, 0)
	return r.file.Derive(w.text, w.edits)
}

// inside returns a text as a file of its own.
func (r *reader) inside(n *node) *source.File {
	w := &writer{}
	for i := 0; i < len(n.text); {
		i += w.part(n, i, n.text[i:i+1])
	}
	return r.file.Derive(w.text, w.edits)
}

// writer writes text and notes where it comes from.
type writer struct {
	text  []byte
	edits []source.Edit
}

// put writes what stands for something at a place.
func (w *writer) put(text string, was int32) {
	at := int32(len(w.text))
	w.text = append(w.text, text...)
	w.edits = append(w.edits, source.Edit{At: at, Was: was, Length: int32(len(text))})
}

// copy writes what stands at a place as it is.
func (w *writer) copy(text string, was int32) {
	at, last := int32(len(w.text)), len(w.edits)-1
	w.text = append(w.text, text...)
	switch {
	case last >= 0 && w.edits[last].At+w.edits[last].Length == at:
		w.edits[last].WasLength = was - w.edits[last].Was
	case last >= 0 && at-(w.edits[last].At+w.edits[last].Length)+w.edits[last].Was+w.edits[last].WasLength == was:
	default:
		w.edits = append(w.edits, source.Edit{At: at, Was: was})
	}
}

func (w *writer) value(n *node, depth int) {
	switch n.kind {
	case text:
		w.quoted(n)
	case array:
		w.put("[", n.span.Start)
		for i, e := range n.elements {
			if i > 0 {
				w.put(", ", e.span.Start)
			}
			w.value(e, depth+1)
		}
		w.put("]", n.end())
	case object:
		w.put("{", n.span.Start)
		for i, m := range n.members {
			if i > 0 {
				w.put(",", m.name.span.Start)
			}
			w.put("\n"+strings.Repeat("  ", depth+1), m.name.span.Start)
			w.quoted(m.name)
			w.put(": ", m.name.span.Start)
			w.value(m.value, depth+1)
		}
		if len(n.members) > 0 {
			w.put("\n"+strings.Repeat("  ", depth), n.end())
		}
		w.put("}", n.end())
	default:
		w.put(n.text, n.span.Start)
	}
}

// quoted writes a text in quotes. What needs no escape is as in the file.
func (w *writer) quoted(n *node) {
	w.put(`"`, n.span.Start)
	for i := 0; i < len(n.text); {
		c := n.text[i]
		r, size := utf8.DecodeRuneInString(n.text[i:])
		switch {
		case c == '"' || c == '\\':
			w.put(`\`+string(c), n.place(i))
		case c == '\n':
			w.put(`\n`, n.place(i))
		case c < ' ' || r == utf8.RuneError && size == 1:
			w.put(string(jsonEscape(c)), n.place(i))
		default:
			size = w.part(n, i, n.text[i:i+size])
		}
		i += size
	}
	w.put(`"`, n.end())
}

// end returns where a value ends, without what closes it.
func (n *node) end() int32 {
	switch {
	case n.kind == text && len(n.text) > 0 && len(n.at) == len(n.text):
		return n.at[len(n.at)-1] + 1
	case len(n.members) > 0:
		return n.members[len(n.members)-1].value.end()
	case len(n.elements) > 0:
		return n.elements[len(n.elements)-1].end()
	}
	return n.span.End
}

// part writes what a text says from i on: a character that is in the file, or all that stands for something in the file. It returns how many
// bytes that has.
func (w *writer) part(n *node, i int, character string) int {
	end := i + len(character)
	if end < len(n.text) && n.place(i) == n.place(end) {
		for end < len(n.text) && n.place(end) == n.place(i) && !strings.ContainsRune("\"\\", rune(n.text[end])) && n.text[end] >= ' ' && n.text[end] < utf8.RuneSelf {
			end++
		}
		w.put(n.text[i:end], n.place(i))
		return end - i
	}
	w.copy(character, n.place(i))
	return len(character)
}

// jsonEscape writes a byte that cannot stand in JSON as it is.
func jsonEscape(c byte) []byte {
	const digits = "0123456789abcdef"
	if c >= utf8.RuneSelf { // a byte that is no character
		return []byte(`\ufffd`)
	}
	return []byte{'\\', 'u', '0', '0', digits[c>>4], digits[c&15]}
}
