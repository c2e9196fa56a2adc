// Package placeholder says what the ${Name} is that a deployment tool, such as SAM, CloudFormation or Terraform, replaces in
// a machine's file. The compiler and the programs it has made go by the same definition.
package placeholder

import (
	"regexp"
	"strings"
)

// form has the name as its submatch. In a name stand no quotation marks, braces, backslashes or control characters: then a
// name is the same in JSON and in the text that the JSON means. It begins with no apostrophe, and no space follows a colon in
// it: ${'a': 1} and ${a: 1} are JSONata, which groups.
var form = regexp.MustCompile(`\$\{( *[^\s{}"'\\:\x00-\x1f](?:[^{}"\\:\x00-\x1f]|:[^\s{}"\\\x00-\x1f])*)\}`)

// Match is a placeholder in a text, with the places in bytes where it begins and ends.
type Match struct {
	Start, End int
	Name       string
	InString   bool // of JSON, as which [InJSON] reads the text; else it stands where a value does
}

// Find returns the placeholders in a text, in order.
func Find(text string) (all []Match) {
	if !strings.Contains(text, "${") {
		return nil
	}
	for _, at := range form.FindAllStringSubmatchIndex(text, -1) {
		all = append(all, Match{Start: at[0], End: at[1], Name: text[at[2]:at[3]]})
	}
	return all
}

// InJSON returns the placeholders in the text of a file, in order. It need not be JSON but for them.
func InJSON(text string) []Match {
	all := Find(text)
	inString, from := false, 0
	for i := range all {
		for at := from; at < all[i].Start; at++ {
			switch {
			case text[at] == '"':
				inString = !inString
			case text[at] == '\\' && inString:
				at++
			}
		}
		from, all[i].InString = all[i].End, inString
	}
	return all
}

// Has reports whether there is a placeholder in a text.
func Has(text string) bool { return strings.Contains(text, "${") && form.MatchString(text) }

// Replace returns a text with its placeholders replaced by what by returns for their names, if that is ok. What it returns is
// not looked at for placeholders again.
func Replace(text string, by func(name string) (with string, ok bool)) string {
	var out strings.Builder
	from := 0
	for _, m := range Find(text) {
		if with, ok := by(m.Name); ok {
			out.WriteString(text[from:m.Start])
			out.WriteString(with)
			from = m.End
		}
	}
	out.WriteString(text[from:])
	return out.String()
}
