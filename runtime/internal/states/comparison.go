package states

import (
	"strings"
	"time"
	"unicode/utf16"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// family is what an operator compares.
type family uint8

const (
	stringsFamily family = iota
	patterns
	numbers
	booleans
	timestamps
	kinds
	presence
)

// test is an operator, taken apart.
type test struct {
	family family
	order  func(c int) bool       // of strings, numbers and timestamps
	is     func(value.Value) bool // of kinds
}

var orders = map[string]func(c int) bool{
	"Equals":            func(c int) bool { return c == 0 },
	"LessThan":          func(c int) bool { return c < 0 },
	"GreaterThan":       func(c int) bool { return c > 0 },
	"LessThanEquals":    func(c int) bool { return c <= 0 },
	"GreaterThanEquals": func(c int) bool { return c >= 0 },
}

var families = map[string]family{"String": stringsFamily, "Numeric": numbers, "Timestamp": timestamps, "Boolean": booleans}

var kindTests = map[Operator]func(value.Value) bool{
	"IsNull":      value.Value.IsNull,
	"IsNumeric":   func(v value.Value) bool { return v.Kind() == value.NumberKind },
	"IsString":    func(v value.Value) bool { return v.Kind() == value.StringKind },
	"IsBoolean":   func(v value.Value) bool { return v.Kind() == value.BoolKind },
	"IsTimestamp": func(v value.Value) bool { _, ok := v.AsTimestamp(); return ok },
}

func testOf(operator Operator) (test, bool) {
	switch operator {
	case "IsPresent":
		return test{family: presence}, true
	case "StringMatches":
		return test{family: patterns}, true
	}
	if is, ok := kindTests[operator]; ok {
		return test{family: kinds, is: is}, true
	}
	name := strings.TrimSuffix(string(operator), "Path")
	for prefix, family := range families {
		if order, ok := orders[strings.TrimPrefix(name, prefix)]; ok && strings.HasPrefix(name, prefix) {
			return test{family: family, order: order}, family != booleans || strings.HasSuffix(name, "nEquals")
		}
	}
	return test{}, false
}

// holds compares; values that are not of the operator's kind never compare (R95).
func (t test) holds(v, operand value.Value, at time.Time) bool {
	switch t.family {
	case kinds:
		want, _ := operand.AsBool()
		return t.is(v) == want
	case booleans:
		return v.Kind() == value.BoolKind && v.Equal(operand)
	case patterns:
		s, ok := v.AsString()
		pattern, _ := operand.AsString()
		return ok && stringMatches(s, pattern)
	case numbers:
		a, ok := v.AsFloat()
		b, also := operand.AsFloat()
		return ok && also && t.order(order(a, b))
	case timestamps:
		a, ok := v.AsTimestamp()
		if also := true; at.IsZero() {
			at, also = operand.AsTimestamp()
			ok = ok && also
		}
		return ok && t.order(a.Compare(at))
	}
	a, ok := v.AsString()
	b, also := operand.AsString()
	return ok && also && t.order(compareStrings(a, b))
}

func order(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// compareStrings compares as Java does, by UTF-16 code units (R98). Only characters from U+10000 on make that differ from
// the order of the bytes.
func compareStrings(a, b string) int {
	for i := 0; i < len(a) && i < len(b); i++ {
		if a[i] != b[i] {
			if a[i] < 0xE0 || b[i] < 0xE0 {
				return int(a[i]) - int(b[i])
			}
			return compareUnits(utf16.Encode([]rune(a)), utf16.Encode([]rune(b)))
		}
	}
	return len(a) - len(b)
}

func compareUnits(a, b []uint16) int {
	for i := 0; i < len(a) && i < len(b); i++ {
		if a[i] != b[i] {
			return int(a[i]) - int(b[i])
		}
	}
	return len(a) - len(b)
}

// stringMatches matches a pattern in which * stands for any characters, and \* and \\ for themselves (R101). It goes back
// only to the newest *, so its time is at most the product of the lengths.
func stringMatches(s, pattern string) bool {
	star, from := -1, 0
	i, j := 0, 0
	for i < len(s) {
		switch literal, width := patternByte(pattern, j); {
		case width > 0 && literal == '*' && width == 1:
			star, from = j, i
			j++
		case width > 0 && literal == s[i]:
			i, j = i+1, j+width
		case star >= 0:
			from++
			i, j = from, star+1
		default:
			return false
		}
	}
	for j < len(pattern) && pattern[j] == '*' {
		j++
	}
	return j == len(pattern)
}

// patternByte returns the next byte of a pattern and how many bytes it is written with, 0 at the end.
func patternByte(pattern string, j int) (literal byte, width int) {
	if j >= len(pattern) {
		return 0, 0
	}
	if pattern[j] == '\\' && j+1 < len(pattern) {
		return pattern[j+1], 2
	}
	return pattern[j], 1
}
