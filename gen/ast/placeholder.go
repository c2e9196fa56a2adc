package ast

import "regexp"

var placeholder = regexp.MustCompile(`\$\{[^{}]+\}`)

// HasPlaceholder reports whether text holds a ${Name} that a deployment tool replaces: what the text will say is not
// known.
func HasPlaceholder(text string) bool { return placeholder.MatchString(text) }

// ReplacePlaceholders returns text with every ${Name} replaced by the given text.
func ReplacePlaceholders(text, by string) string {
	return placeholder.ReplaceAllLiteralString(text, by)
}
