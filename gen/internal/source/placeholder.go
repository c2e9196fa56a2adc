package source

import (
	"bytes"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/r-seed-632eed22/aslgen/internal/placeholder"
)

// Placeholder is a ${Name} that a deployment tool, such as SAM, CloudFormation or Terraform, replaces.
type Placeholder struct {
	Name     string
	Span     Span
	InString bool // of JSON; else it stands where a value does
	Escaped  bool // a dollar stands before it: to Terraform it is a text
}

// Placeholders returns the placeholders in the text of a file, in order.
func Placeholders(data []byte) (list []Placeholder) {
	for _, m := range placeholder.InJSON(string(data)) {
		list = append(list, Placeholder{
			Name: m.Name, Span: Span{int32(m.Start), int32(m.End)}, InString: m.InString,
			Escaped: m.Start > 0 && data[m.Start-1] == '$',
		})
	}
	return list
}

// Bare begins the text that stands for a placeholder without a value where JSON needs a value: as a string with the placeholder in it, which
// the parser tells from others by this character, that is none of Unicode's.
const Bare = "\uFDD0"

// Substitute returns the file with each placeholder that has a value replaced by it: inside a string as the text it is,
// outside as JSON. One outside that has none is a string that begins with Bare. Places are still those of the file as it was given.
func (f *File) Substitute(values map[string]string) *File {
	var text bytes.Buffer
	var edits []Edit
	from := int32(0)
	for _, p := range Placeholders(f.Data) {
		v, ok := values[p.Name]
		if !ok && p.InString {
			continue
		}
		if !ok {
			v = `"` + Bare + "${" + p.Name + `}"`
		} else if p.InString {
			quoted, _ := jsontext.AppendQuote(nil, v) // faulty UTF-8 is replaced
			v = string(quoted[1 : len(quoted)-1])
		}
		text.Write(f.Data[from:p.Span.Start])
		edits = append(edits, Edit{int32(text.Len()), p.Span.Start, int32(len(v)), p.Span.End - p.Span.Start})
		text.WriteString(v)
		from = p.Span.End
	}
	if edits == nil {
		return f
	}
	text.Write(f.Data[from:])
	out := f.Derive(text.Bytes(), edits)
	out.written = f.writtenFile()
	return out
}

// HasPlaceholder reports whether text holds a placeholder: what it will say is not known.
func HasPlaceholder(text string) bool { return placeholder.Has(text) }

// ReplacePlaceholders returns text with every placeholder replaced by the given text.
func ReplacePlaceholders(text, by string) string {
	return placeholder.Replace(text, func(string) (string, bool) { return by, true })
}

// Split cuts text at its placeholders: parts[0], names[0], parts[1], …, parts[len(names)].
func Split(text string) (parts, names []string) {
	from := 0
	for _, m := range placeholder.Find(text) {
		parts, names = append(parts, text[from:m.Start]), append(names, m.Name)
		from = m.End
	}
	return append(parts, text[from:]), names
}
