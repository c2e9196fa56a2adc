package jsonata

import (
	"errors"
	"fmt"

	"github.com/r-seed-632eed22/aslgen/runtime/jsonata/internal/regexp"
)

// regex is a regular expression of ECMAScript. It is matched against UTF-16 units, as there without the flag u: a
// character beyond U+FFFF counts as two.
type regex struct {
	pattern string
	re      *regexp.Regexp
}

const (
	// maxPattern is the longest pattern in bytes.
	maxPattern = 16 << 10
	// regexSteps is how many steps of a match, which are small, count for one of the evaluation.
	regexSteps = 10
	// regexMemory is the most that a match may take to remember what is still to be tried, in bytes.
	regexMemory = 64 << 20
)

func compileRegex(pattern, flags string) (*regex, error) {
	if len(pattern) > maxPattern {
		return nil, errors.New("the pattern is too long")
	}
	var f regexp.Flags
	for i, flag := range flags {
		given := &f.IgnoreCase
		if flag == 'm' {
			given = &f.Multiline
		}
		if *given {
			return nil, fmt.Errorf("flag %q is given twice", flags[i])
		}
		*given = true
	}
	re, err := regexp.Compile(units(pattern), f)
	if err != nil {
		return nil, err
	}
	return &regex{pattern, re}, nil
}

// regexFault is the part of a regular expression that is wrong.
func regexFault(t token, err error) (from, to int) {
	var e *regexp.SyntaxError
	if !errors.As(err, &e) {
		return t.offset, t.end
	}
	pattern := units(t.text)
	at := min(e.Offset, len(pattern))
	from = t.offset + len("/") + len(fromUnits(pattern[:at]))
	if at == len(pattern) {
		return from, from + len("/")
	}
	_, size := decode(fromUnits(pattern[at:]))
	return from, from + size
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
	units []uint16
	ascii bool
}

func subjectOf(s string) *subject { return &subject{text: s, units: units(s), ascii: isASCII(s)} }

// slice is the string from one unit to before another.
func (t *subject) slice(start, end int) string {
	if t.ascii {
		return t.text[start:end]
	}
	return fromUnits(t.units[start:end])
}

// find is the first match at or after a position.
func (re *regex) find(x *evaluation, t *subject, from int) (found, bool) {
	x.use(1)
	if x.machine == nil {
		x.machine = &regexp.Machine{}
	}
	m := x.machine
	m.Steps, m.Memory = regexSteps*x.steps, min(x.memory, regexMemory)
	positions, err := re.re.Match(m, t.units, from)
	switch {
	case errors.Is(err, regexp.ErrSteps):
		panic(&stop{ErrTimeout})
	case err != nil:
		panic(&stop{ErrMemory})
	}
	x.steps = m.Steps / regexSteps
	if positions == nil {
		return found{}, false
	}
	f := found{start: int(positions[0]), end: int(positions[1])}
	f.text = t.slice(f.start, f.end)
	x.allocate(3 * (re.re.Groups() + 1)) // with their texts
	for i := 2; i < len(positions); i += 2 {
		group := undefined
		if positions[i] >= 0 {
			group = text(t.slice(int(positions[i]), int(positions[i+1])))
		}
		f.groups = append(f.groups, group)
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
		if args.at(0).kind != stringKind {
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
	x.allocate(5*memberItems + 4*madeItems)
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
	for result.kind != undefinedKind && result.kind != nullKind && visit(x.customMatch(result, t)) {
		result = x.callBack(result.get("next"))
	}
}

// customMatch is a match of a function of the expression.
func (x *evaluation) customMatch(v item, t *subject) found {
	start, groups := undefined, undefined
	if v.kind == objectKind {
		start, groups = v.get("start"), v.get("groups")
	}
	if start.kind != numberKind && groups.kind != arrayKind && (v.kind != objectKind || v.get("next").kind != functionKind) {
		throwCode("T1010")
	}
	position := func(v item) int { return int(max(0, min(v.number, float64(len(t.units))))) }
	f := found{start: position(start), end: position(v.get("end")), text: v.get("match").text()}
	if groups.kind == arrayKind {
		f.groups = x.elements(groups)
	}
	return f
}
