// Package regexp matches the regular expressions of ECMAScript (ECMA-262, 22.2 and Annex B.1.2) as they are without the
// flag u: on UTF-16 units, with look-around and back references.
//
// Matching goes back to what it has tried, which can take any time. It is counted, never timed: the same match always takes
// as many steps, so what passes once always passes.
package regexp

import "errors"

// Flags are those of ECMAScript that change what is matched.
type Flags struct {
	IgnoreCase bool // i
	Multiline  bool // m
}

// Regexp is a compiled regular expression. It can be used by many at the same time.
type Regexp struct {
	program   []instruction
	groups    int
	registers int
	flags     Flags
	first     *set // what a match begins with, if it is known
}

// The errors of [Regexp.Match].
var (
	ErrSteps  = errors.New("regexp: more steps than allowed")
	ErrMemory = errors.New("regexp: more memory than allowed")
)

// Compile compiles a pattern, which is in UTF-16 units. The error, if it is none of ECMAScript, is a [*SyntaxError].
func Compile(pattern []uint16, flags Flags) (*Regexp, error) {
	n, groups, err := parse(pattern, flags)
	if err != nil {
		return nil, err
	}
	c := &compiler{flags: flags, registers: 2 * (groups + 1)}
	c.emit(n, false)
	c.add(instruction{op: opAccept})
	return &Regexp{program: c.program, groups: groups, registers: c.registers, flags: flags, first: firstOf(n)}, nil
}

// Groups is the number of groups that capture.
func (re *Regexp) Groups() int { return re.groups }

// Machine runs matches one after the other, and says how much they may take.
type Machine struct {
	Steps  int // left; a step is an instruction, or a unit of text that one looks at
	Memory int // most bytes to remember what is still to be tried

	stack     []entry
	registers []int32
}

// Match finds the first match at or after a position. It returns the positions, in units, where the match and each group
// start and end: -1 for a group that took no part, nothing at all if there is no match. They are the machine's until the
// next match.
func (re *Regexp) Match(m *Machine, text []uint16, from int) (positions []int32, err error) {
	if cap(m.registers) < re.registers {
		m.registers = make([]int32, re.registers)
	}
	m.registers = m.registers[:re.registers]
	r := run{Machine: m, re: re, text: text, most: m.Memory / entryBytes}
	for at := from; at <= len(text); at++ {
		if re.first != nil && (at == len(text) || !re.first.has(r.unit(at))) {
			m.Steps--
			continue
		}
		for i := range m.registers {
			m.registers[i] = -1
		}
		m.stack = m.stack[:0]
		end, ok := r.from(0, at)
		if r.err != nil {
			return nil, r.err
		}
		if ok {
			m.registers[0], m.registers[1] = int32(at), int32(end)
			return m.registers[:2*(re.groups+1)], nil
		}
	}
	if m.Steps < 0 {
		return nil, ErrSteps
	}
	return nil, nil
}
