package jsonata

import (
	"strconv"
	"strings"
)

func definePatterns(l *library) {
	l.define("match", "<s-f<s:o>n?:a<o>>", 3, ifGiven(matchAll))
	l.define("contains", "<s-(sf):b>", 2, ifGiven(contains))
	l.define("replace", "<s-(sf)(sf)n?:s>", 4, ifGiven(replace))
	l.define("split", "<s-(sf)n?:a<s>>", 3, ifGiven(split))
}

// limited is an optional limit; a negative one fails with a code.
func limited(v item, code string) func(count int) bool {
	if v.kind == undefinedKind {
		return func(int) bool { return true }
	}
	if v.number < 0 {
		throw(failure{code: code, value: v})
	}
	return func(count int) bool { return float64(count) < v.number }
}

func matchAll(x *evaluation, args arguments) item {
	within := limited(args.at(2), "D3040")
	result := &made{sequence: true}
	if !within(0) {
		return result.array()
	}
	t := subjectOf(args.at(0).text())
	x.work(args.at(0))
	x.matches(args.at(1), t, func(f found) bool {
		if !within(len(result.items)) {
			return false
		}
		x.allocate(3*memberItems + 2*madeItems)
		o := newObject(3)
		o.set("match", text(f.text))
		o.set("index", number(float64(f.start)))
		o.set("groups", arrayOf(f.groups))
		result.items = x.push(result.items, o.object())
		return true
	})
	return result.array()
}

func contains(x *evaluation, args arguments) item {
	s, pattern := args.at(0).text(), args.at(1)
	if pattern.kind == stringKind {
		_, _, ok := x.cut(s, pattern.text())
		return boolean(ok)
	}
	if f := pattern.function(); f != nil && f.regex != nil {
		_, ok := f.regex.find(x, subjectOf(s), 0)
		return boolean(ok)
	}
	return boolean(x.callBack(pattern, text(s)).kind != undefinedKind)
}

func replace(x *evaluation, args arguments) item {
	s, pattern, replacement := args.at(0).text(), args.at(1), args.at(2)
	if pattern.kind == stringKind && pattern.text() == "" {
		throw(failure{code: "D3010", value: pattern, index: 2})
	}
	within := limited(args.at(3), "D3011")
	if !within(0) {
		return args.at(0)
	}
	if pattern.kind == stringKind {
		return x.replaceText(s, pattern.text(), replacement.text(), within)
	}
	substitute := func(f found) string { return expand(replacement.text(), f) }
	if replacement.kind == functionKind {
		substitute = func(f found) string { return x.replacedBy(replacement, f) }
	}
	t := subjectOf(s)
	var parts []string
	position, count := 0, 0
	x.matches(pattern, t, func(f found) bool {
		if !within(count) {
			return false
		}
		count++
		by := substitute(f)
		x.reserve(len(by))
		parts = append(parts, t.slice(min(position, f.start), f.start), by)
		position = min(f.start+countUnits(f.text), len(t.units))
		return true
	})
	parts = append(parts, t.slice(position, len(t.units)))
	x.reserve(sizeOf(parts))
	return text(joinAll(parts, ""))
}

func (x *evaluation) replaceText(s, pattern, by string, within func(int) bool) item {
	var parts []string
	for count := 0; within(count); count++ {
		before, after, ok := x.cut(s, pattern)
		if !ok {
			break
		}
		x.produce(2 * textBytes)
		parts = append(parts, before, by)
		s = after
	}
	parts = append(parts, s)
	x.reserve(sizeOf(parts))
	return text(joinAll(parts, ""))
}

// sizeOf is the length of many strings together.
func sizeOf(parts []string) (size int) {
	for _, part := range parts {
		size += len(part)
	}
	return size
}

// replacedBy is what a function of the expression makes of a match.
func (x *evaluation) replacedBy(fn item, f found) string {
	o := newObject(4)
	o.set("match", text(f.text))
	o.set("start", number(float64(f.start)))
	o.set("end", number(float64(f.end)))
	o.set("groups", arrayOf(f.groups))
	v := x.callBack(fn, o.object())
	if v.kind != stringKind {
		throw(failure{code: "D3012", value: v})
	}
	return v.text()
}

// expand puts the groups of a match into a replacement: $0 is the match, $1 the first group, $$ a dollar. Of the digits
// after a dollar as many count as the number of groups has, or one less if there is no such group.
func expand(replacement string, f found) string {
	var out []byte
	for {
		before, rest, ok := strings.Cut(replacement, "$")
		out = append(out, before...)
		if !ok {
			return fromUnits(units(string(out)))
		}
		replacement = rest
		switch {
		case strings.HasPrefix(rest, "$"):
			out, replacement = append(out, '$'), rest[1:]
		case strings.HasPrefix(rest, "0"):
			out, replacement = append(out, f.text...), rest[1:]
		default:
			most := len(strconv.Itoa(len(f.groups)))
			index, ok := leadingInt(rest[:min(most, len(rest))])
			if ok && most > 1 && index > len(f.groups) {
				index, ok = leadingInt(rest[:min(most-1, len(rest))])
			}
			if !ok {
				out = append(out, '$')
				continue
			}
			if index > 0 && index <= len(f.groups) {
				out = append(out, f.groups[index-1].text()...)
			}
			replacement = rest[min(len(strconv.Itoa(index)), len(rest)):]
		}
	}
}

// leadingInt is parseInt: the whole number that a text begins with.
func leadingInt(s string) (int, bool) {
	s = strings.TrimLeft(s, " \t\n\r\v\f")
	end := 0
	if end < len(s) && (s[end] == '-' || s[end] == '+') {
		end++
	}
	for end < len(s) && s[end] >= '0' && s[end] <= '9' {
		end++
	}
	n, err := strconv.Atoi(s[:end])
	return n, err == nil
}

func split(x *evaluation, args arguments) item {
	s, separator := args.at(0).text(), args.at(1)
	within := limited(args.at(2), "D3020")
	var parts []item
	add := func(s string) {
		x.produce(textBytes)
		parts = x.push(parts, text(s))
	}
	switch {
	case !within(0):
	case separator.kind == stringKind && separator.text() == "":
		x.work(args.at(0))
		for i, u := range units(s) {
			if !within(i) {
				break
			}
			add(fromUnits([]uint16{u}))
		}
	case separator.kind == stringKind:
		x.splitText(s, separator.text(), args.at(2), add)
	default:
		t := subjectOf(s)
		start := 0
		x.matches(separator, t, func(f found) bool {
			if !within(len(parts)) {
				return false
			}
			add(t.slice(min(start, f.start), f.start))
			start = f.end
			return true
		})
		if within(len(parts)) {
			add(t.slice(start, len(t.units)))
		}
	}
	return arrayOf(parts)
}

// splitText splits by a string. String.split cuts its limit to a whole number.
func (x *evaluation) splitText(s, separator string, limit item, add func(string)) {
	for count := 0; limit.kind == undefinedKind || float64(count+1) <= limit.number; count++ {
		before, after, ok := x.cut(s, separator)
		add(before)
		if !ok {
			return
		}
		s = after
	}
}
