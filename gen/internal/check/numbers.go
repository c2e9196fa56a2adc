package check

import (
	"math"
	"strconv"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// ranges reports the numbers of an object that are out of their fields' ranges, and whether none is. A field that belongs to
// other states has a finding of its own.
func (c *checker) ranges(members ast.Members, t *ast.Fields, code *diag.Code) (ok bool) {
	ok = true
	for i := range members {
		m := &members[i]
		f := t.Named(m.Name)
		if f == nil || f.Kind != ast.NumberField || m.Value.Kind != value.NumberKind {
			continue
		}
		if n := numberOf(m.Value); !inRange(n, f) {
			c.errorf(n.Span, code, "%s must be %s, not %s", m.Name, rangeOf(f), n.Text)
			ok = false
		}
	}
	return ok
}

// rangeOf says which numbers a field takes.
func rangeOf(f *ast.Field) string {
	what, low := "a whole number", f.Range.Low
	if f.Range.Fraction {
		what = "a number"
	}
	if f.Range.Zero {
		low = 0
	}
	if math.IsInf(f.Range.High, 1) {
		return what + " from " + strconv.FormatFloat(low, 'f', 1, 64)
	}
	return what + " from " + strconv.FormatFloat(low, 'f', 0, 64) + " to " + strconv.FormatFloat(f.Range.High, 'f', 0, 64)
}

// inRange reports whether n is a number that the field takes in a definition.
func inRange(n *ast.Number, f *ast.Field) bool {
	r := f.Range
	x, ok := number(n)
	return ok && (r.Fraction || x == math.Trunc(x)) && (r.Low <= x && x <= r.High || r.Zero && x == 0)
}

// whole reports whether n is a whole number, however it is written, from low to high.
func whole(n *ast.Number, low, high float64) bool {
	f, ok := number(n)
	return ok && f == math.Trunc(f) && low <= f && f <= high
}

// isZero reports whether n is 0, which AWS takes in some fields that its documentation asks 1 of.
func isZero(n *ast.Number) bool { return whole(n, 0, 0) }

// number returns n as a double; ok is false if it has none that large.
func number(n *ast.Number) (f float64, ok bool) {
	f, err := strconv.ParseFloat(n.Text, 64)
	return f, err == nil
}

func numberOf(n *ast.Node) *ast.Number { return &ast.Number{Text: n.Text, Span: n.Span} }
