package jsonata

import (
	"unicode"
)

// Letters whose other case is more than one letter, which package unicode does not know.
var upperSpecial = map[rune]string{
	'ß': "SS", 'ŉ': "ʼN", 'ǰ': "J̌", 'ΐ': "Ϊ́", 'ΰ': "Ϋ́", 'և': "ԵՒ", 'ẖ': "H̱", 'ẗ': "T̈", 'ẘ': "W̊", 'ẙ': "Y̊", 'ẚ': "Aʾ",
	'ﬀ': "FF", 'ﬁ': "FI", 'ﬂ': "FL", 'ﬃ': "FFI", 'ﬄ': "FFL", 'ﬅ': "ST", 'ﬆ': "ST",
}

const (
	capitalSigma = 'Σ'
	smallSigma   = 'σ'
	finalSigma   = 'ς'
)

func toUpper(s string) string {
	out := make([]byte, 0, len(s))
	for len(s) > 0 {
		r, n := decode(s)
		if special, ok := upperSpecial[r]; ok {
			out = append(out, special...)
		} else {
			out = appendRune(out, unicode.ToUpper(r))
		}
		s = s[n:]
	}
	return string(out)
}

func toLower(s string) string {
	out := make([]byte, 0, len(s))
	afterLetter := false
	for len(s) > 0 {
		r, n := decode(s)
		s = s[n:]
		switch {
		case r == 'İ':
			out = append(out, "i̇"...)
		case r == capitalSigma && afterLetter && !beginsWithLetter(s):
			out = appendRune(out, finalSigma)
		case r == capitalSigma:
			out = appendRune(out, smallSigma)
		default:
			out = appendRune(out, unicode.ToLower(r))
		}
		afterLetter = unicode.IsLetter(r)
	}
	return string(out)
}

func beginsWithLetter(s string) bool {
	r, _ := decode(s)
	return len(s) > 0 && unicode.IsLetter(r)
}
