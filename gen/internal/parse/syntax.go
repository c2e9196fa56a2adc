package parse

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
)

// report reports why the text is not JSON, at the place where it stops being it.
func (r *reader) report(err error) {
	at := r.offset()
	var syntax *jsontext.SyntacticError
	if errors.As(err, &syntax) {
		at = r.start + int32(syntax.ByteOffset)
	}
	switch {
	case errors.Is(err, errTooDeep):
		innermost := r.open[len(r.open)-1]
		r.list.Errorf(r.file, innermost, diag.TooDeep, "arrays and objects nest deeper than %d levels here", maxDepth)
	case len(bytes.TrimSpace(r.file.Data[r.start:])) == 0:
		r.list.Errorf(r.file, source.Span{}, diag.NotObject, "the file is empty: a definition is a JSON object")
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), int(at) >= len(r.file.Data):
		r.reportEnd()
	case r.directive(at):
	default:
		span, message, hint := r.explain(at)
		if message == "" {
			message = plainWords(err)
		}
		r.list.Errorf(r.file, span, diag.BadJSON, "%s", message).WithHint(hint)
	}
}

// reportEnd reports that the text ends too early.
func (r *reader) reportEnd() {
	end := int32(len(bytes.TrimRight(r.file.Data, " \t\r\n")))
	span := source.Span{Start: end, End: end}
	if start := r.tokenStart(); start < end && r.file.Data[start] == '"' {
		r.list.Errorf(r.file, source.Span{Start: start, End: end}, diag.BadJSON, "the text ends inside this string")
		return
	}
	d := r.list.Errorf(r.file, span, diag.BadJSON, "the text ends too early")
	if n := len(r.open); n > 0 {
		open := r.open[n-1]
		d.Message += ": " + closing(r.file.Data[open.Start]) + " is missing"
		d.Relate(open, "to close the %c opened here", r.file.Data[open.Start])
	}
}

func closing(open byte) string {
	if open == '{' {
		return "}"
	}
	return "]"
}

// tokenStart returns where the token begins that comes after what is read.
func (r *reader) tokenStart() int32 {
	skip := " \t\r\n"
	if len(r.open) > 0 {
		skip += ",:"
	}
	return int32(len(r.file.Data) - len(bytes.TrimLeft(r.file.Data[r.offset():], skip)))
}

// directives are those of template languages that stand outside strings.
var directives = map[string]*regexp.Regexp{
	"Terraform": regexp.MustCompile(`^%\{[^}]*\}`),
	"Go":        regexp.MustCompile(`^\{\{-?[ \t]*[.$/\pL][^}]*\}\}`),
}

// directive reports a directive of a template that stands where the text stops being JSON, which may be behind its first
// bracket.
func (r *reader) directive(at int32) bool {
	for _, start := range []int32{at, max(at-1, 0)} {
		for language, pattern := range directives {
			if m := pattern.Find(r.file.Data[start:]); m != nil {
				span := source.Span{Start: start, End: start + int32(len(m))}
				r.list.Errorf(r.file, span, diag.TemplateDirective, "%s is a directive of a %s template", m, language).
					WithHint("render the template first: what comes out is the machine")
				return true
			}
		}
	}
	return false
}

var (
	word          = regexp.MustCompile(`^[\pL_][\pL\pN_]*`)
	strayHolder   = regexp.MustCompile(`^\$\{[^{}]*\}`)
	faultyNumber  = regexp.MustCompile(`^[-+.]?[0-9][-+.\w]*|^[-+.]`)
	trailingComma = regexp.MustCompile(`^,\s*([}\]])`)
)

// explain puts the mistakes that people make into words. No message means that it knows none for this one.
func (r *reader) explain(at int32) (span source.Span, message, hint string) {
	start := r.tokenStart()
	rest := r.file.Data[at:]
	length := func(n int) source.Span { return source.Span{Start: at, End: at + int32(n)} }
	token := r.file.Data[min(start, at):]
	if m := word.Find(token); m != nil && start <= at && int(at) <= int(start)+len(m) && !isLiteral(string(m)) {
		at = start
		message = fmt.Sprintf("%q is not a JSON value: was a string, a number, true, false or null meant?", m)
		return length(len(m)), message, literalHint(string(m))
	}
	switch m := trailingComma.FindSubmatch(rest); {
	case m != nil:
		return length(1), "nothing follows this comma before the " + string(m[1]), "remove the comma"
	case rest[0] == ',':
		return length(1), "a value is missing before this comma", ""
	case strayHolder.Match(rest):
		m := strayHolder.Find(rest)
		message = fmt.Sprintf("the placeholder %s stands outside a string, so the text is not JSON before it is replaced", m)
		return length(len(m)), message, ""
	case rest[0] == '\'':
		return length(1), "JSON strings stand in double quotes, not in apostrophes", ""
	case bytes.HasPrefix(rest, []byte("//")), bytes.HasPrefix(rest, []byte("/*")), rest[0] == '#':
		return length(1), "JSON has no comments", `a "Comment" field can say it`
	case token[0] == '"' && start < at && rest[0] < ' ':
		span = source.Span{Start: start, End: at}
		return span, "this string is not closed on its line", `write \n for a line break inside a string`
	case faultyNumber.Match(token) && start <= at && int(at) <= int(start)+len(faultyNumber.Find(token)):
		m := faultyNumber.Find(token)
		return source.Span{Start: start, End: start + int32(len(m))}, "this is not a JSON number: " + string(m), ""
	}
	return length(1), r.explainBracket(rest), ""
}

// explainBracket explains a missing comma or a closing bracket without its opening one.
func (r *reader) explainBracket(rest []byte) string {
	last := bytes.TrimRight(r.file.Data[:r.offset()], " \t\r\n")
	afterValue := len(last) > 0 && !strings.ContainsRune("{[,:", rune(last[len(last)-1]))
	switch c := rest[0]; {
	case (c == '}' || c == ']') && len(r.open) > 0:
		if want := closing(r.file.Data[r.open[len(r.open)-1].Start]); want != string(c) {
			return "this should be " + want + ", not " + string(c)
		}
	case (c == '"' || c == '{' || c == '[') && afterValue && len(r.open) > 0:
		return "a comma is missing before this"
	}
	return ""
}

func isLiteral(word string) bool { return word == "true" || word == "false" || word == "null" }

func literalHint(word string) string {
	switch lower := strings.ToLower(word); lower {
	case "true", "false", "null":
		return "write " + lower
	case "none", "nil", "undefined", "nan":
		return "write null"
	}
	return ""
}

// plainWords is what the JSON library says, without its name.
func plainWords(err error) string {
	var syntax *jsontext.SyntacticError
	if errors.As(err, &syntax) {
		err = syntax.Err
	}
	return strings.TrimPrefix(err.Error(), "jsontext: ")
}
