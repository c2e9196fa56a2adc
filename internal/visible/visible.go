// Package visible writes text so that a reader sees what is in it: in generated code, and on a terminal.
package visible

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Is reports whether a reader sees a character as what it is. Control characters, those that turn the direction of the
// text, separators that are no plain space, and letters without a shape are not seen.
func Is(r rune) bool {
	const blankBraille = '\u2800'
	return strconv.IsPrint(r) && r != blankBraille && !unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// Escape returns text with its invisible characters written as in a Go string: \x1b, \u202e. White space of the kinds
// given is kept.
func Escape(text, keep string) string {
	kept := func(r rune) bool { return Is(r) || strings.ContainsRune(keep, r) }
	if !strings.ContainsFunc(text, func(r rune) bool { return !kept(r) }) {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		switch {
		case kept(r):
			b.WriteRune(r)
		default:
			quoted := strconv.QuoteRuneToASCII(r)
			b.WriteString(quoted[1 : len(quoted)-1])
		}
	}
	return b.String()
}

// Line returns text as one line for a terminal or the log of a build, in which neither obeys the text: GitHub and Azure take
// a line that begins with :: or ## for a command, whatever white space comes before.
func Line(text string) string {
	line := Escape(text, "\t")
	trimmed := strings.TrimLeftFunc(line, unicode.IsSpace)
	if !strings.HasPrefix(trimmed, "::") && !strings.HasPrefix(trimmed, "##") {
		return line
	}
	before := line[:len(line)-len(trimmed)]
	return before + "\\" + trimmed
}

// Quote writes text as a Go string in double quotes, without invisible characters.
func Quote(text string) string { return Escape(strconv.Quote(text), "") }

// Raw writes text as a Go string in back quotes, or in double quotes if it has a character that cannot stand there or cannot
// be seen.
func Raw(text string) string {
	unfit := func(r rune) bool { return r == '`' || r == utf8.RuneError || r != '\n' && r != '\t' && !Is(r) }
	if strings.ContainsFunc(text, unfit) {
		return Quote(text)
	}
	return "`" + text + "`"
}
