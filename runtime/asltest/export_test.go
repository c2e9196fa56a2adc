package asltest

import (
	"io"

	"github.com/r-seed-632eed22/aslgen/internal/covered"
)

// ReadMockConfig reads the test cases of a file, for tests of what is wrong with one.
var ReadMockConfig = readMockConfig

// Covered reports what f runs of machines, as [Cover] does of tests.
func Covered(w io.Writer, f func()) error {
	c := &coverage{machines: map[string]*coveredMachine{}}
	covered.Tell(c.seen)
	f()
	covered.Tell(nil)
	return c.report(w)
}
