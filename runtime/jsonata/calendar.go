package jsonata

import "math"

const (
	millisPerDay  = 24 * 60 * 60 * 1000
	millisPerWeek = 7 * millisPerDay
	maxMillis     = 8.64e15 // the last time of ECMAScript
)

// moment is a time in UTC, taken apart.
type moment struct {
	millis           int64
	year, month, day int // the month from 1
	weekday          int // Monday is 1, Sunday 7
	ofDay            int // milliseconds since midnight
}

func momentOf(millis int64) moment {
	days := floorDiv(millis, millisPerDay)
	m := moment{millis: millis, ofDay: int(millis - days*millisPerDay)}
	m.year, m.month, m.day = civil(days)
	m.weekday = int((days%7+7+3)%7) + 1 // 1970 began on a Thursday
	return m
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// civil is the date of a day, counted from 1970. The years of the computation begin in March, so that leap days are last.
func civil(days int64) (year, month, day int) {
	const daysPerEra = 146097 // 400 years
	days += 719468
	era := floorDiv(days, daysPerEra)
	ofEra := days - era*daysPerEra
	yearOfEra := (ofEra - ofEra/1460 + ofEra/36524 - ofEra/146096) / 365
	ofYear := ofEra - (365*yearOfEra + yearOfEra/4 - yearOfEra/100)
	shifted := (5*ofYear + 2) / 153
	day = int(ofYear-(153*shifted+2)/5) + 1
	month = int(shifted+2)%12 + 1
	year = int(yearOfEra + era*400)
	if month <= 2 {
		year++
	}
	return year, month, day
}

// dayOf is the day of a date, counted from 1970. Months, counted from 1, and days may go beyond their ends.
func dayOf(year, month, day int64) int64 {
	year += floorDiv(month-1, 12)
	month -= floorDiv(month-1, 12) * 12
	if month <= 2 {
		year--
	}
	era := floorDiv(year, 400)
	yearOfEra := year - era*400
	ofYear := (153*((month+9)%12)+2)/5 + day - 1
	return era*146097 + yearOfEra*365 + yearOfEra/4 - yearOfEra/100 + ofYear - 719468
}

// dateUTC is Date.UTC: NaN if a part is, or the time is out of range. Years below 100 are of the twentieth century.
func dateUTC(year, month, day, hour, minute, second, milli float64) float64 {
	sum := year + month + day + hour + minute + second + milli
	if math.IsNaN(sum) || math.Abs(sum) > 1e9 {
		return math.NaN()
	}
	if year >= 0 && year <= 99 {
		year += 1900
	}
	days := float64(dayOf(int64(year), int64(month), int64(day)))
	millis := days*millisPerDay + ((hour*60+minute)*60+second)*1000 + milli
	if math.Abs(millis) > maxMillis {
		return math.NaN()
	}
	return millis
}

// firstWeek is when the first ISO week of a year, or of a month, begins: the one that has its first Thursday.
func firstWeek(year, month int) int64 {
	first := momentOf(dayOf(int64(year), int64(month), 1) * millisPerDay)
	if first.weekday > 4 {
		return first.millis + int64(8-first.weekday)*millisPerDay
	}
	return first.millis - int64(first.weekday-1)*millisPerDay
}

func weeksBetween(start, day int64) float64 {
	return float64(day-start)/millisPerWeek + 1
}

// week is the number of the ISO week in the year or in the month.
func (m moment) week(ofMonth bool) float64 {
	year, month, step, most := m.year, 1, 12, 52.0
	if ofMonth {
		month, step, most = m.month, 1, 4
	}
	today := m.millis - int64(m.ofDay)
	week := weeksBetween(firstWeek(year, month), today)
	switch {
	case week > most && today >= firstWeek(year, month+step):
		week = 1
	case week < 1:
		week = weeksBetween(firstWeek(year, month-step), today)
	}
	return math.Floor(week)
}

// weekYear is the year, and weekMonth the month, that the ISO week belongs to.
func (m moment) weekYear() int {
	switch {
	case m.millis < firstWeek(m.year, 1):
		return m.year - 1
	case m.millis >= firstWeek(m.year+1, 1):
		return m.year + 1
	}
	return m.year
}

func (m moment) weekMonth() int {
	switch {
	case m.millis < firstWeek(m.year, m.month):
		return (m.month+10)%12 + 1
	case m.millis >= firstWeek(m.year, m.month+1):
		return m.month%12 + 1
	}
	return m.month
}

// component is the value of a component specifier of a picture; NaN for those that have none.
func (m moment) component(specifier rune) float64 {
	switch specifier {
	case 'Y':
		return float64(m.year)
	case 'M':
		return float64(m.month)
	case 'D':
		return float64(m.day)
	case 'd':
		return float64(dayOf(int64(m.year), int64(m.month), int64(m.day)) - dayOf(int64(m.year), 1, 1) + 1)
	case 'F':
		return float64(m.weekday)
	case 'W':
		return m.week(false)
	case 'w':
		return m.week(true)
	case 'X':
		return float64(m.weekYear())
	case 'x':
		return float64(m.weekMonth())
	}
	return m.clock(specifier)
}

func (m moment) clock(specifier rune) float64 {
	hour := m.ofDay / 3_600_000
	switch specifier {
	case 'H':
		return float64(hour)
	case 'h':
		return float64((hour+11)%12 + 1)
	case 'm':
		return float64(m.ofDay / 60_000 % 60)
	case 's':
		return float64(m.ofDay / 1000 % 60)
	case 'f':
		return float64(m.ofDay % 1000)
	}
	return math.NaN()
}
