package jsonata

import (
	"math"
	"regexp"
	"strconv"
	"strings"
)

func defineNumbers(l *library) {
	l.define("number", "<(nsb)-:n>", 1, ifGiven(toNumber))
	l.define("floor", "<n-:n>", 1, ofNumber(math.Floor))
	l.define("ceil", "<n-:n>", 1, ofNumber(math.Ceil))
	l.define("abs", "<n-:n>", 1, ofNumber(math.Abs))
	l.define("round", "<n-n?:n>", 2, ifGiven(func(_ *evaluation, args arguments) item {
		if places := args.at(1).number; places != math.Trunc(places) {
			return number(math.NaN()) // the reference reads a number with such an exponent
		}
		return number(roundTo(args.at(0).number, decimals(args.at(1).number)))
	}))
	l.define("sqrt", "<n-:n>", 1, ifGiven(func(_ *evaluation, args arguments) item {
		if args.at(0).number < 0 {
			throw(failure{code: "D3060", value: args.at(0), index: 1})
		}
		return number(math.Sqrt(args.at(0).number))
	}))
	l.define("power", "<n-n:n>", 2, ifGiven(power))
	l.define("formatNumber", "<n-so?:s>", 3, ifGiven(formatNumber))
	l.define("formatBase", "<n-n?:s>", 2, ifGiven(formatBase))
	l.define("formatInteger", "<n-s:s>", 2, ifGiven(func(x *evaluation, args arguments) item {
		return text(x.formatInteger(math.Floor(args.at(0).number), args.at(1).text()))
	}))
	l.define("parseInteger", "<s-s:n>", 2, ifGiven(func(x *evaluation, args arguments) item {
		return number(x.parseInteger(args.at(0).text(), args.at(1).text()))
	}))
}

func ofNumber(compute func(float64) float64) nativeFunc {
	return ifGiven(func(_ *evaluation, args arguments) item { return number(compute(args.at(0).number)) })
}

// decimals is a number of decimals that is safe to compute with.
func decimals(f float64) int { return int(max(-1000, min(f, 1000))) }

var (
	decimalNumber = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?([Ee][-+]?[0-9]+)?$`)
	// Anchored as in the reference: only at one end each.
	prefixedNumber = regexp.MustCompile(`^(0[xX][0-9A-Fa-f]+)|(0[oO][0-7]+)|(0[bB][0-1]+)$`)
)

func toNumber(_ *evaluation, args arguments) item {
	v := args.at(0)
	switch v.kind {
	case numberKind:
		return v
	case boolKind:
		return number(v.number)
	case stringKind:
		s := v.text()
		if decimalNumber.MatchString(s) {
			if f, _ := strconv.ParseFloat(s, 64); !math.IsInf(f, 0) {
				return number(f)
			}
		} else if prefixedNumber.MatchString(s) {
			return number(prefixed(strings.TrimSpace(s)))
		}
	}
	throw(failure{code: "D3030", value: v, index: 1})
	return undefined
}

// prefixed is a number in hexadecimal, octal or binary; NaN if it is none.
func prefixed(s string) float64 {
	if len(s) < 3 || s[0] != '0' || strings.Contains(s, "_") {
		return math.NaN()
	}
	base, ok := map[byte]float64{'x': 16, 'o': 8, 'b': 2}[s[1]|0x20]
	f := 0.0
	for _, c := range s[2:] {
		digit, err := strconv.ParseUint(string(c), 36, 8)
		if !ok || err != nil || float64(digit) >= base {
			return math.NaN()
		}
		f = f*base + float64(digit)
	}
	return f
}

func power(_ *evaluation, args arguments) item {
	base, exponent := args.at(0).number, args.at(1).number
	f := math.Pow(base, exponent)
	if args.at(1).kind == undefinedKind || math.Abs(base) == 1 && math.IsInf(exponent, 0) {
		f = math.NaN()
	}
	if math.IsNaN(f) || math.IsInf(f, 0) {
		throw(failure{code: "D3061", value: args.at(0), value2: args.at(1), index: 1})
	}
	return number(f)
}

func formatBase(_ *evaluation, args arguments) item {
	f, radix := roundTo(args.at(0).number, 0), 10.0
	if args.at(1).kind != undefinedKind {
		radix = roundTo(args.at(1).number, 0)
	}
	if !(radix >= 2 && radix <= 36) {
		throw(failure{code: "D3100", value: number(radix)})
	}
	if radix == 10 || math.IsNaN(f) || math.IsInf(f, 0) {
		return text(formatFloat(f))
	}
	return text(inBase(f, radix))
}

// inBase writes a whole number as ECMAScript does: beyond what a double holds exactly with zeros.
func inBase(f, radix float64) string {
	zeros := 0
	a := math.Abs(f)
	for a >= 1<<53 {
		a /= radix
		zeros++
	}
	digits := ""
	for first := true; first || a > 0; first = false {
		rest := math.Mod(a, radix)
		digits = strconv.FormatInt(int64(rest), int(radix)) + digits
		a = math.Trunc((a - rest) / radix)
	}
	if f < 0 {
		digits = "-" + digits
	}
	return digits + strings.Repeat("0", zeros)
}

func randomNumber(x *evaluation, _ arguments) item { return number(x.random("random").Float64()) }
