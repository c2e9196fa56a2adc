package jsonpath

import (
	"fmt"
	"strconv"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Set returns root with v at the place that a Reference Path names, as ResultPath does (R29): a node there is replaced,
// missing objects on the way are made, array elements must exist. root itself does not change. The error is a [*SetError].
func (p *Path) Set(root, v value.Value) (value.Value, error) {
	for i := range p.steps {
		if s := &p.steps[i]; s.kind != nameStep && s.kind != indexStep || s.function {
			return value.Value{}, &SetError{p.text, fmt.Sprintf("%s is not a Reference Path", p.text)}
		}
	}
	set, failed := p.set(0, root, v)
	if failed < 0 {
		return set, nil
	}
	message := fmt.Sprintf("Unable to apply ReferencePath %s to input %s", p.text, root)
	if failed > 0 {
		message = fmt.Sprintf("Unable to apply step %q to input %s", p.steps[failed].label(), root)
	}
	return value.Value{}, &SetError{p.text, message}
}

// set returns node with v at the end of the steps from i on, and the step that cannot be taken, -1 if all can.
func (p *Path) set(i int, node, v value.Value) (set value.Value, failed int) {
	if i == len(p.steps) {
		return v, -1
	}
	s := &p.steps[i]
	if s.kind == indexStep {
		old := node.At(s.index)
		if old.IsAbsent() {
			return value.Value{}, i
		}
		element, failed := p.set(i+1, old, v)
		if failed >= 0 {
			return value.Value{}, failed
		}
		return node.WithElement(s.index, element), -1
	}
	if node.IsAbsent() && i > 0 {
		node = value.EmptyObject
	}
	if node.Kind() != value.ObjectKind {
		return value.Value{}, i
	}
	member, failed := p.set(i+1, node.Get(s.name), v)
	if failed >= 0 {
		return value.Value{}, failed
	}
	return node.With(s.name, member), -1
}

func (s *step) label() string {
	if s.kind == indexStep {
		return strconv.Itoa(s.index)
	}
	return s.name
}
