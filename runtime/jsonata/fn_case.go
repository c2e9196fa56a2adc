package jsonata

import (
	"unicode"
)

// upperSpecial are the letters whose upper case is more than one letter, which package unicode does not know. For Greek ones
// with a breathing and an iota below see upperIota.
var upperSpecial = map[rune]string{
	0xDF: "SS", 0x149: "\u02BCN", 0x1F0: "J\u030C", 0x390: "\u0399\u0308\u0301", 0x3B0: "\u03A5\u0308\u0301",
	0x587: "\u0535\u0552", 0x1E96: "H\u0331", 0x1E97: "T\u0308", 0x1E98: "W\u030A", 0x1E99: "Y\u030A",
	0x1E9A: "A\u02BE", 0x1F50: "\u03A5\u0313", 0x1F52: "\u03A5\u0313\u0300", 0x1F54: "\u03A5\u0313\u0301",
	0x1F56: "\u03A5\u0313\u0342", 0x1FB2: "\u1FBA\u0399", 0x1FB3: "\u0391\u0399", 0x1FB4: "\u0386\u0399",
	0x1FB6: "\u0391\u0342", 0x1FB7: "\u0391\u0342\u0399", 0x1FBC: "\u0391\u0399", 0x1FC2: "\u1FCA\u0399",
	0x1FC3: "\u0397\u0399", 0x1FC4: "\u0389\u0399", 0x1FC6: "\u0397\u0342", 0x1FC7: "\u0397\u0342\u0399",
	0x1FCC: "\u0397\u0399", 0x1FD2: "\u0399\u0308\u0300", 0x1FD3: "\u0399\u0308\u0301", 0x1FD6: "\u0399\u0342",
	0x1FD7: "\u0399\u0308\u0342", 0x1FE2: "\u03A5\u0308\u0300", 0x1FE3: "\u03A5\u0308\u0301", 0x1FE4: "\u03A1\u0313",
	0x1FE6: "\u03A5\u0342", 0x1FE7: "\u03A5\u0308\u0342", 0x1FF2: "\u1FFA\u0399", 0x1FF3: "\u03A9\u0399",
	0x1FF4: "\u038F\u0399", 0x1FF6: "\u03A9\u0342", 0x1FF7: "\u03A9\u0342\u0399", 0x1FFC: "\u03A9\u0399", 0xFB00: "FF",
	0xFB01: "FI", 0xFB02: "FL", 0xFB03: "FFI", 0xFB04: "FFL", 0xFB05: "ST", 0xFB06: "ST", 0xFB13: "\u0544\u0546",
	0xFB14: "\u0544\u0535", 0xFB15: "\u0544\u053B", 0xFB16: "\u054E\u0546", 0xFB17: "\u0544\u053D",
}

// upperIota returns the upper case of a Greek letter with a breathing and an iota below: the iota becomes a letter.
func upperIota(r rune) (upper string, ok bool) {
	const first, last, perVowel = 0x1F80, 0x1FAF, 16
	if r < first || r > last {
		return "", false
	}
	vowel := [...]rune{0x1F08, 0x1F28, 0x1F68}[(r-first)/perVowel]
	return string([]rune{vowel + r%8, 'Ι'}), true
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
		} else if special, ok = upperIota(r); ok {
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
