package jsonpath

import (
	"cmp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// accepts reports whether the filter holds for an item.
func (e *evaluation) accepts(f *filter, item value.Value) (bool, error) {
	if f == nil {
		return false, e.wrong("Filter: [?] has no condition")
	}
	for _, group := range f.groups {
		ok := true
		for i := 0; ok && i < len(group); i++ {
			var err error
			if ok, err = e.holds(&group[i], item); err != nil {
				return false, err
			}
		}
		if ok {
			return true, nil
		}
	}
	return false, nil
}

func (e *evaluation) holds(c *condition, item value.Value) (bool, error) {
	if c.op == exists || c.op == absent {
		// Jayway looks here even for a path that begins with $ in the item. A null counts as absent.
		v, err := e.selected(c.left.path, item, true)
		return (v.IsAbsent() || v.IsNull()) == (c.op == absent), err
	}
	left, err := e.operand(&c.left, item)
	if err != nil || left.IsAbsent() && c.left.pattern == nil {
		return false, err
	}
	right, err := e.operand(&c.right, item)
	if err != nil {
		return false, err
	}
	switch {
	case c.left.pattern != nil:
		return !right.IsAbsent() && !right.IsNull() && c.left.pattern.MatchString(JavaString(right)), nil
	case c.right.pattern != nil:
		return !left.IsNull() && c.right.pattern.MatchString(JavaString(left)), nil
	case right.IsAbsent():
		return false, nil
	}
	return e.compare(c.op, left, right)
}

// operand returns the value of an operand, absent if it is a path that selects nothing or a pattern.
func (e *evaluation) operand(o *operand, item value.Value) (value.Value, error) {
	switch {
	case o.path == nil:
		return o.literal, nil
	case o.fromItem:
		return e.selected(o.path, item, false)
	}
	return e.selected(o.path, e.root, false)
}

// selected returns the node that a path of a filter selects, absent if there is none.
func (e *evaluation) selected(p *Path, from value.Value, strict bool) (value.Value, error) {
	if p.plain {
		v, n := p.walk(from)
		if n == len(p.steps) {
			return v, nil
		}
		if p.steps[n].kind == nameStep || v.Kind() == value.ArrayKind || v.Kind() == value.NullKind {
			return value.Value{}, nil
		}
	}
	inner := evaluation{path: p, root: e.root, strict: strict, quiet: 1}
	switch err := inner.step(0, from); {
	case isHard(err):
		return value.Value{}, e.wrong("%v", err)
	case err != nil:
		return value.Value{}, nil
	}
	return inner.results[0], nil
}

// compare compares as Jayway does: a text is read as a number or boolean if the left side is one, null equals the text
// null, and other kinds that differ make no comparison true, not even !=.
func (e *evaluation) compare(op operator, left, right value.Value) (bool, error) {
	ordering := op != equal && op != notEqual
	if ordering && left.IsNull() != right.IsNull() {
		return false, nil
	}
	order, comparable, err := e.order(left, right)
	if err != nil || !comparable {
		return false, err
	}
	switch op {
	case equal:
		return order == 0, nil
	case notEqual:
		return order != 0, nil
	case less:
		return order < 0, nil
	case lessOrEqual:
		return order <= 0, nil
	case greater:
		return order > 0, nil
	}
	return order >= 0, nil
}

func (e *evaluation) order(left, right value.Value) (order int, comparable bool, err error) {
	if l, r := isNullish(left), isNullish(right); l || r {
		return cmp.Compare(boolToInt(r), boolToInt(l)), true, nil
	}
	text, rightIsText := right.AsString()
	switch left.Kind() {
	case value.StringKind:
		if s, _ := left.AsString(); rightIsText {
			return compareUTF16(s, text), true, nil
		}
	case value.NumberKind:
		x, _ := left.AsFloat()
		y, isNumber := right.AsFloat()
		if rightIsText {
			if y, isNumber = parseNumber(text); !isNumber {
				return 0, false, e.wrong("%q is compared with a number and is none", text)
			}
		}
		return cmp.Compare(x, y), isNumber, nil
	case value.BoolKind:
		x, _ := left.AsBool()
		y, isBool := right.AsBool()
		if rightIsText {
			y, isBool = strings.EqualFold(text, "true"), true
		}
		return cmp.Compare(boolToInt(x), boolToInt(y)), isBool, nil
	}
	return 0, false, nil
}

func isNullish(v value.Value) bool {
	s, _ := v.AsString()
	return v.IsNull() || s == "null"
}

func boolToInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// parseNumber reads a decimal number as Java's BigDecimal does: no blanks, no infinity.
func parseNumber(text string) (f float64, ok bool) {
	if strings.Trim(text, "0123456789+-.eE") != "" {
		return 0, false
	}
	f, err := strconv.ParseFloat(text, 64)
	return f, err == nil || f != 0 // out of range is an infinity
}

// compareUTF16 compares texts by their UTF-16 code units, as Java does (R98).
func compareUTF16(a, b string) int {
	for a != "" && b != "" {
		x, n := utf8.DecodeRuneInString(a)
		y, m := utf8.DecodeRuneInString(b)
		if x != y {
			if high := x >= 0x10000; high != (y >= 0x10000) {
				// One has a surrogate here, from 0xD800; above the surrogates are 0xE000 and more.
				return cmp.Compare(firstUnit(x), firstUnit(y))
			}
			return cmp.Compare(x, y)
		}
		a, b = a[n:], b[m:]
	}
	return cmp.Compare(len(a), len(b))
}

func firstUnit(r rune) rune {
	if r >= 0x10000 {
		return 0xD800 + (r-0x10000)>>10
	}
	return r
}
