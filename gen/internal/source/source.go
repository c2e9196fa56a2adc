// Package source holds the text of an ASL file and turns byte offsets into lines and columns.
package source

import (
	"bytes"
	"fmt"
	"sort"
	"strings"
	"unicode/utf8"
)

// Span is a range of bytes of a file, [Start, End). The zero Span is no place.
type Span struct{ Start, End int32 }

// IsZero reports whether s is no place.
func (s Span) IsZero() bool { return s == Span{} }

// Position is a place as a person counts it: lines and columns from 1, columns in bytes, as the go command does.
type Position struct {
	File         string
	Line, Column int
}

// String returns file:line:col.
func (p Position) String() string { return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column) }

// File is a file and its text.
type File struct {
	Name string // as the user gave it
	Data []byte

	lines []int32 // offset of each line's first byte, in the text as given
	given []byte  // the text before substitution, nil if there was none
	edits []edit
}

// New returns a file. A byte order mark at its start counts as white space.
func New(name string, data []byte) *File {
	f := &File{Name: name, Data: data, lines: []int32{0}}
	for i, c := range data {
		if c == '\n' {
			f.lines = append(f.lines, int32(i+1))
		}
	}
	return f
}

// Position returns the place of an offset. An offset outside the file gives the nearest place in it.
func (f *File) Position(offset int32) Position {
	offset = f.givenOffset(min(max(offset, 0), int32(len(f.Data))))
	line := sort.Search(len(f.lines), func(i int) bool { return f.lines[i] > offset })
	return Position{File: f.Name, Line: line, Column: int(offset-f.lines[line-1]) + 1}
}

// Line returns the text of a line, counted from 1, without its end; "" if there is none.
func (f *File) Line(line int) string { return string(f.line(line)) }

func (f *File) line(line int) []byte {
	if line < 1 || line > len(f.lines) {
		return nil
	}
	text := f.Given()
	if line < len(f.lines) {
		text = text[:f.lines[line]-1]
	}
	return bytes.TrimSuffix(text[f.lines[line-1]:], []byte("\r"))
}

// LineStart returns the offset of the first byte of a line, counted from 1, in the text as given. Of a line that is not there
// it is that of the nearest.
func (f *File) LineStart(line int) int32 { return f.lines[min(max(line, 1), len(f.lines))-1] }

// Around returns the line that an offset is in, what precedes the place and what follows it.
func (f *File) Around(offset int32) (before, after []byte) {
	at := f.Position(offset)
	line := f.line(at.Line)
	column := min(at.Column-1, len(line))
	return line[:column], line[column:]
}

// Text returns the text of a span.
func (f *File) Text(s Span) string {
	end := min(max(s.End, 0), int32(len(f.Data)))
	return string(f.Data[min(max(s.Start, 0), end):end])
}

// InString returns the place of offset, counted in the contents of a JSON string, where span is the whole string with
// its quotes: the place that a fault inside a path is shown at.
func (f *File) InString(span Span, offset int) int32 {
	at := int(span.Start) + 1
	for n := 0; n < offset && at < int(span.End)-1; {
		width, size := 1, 1
		switch c := f.Data[at]; {
		case c == '\\' && f.Data[at+1] == 'u':
			width, size = 6, utf8.RuneLen(hexRune(f.Data[at+2:]))
			if size < 0 { // half of a surrogate pair: the two halves make four bytes
				size = 2
			}
		case c == '\\':
			width = 2
		}
		at, n = at+width, n+size
	}
	return int32(min(at, max(int(span.End)-1, int(span.Start))))
}

func hexRune(digits []byte) (r rune) {
	for i := 0; i < 4 && i < len(digits); i++ {
		r = r<<4 | rune(strings.IndexByte("0123456789abcdef", digits[i]|0x20))
	}
	return r
}
