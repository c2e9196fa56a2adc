package diag

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
)

// List collects diagnostics. The zero List is empty and ready to use.
type List struct{ found []*Diagnostic }

// Add adds a diagnostic and returns it.
func (l *List) Add(d *Diagnostic) *Diagnostic {
	l.found = append(l.found, d)
	return d
}

// AddAll adds the diagnostics of another list.
func (l *List) AddAll(other *List) { l.found = append(l.found, other.All()...) }

// Errorf adds an error and returns it, so that a hint or a related place can follow.
func (l *List) Errorf(f *source.File, span source.Span, code *Code, format string, args ...any) *Diagnostic {
	return l.Add(&Diagnostic{File: f, Span: span, Code: code, Severity: Error, Message: fmt.Sprintf(format, args...)})
}

// Warnf adds a warning and returns it.
func (l *List) Warnf(f *source.File, span source.Span, code *Code, format string, args ...any) *Diagnostic {
	return l.Add(&Diagnostic{File: f, Span: span, Code: code, Severity: Warning, Message: fmt.Sprintf(format, args...)})
}

// Filter takes out the diagnostics that are not to be kept.
func (l *List) Filter(keep func(*Diagnostic) bool) {
	l.found = slices.DeleteFunc(l.found, func(d *Diagnostic) bool { return !keep(d) })
}

// Len returns the number of diagnostics.
func (l *List) Len() int { return len(l.found) }

// HasErrors reports whether a diagnostic is an error.
func (l *List) HasErrors() bool {
	return slices.ContainsFunc(l.found, func(d *Diagnostic) bool { return d.Severity == Error })
}

// All returns the diagnostics in order of file and position; those of one place stay in the order they were added.
func (l *List) All() []*Diagnostic {
	sorted := slices.Clone(l.found)
	slices.SortStableFunc(sorted, func(a, b *Diagnostic) int {
		return cmp.Or(cmp.Compare(a.fileName(), b.fileName()), cmp.Compare(a.offset(), b.offset()))
	})
	return slices.CompactFunc(sorted, func(a, b *Diagnostic) bool { // of what YAML has several times, and is written once
		return a.File != nil && b.File != nil && a.fileName() == b.fileName() && a.offset() == b.offset() && a.Span != b.Span && a.Code == b.Code && a.Message == b.Message
	})
}

func (d *Diagnostic) fileName() string {
	if d.File == nil {
		return ""
	}
	return d.File.Name
}

// offset returns where the diagnostic is in its file as given.
func (d *Diagnostic) offset() int32 {
	if d.File == nil {
		return 0
	}
	return d.File.GivenOffset(d.Span.Start)
}

// Err returns all errors as one error of a line each, or nil if there are only warnings. errors.As finds the first
// [*Diagnostic].
func (l *List) Err() error {
	var errs failure
	for _, d := range l.All() {
		if d.Severity == Error {
			errs = append(errs, d)
		}
	}
	if len(errs) == 0 {
		return nil
	}
	return errs
}

type failure []*Diagnostic

func (f failure) Error() string {
	lines := make([]string, len(f))
	for i, d := range f {
		lines[i] = d.Error()
	}
	return strings.Join(lines, "\n")
}

func (f failure) Unwrap() []error {
	errs := make([]error, len(f))
	for i, d := range f {
		errs[i] = d
	}
	return errs
}
