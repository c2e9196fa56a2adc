package jsonata

import (
	"math"
	"strings"
	"unicode/utf8"
)

// How an integer is written, by the first part of its picture.
type integerStyle uint8

const (
	decimalStyle integerStyle = iota
	letterStyle               // A, B, … Z, AA
	romanStyle
	wordStyle
	sequenceStyle // some other first token, which nobody supports
)

type letterCase uint8

const (
	lowerCase letterCase = iota
	upperCase
	titleCase
)

// integerPicture is a picture string for integers, as XPath's format-integer has it.
type integerPicture struct {
	style      integerStyle
	letters    letterCase
	ordinal    bool
	zero       rune // the digit 0 of the family of digits
	mandatory  int
	optional   int
	separators []separator // from right to left
	regular    int         // distance of separators, if all are at multiples of it
	token      string      // of sequenceStyle
}

// separator stands before the last so many digits.
type separator struct {
	position  int
	character rune
}

// digitZeros are the zeros of the families of decimal digits.
var digitZeros = []rune{
	0x30, 0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6, 0x0E50,
	0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620,
	0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10,
}

func parseIntegerPicture(picture string) *integerPicture {
	p := &integerPicture{}
	primary := picture
	if i := strings.LastIndexByte(picture, ';'); i >= 0 {
		primary = picture[:i]
		p.ordinal = strings.HasPrefix(picture[i+1:], "o")
	}
	switch primary {
	case "A":
		p.style, p.letters = letterStyle, upperCase
	case "a":
		p.style = letterStyle
	case "I":
		p.style, p.letters = romanStyle, upperCase
	case "i":
		p.style = romanStyle
	case "W":
		p.style, p.letters = wordStyle, upperCase
	case "Ww":
		p.style, p.letters = wordStyle, titleCase
	case "w":
		p.style = wordStyle
	default:
		p.parseDigits(primary)
	}
	return p
}

// parseDigits reads a picture of digits, optional digits # and separators.
func (p *integerPicture) parseDigits(primary string) {
	runes := points(primary)
	position := 0
	for i := len(runes) - 1; i >= 0; i-- {
		switch zero := zeroOf(runes[i]); {
		case zero != 0:
			if p.zero != 0 && p.zero != zero {
				throwCode("D3131")
			}
			p.zero = zero
			p.mandatory++
			position++
		case runes[i] == '#':
			p.optional++
			position++
		default:
			p.separators = append(p.separators, separator{position, runes[i]})
		}
	}
	if p.mandatory == 0 {
		p.style, p.token = sequenceStyle, primary
		return
	}
	p.regular = p.regularity()
}

// zeroOf is the zero of the family that a digit belongs to; 0 if it is no digit.
func zeroOf(r rune) rune {
	for _, zero := range digitZeros {
		if r >= zero && r <= zero+9 {
			return zero
		}
	}
	return 0
}

func (p *integerPicture) regularity() int {
	positions := make([]int, len(p.separators))
	for i, s := range p.separators {
		if s.character != p.separators[0].character {
			return 0
		}
		positions[i] = s.position
	}
	return commonDistance(positions)
}

// commonDistance is the distance of which all positions are multiples, without gaps; 0 if there is none.
func commonDistance(positions []int) int {
	factor := 0
	seen := map[int]bool{}
	for _, p := range positions {
		seen[p] = true
		for a, b := factor, p; ; a, b = b, a%b {
			if b == 0 {
				factor = a
				break
			}
		}
	}
	for i := range positions {
		if !seen[(i+1)*factor] {
			return 0
		}
	}
	return factor
}

func (x *evaluation) formatInteger(value float64, picture string) string {
	x.use(len(picture))
	return parseIntegerPicture(picture).format(x, value)
}

func (p *integerPicture) format(x *evaluation, value float64) string {
	finite(number(value))
	var s string
	switch a := math.Abs(value); p.style {
	case letterStyle:
		s = lettersOf(a, p.letters)
	case romanStyle:
		s = romanOf(x, a)
		if p.letters == upperCase {
			s = strings.ToUpper(s)
		}
	case wordStyle:
		s = wordsOf(a, p.ordinal)
		switch p.letters {
		case upperCase:
			s = strings.ToUpper(s)
		case lowerCase:
			s = strings.ToLower(s)
		}
	case decimalStyle:
		s = p.formatDecimal(x, a)
	case sequenceStyle:
		throw(failure{code: "D3130", value: text(p.token)})
	}
	if value < 0 {
		return "-" + s
	}
	return s
}

func (p *integerPicture) formatDecimal(x *evaluation, value float64) string {
	s := formatFloat(value)
	if missing := p.mandatory - len(s); missing > 0 {
		x.within(missing)
		x.produce(16 * missing) // as text, as characters, and as text again
		s = strings.Repeat("0", missing) + s
	}
	runes := []rune(s)
	for i := range runes {
		runes[i] += p.zero - '0'
	}
	runes = p.group(runes)
	s = fromPoints(runes)
	if p.ordinal {
		s += ordinalSuffix(runes)
	}
	return s
}

// group inserts the separators.
func (p *integerPicture) group(digits []rune) []rune {
	if p.regular > 0 {
		var out []rune
		for i, r := range digits {
			if left := len(digits) - i; i > 0 && left%p.regular == 0 {
				out = append(out, p.separators[0].character)
			}
			out = append(out, r)
		}
		return out
	}
	for i := len(p.separators) - 1; i >= 0; i-- {
		s := p.separators[i]
		at := len(digits) - s.position
		if at < 0 { // the reference takes what is left from the end
			digits = append([]rune{s.character}, digits[max(len(digits)+at, 0):]...)
			continue
		}
		digits = append(append(append([]rune{}, digits[:at]...), s.character), digits[at:]...)
	}
	return digits
}

func ordinalSuffix(digits []rune) string {
	n := len(digits)
	if n > 1 && digits[n-2] == '1' {
		return "th"
	}
	switch digits[n-1] {
	case '1':
		return "st"
	case '2':
		return "nd"
	case '3':
		return "rd"
	}
	return "th"
}

func lettersOf(value float64, letters letterCase) string {
	first := 'a'
	if letters == upperCase {
		first = 'A'
	}
	var out []byte
	for value > 0 {
		out = append([]byte{byte(first) + byte(math.Mod(value-1, 26))}, out...)
		value = math.Floor((value - 1) / 26)
	}
	return string(out)
}

var romanNumerals = []struct {
	value   float64
	numeral string
}{
	{1000, "m"}, {900, "cm"}, {500, "d"}, {400, "cd"}, {100, "c"}, {90, "xc"}, {50, "l"}, {40, "xl"}, {10, "x"}, {9, "ix"},
	{5, "v"}, {4, "iv"}, {1, "i"},
}

func romanOf(x *evaluation, value float64) string {
	var out []byte
	for _, r := range romanNumerals {
		for value >= r.value {
			x.use(1)
			x.produce(len(r.numeral))
			out = append(out, r.numeral...)
			value -= r.value
		}
	}
	return string(out)
}

func (x *evaluation) parseInteger(s, picture string) float64 {
	x.use(len(s) + len(picture))
	return parseIntegerPicture(picture).parse(s)
}

// parse reads an integer; NaN if it is none.
func (p *integerPicture) parse(s string) float64 {
	switch p.style {
	case letterStyle:
		first := 'a'
		if p.letters == upperCase {
			first = 'A'
		}
		u := units(s)
		value, place := 0.0, 1.0
		for i := len(u) - 1; i >= 0; i-- {
			value += float64(rune(u[i])-first+1) * place
			place *= 26
		}
		return value
	case romanStyle:
		if p.letters != upperCase {
			s = strings.ToUpper(s)
		}
		return romanValue(s)
	case wordStyle:
		return wordsValue(strings.ToLower(s))
	case sequenceStyle:
		throw(failure{code: "D3130", value: text(p.token)})
	}
	return p.parseDecimal(s)
}

func romanValue(s string) float64 {
	values := map[byte]float64{'M': 1000, 'D': 500, 'C': 100, 'L': 50, 'X': 10, 'V': 5, 'I': 1}
	total, most := 0.0, 1.0
	for i := len(s) - 1; i >= 0; i-- {
		v, ok := values[s[i]]
		switch {
		case !ok:
			return math.NaN()
		case v < most:
			total -= v
		default:
			most = v
			total += v
		}
	}
	return total
}

func (p *integerPicture) parseDecimal(s string) float64 {
	if p.ordinal {
		for range 2 {
			_, n := utf8.DecodeLastRuneInString(s)
			s = s[:len(s)-n]
		}
	}
	if p.regular > 0 {
		s = strings.ReplaceAll(s, ",", "") // whatever the separator, as in the reference
	} else {
		for _, sep := range p.separators {
			s = strings.ReplaceAll(s, fromPoints([]rune{sep.character}), "")
		}
	}
	runes := points(s)
	for i := range runes {
		runes[i] -= p.zero - '0'
	}
	return parseInt(fromPoints(runes))
}

// parseInt reads the whole number that a text begins with; NaN if it begins with none.
func parseInt(s string) float64 {
	s = strings.TrimSpace(s)
	sign := 1.0
	if rest, ok := strings.CutPrefix(s, "-"); ok {
		sign, s = -1, rest
	} else {
		s = strings.TrimPrefix(s, "+")
	}
	value, digits := 0.0, 0
	for digits < len(s) && s[digits] >= '0' && s[digits] <= '9' {
		value = value*10 + float64(s[digits]-'0')
		digits++
	}
	if digits == 0 {
		return math.NaN()
	}
	return sign * value
}
