package diag

import (
	"bufio"
	"cmp"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
	"github.com/r-seed-632eed22/aslgen/internal/visible"
)

// Print writes the diagnostics for a person, in order: file:line:col: CODE: message, the line it is about with a caret
// under the place, the hint, and the related places. Nothing in them is obeyed by a terminal or the log of a build.
func (l *List) Print(w io.Writer) error {
	b := bufio.NewWriter(w)
	for _, d := range l.All() {
		writeText(b, d.headline())
		writeLine(b, d.File, d.Span)
		if d.Hint != "" {
			writeText(b, "\t"+d.Hint)
		}
		for _, r := range d.Related {
			at := "\t"
			if r.File != nil {
				at += r.File.Position(r.Span.Start).String() + ": "
			}
			writeText(b, at+r.Message)
		}
	}
	return b.Flush()
}

// writeText writes a line.
func writeText(b *bufio.Writer, text string) { b.WriteString(visible.Line(text) + "\n") }

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
	before, after := window(f.Around(span.Start))
	if strings.TrimSpace(before+after) == "" {
		return
	}
	after = visible.Escape(after, "\t")
	line := visible.Line("\t" + before + after)
	pad := strings.Map(func(r rune) rune {
		if r == '\t' {
			return '\t'
		}
		return ' '
	}, strings.TrimSuffix(line, after))
	b.WriteString(line + "\n" + pad + "^\n")
}

// window returns the two halves of a line, of a long one no more than is shown. It looks at no more than that either.
func window(before, after []byte) (string, string) {
	start, end := len(before), 0
	left, right := 0, 0 // characters
	for ; start > 0 && left <= shownWhole; left++ {
		_, size := utf8.DecodeLastRune(before[:start])
		start -= size
	}
	for ; end < len(after) && right <= shownWhole; right++ {
		_, size := utf8.DecodeRune(after[end:])
		end += size
	}
	if left+right <= shownWhole {
		return string(before), string(after)
	}
	var cutBefore, cutAfter string
	for ; left > shownBefore; left-- {
		_, size := utf8.DecodeRune(before[start:])
		start, cutBefore = start+size, "…"
	}
	for ; right > shownAfter; right-- {
		_, size := utf8.DecodeLastRune(after[:end])
		end, cutAfter = end-size, "…"
	}
	return cutBefore + string(before[start:]), string(after[:end]) + cutAfter
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
