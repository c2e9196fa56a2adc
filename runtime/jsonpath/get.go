package jsonpath

import (
	"fmt"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// evaluation is one evaluation of a path.
type evaluation struct {
	path    *Path
	root    value.Value // what $ means in a filter
	strict  bool        // every name of ['a','b'] must exist
	quiet   int         // if not 0, somebody passes over what is not found: no need to word it
	where   []place     // from the root to the current node
	visited int
	results []value.Value
}

// maxVisited bounds the work of one evaluation, for paths like $..*..*..* that visit a node in very many ways. A document
// within AWS's limit of 256 KiB has no more than 131,072 nodes.
const maxVisited = 1 << 21

// place is a step actually taken: to an element, or to a member if it is named.
type place struct {
	named bool
	name  string
	index int
}

var errNotFound = &NotFoundError{}

// step evaluates the steps from i on, on v.
func (e *evaluation) step(i int, v value.Value) error {
	if err := e.visit(); err != nil {
		return err
	}
	if i == len(e.path.steps) {
		e.results = append(e.results, v)
		return nil
	}
	switch s := &e.path.steps[i]; s.kind {
	case nameStep, namesStep:
		return e.names(i, v)
	case wildcardStep:
		return e.wildcard(i, v)
	case filterStep:
		return e.filter(i, v)
	case scanStep:
		return e.scan(i, v)
	}
	return e.array(i, v)
}

// visit counts a node.
func (e *evaluation) visit() error {
	if e.visited++; e.visited > maxVisited {
		return e.wrong("The path visits more than %d nodes", maxVisited)
	}
	return nil
}

// in evaluates the steps after i on v, a node at a place below the current one.
func (e *evaluation) in(at place, i int, v value.Value) error {
	e.where = append(e.where, at)
	err := e.step(i+1, v)
	e.where = e.where[:len(e.where)-1]
	return err
}

func (e *evaluation) names(i int, v value.Value) error {
	s := &e.path.steps[i]
	switch {
	case s.function && v.Kind() == value.ArrayKind:
		return e.step(i+1, value.Int(int64(v.Len())))
	case v.Kind() != value.ObjectKind:
		return e.notFound("Property "+s.fragment()+" not found in path ", "")
	case s.kind == nameStep:
		return e.member(i, s.name, v.Get(s.name))
	case i < len(e.path.steps)-1:
		return e.wrong("Multi properties can only be used as path leafs: %s%s", e.place(), s.fragment())
	}
	var members []value.Member
	for _, name := range s.names {
		if e.strict && v.Get(name).IsAbsent() {
			return e.notFound("Missing property in path ", s.fragment())
		}
		members = append(members, value.Field(name, v.Get(name)))
	}
	return e.step(i+1, value.Object(members...))
}

func (e *evaluation) member(i int, name string, v value.Value) error {
	at := place{named: true, name: name}
	switch {
	case !v.IsAbsent():
		return e.in(at, i, v)
	case i == len(e.path.steps)-1:
		return e.notFound("No results for path: ", "", at)
	case e.path.definiteFrom > max(i-1, 0):
		return nil // only from one definite step before this on does Jayway insist on a name
	}
	return e.notFound("Missing property in path ", "", at)
}

func (e *evaluation) wildcard(i int, v value.Value) error {
	for name, m := range v.Members() {
		if err := e.member(i, name, m); err != nil {
			return err
		}
	}
	e.quiet++
	defer func() { e.quiet-- }()
	for index, element := range v.Elements() {
		if err := e.in(place{index: index}, i, element); isHard(err) {
			return err
		}
	}
	return nil
}

// array evaluates the kinds of steps that only arrays have.
func (e *evaluation) array(i int, v value.Value) error {
	s := &e.path.steps[i]
	switch v.Kind() {
	case value.ArrayKind:
	case value.NullKind:
		return e.notFound("The path ", " is null")
	default:
		return e.wrong("Filter: %s can only be applied to arrays. Current context is: %s", e.path.fragment(i), JavaString(v))
	}
	from, to := 0, v.Len()
	switch s.kind {
	case indexStep:
		return e.element(i, s.index, v)
	case lastStep:
		return e.element(i, v.Len()-s.index, v)
	case indicesStep:
		for _, index := range s.indices {
			if err := e.element(i, index, v); err != nil {
				return err
			}
		}
		return nil
	case fromStep:
		if from = s.index; from < 0 {
			from = max(0, from+v.Len())
		}
	case toStep:
		if to = min(to, s.end); to < 0 {
			to += v.Len()
		}
	case betweenStep: // of this form negative numbers do not count from the end
		from, to = s.index, min(to, s.end)
	}
	if v.Len() == 0 {
		return nil
	}
	for index := from; index < to; index++ {
		if err := e.element(i, index, v); err != nil {
			return err
		}
	}
	return nil
}

func (e *evaluation) element(i, index int, v value.Value) error {
	element := v.At(index)
	if element.IsAbsent() {
		return e.notFound("Index out of bounds when evaluating path ", "", place{index: index})
	}
	return e.in(place{index: index}, i, element)
}

func (e *evaluation) filter(i int, v value.Value) error {
	f := e.path.steps[i].filter
	switch v.Kind() {
	case value.ObjectKind:
		ok, err := e.accepts(f, v)
		if err != nil || !ok {
			return err
		}
		return e.step(i+1, v)
	case value.ArrayKind:
		for index, element := range v.Elements() {
			ok, err := e.accepts(f, element)
			if err == nil && ok {
				err = e.in(place{index: index}, i, element)
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
	return e.wrong("Filter: %s can not be applied to primitives. Current context is: %s", e.path.fragment(i), JavaString(v))
}

// scan evaluates the step after .., the target, on v and all nodes below it, before their children.
func (e *evaluation) scan(i int, v value.Value) error {
	if kind := v.Kind(); kind != value.ObjectKind && kind != value.ArrayKind {
		return nil
	}
	if err := e.visit(); err != nil {
		return err
	}
	ok, err := e.isTarget(i+1, v)
	if err != nil {
		return err
	}
	if ok && (v.Kind() == value.ObjectKind || i+2 == len(e.path.steps)) {
		if err := e.step(i+1, v); err != nil {
			return err
		}
	} else if ok { // Jayway takes every element of the array for what the target selects
		for index, element := range v.Elements() {
			if err := e.in(place{index: index}, i+1, element); err != nil {
				return err
			}
		}
	}
	for name, m := range v.Members() {
		if err := e.scanIn(place{named: true, name: name}, i, m); err != nil {
			return err
		}
	}
	for index, element := range v.Elements() {
		if err := e.scanIn(place{index: index}, i, element); err != nil {
			return err
		}
	}
	return nil
}

func (e *evaluation) scanIn(at place, i int, v value.Value) error {
	e.where = append(e.where, at)
	err := e.scan(i, v)
	e.where = e.where[:len(e.where)-1]
	return err
}

// isTarget reports whether a scan evaluates step i on v.
func (e *evaluation) isTarget(i int, v value.Value) (bool, error) {
	switch s := &e.path.steps[i]; s.kind {
	case nameStep:
		return !v.Get(s.name).IsAbsent(), nil
	case namesStep:
		for _, name := range s.names {
			if v.Get(name).IsAbsent() {
				return false, nil
			}
		}
		return true, nil
	case wildcardStep:
		return true, nil
	case filterStep:
		return e.accepts(s.filter, v)
	}
	return v.Kind() == value.ArrayKind, nil
}

// notFound returns the error of a node that is not there. Its message has the current node, or one below it, in the
// middle.
func (e *evaluation) notFound(before, after string, below ...place) error {
	if e.quiet > 0 {
		return errNotFound
	}
	e.where = append(e.where, below...)
	return &NotFoundError{Path: e.path.text, Message: before + e.place() + after}
}

// wrong returns the error of data of the wrong kind.
func (e *evaluation) wrong(format string, args ...any) error {
	return &NotFoundError{Path: e.path.text, Message: fmt.Sprintf(format, args...), hard: true}
}

func isHard(err error) bool {
	e, ok := err.(*NotFoundError)
	return ok && e.hard
}
