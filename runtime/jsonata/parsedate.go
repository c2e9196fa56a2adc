package jsonata

import (
	"math"
	"regexp"
	"strings"
	"unicode/utf8"
)

// pattern is the regular expression for a part of a date.
func (p *datePart) pattern() string {
	switch {
	case p.component == 0:
		return regexp.QuoteMeta(p.literal)
	case p.component == 'Z' || p.component == 'z':
		s := "[-+][0-9]+"
		if p.component == 'z' {
			s = "GMT" + s
		}
		if p.format != nil && p.format.regular > 0 {
			s += regexp.QuoteMeta(string(p.format.separators[0].character)) + "[0-9]+"
		}
		return s
	case p.format != nil:
		return p.format.pattern(p.digits)
	case strings.ContainsRune("MxFP", p.component):
		return "[a-zA-Z]+"
	}
	throw(failure{code: "D3133", value: text(string(p.component))})
	return ""
}

func (p *integerPicture) pattern(digits int) string {
	switch p.style {
	case letterStyle:
		return "[a-zA-Z]+"
	case romanStyle:
		return "[mdclxviMDCLXVI]+"
	case wordStyle:
		return wordPattern
	case sequenceStyle:
		throw(failure{code: "D3130", value: text(p.token)})
	}
	s := "[0-9]+"
	if digits > 0 {
		s = "[0-9]{" + formatFloat(float64(digits-p.optional)) + "," + formatFloat(float64(digits)) + "}"
	}
	if p.ordinal {
		s += "(?:th|st|nd|rd)"
	}
	return s
}

// read is the value of a component of a date; NaN if it has none.
func (p *datePart) read(s string) float64 {
	switch {
	case p.component == 'Z' || p.component == 'z':
		return p.readZone(s)
	case p.format != nil:
		return p.format.parse(s)
	}
	names := dayNames
	switch p.component {
	case 'M', 'x':
		names = monthNames
	case 'P':
		switch s {
		case "am", "AM":
			return 0
		case "pm", "PM":
			return 1
		}
		return math.NaN()
	}
	for i, name := range names {
		if p.most > 0 {
			name = name[:min(len(name), int(min(p.most, maxWidth)))]
		}
		if s == name {
			return float64(i + 1)
		}
	}
	return math.NaN()
}

// readZone is the offset in minutes. The minutes count forward whatever the sign, as in the reference.
func (p *datePart) readZone(s string) float64 {
	if p.component == 'z' {
		s = s[3:]
	}
	if p.format != nil && p.format.regular > 0 {
		hours, minutes, _ := strings.Cut(s, string(p.format.separators[0].character))
		return parseInt(hours)*60 + parseInt(minutes)
	}
	if len(s) <= 3 {
		return parseInt(s) * 60
	}
	return parseInt(s[:3])*60 + parseInt(s[3:])
}

// components are the values of a date's components.
type components map[rune]float64

// mask has a bit for each of the components, the last one lowest, that is there and not zero.
func (c components) mask(specifiers string) int {
	mask := 0
	for _, s := range specifiers {
		mask <<= 1
		if v := c[s]; v != 0 && !math.IsNaN(v) {
			mask |= 1
		}
	}
	return mask
}

// within reports whether some of the bits are set, and no others.
func within(mask, bits int) bool { return mask&^bits == 0 && mask&bits != 0 }

// parseDate reads a time as a picture says; undefined if it does not look like that.
func (x *evaluation) parseDate(s, picture string) item {
	x.use(len(s) + 16*len(picture))
	parts := parseDatePicture(picture)
	full := "(?is)^"
	for i := range parts {
		full += "(" + parts[i].pattern() + ")"
	}
	x.produce(64 * len(full))
	re, err := regexp.Compile(full + "$")
	if err != nil || !utf8.ValidString(s) {
		return undefined
	}
	x.use(len(s) * len(parts))
	match := re.FindStringSubmatch(s)
	if match == nil {
		return undefined
	}
	c := components{}
	any := false
	for i := range parts {
		if parts[i].component == 0 {
			continue
		}
		any = true
		if v := parts[i].read(match[i+1]); !math.IsNaN(v) {
			c[parts[i].component] = v
		} else {
			delete(c, parts[i].component)
		}
	}
	if !any {
		return undefined
	}
	return number(c.time(x))
}

// The components that say a day or a time of day together, as bits of YXMxWwdD and of PHhmsf.
const (
	byMonth, byDay, byMonthWeek, byWeek = 0b10100001, 0b10000010, 0b01010100, 0b01001000
	byHours, byHalves                   = 0b010111, 0b101111
)

// order is which components are to be completed, from the largest to the smallest; halves is set if hours are those of
// half a day.
func (c components) order() (specifiers string, halves bool) {
	date, clock := c.mask("YXMxWwdD"), c.mask("PHhmsf")
	switch {
	case within(date, byDay) && !within(date, byMonth):
		specifiers = "YD"
	case within(date, byMonthWeek):
		specifiers = "XxwF"
	case within(date, byWeek):
		specifiers = "XWF"
	default:
		specifiers = "YMD"
	}
	if within(clock, byHalves) && !within(clock, byHours) {
		return specifiers + "Phmsf", true
	}
	return specifiers + "Hmsf", false
}

// time is the time that the components mean. What is left out before the first of them is of today, what is left out
// after the last is the least; nothing may be left out in between. Dates by ISO weeks cannot be read.
func (c components) time(x *evaluation) float64 {
	order, halves := c.order()
	c.complete(x, order)
	month, day := max(c['M'], 1), c['D']
	if order[0] == 'X' {
		throwCode("D3136")
	}
	if order[1] == 'D' {
		month, day = 1, c['d']
		if _, ok := c['d']; !ok {
			day = math.NaN()
		}
	}
	hour := c['H']
	if halves {
		if hour = c['h']; hour == 12 {
			hour = 0
		}
		if c['P'] == 1 {
			hour += 12
		}
	}
	millis := dateUTC(c['Y'], month, day, hour, c['m'], c['s'], c['f'])
	offset := c['Z']
	if offset == 0 {
		offset = c['z']
	}
	return millis - offset*60*1000
}

func (c components) complete(x *evaluation, order string) {
	started, ended := false, false
	for _, s := range order {
		_, given := c[s]
		switch {
		case given && ended:
			throwCode("D3136")
		case given:
			started = true
		case started:
			c[s] = 0
			if strings.ContainsRune("MDd", s) {
				c[s] = 1
			}
			ended = true
		default:
			c[s] = momentOf(x.timestamp("toMillis").UnixMilli()).component(s)
		}
	}
}

var (
	isoLike = regexp.MustCompile(`^\d{4}(-[01]\d)*(-[0-3]\d)*(T[0-2]\d:[0-5]\d:[0-5]\d)*(\.\d+)?([+-][0-2]\d:?[0-5]\d|Z)?$`)
	isoTime = regexp.MustCompile(
		`^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?:T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?)?(?:([+-])(\d\d):?(\d\d)|Z)?$`)
)

// parseISO reads an ISO 8601 timestamp, in UTC if it names no zone; NaN if there is no such time.
func parseISO(s string) float64 {
	match := isoTime.FindStringSubmatch(s)
	if match == nil {
		return math.NaN()
	}
	part := func(i int, byDefault float64) float64 {
		if match[i] == "" {
			return byDefault
		}
		return parseInt(match[i])
	}
	month, day := part(2, 1), part(3, 1)
	hour, minute, second := part(4, 0), part(5, 0), part(6, 0)
	milli := parseInt((match[7] + "000")[:3])
	if month < 1 || month > 12 || day < 1 || day > 31 || hour > 24 || hour == 24 && minute+second+milli > 0 {
		return math.NaN()
	}
	year := part(1, 0)
	days := float64(dayOf(int64(year), int64(month), int64(day)))
	millis := days*millisPerDay + ((hour*60+minute)*60+second)*1000 + milli
	offset := (part(9, 0)*60 + part(10, 0)) * 60 * 1000
	if match[8] == "-" {
		return millis + offset
	}
	return millis - offset
}
