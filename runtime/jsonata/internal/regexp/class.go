package regexp

import (
	"slices"
	"sync"
	"unicode"
)

// set is a set of UTF-16 units.
type set struct {
	low    [lowUnits / 64]uint64
	ranges []span // of all, in order, with gaps between them
}

// span is the units from one to another, both included.
type span struct{ from, to uint16 }

const (
	lowUnits = 256
	lastUnit = 0xFFFF
)

func (s *set) has(u uint16) bool {
	if u < lowUnits {
		return s.low[u/64]&(1<<(u%64)) != 0
	}
	_, ok := slices.BinarySearchFunc(s.ranges, u, func(r span, u uint16) int {
		switch {
		case r.to < u:
			return -1
		case r.from > u:
			return 1
		}
		return 0
	})
	return ok
}

// setOf is the set of spans, which may overlap and be in any order. It keeps them.
func setOf(spans ...span) *set {
	slices.SortFunc(spans, func(a, b span) int { return int(a.from) - int(b.from) })
	s := &set{}
	for _, r := range spans {
		last := len(s.ranges) - 1
		if last >= 0 && int(r.from) <= int(s.ranges[last].to)+1 {
			s.ranges[last].to = max(s.ranges[last].to, r.to)
			continue
		}
		s.ranges = append(s.ranges, r)
	}
	for _, r := range s.ranges {
		for u := int(r.from); u <= int(r.to) && u < lowUnits; u++ {
			s.low[u/64] |= 1 << (u % 64)
		}
	}
	return s
}

// not are the units that a set does not have.
func (s *set) not() []span {
	var spans []span
	next := 0
	for _, r := range s.ranges {
		if int(r.from) > next {
			spans = append(spans, span{uint16(next), r.from - 1})
		}
		next = int(r.to) + 1
	}
	if next <= lastUnit {
		spans = append(spans, span{uint16(next), lastUnit})
	}
	return spans
}

// folded are the canonical forms of a set's units.
func (s *set) folded() []span {
	var spans []span
	for _, r := range s.ranges {
		for u := int(r.from); u <= int(r.to); u++ {
			c := canonical(uint16(u))
			if last := len(spans) - 1; last >= 0 && c == spans[last].to+1 && c != 0 {
				spans[last].to = c
			} else {
				spans = append(spans, span{c, c})
			}
		}
	}
	return spans
}

// The classes that have a letter, and what a dot takes.
var (
	digits     = []span{{'0', '9'}}
	wordUnits  = []span{{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}}
	spaceUnits = []span{{'\t', '\r'}, {' ', ' '}, {0xA0, 0xA0}, {0x1680, 0x1680}, {0x2000, 0x200A}, {0x2028, 0x2029},
		{0x202F, 0x202F}, {0x205F, 0x205F}, {0x3000, 0x3000}, {0xFEFF, 0xFEFF}}
	lineEnds = []span{{'\n', '\n'}, {'\r', '\r'}, {0x2028, 0x2029}}
)

func isLineEnd(u uint16) bool { return u == '\n' || u == '\r' || u == 0x2028 || u == 0x2029 }

func isWord(u uint16) bool {
	return u >= 'a' && u <= 'z' || u >= 'A' && u <= 'Z' || u >= '0' && u <= '9' || u == '_'
}

// classOf is the class of a letter after a backslash; ok is false if it is none.
func classOf(letter uint16) (spans []span, ok bool) {
	switch letter {
	case 'd':
		return digits, true
	case 'w':
		return wordUnits, true
	case 's':
		return spaceUnits, true
	case 'D', 'W', 'S':
		spans, _ = classOf(letter | 0x20)
		return setOf(slices.Clone(spans)...).not(), true
	}
	return nil, false
}

// canonical is the form in which units are compared that differ only in case (ECMA-262, Canonicalize).
func canonical(u uint16) uint16 {
	if u < 0x80 {
		if u >= 'a' && u <= 'z' {
			return u - ('a' - 'A')
		}
		return u
	}
	return canonicals()[u]
}

var canonicals = sync.OnceValue(func() *[lastUnit + 1]uint16 {
	table := new([lastUnit + 1]uint16)
	for u := range table {
		table[u] = uint16(u)
		upper := unicode.ToUpper(rune(u))
		if upper >= 0x80 && upper <= lastUnit && !uppersToTwo(rune(u)) || u < 0x80 {
			table[u] = uint16(upper)
		}
	}
	return table
})

// uppersToTwo reports whether the upper case of a letter, a Greek one with an iota below, is two letters though Unicode
// has a single one for it too, which only begins words.
func uppersToTwo(r rune) bool {
	return r >= 0x1F80 && r <= 0x1FAF || r == 0x1FB3 || r == 0x1FC3 || r == 0x1FF3
}
