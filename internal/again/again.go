// Package again is for tests of what runs concurrently: on a driven clock it goes the same way every time.
package again

import (
	"strings"
	"testing"
)

// Rounds is how often something concurrent is run: a hundred times, fewer with -short.
func Rounds() int {
	if testing.Short() {
		return 5
	}
	return 100
}

// Same runs something Rounds times. It must write down the same history each time, and one that says something. Rounds end
// with the first that fails.
func Same(t testing.TB, run func() (history string)) {
	t.Helper()
	first := run()
	if first == "" {
		t.Error("there is no history")
	}
	for round := 2; round <= Rounds() && !t.Failed(); round++ {
		if history := run(); history != first {
			t.Errorf("round %d went otherwise than the first:\n%s", round, difference(first, history))
		}
	}
}

// difference shows where two texts part.
func difference(first, second string) string {
	a, b := strings.Split(first, "\n"), strings.Split(second, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return "first: " + a[i] + "\nnow:   " + b[i]
		}
	}
	return "one goes on where the other ends:\n" + strings.Join(append(a, b...)[min(len(a), len(b)):], "\n")
}
