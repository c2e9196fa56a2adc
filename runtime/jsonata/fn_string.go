package jsonata

import (
	"math"
	"slices"
	"strings"
)

func defineStrings(l *library) {
	l.define("string", "<x-b?:s>", 1, ifGiven(func(x *evaluation, args arguments) item {
		indent := 0
		if args.at(1).isTrue() {
			indent = 2
		}
		return text(x.stringOf(args.at(0), indent))
	}))
	l.define("substring", "<s-nn?:s>", 3, ifGiven(substring))
	l.define("substringBefore", "<s-s:s>", 2, ifGiven(func(x *evaluation, args arguments) item {
		before, _, ok := x.cut(args.at(0).text(), args.at(1).text())
		if !ok || args.at(1).kind == undefinedKind {
			return args.at(0)
		}
		return text(before)
	}))
	l.define("substringAfter", "<s-s:s>", 2, ifGiven(func(x *evaluation, args arguments) item {
		_, after, ok := x.cut(args.at(0).text(), args.at(1).text())
		if !ok || args.at(1).kind == undefinedKind {
			return args.at(0)
		}
		return text(after)
	}))
	l.define("lowercase", "<s-:s>", 1, ifGiven(func(x *evaluation, args arguments) item {
		x.work(args.at(0))
		return text(toLower(args.at(0).text()))
	}))
	l.define("uppercase", "<s-:s>", 1, ifGiven(func(x *evaluation, args arguments) item {
		x.work(args.at(0))
		return text(toUpper(args.at(0).text()))
	}))
	l.define("length", "<s-:n>", 1, ifGiven(func(x *evaluation, args arguments) item {
		x.work(args.at(0))
		return number(float64(countPoints(args.at(0).text())))
	}))
	l.define("trim", "<s-:s>", 1, ifGiven(func(x *evaluation, args arguments) item {
		x.work(args.at(0))
		x.produce(8 * len(args.at(0).text())) // for its words
		return text(trim(args.at(0).text()))
	}))
	l.define("pad", "<s-ns?:s>", 3, ifGiven(pad))
	l.define("join", "<a<s>s?:s>", 2, ifGiven(joinStrings))
}

// work counts what going through a string costs.
func (x *evaluation) work(v item) {
	n := len(v.text())
	x.use(n / 16)
	x.produce(n + textBytes)
}

func substring(x *evaluation, args arguments) item {
	s := args.at(0).text()
	x.work(args.at(0))
	var runes []rune
	n := len(s)
	ascii := isASCII(s)
	if !ascii {
		x.produce(4 * n)
		runes = points(s)
		n = len(runes)
	}
	start := args.at(1).number
	if args.at(1).kind == undefinedKind {
		start = math.NaN()
	}
	if float64(n)+start < 0 {
		start = 0
	}
	end := math.Inf(1)
	if length := args.at(2); length.kind != undefinedKind {
		if length.number <= 0 {
			return text("")
		}
		end = start + length.number
		if start < 0 {
			end += float64(n)
		}
	}
	from, to := sliceIndex(start, n), sliceIndex(end, n)
	switch {
	case from >= to:
		return text("")
	case ascii:
		return text(s[from:to])
	}
	return text(fromPoints(runes[from:to]))
}

// sliceIndex is an index as Array.slice takes it: cut to a whole number, from the end if negative, within 0 and n.
func sliceIndex(f float64, n int) int {
	if math.IsNaN(f) {
		return 0
	}
	f = math.Trunc(f)
	if f < 0 {
		f += float64(n)
	}
	return int(max(0, min(f, float64(n))))
}

// cut is strings.Cut for strings in which surrogates may stand alone: a half of a pair is found too.
func (x *evaluation) cut(s, separator string) (before, after string, ok bool) {
	i := strings.Index(s, separator)
	if i >= 0 {
		x.use(1 + i/16)
		return s[:i], s[i+len(separator):], true
	}
	x.use(1 + len(s)/16)
	if !hasSurrogate(separator) {
		return s, "", false
	}
	u, sub := units(s), units(separator)
	for i := 0; i+len(sub) <= len(u); i++ {
		if slices.Equal(u[i:i+len(sub)], sub) {
			return fromUnits(u[:i]), fromUnits(u[i+len(sub):]), true
		}
	}
	return s, "", false
}

func hasSurrogate(s string) bool {
	for i := range len(s) {
		if s[i] == surrogateLead && isSurrogate(s[i:]) {
			return true
		}
	}
	return false
}

// trim makes runs of white space single spaces and takes them off both ends.
func trim(s string) string {
	isSpace := func(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' }
	return strings.Join(strings.FieldsFunc(s, isSpace), " ")
}

func pad(x *evaluation, args arguments) item {
	s, width, fill := args.at(0).text(), args.at(1).number, args.at(2).text()
	if fill == "" {
		fill = " "
	}
	missing := math.Abs(width) - float64(countPoints(s))
	if !(missing > 0) {
		return args.at(0)
	}
	unit := points(fill)
	count := int(min(math.Floor(missing), 1<<40))
	whole := count / len(unit)
	x.within(count)
	x.reserve(2*(whole+1)*len(fill) + len(s)) // the padding alone, and what it becomes part of
	filled := strings.Repeat(fill, whole) + fromPoints(unit[:count%len(unit)])
	if width > 0 {
		return text(join(s, filled))
	}
	return text(join(filled, s))
}

func joinStrings(x *evaluation, args arguments) item {
	array := args.at(0)
	separator := args.at(1).text()
	x.allocate(array.len())
	parts := make([]string, array.len())
	for i := range parts {
		parts[i] = array.at(i).text()
		x.use(1)
	}
	x.reserve(sizeOf(parts) + len(parts)*len(separator))
	return text(joinAll(parts, separator))
}
