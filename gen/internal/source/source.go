// Package source holds the text of an ASL file and turns byte offsets into lines and columns.
package source

import (
	"bytes"
	"fmt"
	"path/filepath"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/r-seed-632eed22/aslgen/internal/places"
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

// File is a file and its text. It may be made of another one: by putting values in the place of placeholders, or since a machine is written in
// another form than JSON, or as a part of another file. Places are those of the file as it was given.
type File struct {
	Name string // as the user gave it
	Data []byte
	Part string // which part of the file it is, "" for all of it

	lines []int32 // offset of each line's first byte, of a file as it was given
	from  *File   // that it is made of, nil if it was given
	edits []Edit  // where the text differs from that of from

	written *File // the file before values were put into it, nil if none were
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

// Edit says where a part of a file's text comes from: Length bytes at At stand in the place of WasLength bytes at Was. What follows, up to the
// next edit, is the text that follows there.
type Edit struct{ At, Was, Length, WasLength int32 }

// Derive returns a file with another text, which comes from f's as edits say, in the order of the text.
func (f *File) Derive(data []byte, edits []Edit) *File {
	return &File{Name: f.Name, Part: f.Part, Data: data, from: f, edits: edits}
}

// Written returns the machine's text before values were put in the place of placeholders: JSON, whatever the file as given is.
func (f *File) Written() []byte { return f.writtenFile().Data }

func (f *File) writtenFile() *File {
	if f.written != nil {
		return f.written
	}
	return f
}

// IsGiven reports whether the machine's text, but for the values of placeholders, is the whole file as it was given.
func (f *File) IsGiven() bool { return bytes.Equal(f.Written(), f.Given()) }

// Places returns where the parts of Written stand in the file as it was given, as package places writes it; "" if it is the same text.
func (f *File) Places() string {
	var all []places.Place
	w := f.writtenFile()
	note := func(offset int32) {
		p := w.Position(offset)
		place := places.Place{Offset: int(offset), Line: p.Line, Column: p.Column}
		if last := len(all) - 1; last >= 0 && all[last].Offset == place.Offset {
			all[last] = place
			return
		}
		all = append(all, place)
	}
	for _, e := range w.edits {
		note(e.At)
		if end := e.At + e.Length; e.Length > 0 && int(end) < len(w.Data) {
			note(end)
		}
	}
	return places.Encode(all)
}

// Called returns what the generated code calls the machine's file: its name without the folder, and the part of it.
func (f *File) Called() string {
	if f.Part != "" {
		return filepath.Base(f.Name) + "#" + f.Part
	}
	return filepath.Base(f.Name)
}

// root returns the file as it was given.
func (f *File) root() *File {
	for f.from != nil {
		f = f.from
	}
	return f
}

// Given returns the text of the file as it was given.
func (f *File) Given() []byte { return f.root().Data }

// GivenOffset returns the place in the given text that an offset comes from; inside a part that stands for another, that one's beginning.
func (f *File) GivenOffset(offset int32) int32 {
	for ; f.from != nil; f = f.from {
		offset = min(max(f.fromOffset(offset), 0), int32(len(f.from.Data)))
	}
	return offset
}

// GivenRange returns where a span stands in the given text. What closes a text in JSON need not be there.
func (f *File) GivenRange(s Span) (start, end int32) {
	start, end = f.GivenOffset(s.Start), f.GivenOffset(max(s.End-1, s.Start))
	if given := f.Given(); int(end) < len(given) && s.End > s.Start && int(s.End) <= len(f.Data) && given[end] == f.Data[s.End-1] {
		end++
	}
	return start, max(start, end)
}

func (f *File) fromOffset(offset int32) int32 {
	i := sort.Search(len(f.edits), func(i int) bool { return f.edits[i].At > offset }) - 1
	if i < 0 {
		return offset
	}
	e := f.edits[i]
	if offset < e.At+e.Length {
		return e.Was
	}
	return offset - (e.At + e.Length) + e.Was + e.WasLength
}

// Position returns the place of an offset. An offset outside the file gives the nearest place in it.
func (f *File) Position(offset int32) Position {
	offset = f.GivenOffset(min(max(offset, 0), int32(len(f.Data))))
	lines := f.root().lines
	line := sort.Search(len(lines), func(i int) bool { return lines[i] > offset })
	return Position{File: f.Name, Line: line, Column: int(offset-lines[line-1]) + 1}
}

// Line returns the text of a line, counted from 1, without its end; "" if there is none.
func (f *File) Line(line int) string { return string(f.line(line)) }

func (f *File) line(line int) []byte {
	root := f.root()
	if line < 1 || line > len(root.lines) {
		return nil
	}
	text := root.Data
	if line < len(root.lines) {
		text = text[:root.lines[line]-1]
	}
	return bytes.TrimSuffix(text[root.lines[line-1]:], []byte("\r"))
}

// LineStart returns the offset of the first byte of a line, counted from 1, in the text as given. Of a line that is not there
// it is that of the nearest.
func (f *File) LineStart(line int) int32 {
	lines := f.root().lines
	return lines[min(max(line, 1), len(lines))-1]
}

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
