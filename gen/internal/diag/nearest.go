package diag

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxCandidates bounds the time that a file full of wrong names takes.
const maxCandidates = 1000

// Nearest returns the candidate that name is most likely a misspelling of: one that differs in case alone, or by few
// letters inserted, left out, replaced or swapped with their neighbour. ok is false if none is near. Of equally near
// ones the first wins. Among very many candidates it does not look: a near one says little there.
func Nearest(name string, candidates []string) (nearest string, ok bool) {
	if len(candidates) > maxCandidates {
		return "", false
	}
	best := utf8.RuneCountInString(name)/4 + 1
	for _, c := range candidates {
		if strings.EqualFold(c, name) {
			return c, true
		}
		// A change of more than a third of the letters is another name.
		if d := distance(name, c, best); d <= best && 3*d <= utf8.RuneCountInString(c) {
			if !ok || d < best {
				nearest, ok, best = c, true, d
			}
		}
	}
	return nearest, ok
}

// DidYouMean returns the hint `did you mean "Check"?`, or "" if no candidate is near.
func DidYouMean(name string, candidates []string) string {
	if c, ok := Nearest(name, candidates); ok {
		return "did you mean " + strconv.Quote(c) + "?"
	}
	return ""
}

// Misspelt returns the candidate that name is all but surely a slip of the hand for: one with two neighbours swapped, or a
// long one with a letter missing, doubled or wrong before its end. Names that differ by how words end, or by digits, are
// names of different things.
func Misspelt(name string, candidates []string) (meant string, ok bool) {
	for _, c := range candidates {
		if c != name && isSlip([]rune(name), []rune(c)) {
			return c, true
		}
	}
	return "", false
}

func isSlip(a, b []rune) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	const shortest, long = 4, 6
	const endings = "sdrny"
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if i == len(a) { // a letter more at the end
		return len(a) >= shortest && len(b) == len(a)+1 && unicode.IsLower(b[i]) && !strings.ContainsRune(endings, b[i])
	}
	if len(a) < shortest || unicode.IsDigit(a[i]) || unicode.IsDigit(b[i]) {
		return false
	}
	if len(b) > len(a) {
		return len(b) == len(a)+1 && len(b) >= long && string(a[i:]) == string(b[i+1:])
	}
	swapped := i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && string(a[i+2:]) == string(b[i+2:])
	return swapped || len(a) >= long && i+1 < len(a) && string(a[i+1:]) == string(b[i+1:])
}

// distance is the edit distance with swaps of neighbours, or something above limit as soon as it must be.
func distance(a, b string, limit int) int {
	x, y := []rune(a), []rune(b)
	if len(x)-len(y) > limit || len(y)-len(x) > limit {
		return limit + 1
	}
	// Three rows of the table: two back (for swaps), the last, and the one being filled.
	back, last, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := range x {
		row[0] = i + 1
		for j := range y {
			cost := 1
			if x[i] == y[j] {
				cost = 0
			}
			row[j+1] = min(last[j]+cost, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				row[j+1] = min(row[j+1], back[j-1]+1)
			}
		}
		back, last, row = last, row, back
	}
	return last[len(y)]
}
