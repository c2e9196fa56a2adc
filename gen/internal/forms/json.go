package forms

import (
	"bytes"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
)

// withoutComments returns a file with white space in the place of the comments in it, which AWS does not take. Without any it is the file
// itself.
func withoutComments(f *source.File, l *diag.List) *source.File {
	if !bytes.Contains(f.Data, []byte("//")) && !bytes.Contains(f.Data, []byte("/*")) {
		return f
	}
	var found []source.Span
	data := bytes.Clone(f.Data)
	inside := false
	for i := 0; i < len(data); i++ {
		switch {
		case inside && data[i] == '\\':
			i++
		case data[i] == '"':
			inside = !inside
		case !inside && data[i] == '/' && i+1 < len(data) && (data[i+1] == '/' || data[i+1] == '*'):
			end := commentEnd(data, i)
			found = append(found, source.Span{Start: int32(i), End: int32(end)})
			for ; i < end; i++ {
				if data[i] != '\n' && data[i] != '\r' {
					data[i] = ' '
				}
			}
			i--
		}
	}
	if found == nil {
		return f
	}
	l.Warnf(f, found[0], diag.Comment, "AWS takes no comments in a definition: they are left out here").
		WithHint(`a "Comment" field is taken in a machine and in each state`)
	return f.Derive(data, nil)
}

// commentEnd returns where the comment ends that begins at i.
func commentEnd(data []byte, i int) int {
	end, skip := []byte("\n"), 0
	if data[i+1] == '*' {
		end, skip = []byte("*/"), 2
	}
	n := bytes.Index(data[i+2:], end)
	if n < 0 {
		return len(data)
	}
	return i + 2 + n + skip
}

// json reads the file as JSON. It returns nil if it cannot be read, which is then reported.
func (r *reader) json() *node {
	clean := withoutComments(r.file, r.list)
	j := &jsonReader{data: clean.Data, decoder: jsontext.NewDecoder(bytes.NewReader(clean.Data), jsontext.AllowDuplicateNames(true))}
	root, err := j.value()
	if err == nil {
		return root
	}
	at := int32(j.decoder.InputOffset())
	r.list.Errorf(r.file, source.Span{Start: at, End: at + 1}, diag.BadJSON, "the file is not JSON: %v", err)
	return nil
}

type jsonReader struct {
	data    []byte
	decoder *jsontext.Decoder
}

func (j *jsonReader) value() (*node, error) {
	token, err := j.decoder.ReadToken()
	if err != nil {
		return nil, err
	}
	end := int32(j.decoder.InputOffset())
	n := &node{}
	switch token.Kind() {
	case '{':
		n.kind, n.span = object, source.Span{Start: end - 1, End: end}
		for j.decoder.PeekKind() != '}' {
			name, err := j.value()
			if err != nil {
				return nil, err
			}
			v, err := j.value()
			if err != nil {
				return nil, err
			}
			n.members = append(n.members, member{name, v})
		}
		_, err = j.decoder.ReadToken()
		return n, err
	case '[':
		n.kind, n.span = array, source.Span{Start: end - 1, End: end}
		for j.decoder.PeekKind() != ']' {
			e, err := j.value()
			if err != nil {
				return nil, err
			}
			n.elements = append(n.elements, e)
		}
		_, err = j.decoder.ReadToken()
		return n, err
	case '"':
		j.text(n, token.String(), end)
	default:
		n.kind, n.text = map[jsontext.Kind]kind{'n': null, 't': boolean, 'f': boolean, '0': number}[token.Kind()], token.String()
		n.span = source.Span{Start: end - int32(len(n.text)), End: end}
	}
	return n, nil
}

// text reads a text that ends at a place, with the places of its bytes.
func (j *jsonReader) text(n *node, says string, end int32) {
	start := int(end) - 2
	for start > 0 && !(j.data[start] == '"' && backslashes(j.data, start)%2 == 0) {
		start--
	}
	n.kind, n.text, n.span = text, says, source.Span{Start: int32(start), End: end}
	n.at = make([]int32, len(says))
	for i, p := 0, start+1; i < len(says); {
		size, width := 1, 1
		if j.data[p] == '\\' {
			size, width = escape(j.data[p:])
			if width == 6 && says[i] >= 0xF0 { // two halves of a character
				size, width = 4, 12
			}
		}
		for k := 0; k < size && i < len(says); k++ {
			n.at[i] = int32(p)
			i++
		}
		p += width
	}
}

// backslashes returns how many stand before a place.
func backslashes(data []byte, at int) (n int) {
	for at-n > 0 && data[at-n-1] == '\\' {
		n++
	}
	return n
}
