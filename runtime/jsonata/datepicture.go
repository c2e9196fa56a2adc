package jsonata

import (
	"math"
	"strings"
	"unicode"
)

// datePart is a part of a picture string for dates: a literal, or a component such as [Y0001].
type datePart struct {
	literal   string
	component rune // 0 of a literal
	least     float64
	most      float64 // width; NaN if not given
	named     bool    // by name
	letters   letterCase
	format    *integerPicture
	digits    int  // of years, months and days: how many; -1 if any number
	utc       bool // t: a zero offset is Z
}

// presentations are what components look like if the picture does not say.
var presentations = map[rune]string{
	'Y': "1", 'M': "1", 'D': "1", 'd': "1", 'F': "n", 'W': "1", 'w': "1", 'X': "1", 'x': "1", 'H': "1", 'h': "1", 'P': "n",
	'm': "01", 's': "01", 'f': "1", 'Z': "01:01", 'z': "01:01", 'C': "n", 'E': "n",
}

const integerComponents = "YMDdFWwXxHhmsf"

func parseDatePicture(picture string) []datePart {
	var parts []datePart
	literal := func(s string) {
		if s != "" {
			parts = append(parts, datePart{literal: strings.ReplaceAll(s, "]]", "]")})
		}
	}
	for {
		before, rest, ok := strings.Cut(picture, "[")
		literal(before)
		if !ok {
			return parts
		}
		if after, ok := strings.CutPrefix(rest, "["); ok {
			parts = append(parts, datePart{literal: "["})
			picture = after
			continue
		}
		marker, after, ok := strings.Cut(rest, "]")
		if !ok {
			throwCode("D3135")
		}
		parts = append(parts, parseMarker(marker))
		picture = after
	}
}

// parseMarker reads what stands in brackets: a component, how it is presented, and its width after a comma.
func parseMarker(marker string) datePart {
	runes := points(strings.Join(strings.FieldsFunc(marker, unicode.IsSpace), ""))
	p := datePart{component: -1, least: math.NaN(), most: math.NaN()}
	name := ""
	if len(runes) > 0 {
		p.component, name = runes[0], string(runes[0])
		runes = runes[1:]
	}
	presentation := string(runes)
	if i := strings.LastIndexByte(presentation, ','); i >= 0 {
		p.width(presentation[i+1:])
		presentation = presentation[:i]
	}
	modifier := ""
	switch {
	case presentation == "":
		presentation = presentations[p.component]
		if presentation == "" {
			throw(failure{code: "D3132", value: text(name)})
		}
	case len(presentation) > 1 && strings.IndexByte("atco", presentation[len(presentation)-1]) >= 0:
		modifier = presentation[len(presentation)-1:]
		presentation = presentation[:len(presentation)-1]
	}
	p.utc = modifier == "t"
	p.present(presentation, modifier)
	return p
}

func (p *datePart) width(s string) {
	least, most, ok := strings.Cut(s, "-")
	p.least = parseInt(least)
	if ok {
		p.most = parseInt(most)
	}
}

func (p *datePart) present(presentation, modifier string) {
	switch {
	case strings.HasPrefix(presentation, "n"):
		p.named = true
	case strings.HasPrefix(presentation, "Nn"):
		p.named, p.letters = true, titleCase
	case strings.HasPrefix(presentation, "N"):
		p.named, p.letters = true, upperCase
	case p.component > 0 && strings.ContainsRune(integerComponents, p.component):
		if modifier != "" {
			presentation += ";" + modifier
		}
		p.format = parseIntegerPicture(presentation)
		p.size()
		return
	}
	if p.component == 'Z' || p.component == 'z' {
		p.format = parseIntegerPicture(presentation)
	}
}

// size applies the width to the number of digits.
func (p *datePart) size() {
	f := p.format
	if f.style != decimalStyle {
		p.digits = -1
		return
	}
	if float64(f.mandatory) < p.least {
		f.mandatory = int(min(p.least, maxWidth))
	}
	if !strings.ContainsRune("YMD", p.component) {
		return
	}
	p.digits = -1
	if p.most == p.most {
		p.digits = int(max(0, min(p.most, maxWidth)))
		f.mandatory = p.digits
	} else if n := f.mandatory + f.optional; n >= 2 {
		p.digits = n
	}
}

// maxWidth is the largest width that is told from a larger one.
const maxWidth = 1 << 30

var (
	dayNames   = strings.Fields("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
	monthNames = strings.Fields("January February March April May June July August September October November December")
	isoPicture = "[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]"
)

// zone is a time zone as its functions take it: +0100 is one hour.
type zone struct {
	hours, minutes float64
}

func parseZone(s string) zone {
	offset := parseInt(s)
	return zone{math.Floor(offset / 100), math.Mod(offset, 100)}
}

func (z zone) millis() float64 { return (60*z.hours + z.minutes) * 60 * 1000 }

// formatDate writes a time as a picture says.
func (x *evaluation) formatDate(millis float64, picture string, z zone) string {
	x.use(len(picture))
	local := math.Trunc(millis + z.millis())
	inRange := math.Abs(local) <= maxMillis
	var m moment
	if inRange {
		m = momentOf(int64(local))
	}
	var out []byte
	for _, p := range parseDatePicture(picture) {
		if p.component == 0 {
			out = append(out, p.literal...)
			continue
		}
		if !inRange {
			throw(failure{code: "D1001", value: number(millis)})
		}
		out = append(out, p.write(x, m, z)...)
		x.within(len(out))
	}
	x.reserve(2 * len(out))
	return string(out)
}

func (p *datePart) write(x *evaluation, m moment, z zone) string {
	switch p.component {
	case 'Z', 'z':
		return p.writeZone(x, z)
	case 'P':
		s := "am"
		if m.ofDay >= millisPerDay/2 {
			s = "pm"
		}
		if p.named && p.letters == upperCase {
			s = strings.ToUpper(s)
		}
		return s
	case 'C', 'E':
		return "ISO"
	}
	v := m.component(p.component)
	switch {
	case math.IsNaN(v):
		return "undefined" // as the reference has it
	case p.named:
		return p.writeName(v)
	case p.component == 'Y' && p.digits >= 0:
		v = math.Mod(v, math.Pow(10, float64(p.digits)))
	}
	return p.format.format(x, v)
}

func (p *datePart) writeName(v float64) string {
	var name string
	switch p.component {
	case 'M', 'x':
		name = monthNames[int(v)-1]
	case 'F':
		name = dayNames[int(v)-1]
	default:
		throw(failure{code: "D3133", value: text(string(p.component))})
	}
	switch p.letters {
	case upperCase:
		name = strings.ToUpper(name)
	case lowerCase:
		name = strings.ToLower(name)
	}
	if float64(len(name)) > p.most {
		name = name[:int(max(0, p.most))]
	}
	return name
}

func (p *datePart) writeZone(x *evaluation, z zone) string {
	offset := z.hours*100 + z.minutes
	if offset == 0 && p.utc {
		return "Z"
	}
	f := p.format
	if f == nil {
		throw(failure{code: "D3134"})
	}
	var s string
	switch {
	case f.regular > 0:
		s = f.format(x, offset)
	case f.mandatory == 1 || f.mandatory == 2:
		s = f.format(x, z.hours)
		if z.minutes != 0 {
			s += ":" + x.formatInteger(z.minutes, "00")
		}
	case f.mandatory == 3 || f.mandatory == 4:
		s = f.format(x, offset)
	default:
		throw(failure{code: "D3134", value: number(float64(f.mandatory))})
	}
	if offset >= 0 {
		s = "+" + s
	}
	if p.component == 'z' {
		s = "GMT" + s
	}
	return s
}
