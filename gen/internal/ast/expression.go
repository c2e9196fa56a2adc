package ast

import "strings"

// IsExpression reports whether the text of a JSONata state's field is an expression as a whole (R70).
func IsExpression(text string) bool {
	return len(text) >= len("{%%}") && strings.HasPrefix(text, "{%") && strings.HasSuffix(text, "%}")
}

// IsUnended reports whether text begins as an expression and does not end as one. One with spaces behind it is a text.
func IsUnended(text string) bool {
	return strings.HasPrefix(text, "{%") && !IsExpression(strings.TrimSpace(text))
}
