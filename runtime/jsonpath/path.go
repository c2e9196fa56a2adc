// Package jsonpath parses and evaluates the paths of AWS Step Functions (docs/rules.md 1.5).
//
// A path is parsed once and evaluated as often as needed:
//
//	p, err := jsonpath.Parse("$.store.book[?(@.price < 10)].title")
//	titles, err := p.Get(document)
//
// The dialect is the one of Jayway JsonPath 2.0.x, with which the service's behaviour agrees best. It is neither RFC 9535
// nor current Jayway. What surprises most:
//
//   - A single negative index, [-1], always fails; [-1:] and [(@.length-1)] reach the end of an array.
//   - A dot before a bracket is allowed: $.['a'].[0].
//   - In ['…'] a backslash stands for itself, and "…" does not quote.
//   - A nested filter and the operators in, nin, size, empty and subsetof do not exist; the step of a slice is ignored.
//   - In a filter && binds tighter than ||, and parentheses group nothing. All literals are texts, which are read as
//     numbers or booleans if the other side is one; a text in double quotes includes the quotes.
//   - A bracket ends at its matching bracket, and && and || divide a filter, even within quotes.
//   - ['a','b'] gives an object of the members that exist and must be the last step.
//   - .length() is the number of elements of an array (R43). All other functions are read as member names, which is why
//     they fail with "not found" on AWS.
package jsonpath

import (
	"fmt"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Root says what a path starts from (R40).
type Root uint8

// The roots of a path.
const (
	Input    Root = iota // $, the document the field reads
	Context              // $$, the context object
	Variable             // $name, a workflow variable
)

// Path is a parsed path. It is immutable and safe for concurrent use.
type Path struct {
	text     string
	root     Root
	variable string
	steps    []step
	plain    bool // only names and indices: [Path.walk] does it
	// definiteFrom is the first step from which on every step selects one node; 0 if the whole path does.
	definiteFrom int
}

type stepKind uint8

const (
	nameStep     stepKind = iota // .name or ['name']
	namesStep                    // ['a','b']
	indexStep                    // [2]
	indicesStep                  // [0,2]
	fromStep                     // [1:]
	toStep                       // [:2]
	betweenStep                  // [1:2]
	lastStep                     // [(@.length-1)]
	wildcardStep                 // .* or [*]
	filterStep                   // [?(@.a)]
	scanStep                     // .. before the step it scans for
)

type step struct {
	kind    stepKind
	name    string
	names   []string
	index   int // also the begin of a slice, and n of [(@.length-n)]
	end     int // of a slice
	indices []int
	filter  *filter // nil for [?]
	// function is set for the name length(), written with a dot.
	function bool
}

func (s *step) definite() bool {
	switch s.kind {
	case nameStep, namesStep, indexStep, lastStep:
		return true
	}
	return false
}

// SyntaxError is the error of [Parse] and [ParseReference].
type SyntaxError struct {
	Offset  int // where in the text, in bytes
	Message string
}

func (e *SyntaxError) Error() string { return fmt.Sprintf("offset %d: %s", e.Offset, e.Message) }

// NotFoundError says why a path selects nothing.
type NotFoundError struct {
	Path    string // as written
	Message string // in Jayway's words, which AWS shows in causes (R31): No results for path: $['x']
	// hard is set where the kind of the data is wrong, not just something missing; a wildcard does not pass over it.
	hard bool
}

func (e *NotFoundError) Error() string { return e.Message }

// OfWrongKind reports whether the path meets data of a kind that its step cannot be applied to, such as [0] a number.
func (e *NotFoundError) OfWrongKind() bool { return e.hard }

// SetError says why [Path.Set] cannot store a value.
type SetError struct {
	Path    string // as written
	Message string // in AWS's words: Unable to apply ReferencePath $.x to input "text"
}

func (e *SetError) Error() string { return e.Message }

// MustParse is [Parse] for paths that are known to be right, as in generated code; it panics if one is not.
func MustParse(text string) *Path {
	p, err := Parse(text)
	if err != nil {
		panic(fmt.Sprintf("jsonpath: %q: %v", text, err))
	}
	return p
}

// String returns the path as it was written.
func (p *Path) String() string { return p.text }

// Root returns what the path starts from.
func (p *Path) Root() Root { return p.root }

// Variable returns the name of the variable that the path starts from; "" if it starts from none.
func (p *Path) Variable() string { return p.variable }

// IsRoot reports whether the path is nothing but its root: $, $$ or $name.
func (p *Path) IsRoot() bool { return len(p.steps) == 0 }

// Definite reports whether the path selects one node. An indefinite path gives an array (R27).
func (p *Path) Definite() bool { return p.definiteFrom == 0 }

// Names returns the member names that the path leads through first; only is true if nothing else follows them.
func (p *Path) Names() (names []string, only bool) {
	for i := range p.steps {
		if p.steps[i].kind != nameStep || p.steps[i].function {
			return names, false
		}
		names = append(names, p.steps[i].name)
	}
	return names, true
}

// Get returns what the path selects, given what it starts from. A definite path gives the node or a [*NotFoundError]; an
// indefinite one an array of the nodes in document order, empty if there are none (R27). An indefinite path fails too where
// Jayway's does: where the last name is missing in a member selected before, for instance.
func (p *Path) Get(root value.Value) (value.Value, error) {
	if p.plain {
		if v, n := p.walk(root); n == len(p.steps) {
			return v, nil
		}
	}
	e := evaluation{path: p, root: root}
	if err := e.step(0, root); err != nil {
		return value.Value{}, err
	}
	if p.Definite() {
		return e.results[0], nil
	}
	return value.Array(e.results...), nil
}

// walk follows a plain path and returns the last node it reached and the number of steps it took.
func (p *Path) walk(v value.Value) (value.Value, int) {
	for i := range p.steps {
		s := &p.steps[i]
		var next value.Value
		if s.kind == nameStep {
			next = v.Get(s.name)
		} else {
			next = v.At(s.index)
		}
		if next.IsAbsent() {
			return v, i
		}
		v = next
	}
	return v, len(p.steps)
}

// StepKind says what a step of a path selects, as far as the types of the data go.
type StepKind uint8

// The kinds of steps.
const (
	MemberStep   StepKind = iota // a member of an object, by its name
	ElementStep                  // an element of an array
	ElementsStep                 // some elements of an array, or of [*] the members of an object
	LengthStep                   // the number of elements of an array
	OtherStep                    // anything else: ['a','b'], ..
)

// Step is a step of a path.
type Step struct {
	Kind StepKind
	Name string // of a MemberStep
}

// Steps returns the steps of the path after its root. With an ElementsStep or an OtherStep the path may give an array.
func (p *Path) Steps() []Step {
	steps := make([]Step, len(p.steps))
	for i := range p.steps {
		s := &p.steps[i]
		switch s.kind {
		case nameStep:
			steps[i] = Step{Kind: MemberStep, Name: s.name}
			if s.function {
				steps[i] = Step{Kind: LengthStep}
			}
		case indexStep, lastStep:
			steps[i].Kind = ElementStep
		case indicesStep, fromStep, toStep, betweenStep, wildcardStep, filterStep:
			steps[i].Kind = ElementsStep
		default:
			steps[i].Kind = OtherStep
		}
	}
	return steps
}
