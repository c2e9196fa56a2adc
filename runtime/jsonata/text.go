package jsonata

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Strings of an expression are those of ECMAScript: sequences of UTF-16 units in which a surrogate may stand alone. They
// are kept as WTF-8: UTF-8 in which a lone surrogate has the three bytes that its number gives. A high surrogate is never
// followed by a low one; join sees to that. Text without lone surrogates is plain UTF-8.

const (
	surrogateLead = 0xED // the first byte of every surrogate
	surrogateSize = 3
)

// decode returns the first code point of s, which may be a surrogate, and its length in bytes.
func decode(s string) (rune, int) {
	r, n := utf8.DecodeRuneInString(s)
	if r == utf8.RuneError && n == 1 && isSurrogate(s) {
		return rune(s[0]&0x0F)<<12 | rune(s[1]&0x3F)<<6 | rune(s[2]&0x3F), surrogateSize
	}
	return r, n
}

// isSurrogate reports whether s begins with a lone surrogate.
func isSurrogate(s string) bool {
	return len(s) >= surrogateSize && s[0] == surrogateLead && s[1] >= 0xA0 && s[1] <= 0xBF && s[2]&0xC0 == 0x80
}

func appendRune(b []byte, r rune) []byte {
	if r >= 0xD800 && r <= 0xDFFF {
		return append(b, surrogateLead, byte(r>>6)&0x3F|0x80, byte(r)&0x3F|0x80)
	}
	return utf8.AppendRune(b, r)
}

// join is the concatenation of two strings.
func join(a, b string) string {
	if len(a) >= surrogateSize && isSurrogate(a[len(a)-surrogateSize:]) && isSurrogate(b) {
		high, _ := decode(a[len(a)-surrogateSize:])
		low, _ := decode(b)
		if r := utf16.DecodeRune(high, low); r != utf8.RuneError {
			return a[:len(a)-surrogateSize] + string(r) + b[surrogateSize:]
		}
	}
	return a + b
}

// joinAll is the concatenation of many strings with a separator.
func joinAll(parts []string, separator string) string {
	all := strings.Join(parts, separator)
	if strings.IndexByte(all, surrogateLead) < 0 {
		return all
	}
	return fromUnits(units(all))
}

// isASCII reports whether bytes, code points and UTF-16 units of s are the same.
func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// points are the code points of s.
func points(s string) []rune {
	runes := make([]rune, 0, len(s))
	for len(s) > 0 {
		r, n := decode(s)
		runes = append(runes, r)
		s = s[n:]
	}
	return runes
}

func countPoints(s string) int {
	if isASCII(s) {
		return len(s)
	}
	count := 0
	for len(s) > 0 {
		_, n := decode(s)
		s = s[n:]
		count++
	}
	return count
}

// units are the UTF-16 units of s.
func units(s string) []uint16 {
	u := make([]uint16, 0, len(s))
	for len(s) > 0 {
		r, n := decode(s)
		u = appendUnits(u, r)
		s = s[n:]
	}
	return u
}

// countUnits is the length of s in UTF-16 units.
func countUnits(s string) int {
	count := 0
	for len(s) > 0 {
		r, n := decode(s)
		if s = s[n:]; r > 0xFFFF {
			count++
		}
		count++
	}
	return count
}

// fromUnits is the string of UTF-16 units.
func fromUnits(u []uint16) string {
	b := make([]byte, 0, len(u))
	for i := 0; i < len(u); i++ {
		r := rune(u[i])
		if i+1 < len(u) {
			if pair := utf16.DecodeRune(r, rune(u[i+1])); pair != utf8.RuneError {
				r = pair
				i++
			}
		}
		b = appendRune(b, r)
	}
	return string(b)
}

func fromPoints(runes []rune) string {
	b := make([]byte, 0, len(runes))
	for _, r := range runes {
		b = appendRune(b, r)
	}
	return string(b)
}

// less orders strings by their UTF-16 units.
func less(a, b string) bool {
	for len(a) > 0 && len(b) > 0 {
		if a[0] == b[0] && a[0] < utf8.RuneSelf {
			a, b = a[1:], b[1:]
			continue
		}
		p, n := decode(a)
		q, m := decode(b)
		if p != q {
			return firstUnit(p) < firstUnit(q) || firstUnit(p) == firstUnit(q) && p < q
		}
		a, b = a[n:], b[m:]
	}
	return len(a) < len(b)
}

func firstUnit(r rune) rune {
	if r > 0xFFFF {
		high, _ := utf16.EncodeRune(r)
		return high
	}
	return r
}

func appendUnits(u []uint16, r rune) []uint16 {
	if r > 0xFFFF {
		high, low := utf16.EncodeRune(r)
		return append(u, uint16(high), uint16(low))
	}
	return append(u, uint16(r))
}
