package jsonata

import (
	"encoding/base64"
	"strings"
	"unicode/utf8"
)

func defineEncodings(l *library) {
	l.define("base64encode", "<s-:s>", 1, ofString(func(_ *evaluation, s string) string {
		return base64.StdEncoding.EncodeToString(bytesOf(s))
	}))
	l.define("base64decode", "<s-:s>", 1, ofString(func(_ *evaluation, s string) string { return decodeBase64(s) }))
	const (
		unreserved = "-_.!~*'()"
		reserved   = ";/?:@&=+$,#"
	)
	l.define("encodeUrlComponent", "<s-:s>", 1, ofString(func(_ *evaluation, s string) string {
		return encodeURL(s, unreserved)
	}))
	l.define("encodeUrl", "<s-:s>", 1, ofString(func(_ *evaluation, s string) string {
		return encodeURL(s, unreserved+reserved)
	}))
	l.define("decodeUrlComponent", "<s-:s>", 1, ofString(func(_ *evaluation, s string) string { return decodeURL(s, "") }))
	l.define("decodeUrl", "<s-:s>", 1, ofString(func(_ *evaluation, s string) string { return decodeURL(s, reserved) }))
}

func ofString(compute func(x *evaluation, s string) string) nativeFunc {
	return ifGiven(func(x *evaluation, args arguments) item {
		x.work(args.at(0))
		s := compute(x, args.at(0).text())
		x.reserve(2 * len(s))
		return text(s)
	})
}

// bytesOf takes the low byte of each UTF-16 unit, as the reference does.
func bytesOf(s string) []byte {
	b := make([]byte, 0, len(s))
	for _, u := range units(s) {
		b = append(b, byte(u))
	}
	return b
}

// decodeBase64 passes over what is not of the alphabet, takes both alphabets, and stops at padding. Each byte becomes a
// character.
func decodeBase64(s string) string {
	s, _, _ = strings.Cut(s, "=")
	digits := strings.Map(func(r rune) rune {
		switch {
		case r == '-':
			return '+'
		case r == '_':
			return '/'
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '+', r == '/':
			return r
		}
		return -1
	}, s)
	if len(digits)%4 == 1 {
		digits = digits[:len(digits)-1]
	}
	decoded, _ := base64.RawStdEncoding.DecodeString(digits)
	runes := make([]rune, len(decoded))
	for i, b := range decoded {
		runes[i] = rune(b)
	}
	return string(runes)
}

func encodeURL(s, kept string) string {
	var out []byte
	for rest := s; len(rest) > 0; {
		r, n := decode(rest)
		if r >= 0xD800 && r <= 0xDFFF {
			throw(failure{code: "D3140", value: text(s)})
		}
		for _, c := range []byte(rest[:n]) {
			if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte(kept, c) >= 0 {
				out = append(out, c)
			} else {
				out = append(out, '%', hexDigits[c>>4]&^lowerBit(c>>4), hexDigits[c&15]&^lowerBit(c&15))
			}
		}
		rest = rest[n:]
	}
	return string(out)
}

// lowerBit is the bit that makes the letter of a hexadecimal digit a small one.
func lowerBit(digit byte) byte {
	if digit > 9 {
		return 0x20
	}
	return 0
}

// decodeURL leaves the escapes of some characters as they are.
func decodeURL(s, kept string) string {
	var out []byte
	for i := 0; i < len(s); {
		if s[i] != '%' {
			out = append(out, s[i])
			i++
			continue
		}
		start := i
		var c []byte
		for len(c) == 0 || len(c) < utf8Len(c[0]) {
			b, ok := unescape(s, i)
			if !ok {
				throw(failure{code: "D3140", value: text(s)})
			}
			c = append(c, b)
			i += 3
		}
		if !utf8.Valid(c) {
			throw(failure{code: "D3140", value: text(s)})
		}
		if len(c) == 1 && strings.IndexByte(kept, c[0]) >= 0 {
			out = append(out, s[start:i]...)
		} else {
			out = append(out, c...)
		}
	}
	return string(out)
}

func utf8Len(first byte) int {
	switch {
	case first >= 0xF0:
		return 4
	case first >= 0xE0:
		return 3
	case first >= 0xC0:
		return 2
	}
	return 1
}

func unescape(s string, at int) (byte, bool) {
	if at+2 >= len(s) || s[at] != '%' {
		return 0, false
	}
	high, low := hexValue(s[at+1]), hexValue(s[at+2])
	return byte(high<<4 | low), high >= 0 && low >= 0
}

func hexValue(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return -1
}
