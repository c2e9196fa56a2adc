package diag

import (
	"bufio"
	"cmp"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/r-seed-632eed22/aslgen/gen/source"
)

// Print writes the diagnostics for a person, in order: file:line:col: CODE: message, the line it is about with a caret
// under the place, the hint, and the related places.
func (l *List) Print(w io.Writer) error {
	b := bufio.NewWriter(w)
	for _, d := range l.All() {
		b.WriteString(d.headline() + "\n")
		writeLine(b, d.File, d.Span)
		if d.Hint != "" {
			b.WriteString("\t" + d.Hint + "\n")
		}
		for _, r := range d.Related {
			if r.File != nil {
				b.WriteString("\t" + r.File.Position(r.Span.Start).String() + ": ")
			}
			b.WriteString(r.Message + "\n")
		}
	}
	return b.Flush()
}

// A line longer than this many characters (of a minified file) is cut around the place.
const (
	shownWhole  = 160
	shownBefore = 60
	shownAfter  = 90
)

func writeLine(b *bufio.Writer, f *source.File, span source.Span) {
	if f == nil {
		return
	}
	at := f.Position(span.Start)
	line := f.Line(at.Line)
	if strings.TrimSpace(line) == "" {
		return
	}
	column := min(at.Column-1, len(line))
	before, after := line[:column], line[column:]
	if utf8.RuneCountInString(line) > shownWhole {
		before, after = cut(before, after)
	}
	pad := strings.Map(func(r rune) rune {
		if r == '\t' {
			return '\t'
		}
		return ' '
	}, before)
	b.WriteString("\t" + before + after + "\n\t" + pad + "^\n")
}

// cut shortens the two halves of a line to the window.
func cut(before, after string) (string, string) {
	if n := utf8.RuneCountInString(before); n > shownBefore {
		for range n - shownBefore {
			_, size := utf8.DecodeRuneInString(before)
			before = before[size:]
		}
		before = "…" + before
	}
	end := 0
	for range shownAfter {
		_, size := utf8.DecodeRuneInString(after[end:])
		end += size
	}
	if end < len(after) {
		after = after[:end] + "…"
	}
	return before, after
}

// Finding is the JSON form of a diagnostic. Lines and columns count from 1, columns in bytes; the end is the first
// place after the finding.
type Finding struct {
	File      string `json:"file"`
	Line      int    `json:"line"`
	Column    int    `json:"column"`
	EndLine   int    `json:"endLine"`
	EndColumn int    `json:"endColumn"`
	Code      string `json:"code"`
	Severity  string `json:"severity"` // error or warning
	Message   string `json:"message"`
	Hint      string `json:"hint"`
	// AWS is what AWS says in the place of such a finding; empty where that is not known, and where AWS says nothing.
	AWS []AWSDiagnostic `json:"aws"`
}

// Finding returns the JSON form of d. One about no file has an empty file and zero places.
func (d *Diagnostic) Finding() Finding {
	finding := Finding{Code: d.Code.ID, Severity: d.Severity.String(), Message: d.Message, Hint: d.Hint}
	if d.Severity == d.Code.Severity {
		finding.AWS = d.Code.AWS()
	}
	if d.File != nil {
		start, end := d.File.Position(d.Span.Start), d.File.Position(max(d.Span.Start, d.Span.End))
		finding.File = d.File.Name
		finding.Line, finding.Column = start.Line, start.Column
		finding.EndLine, finding.EndColumn = end.Line, end.Column
	}
	return finding
}

// Within reports whether a finding begins inside the place of another.
func (f Finding) Within(other Finding) bool {
	after := cmp.Or(cmp.Compare(f.Line, other.Line), cmp.Compare(f.Column, other.Column))
	before := cmp.Or(cmp.Compare(f.Line, other.EndLine), cmp.Compare(f.Column, other.EndColumn))
	return f.File == other.File && after >= 0 && before < 0
}

// WriteJSON writes the diagnostics in order, one [Finding] a line.
func (l *List) WriteJSON(w io.Writer) error {
	b := bufio.NewWriter(w)
	for _, d := range l.All() {
		if err := json.MarshalWrite(b, d.Finding(), jsontext.AllowInvalidUTF8(true)); err != nil {
			return err
		}
		b.WriteByte('\n')
	}
	return b.Flush()
}
