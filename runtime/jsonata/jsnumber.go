package jsonata

import (
	"math"
	"strconv"
	"strings"
)

// formatFloat writes a number as ECMAScript does.
func formatFloat(f float64) string {
	switch {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	case f == 0:
		return "0"
	}
	if a := math.Abs(f); a >= 1e-6 && a < 1e21 {
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'e', -1, 64), "e")
	return mantissa + "e" + exponent[:1] + strings.TrimLeft(exponent[1:], "0")
}

// round15 rounds to 15 significant digits; of two that are as near, to the one away from zero, as toPrecision does.
func round15(f float64) float64 {
	if f == math.Trunc(f) && math.Abs(f) < 1e15 || math.IsNaN(f) || math.IsInf(f, 0) {
		return f
	}
	s := strconv.FormatFloat(f, 'e', 14, 64)
	if sixteen := strconv.FormatFloat(f, 'e', 15, 64); strings.Contains(sixteen, "5e") && isHalf(f) {
		s = awayFromZero(f, sixteen)
	}
	rounded, _ := strconv.ParseFloat(s, 64)
	return rounded
}

// isHalf reports whether f lies exactly between two numbers of 15 digits.
func isHalf(f float64) bool {
	const exact = 770 // digits enough for every double
	digits, _, _ := strings.Cut(strconv.FormatFloat(math.Abs(f), 'e', exact, 64), "e")
	return strings.Trim(digits[16:], "0") == "5" && digits[16] == '5'
}

// awayFromZero rounds digits with a 5 in the last place, which is the 16th, up.
func awayFromZero(f float64, sixteen string) string {
	mantissa, exponent, _ := strings.Cut(sixteen, "e")
	digits := strings.Replace(strings.TrimPrefix(mantissa, "-"), ".", "", 1)
	n, _ := strconv.ParseUint(digits[:15], 10, 64)
	power, _ := strconv.Atoi(exponent)
	rounded := strconv.FormatUint(n+1, 10) + "e" + strconv.Itoa(power-14)
	if f < 0 {
		return "-" + rounded
	}
	return rounded
}

// roundHalfUp is Math.round: of two that are as near the greater.
func roundHalfUp(f float64) float64 {
	down := math.Floor(f)
	if f-down >= 0.5 {
		return down + 1
	}
	return down
}

// roundTo rounds to a number of decimals, which may be negative; of two that are as near, to the even one.
func roundTo(f float64, decimals int) float64 {
	f = shift(f, decimals)
	rounded := roundHalfUp(f)
	if math.Abs(rounded-f) == 0.5 && math.Abs(math.Mod(rounded, 2)) == 1 {
		rounded--
	}
	if rounded = shift(rounded, -decimals); rounded == 0 {
		return 0 // not -0
	}
	return rounded
}

// shift multiplies by a power of ten without the error of a multiplication: the point moves in the decimal form.
func shift(f float64, places int) float64 {
	if places == 0 || f == 0 || math.IsNaN(f) || math.IsInf(f, 0) {
		return f
	}
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'e', -1, 64), "e")
	power, _ := strconv.Atoi(exponent)
	shifted, _ := strconv.ParseFloat(mantissa+"e"+strconv.Itoa(power+places), 64)
	return shifted
}
