package durable_test

import (
	"path/filepath"
	"testing"

	"github.com/r-seed-632eed22/aslgen/internal/cases"
	_ "github.com/r-seed-632eed22/aslgen/internal/cases/compiled"
)

// TestCrashes runs the executions of testdata with the process crashed at every point, once and twice in a row: they go as without.
func TestCrashes(t *testing.T) {
	if testing.Short() {
		t.Skip("it crashes every execution at every point")
	}
	cases.RunDurable(t, filepath.Join("..", ".."))
}
