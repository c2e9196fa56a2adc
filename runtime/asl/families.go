package asl

import (
	"cmp"
	"maps"
	"slices"
)

// keptChildren is how many children that have ended an execution keeps the histories of, where no journal does.
const keptChildren = 1000

// families are the histories of the children of an execution's Map Runs: of all that run, and of the last of those that have ended.
type families struct {
	byPath map[string]*family
	begun  int
	ended  []ended // in this order
}

// family is the history of a child.
type family struct {
	*Recorder
	number int // in the order of their beginnings
	ends   int // how often it has ended: once more after every redrive
}

// ended is an end of a child.
type ended struct {
	*family
	path string
	ends int
}

// note takes in an event of the history of a child at a path.
func (f *families) note(path string, r *Recorder, e *Event) {
	switch {
	case e.Type == ExecutionStarted && e.Map != nil:
		f.begin(path, r, *e)
	case e.Type == ExecutionRedriven:
		f.goOn(path)
	case e.Type.ends():
		f.end(path)
	}
}

// begin keeps the history of a child, in place of that of the one which was at the path before.
func (f *families) begin(path string, r *Recorder, begun Event) {
	if f.byPath == nil {
		f.byPath = map[string]*family{}
	}
	f.begun++
	r.begun = &begun
	f.byPath[path] = &family{Recorder: r, number: f.begun}
}

// goOn takes in that the child at a path is redriven.
func (f *families) goOn(path string) {
	if c := f.byPath[path]; c != nil {
		c.ends++
	}
}

// end takes in the end of the child at a path, and forgets the history of the one that has ended before all others, if there are too many.
func (f *families) end(path string) {
	c := f.byPath[path]
	if c == nil {
		return
	}
	f.ended = append(f.ended, ended{c, path, c.ends})
	if len(f.ended) <= keptChildren {
		return
	}
	oldest := f.ended[0]
	f.ended[0] = ended{}
	f.ended = f.ended[1:]
	if f.byPath[oldest.path] == oldest.family && oldest.ends == oldest.family.ends {
		delete(f.byPath, oldest.path)
	}
}

// of returns the histories of the children of a Map Run, in the order of their beginnings.
func (f *families) of(run string) (all []*Recorder) {
	inOrder := func(a, b *family) int { return cmp.Compare(a.number, b.number) }
	for _, c := range slices.SortedFunc(maps.Values(f.byPath), inOrder) {
		if c.begun.Map.RunARN == run {
			all = append(all, c.Recorder)
		}
	}
	return all
}

// child returns the history of the child with an ARN, nil if it is not kept.
func (f *families) child(arn string) *Recorder {
	for _, c := range f.byPath {
		if c.Execution() == arn {
			return c.Recorder
		}
	}
	return nil
}
