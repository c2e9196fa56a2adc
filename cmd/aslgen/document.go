package main

import (
	"bytes"
	"context"
	"io/fs"
	"sort"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/r-seed-632eed22/aslgen/gen"
)

// The parts of the Language Server Protocol that are used, https://microsoft.github.io/language-server-protocol.
type (
	message struct {
		TextDocument   struct{ URI, Text string }
		ContentChanges []struct{ Text string }
		Position       lspPosition
		Range          lspRange
		NewName        string
		Capabilities   struct {
			General struct{ PositionEncodings []string }
		}
	}
	lspPosition struct {
		Line      int `json:"line"`
		Character int `json:"character"`
	}
	lspRange struct {
		Start lspPosition `json:"start"`
		End   lspPosition `json:"end"`
	}
	location struct {
		URI   string   `json:"uri"`
		Range lspRange `json:"range"`
	}
	textEdit struct {
		Range   lspRange `json:"range"`
		NewText string   `json:"newText"`
	}
	lspDiagnostic struct {
		Range    lspRange `json:"range"`
		Severity int      `json:"severity"`
		Code     string   `json:"code"`
		Source   string   `json:"source"`
		Message  string   `json:"message"`
	}
)

// document is a file as the editor has it.
type document struct {
	uri, name string
	text      string
	lines     []int
	utf8      bool
	machines  []*gen.EditedMachine // of the last text that could be read
	findings  []*gen.Finding
}

// set takes in a text. If it cannot be read, what was known of the machines stays.
func (d *document) set(ctx context.Context, text string, utf8 bool) {
	d.text, d.utf8, d.lines = text, utf8, []int{0}
	for i := range len(text) {
		if text[i] == '\n' {
			d.lines = append(d.lines, i+1)
		}
	}
	machines, found, err := gen.Edit(ctx, edited{gen.OS, d.name, text}, d.name)
	d.findings = nil
	if err != nil {
		return // of a file that does not concern the editor, or a settings file that cannot be read
	}
	if len(machines) > 0 {
		d.machines = machines
	}
	for _, f := range found.All() {
		if f.File != nil && f.File.Name == d.name {
			d.findings = append(d.findings, f)
		}
	}
}

// at returns the document of a request and the place that it is about.
func (s *languageServer) at(m *message) (*document, int) {
	d := s.documents[m.TextDocument.URI]
	return d, d.offset(m.Position)
}

// offset returns the place of a position.
func (d *document) offset(p lspPosition) int {
	if p.Line < 0 || p.Line >= len(d.lines) {
		return len(d.text)
	}
	at, end := d.lines[p.Line], len(d.text)
	if p.Line+1 < len(d.lines) {
		end = d.lines[p.Line+1] - 1
	}
	if d.utf8 {
		return min(at+max(p.Character, 0), end)
	}
	for units := 0; units < p.Character && at < end; {
		r, size := utf8.DecodeRuneInString(d.text[at:])
		units, at = units+max(utf16.RuneLen(r), 1), at+size
	}
	return at
}

// position returns the position of a place.
func (d *document) position(offset int) lspPosition {
	offset = min(max(offset, 0), len(d.text))
	line := sort.SearchInts(d.lines, offset+1) - 1
	before := d.text[d.lines[line]:offset]
	if d.utf8 {
		return lspPosition{line, len(before)}
	}
	units := 0
	for _, r := range before {
		units += max(utf16.RuneLen(r), 1)
	}
	return lspPosition{line, units}
}

func (d *document) span(r gen.Range) lspRange {
	return lspRange{d.position(r.Start), d.position(r.End)}
}

// before returns the line before a place.
func (d *document) before(offset int) string {
	return d.text[strings.LastIndexByte(d.text[:offset], '\n')+1 : offset]
}

// given returns where something was found.
func (d *document) given(f *gen.Finding) gen.Range {
	start, end := f.File.GivenRange(f.Span)
	return gen.Range{Start: int(start), End: int(max(end, start+1))}
}

// unquoted returns a range without the quotes that it begins and ends with.
func (d *document) unquoted(r gen.Range) gen.Range {
	text := d.text[min(r.Start, len(d.text)):min(r.End, len(d.text))]
	if n := len(text); n >= 2 && (text[0] == '"' || text[0] == '\'') && text[n-1] == text[0] {
		return gen.Range{Start: r.Start + 1, End: r.End - 1}
	}
	return r
}

func (d *document) diagnostic(f *gen.Finding) lspDiagnostic {
	severity := 1
	if f.Severity.String() == "warning" {
		severity = 2
	}
	message := f.Message
	if f.Hint != "" {
		message += "\n" + f.Hint
	}
	return lspDiagnostic{d.span(d.given(f)), severity, f.Code.ID, "aslgen", message}
}

// edited are the operating system's files with one of them as an editor has it.
type edited struct {
	fs.FS
	name, text string
}

func (e edited) ReadFile(name string) ([]byte, error) {
	if name == e.name {
		return []byte(e.text), nil
	}
	return fs.ReadFile(e.FS, name)
}

func (e edited) Open(name string) (fs.File, error) {
	if name == e.name {
		return &editedFile{e, bytes.NewReader([]byte(e.text))}, nil
	}
	return e.FS.Open(name)
}

func (e edited) Stat(name string) (fs.FileInfo, error) {
	if name == e.name {
		return editedInfo{e}, nil
	}
	return fs.Stat(e.FS, name)
}

// editedFile is the file that an editor has.
type editedFile struct {
	edited
	*bytes.Reader
}

func (f *editedFile) Stat() (fs.FileInfo, error) { return editedInfo{f.edited}, nil }
func (f *editedFile) Close() error               { return nil }

// editedInfo is what is known of it.
type editedInfo struct{ edited }

func (i editedInfo) Name() string       { return i.name }
func (i editedInfo) Size() int64        { return int64(len(i.text)) }
func (i editedInfo) Mode() fs.FileMode  { return 0o644 }
func (i editedInfo) ModTime() time.Time { return time.Time{} }
func (i editedInfo) IsDir() bool        { return false }
func (i editedInfo) Sys() any           { return nil }
