package value

import "time"

// AsTimestamp returns the time that a string is: RFC 3339 with an upper-case T, and Z or an offset (docs/rules.md R100); ok is
// false if v is none.
func (v Value) AsTimestamp() (t time.Time, ok bool) {
	if v.Kind() != StringKind || !isTimestamp(v.node.text) {
		return time.Time{}, false
	}
	t, err := time.Parse(time.RFC3339Nano, v.node.text)
	return t, err == nil
}

// isTimestamp looks at the form alone, for [time.Parse] also takes commas, single digits and offsets of more than a day.
func isTimestamp(s string) bool {
	const seconds, zone = "0000-00-00T00:00:00", "00:00"
	if len(s) <= len(seconds) || !hasForm(s[:len(seconds)], seconds) {
		return false
	}
	rest := s[len(seconds):]
	if rest[0] == '.' {
		digits := 1
		for digits < len(rest) && isDigit(rest[digits]) {
			digits++
		}
		if digits == 1 {
			return false
		}
		rest = rest[digits:]
	}
	if rest == "Z" {
		return true
	}
	return len(rest) == 1+len(zone) && (rest[0] == '+' || rest[0] == '-') && hasForm(rest[1:], zone) &&
		rest[1:3] <= "23" && rest[4:] <= "59"
}

// hasForm reports whether s is like a form, in which 0 stands for any digit.
func hasForm(s, form string) bool {
	if len(s) != len(form) {
		return false
	}
	for i := range len(form) {
		if form[i] == '0' && !isDigit(s[i]) || form[i] != '0' && s[i] != form[i] {
			return false
		}
	}
	return true
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
