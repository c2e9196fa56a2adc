package asl

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// keptChildren is how many children that have ended an execution keeps the histories of, where no journal does.
const keptChildren = 1000

// families are the histories of the children of an execution's Map Runs: of all that run, and of the last of those that have ended.
type families struct {
	byARN map[string]*family
	last  map[string]*family // of these, by their seats
	begun int
	ended []ended // in this order
}

// family is the history of a child.
type family struct {
	*Recorder
	seat   string
	number int // in the order of their beginnings
	ends   int // how often it has ended: once more after every redrive
}

// ended is an end of a child.
type ended struct {
	*family
	ends int
}

// seat names a child in its Map Run. One that a redrive has started again has the seat of the one before it, and another path if the Map had
// been tried again: the tries are not counted any more then.
func seat(path string, begun *Event) string {
	return begun.Map.RunARN + path[strings.LastIndexByte(path, '.')+1:]
}

// note takes in an event of the history of a child at a path.
func (f *families) note(path string, r *Recorder, e *Event) {
	switch {
	case e.Type == ExecutionStarted && e.Map != nil:
		f.begin(seat(path, e), r, *e)
	case e.Type == ExecutionRedriven:
		f.goOn(r.Execution())
	case e.Type.ends():
		f.end(r.Execution())
	}
}

// begin keeps the history of a child, in place of that of the one which was there before.
func (f *families) begin(seat string, r *Recorder, begun Event) {
	if f.byARN == nil {
		f.byARN, f.last = map[string]*family{}, map[string]*family{}
	}
	if before := f.last[seat]; before != nil {
		f.forget(before)
	}
	f.begun++
	r.begun = &begun
	c := &family{Recorder: r, seat: seat, number: f.begun}
	f.byARN[r.Execution()], f.last[seat] = c, c
}

func (f *families) forget(c *family) {
	delete(f.byARN, c.Execution())
	if f.last[c.seat] == c {
		delete(f.last, c.seat)
	}
}

// goOn takes in that a child is redriven.
func (f *families) goOn(arn string) {
	if c := f.byARN[arn]; c != nil {
		c.ends++
	}
}

// end takes in the end of a child, and forgets the history of the one that has ended before all others, if there are too many.
func (f *families) end(arn string) {
	c := f.byARN[arn]
	if c == nil {
		return
	}
	f.ended = append(f.ended, ended{c, c.ends})
	if len(f.ended) <= keptChildren {
		return
	}
	oldest := f.ended[0]
	f.ended[0] = ended{}
	f.ended = f.ended[1:]
	if oldest.ends == oldest.family.ends {
		f.forget(oldest.family)
	}
}

// of returns the histories of the children of a Map Run, in the order of their beginnings.
func (f *families) of(run string) (all []*Recorder) {
	inOrder := func(a, b *family) int { return cmp.Compare(a.number, b.number) }
	for _, c := range slices.SortedFunc(maps.Values(f.byARN), inOrder) {
		if c.begun.Map.RunARN == run {
			all = append(all, c.Recorder)
		}
	}
	return all
}

// child returns the history of the child with an ARN, nil if it is not kept.
func (f *families) child(arn string) *Recorder {
	if c := f.byARN[arn]; c != nil {
		return c.Recorder
	}
	return nil
}
