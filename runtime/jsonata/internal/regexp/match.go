package regexp

// run is one search in a text.
type run struct {
	*Machine
	re   *Regexp
	text []uint16
	most int // entries of the stack
	err  error
}

// entry is something to go back to, or a register to set back on the way there.
type entry struct {
	at       int32 // the instruction to go on with; -1-r sets register r back
	position int32 // where; or what the register was
	least    int32 // of a run of units: may be given up one by one down to here; else -1
}

const entryBytes = 12

// from runs the program from an instruction on, up to opAccept, and returns the position there. If that fails the
// registers are what they were.
func (r *run) from(at, position int) (end int, ok bool) {
	base := len(r.stack)
	for {
		if r.Steps--; r.Steps < 0 {
			r.err = ErrSteps
			return 0, false
		}
		i := &r.re.program[at]
		at++
		ok := true
		switch i.op {
		case opAccept:
			return position, true
		case opUnit:
			if ok = position < len(r.text) && i.set.has(r.unit(position)); ok {
				position++
			}
		case opUnitBack:
			if ok = position > 0 && i.set.has(r.unit(position-1)); ok {
				position--
			}
		case opRun:
			position, ok = r.units(i, at, position)
		case opSave:
			r.set(i.a, int32(position))
		case opReset:
			for register := i.a; register < i.b; register++ {
				r.set(register, -1)
			}
		case opJump:
			at = int(i.a)
		case opSplit:
			r.push(entry{i.a, int32(position), -1})
		case opSplitLazy:
			r.push(entry{int32(at), int32(position), -1})
			at = int(i.a)
		default:
			at, position, ok = r.rare(i, at, position)
		}
		if r.err != nil {
			return 0, false
		}
		if !ok {
			if at, position, ok = r.back(base); !ok {
				return 0, false
			}
		}
	}
}

// rare runs the instructions that most programs have few of.
func (r *run) rare(i *instruction, at, position int) (int, int, bool) {
	switch i.op {
	case opZero:
		r.set(i.a, 0)
	case opCount:
		r.set(i.a, min(r.registers[i.a]+1, endless-1))
	case opLoop, opLoopLazy:
		return r.loop(i, at, position), position, true
	case opAdvanced:
		required := i.b >= 0 && r.registers[i.b] <= i.min
		return at, position, required || r.registers[i.a] != int32(position)
	case opReference, opReferenceBack:
		position, ok := r.reference(i, position)
		return at, position, ok
	case opLook, opLookNot:
		return int(i.a), position, r.look(i, at, position)
	case opStart:
		return at, position, position == 0 || r.re.flags.Multiline && isLineEnd(r.text[position-1])
	case opEnd:
		return at, position, position == len(r.text) || r.re.flags.Multiline && isLineEnd(r.text[position])
	case opBoundary, opBoundaryNot:
		return at, position, r.isBoundary(position) == (i.op == opBoundary)
	}
	return at, position, true
}

// unit is a unit of the text in the form in which it is compared.
func (r *run) unit(at int) uint16 {
	if r.re.flags.IgnoreCase {
		return canonical(r.text[at])
	}
	return r.text[at]
}

func (r *run) push(e entry) {
	if len(r.stack) >= r.most {
		r.err = ErrMemory
		return
	}
	r.stack = append(r.stack, e)
}

// set changes a register so that going back sets it back.
func (r *run) set(register, to int32) {
	if was := r.registers[register]; was != to {
		r.push(entry{-1 - register, was, -1})
		r.registers[register] = to
	}
}

// back goes to what is still to be tried, if there is something above the base of the stack.
func (r *run) back(base int) (at, position int, ok bool) {
	for len(r.stack) > base {
		top := len(r.stack) - 1
		e := &r.stack[top]
		switch {
		case e.at < 0:
			r.registers[-1-e.at] = e.position
		case e.least < 0:
			r.stack = r.stack[:top]
			return int(e.at), int(e.position), true
		case e.position > e.least:
			e.position--
			return int(e.at), int(e.position), true
		}
		r.stack = r.stack[:top]
	}
	return 0, 0, false
}

// units takes as many units of a set as there are.
func (r *run) units(i *instruction, next, position int) (int, bool) {
	end := len(r.text)
	if int(i.max) < end-position {
		end = position + int(i.max)
	}
	p := position
	for p < end && i.set.has(r.unit(p)) {
		p++
	}
	r.Steps -= p - position
	least := position + int(i.min)
	if p < least {
		return position, false
	}
	if p > least {
		r.push(entry{int32(next), int32(p), int32(least)})
	}
	return p, true
}

// loop goes once more around, or on.
func (r *run) loop(i *instruction, body, position int) (at int) {
	count, after := r.registers[i.a], int(i.b)
	switch {
	case count < i.min:
		return body
	case i.max != endless && count >= i.max:
		return after
	case i.op == opLoopLazy:
		r.push(entry{int32(body), int32(position), -1})
		return after
	}
	r.push(entry{int32(after), int32(position), -1})
	return body
}

// reference matches what a group captured once more; nothing, if it took no part.
func (r *run) reference(i *instruction, position int) (end int, ok bool) {
	start, stop := r.registers[2*i.a], r.registers[2*i.a+1]
	if start < 0 || stop < 0 {
		return position, true
	}
	length := int(stop - start)
	r.Steps -= length
	from, end := position, position+length
	if i.op == opReferenceBack {
		from, end = position-length, position-length
	}
	if from < 0 || from+length > len(r.text) {
		return position, false
	}
	for offset := range length {
		if r.unit(int(start)+offset) != r.unit(from+offset) {
			return position, false
		}
	}
	return end, true
}

// look tries what follows without moving. What it captured stays, but there is no going back into it.
func (r *run) look(i *instruction, at, position int) bool {
	base := len(r.stack)
	_, found := r.from(at, position)
	if i.op == opLookNot {
		for found && len(r.stack) > base {
			r.backOver()
		}
		return !found
	}
	kept := base
	for _, e := range r.stack[base:] {
		if e.at < 0 {
			r.stack[kept] = e
			kept++
		}
	}
	r.stack = r.stack[:kept]
	return found
}

// backOver takes the last entry of the stack away, setting its register back.
func (r *run) backOver() {
	top := len(r.stack) - 1
	if e := r.stack[top]; e.at < 0 {
		r.registers[-1-e.at] = e.position
	}
	r.stack = r.stack[:top]
}

func (r *run) isBoundary(position int) bool {
	before := position > 0 && isWord(r.text[position-1])
	after := position < len(r.text) && isWord(r.text[position])
	return before != after
}
