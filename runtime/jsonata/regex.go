package jsonata

import (
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/dlclark/regexp2/v2"
)

// regex is a regular expression of ECMAScript. It is matched against UTF-16 units, as there without the flag u: a
// character beyond U+FFFF counts as two.
type regex struct {
	pattern string
	re      *regexp2.Regexp
}

const (
	// matchTime bounds a single match. Steps within the library cannot be counted.
	matchTime = time.Second
	// maxPattern is the longest pattern in bytes.
	maxPattern = 16 << 10
)

func compileRegex(pattern, flags string) (*regex, error) {
	if len(pattern) > maxPattern {
		return nil, errors.New("the pattern is too long")
	}
	options := regexp2.ECMAScript
	for i, flag := range flags {
		option := map[rune]regexp2.RegexOptions{'i': regexp2.IgnoreCase, 'm': regexp2.Multiline}[flag]
		if options&option != 0 {
			return nil, fmt.Errorf("flag %q is given twice", flags[i])
		}
		options |= option
	}
	re, err := regexp2.Compile(unitPattern(pattern), options)
	if err != nil {
		return nil, err
	}
	re.MatchTimeout = matchTime
	return &regex{pattern, re}, nil
}

// unitPattern writes what is not one UTF-16 unit as escapes.
func unitPattern(pattern string) string {
	var out []byte
	for rest := pattern; len(rest) > 0; {
		r, n := decode(rest)
		if r > 0xFFFF || r >= 0xD800 && r <= 0xDFFF {
			for _, u := range appendUnits(nil, r) {
				out = fmt.Appendf(out, `\u%04X`, u)
			}
		} else {
			out = utf8.AppendRune(out, r)
		}
		rest = rest[n:]
	}
	return string(out)
}

// found is a match. Positions are in UTF-16 units.
type found struct {
	text       string
	start, end int
	groups     []item // undefined for a group that took no part
}

// subject is a string that is matched: as it is, and in UTF-16 units.
type subject struct {
	text  string
	units []rune
	ascii bool
}

func subjectOf(s string) *subject {
	t := &subject{text: s, ascii: isASCII(s)}
	if t.ascii {
		t.units = []rune(s)
		return t
	}
	for _, u := range units(s) {
		t.units = append(t.units, rune(u))
	}
	return t
}

// slice is the string from one unit to before another.
func (t *subject) slice(start, end int) string {
	if t.ascii {
		return t.text[start:end]
	}
	u := make([]uint16, 0, end-start)
	for _, r := range t.units[start:end] {
		u = append(u, uint16(r))
	}
	return fromUnits(u)
}

// find is the first match at or after a position.
func (re *regex) find(x *evaluation, t *subject, from int) (found, bool) {
	x.use(1 + len(t.units) - from)
	start := time.Now()
	m, err := re.re.FindRunesMatchStartingAt(t.units, from)
	if x.regexTime -= time.Since(start); err != nil || x.regexTime < 0 {
		panic(&stop{ErrTimeout})
	}
	if m == nil {
		return found{}, false
	}
	f := found{start: m.RuneIndex, end: m.RuneIndex + m.RuneLength}
	f.text = t.slice(f.start, f.end)
	groups := m.Groups()
	x.allocate(len(groups))
	for i := 1; i < len(groups); i++ {
		g := &groups[i]
		if len(g.Captures) == 0 {
			f.groups = append(f.groups, undefined)
		} else {
			f.groups = append(f.groups, text(t.slice(g.RuneIndex, g.RuneIndex+g.RuneLength)))
		}
	}
	return f, true
}

// next is the match after one. One that is empty is a failure: the search would not move.
func (re *regex) next(x *evaluation, t *subject, after found) (found, bool) {
	if after.end >= len(t.units) {
		return found{}, false
	}
	f, ok := re.find(x, t, after.end)
	if ok && f.text == "" {
		throw(failure{code: "D1004", value: text(re.pattern)})
	}
	return f, ok
}

// regex compiles a literal: a function from a string to its first match.
func (c *compiler) regex(n *node) evalFunc {
	re := n.regex
	f := (&function{arity: 2, plain: true, regex: re, native: func(x *evaluation, args arguments) item {
		if args.at(0).kind() != stringKind {
			return undefined
		}
		t := subjectOf(args.at(0).text())
		first, ok := re.find(x, t, 0)
		return re.matchItem(x, t, first, ok)
	}}).item()
	return constant(f)
}

// matchItem is a match as an expression sees it: with a function that gives the next one.
func (re *regex) matchItem(x *evaluation, t *subject, f found, ok bool) item {
	if !ok {
		return undefined
	}
	x.allocate(10)
	next := &function{plain: true, native: func(x *evaluation, _ arguments) item {
		following, ok := re.next(x, t, f)
		return re.matchItem(x, t, following, ok)
	}}
	o := newObject(5)
	o.set("match", text(f.text))
	o.set("start", number(float64(f.start)))
	o.set("end", number(float64(f.end)))
	o.set("groups", arrayOf(f.groups))
	o.set("next", next.item())
	return o.object()
}

// matches goes through the matches of a pattern in a string: of a regular expression, or of a function that the
// expression gives, which must return what a regular expression would.
func (x *evaluation) matches(pattern item, t *subject, visit func(found) bool) {
	if f := pattern.function(); f != nil && f.regex != nil {
		m, ok := f.regex.find(x, t, 0)
		for ok && visit(m) {
			m, ok = f.regex.next(x, t, m)
		}
		return
	}
	result := x.callBack(pattern, text(t.text))
	for result.kind() != undefinedKind && result.kind() != nullKind && visit(x.customMatch(result, t)) {
		result = x.callBack(result.get("next"))
	}
}

// customMatch is a match of a function of the expression.
func (x *evaluation) customMatch(v item, t *subject) found {
	start, groups := undefined, undefined
	if v.kind() == objectKind {
		start, groups = v.get("start"), v.get("groups")
	}
	if start.kind() != numberKind && groups.kind() != arrayKind && (v.kind() != objectKind || v.get("next").kind() != functionKind) {
		throwCode("T1010")
	}
	position := func(v item) int { return int(max(0, min(v.number, float64(len(t.units))))) }
	f := found{start: position(start), end: position(v.get("end")), text: v.get("match").text()}
	if groups.kind() == arrayKind {
		f.groups = groups.elements()
	}
	return f
}
