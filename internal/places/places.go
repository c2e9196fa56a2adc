// Package places is how a program says where the text of its machine comes from, if that is not a file of its own: from YAML, or from a
// template.
package places

import (
	"fmt"
	"strconv"
	"strings"
)

// Place says that the text from an offset on is that of the file from a line and a column on, both from 1, up to the next place.
type Place struct{ Offset, Line, Column int }

// Encode writes places, which are in the order of their offsets, as lines of text.
func Encode(all []Place) string {
	var b strings.Builder
	width, before := 0, 0
	for i, p := range all {
		word := fmt.Sprintf("%s:%d:%d", strconv.FormatInt(int64(p.Offset-before), 36), p.Line, p.Column)
		before = p.Offset
		switch {
		case i == 0:
		case width+len(word) >= 100:
			b.WriteByte('\n')
			width = 0
		default:
			b.WriteByte(' ')
		}
		b.WriteString(word)
		width += len(word) + 1
	}
	return b.String()
}

// Of returns where an offset of the text comes from. Without places the text is the file.
func Of(encoded, text string, offset int) (line, column int) {
	offset = min(max(offset, 0), len(text))
	if encoded == "" {
		before := text[:offset]
		return strings.Count(before, "\n") + 1, offset - strings.LastIndexByte(before, '\n')
	}
	at := 0
	for word := range strings.FieldsSeq(encoded) {
		var parts [3]int
		for i, digits := range strings.SplitN(word, ":", 3) {
			n, err := strconv.ParseInt(digits, map[bool]int{true: 36, false: 10}[i == 0], 64)
			if err != nil {
				return line, column
			}
			parts[i] = int(n)
		}
		if at+parts[0] > offset {
			break
		}
		at += parts[0]
		line, column = parts[1], parts[2]
	}
	return line, column + offset - at
}
