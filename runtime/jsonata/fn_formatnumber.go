package jsonata

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// decimalFormat is the characters of pictures for $formatNumber, named as in XPath.
type decimalFormat struct {
	decimal, grouping, exponent, minus, percent, perMille, digit, pattern string
	zero                                                                  rune
}

func decimalFormatOf(options item) decimalFormat {
	get := func(name, byDefault string) string {
		if options.kind == objectKind {
			if v := options.get(name); v.kind == stringKind {
				return v.text()
			}
		}
		return byDefault
	}
	f := decimalFormat{
		decimal: get("decimal-separator", "."), grouping: get("grouping-separator", ","),
		exponent: get("exponent-separator", "e"), minus: get("minus-sign", "-"), percent: get("percent", "%"),
		perMille: get("per-mille", "‰"), digit: get("digit", "#"), pattern: get("pattern-separator", ";"),
	}
	f.zero, _ = decode(get("zero-digit", "0"))
	return f
}

// isDigit reports whether a character is of the family of decimal digits.
func (f *decimalFormat) isDigit(r rune) bool { return r >= f.zero && r < f.zero+10 }

func (f *decimalFormat) isAnyDigit(r rune) bool { return f.isDigit(r) || string(r) == f.digit }

// isActive reports whether a character is no literal text in a picture.
func (f *decimalFormat) isActive(r rune) bool {
	s := string(r)
	return f.isAnyDigit(r) || s == f.decimal || s == f.exponent || s == f.grouping || s == f.pattern
}

// subPicture is a picture for numbers of one sign, taken apart.
type subPicture struct {
	*decimalFormat
	text, prefix, suffix        string
	active, mantissa            string
	integer, fraction, exponent string
	hasExponent                 bool
	leastInteger, scale         int
	leastFraction, mostFraction int
	leastExponent               int
	groups                      []int // digits to the right of the separators
	regular                     int
	fractionGroups              []int // digits to the left of the separators
}

func (f *decimalFormat) parse(picture string) *subPicture {
	p := &subPicture{decimalFormat: f, text: picture}
	p.split()
	p.check()
	p.analyse()
	return p
}

// split finds the parts: the active part runs from the first to the last character that is no literal.
func (p *subPicture) split() {
	first, last := -1, -1
	for i, r := range p.text {
		if p.isActive(r) && string(r) != p.decimalFormat.exponent {
			if first < 0 {
				first = i
			}
			last = i + len(string(r))
		}
	}
	if first < 0 {
		first, last = 0, len(p.text)
	}
	p.prefix, p.active, p.suffix = p.text[:first], p.text[first:last], p.text[last:]
	p.mantissa = p.active
	if mark := p.decimalFormat.exponent; mark != "" {
		// The reference looks for the mark in the whole text, but cuts the active part there.
		if i := strings.Index(p.text[first:], mark); i >= 0 && first+i <= last {
			at := min(i, len(p.active))
			p.mantissa, p.hasExponent = p.active[:at], true
			p.exponent = p.active[min(at+len(mark), len(p.active)):]
		}
	}
	integer, fraction, ok := strings.Cut(p.mantissa, p.decimal)
	if !ok {
		fraction = p.suffix
	}
	p.integer, p.fraction = integer, fraction
}

// check throws the last of the rules that the picture breaks, as the reference does.
func (p *subPicture) check() {
	code := ""
	rule := func(broken bool, c string) {
		if broken {
			code = c
		}
	}
	count := func(s string) int { return strings.Count(p.text, s) }
	rule(count(p.decimal) > 1, "D3081")
	rule(count(p.percent) > 1, "D3082")
	rule(count(p.perMille) > 1, "D3083")
	rule(count(p.percent) > 0 && count(p.perMille) > 0, "D3084")
	rule(!strings.ContainsFunc(p.mantissa, p.isAnyDigit), "D3085")
	rule(strings.ContainsFunc(p.active, func(r rune) bool { return !p.isActive(r) }), "D3086")
	if at := strings.Index(p.text, p.decimal); at >= 0 {
		rule(strings.HasSuffix(p.text[:at], p.grouping) || strings.HasPrefix(p.text[at+len(p.decimal):], p.grouping), "D3087")
	} else {
		rule(strings.HasSuffix(p.integer, p.grouping), "D3088")
	}
	rule(count(p.grouping+p.grouping) > 0, "D3089")
	before, _, ok := strings.Cut(p.integer, p.digit)
	rule(ok && strings.ContainsFunc(before, p.isDigit), "D3090")
	at := strings.LastIndex(p.fraction, p.digit)
	rule(at >= 0 && strings.ContainsFunc(p.fraction[max(at, 0):], p.isDigit), "D3091")
	scaled := count(p.percent)+count(p.perMille) > 0
	rule(p.exponent != "" && scaled, "D3092")
	notDigit := func(r rune) bool { return !p.isDigit(r) }
	rule(p.hasExponent && (p.exponent == "" || strings.ContainsFunc(p.exponent, notDigit)), "D3093")
	if code != "" {
		throwCode(code)
	}
}

func countFunc(s string, is func(rune) bool) int {
	n := 0
	for _, r := range s {
		if is(r) {
			n++
		}
	}
	return n
}

func (p *subPicture) analyse() {
	for i := strings.Index(p.integer, p.grouping); i >= 0; {
		p.groups = append(p.groups, countFunc(p.integer[i:], p.isAnyDigit))
		i = indexFrom(p.integer, p.grouping, i+len(p.grouping))
	}
	if len(p.groups) > 0 {
		p.regular = commonDistance(p.groups)
	}
	// After the first separator of the fraction the reference goes on in the integer part; so does this.
	for i := strings.Index(p.fraction, p.grouping); i >= 0; {
		p.fractionGroups = append(p.fractionGroups, countFunc(p.fraction[:min(i, len(p.fraction))], p.isAnyDigit))
		i = indexFrom(p.integer, p.grouping, i+len(p.grouping))
	}
	p.leastInteger = countFunc(p.integer, p.isDigit)
	p.scale = p.leastInteger
	p.leastFraction = countFunc(p.fraction, p.isDigit)
	p.mostFraction = countFunc(p.fraction, p.isAnyDigit)
	if p.leastInteger == 0 && p.mostFraction == 0 {
		if p.hasExponent {
			p.leastFraction, p.mostFraction = 1, 1
		} else {
			p.leastInteger = 1
		}
	}
	if p.hasExponent && p.leastInteger == 0 && strings.Contains(p.integer, p.digit) {
		p.leastInteger = 1
	}
	if p.leastInteger == 0 && p.leastFraction == 0 {
		p.leastFraction = 1
	}
	p.leastExponent = countFunc(p.exponent, p.isDigit)
}

func indexFrom(s, sub string, from int) int {
	if from > len(s) || sub == "" {
		return -1
	}
	if i := strings.Index(s[from:], sub); i >= 0 {
		return from + i
	}
	return -1
}

func formatNumber(x *evaluation, args arguments) item {
	value, picture := finite(args.at(0)), args.at(1).text()
	x.use(16 * len(picture))
	f := decimalFormatOf(args.at(2))
	pictures := strings.Split(picture, f.pattern)
	if len(pictures) > 2 {
		throwCode("D3080")
	}
	parsed := make([]*subPicture, len(pictures))
	for i, s := range pictures {
		parsed[i] = f.parse(s)
	}
	p := parsed[0]
	prefix := p.prefix
	switch {
	case value >= 0:
	case len(parsed) == 2:
		p = parsed[1]
		prefix = p.prefix
	default:
		prefix = f.minus + prefix
	}
	s := prefix + p.write(value) + p.suffix
	x.reserve(2 * len(s))
	return text(s)
}

// write writes a number without prefix and suffix.
func (p *subPicture) write(value float64) string {
	switch {
	case p.percent != "" && strings.Contains(p.text, p.percent):
		value *= 100
	case p.perMille != "" && strings.Contains(p.text, p.perMille):
		value *= 1000
	}
	exponent := 0
	if p.leastExponent > 0 {
		value, exponent = p.scaled(value)
	}
	integer, fraction := p.digits(roundTo(value, p.mostFraction))
	if missing := p.leastInteger - len(integer); missing > 0 {
		integer = strings.Repeat("0", missing) + integer
	}
	if missing := p.leastFraction - len(fraction); missing > 0 {
		fraction += strings.Repeat("0", missing)
	}
	s := p.layOut(p.inFamily(integer), p.inFamily(fraction))
	if p.leastExponent > 0 {
		digits := strconv.Itoa(max(exponent, -exponent))
		if missing := p.leastExponent - len(digits); missing > 0 {
			digits = strings.Repeat("0", missing) + digits
		}
		s += p.decimalFormat.exponent
		if exponent < 0 {
			s += p.minus
		}
		s += p.inFamily(digits)
	}
	return s
}

// scaled moves the point so that the mantissa has as many digits before it as the picture. Of numbers that are not
// positive the reference never finds the exponent; here they have that of their absolute value.
func (p *subPicture) scaled(value float64) (mantissa float64, exponent int) {
	most, least := math.Pow(10, float64(p.scale)), math.Pow(10, float64(p.scale-1))
	mantissa = math.Abs(value)
	for mantissa != 0 && mantissa < least {
		mantissa *= 10
		exponent--
	}
	for mantissa > most && !math.IsInf(mantissa, 0) {
		mantissa /= 10
		exponent++
	}
	return math.Copysign(mantissa, value), exponent
}

// digits are the digits before and after the point, without zeros at the ends.
func (p *subPicture) digits(value float64) (integer, fraction string) {
	s := formatFloat(math.Abs(value))
	if a := math.Abs(value); a < 1e21 {
		s = strconv.FormatFloat(a, 'f', p.mostFraction, 64)
	}
	integer, fraction, _ = strings.Cut(s, ".")
	return strings.TrimLeft(integer, "0"), strings.TrimRight(fraction, "0")
}

// inFamily writes digits with those of the format.
func (p *subPicture) inFamily(digits string) string {
	if p.zero == '0' {
		return digits
	}
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r - '0' + p.zero
		}
		return r
	}, digits)
}

// layOut puts the parts and the separators together. A separator beyond the digits lands where Array.slice of the
// reference puts it.
func (p *subPicture) layOut(integer, fraction string) string {
	line := []rune(integer + p.decimal + fraction)
	insert := func(at int) {
		i := sliceIndex(float64(at), len(line))
		line = slices.Insert(line, i, []rune(p.grouping)...)
	}
	point := len([]rune(integer))
	if p.regular > 0 {
		for n := (point - 1) / p.regular; n > 0; n-- {
			insert(point - n*p.regular + (point-1)/p.regular - n)
		}
	} else {
		for i, position := range p.groups {
			insert(point + i - position)
		}
	}
	point = len(line) - len([]rune(fraction)) - len([]rune(p.decimal))
	for _, position := range p.fractionGroups {
		insert(point + position + 1)
	}
	if !strings.Contains(p.text, p.decimal) || fraction == "" {
		line = line[:len(line)-1]
	}
	return string(line)
}
