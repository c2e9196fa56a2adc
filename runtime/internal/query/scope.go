package query

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/intrinsic"
	"github.com/r-seed-632eed22/aslgen/runtime/jsonpath"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Scope is what paths and intrinsic functions read while one template or field is evaluated.
type Scope struct {
	Document  value.Value  // what $ is
	Context   *asl.Context // what $$ is
	Variables value.Value  // an object: what $name is
	World     world        // whose clock and chance it has
	Reader    *Reader      // room for the one that a template reads with, of which there is one at a time

	GivenContext value.Value // what $$ is instead, but for Map and Task, in a test that gives it
	Retries      bool        // the state shows a RetryCount in $$.State

	// What JSONata expressions read as $states, and the field that they stand in.
	Input, Result, ErrorOutput value.Value
	field                      string
}

// World is what functions ask that do not always give the same.
type world interface {
	Now() time.Time
	Random() *rand.Rand
}

// In says which field is evaluated.
func (s *Scope) In(field string) *Scope {
	s.field = field
	return s
}

// read returns the reader of a template with the plan.
func (s *Scope) read(plan []read) *Reader {
	*s.Reader = Reader{scope: s, plan: plan}
	return s.Reader
}

// Get evaluates a path.
func (s *Scope) Get(p *jsonpath.Path) (value.Value, error) {
	switch p.Root() {
	case jsonpath.Input:
		if p.IsRoot() {
			return s.Document, nil
		}
		return p.Get(s.Document)
	case jsonpath.Context:
		return p.Get(s.contextObject())
	}
	v := s.Variables.Get(p.Variable())
	if v.IsAbsent() {
		return v, fmt.Errorf("the variable $%s has no value", p.Variable())
	}
	return p.Get(v)
}

// Path implements [intrinsic.Env]. Where the path meets data of the wrong kind AWS shows the words of its library.
func (s *Scope) Path(p *jsonpath.Path) (value.Value, error) {
	v, err := s.Get(p)
	if wrong, ok := errors.AsType[*jsonpath.NotFoundError](err); ok && wrong.OfWrongKind() {
		return v, err
	}
	if err != nil {
		return v, fmt.Errorf("The JsonPath argument for the field '%s' could not be found in the input '%s'", p, s.Document)
	}
	return v, nil
}

// Random implements [intrinsic.Env].
func (s *Scope) Random() *rand.Rand { return s.World.Random() }

// Expression is what the text of a template's "….$" member, or of a path field, says, or what JSONata stands in a field.
type Expression struct {
	path  *jsonpath.Path
	call  *intrinsic.Call
	Query *Query
}

// ParseExpression reads a path, JSONata, or else a call of an intrinsic function (R50, R70).
func ParseExpression(text string) (e Expression, err error) {
	switch {
	case strings.HasPrefix(text, "$"):
		e.path, err = jsonpath.Parse(text)
	case IsQuery(text):
		e.Query, err = ParseQuery(text)
	default:
		e.call, err = intrinsic.Parse(text)
	}
	return e, err
}

// Eval evaluates an expression for a member of the field. Its error is a [*TemplateError] (R31, X1) or a [*QueryError].
func (s *Scope) Eval(e Expression, to Pointer) (value.Value, error) {
	if e.Query != nil {
		return s.Query(e.Query, s.field, to)
	}
	if e.path != nil {
		v, err := s.Get(e.path)
		if err != nil {
			return v, &TemplateError{PlaceIn(s.field, to...), fmt.Sprintf("The JSONPath '%s' specified for the field '%s' could not be found in the input '%s'",
				e.path, to.last(), s.Document)}
		}
		return v, nil
	}
	v, err := e.call.Eval(s)
	if err != nil {
		return v, &TemplateError{PlaceIn(s.field, to...), fmt.Sprintf("The function '%s' had the following error: %s", e.call, err)}
	}
	return v, nil
}

// TemplateError says that a template or a field could not be evaluated. The state fails with States.Runtime.
type TemplateError struct {
	At   Pointer // where in the state it stands
	text string
}

func (e *TemplateError) Error() string { return e.text }
