package check

import (
	"math"
	"strconv"

	"github.com/r-seed-632eed22/aslgen/gen/ast"
)

// maxSeconds is the largest number of seconds that a field takes (R111, R161, R170).
const maxSeconds = 99999999

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
