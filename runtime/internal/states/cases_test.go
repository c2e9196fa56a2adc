package states_test

import (
	"flag"
	"path/filepath"
	"testing"

	"github.com/r-seed-632eed22/aslgen/internal/again"
	"github.com/r-seed-632eed22/aslgen/internal/cases"
	_ "github.com/r-seed-632eed22/aslgen/internal/cases/compiled"
)

var update = flag.Bool("update", false, "rewrite how the executions in testdata go")

// root is the project's.
var root = filepath.Join("..", "..", "..")

// TestCases runs the executions of testdata, the same way every time.
func TestCases(t *testing.T) { cases.Run(t, root, again.Rounds(), 0, *update) }

// TestCasesCut puts frames away on the way and goes on with them: nothing is to be seen of it.
func TestCasesCut(t *testing.T) {
	cases.Run(t, root, 1, -1, false)
	for seed := range int64(max(1, again.Rounds()/5)) {
		if !t.Failed() {
			cases.Run(t, root, 1, seed+1, false)
		}
	}
}
