package places_test

import (
	"strings"
	"testing"

	"github.com/r-seed-632eed22/aslgen/internal/places"
)

func TestOf(t *testing.T) {
	var all []places.Place
	for i := range 40 {
		all = append(all, places.Place{Offset: 50 * i, Line: i + 2, Column: 3})
	}
	encoded := places.Encode(all)
	if strings.Count(encoded, "\n") == 0 {
		t.Error("it is one long line")
	}
	text := strings.Repeat("x", 2000)
	for offset, want := range map[int][2]int{0: {2, 3}, 49: {2, 52}, 50: {3, 3}, 1999: {41, 52}, 5000: {41, 53}, -1: {2, 3}} {
		if line, column := places.Of(encoded, text, offset); line != want[0] || column != want[1] {
			t.Errorf("%d is at %d:%d, want %v", offset, line, column, want)
		}
	}
	if line, column := places.Of("", "a\nbc", 3); line != 2 || column != 2 {
		t.Error(line, column)
	}
}
