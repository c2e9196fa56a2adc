// Package diag is how every stage of the compiler reports what it finds in an ASL file: a code, a place, one sentence.
//
// An error is what AWS refuses or what must fail at run time; a warning is the rest, with its reason. The text of a
// message may change, its code never does: see codes.go.
package diag

import (
	"fmt"

	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
)

// Severity says whether code is still generated.
type Severity uint8

const (
	Error   Severity = iota // nothing is generated
	Warning                 // generated, but likely not what was meant
)

// String returns "error" or "warning".
func (s Severity) String() string {
	if s == Error {
		return "error"
	}
	return "warning"
}

// Diagnostic is one finding at one place.
type Diagnostic struct {
	File     *source.File // nil if the finding is about no file
	Span     source.Span
	Code     *Code
	Severity Severity
	Message  string
	Hint     string // what to write instead, if that is known; else ""
	Related  []Related
}

// Related is a second place that explains the first.
type Related struct {
	File    *source.File
	Span    source.Span
	Message string
}

// Relate adds a second place of the same file and returns d.
func (d *Diagnostic) Relate(span source.Span, format string, args ...any) *Diagnostic {
	d.Related = append(d.Related, Related{File: d.File, Span: span, Message: fmt.Sprintf(format, args...)})
	return d
}

// WithHint sets the hint, which may be "", and returns d.
func (d *Diagnostic) WithHint(hint string) *Diagnostic {
	d.Hint = hint
	return d
}

// Error makes a Diagnostic an error of one line: file:line:col: CODE: message (hint).
func (d *Diagnostic) Error() string {
	if d.Hint == "" {
		return d.headline()
	}
	return d.headline() + " (" + d.Hint + ")"
}

func (d *Diagnostic) headline() string {
	text := d.Code.ID + ": "
	if d.Severity == Warning {
		text += "warning: "
	}
	text += d.Message
	if d.File == nil {
		return text
	}
	return d.File.Position(d.Span.Start).String() + ": " + text
}
