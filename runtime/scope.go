package runtime

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/r-seed-632eed22/aslgen/runtime/intrinsic"
	"github.com/r-seed-632eed22/aslgen/runtime/jsonpath"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// scope is what paths and intrinsic functions read while one template or field is evaluated.
type scope struct {
	document  value.Value // what $ is
	context   *Context    // what $$ is
	variables value.Value // an object: what $name is
	run       *run        // whose clock and chance it has

	// What JSONata expressions read as $states, and the field that they stand in.
	input, result, errorOutput value.Value
	field                      string
}

// in says which field is evaluated.
func (s *scope) in(field string) *scope {
	s.field = field
	return s
}

// get evaluates a path.
func (s *scope) get(p *jsonpath.Path) (value.Value, error) {
	switch p.Root() {
	case jsonpath.Input:
		if p.IsRoot() {
			return s.document, nil
		}
		return p.Get(s.document)
	case jsonpath.Context:
		return p.Get(s.context.document())
	}
	v := s.variables.Get(p.Variable())
	if v.IsAbsent() {
		return v, fmt.Errorf("the variable $%s has no value", p.Variable())
	}
	return p.Get(v)
}

// Path implements [intrinsic.Env]. Where the path meets data of the wrong kind AWS shows the words of its library.
func (s *scope) Path(p *jsonpath.Path) (value.Value, error) {
	v, err := s.get(p)
	if wrong, ok := errors.AsType[*jsonpath.NotFoundError](err); ok && wrong.OfWrongKind() {
		return v, err
	}
	if err != nil {
		return v, fmt.Errorf("The JsonPath argument for the field '%s' could not be found in the input '%s'", p, s.document)
	}
	return v, nil
}

// Random implements [intrinsic.Env].
func (s *scope) Random() *rand.Rand { return s.run.random() }

// expression is what the text of a template's "….$" member, or of a path field, says, or what JSONata stands in a field.
type expression struct {
	path  *jsonpath.Path
	call  *intrinsic.Call
	query *query
}

// parseExpression reads a path, JSONata, or else a call of an intrinsic function (R50, R70).
func parseExpression(text string) (e expression, err error) {
	switch {
	case strings.HasPrefix(text, "$"):
		e.path, err = jsonpath.Parse(text)
	case isQuery(text):
		e.query, err = parseQuery(text)
	default:
		e.call, err = intrinsic.Parse(text)
	}
	return e, err
}

// eval evaluates an expression for a member of the field. Its error is a [*templateError] (R31, X1) or a [*queryError].
func (s *scope) eval(e expression, to pointer) (value.Value, error) {
	if e.query != nil {
		return s.query(e.query, s.field, to)
	}
	if e.path != nil {
		v, err := s.get(e.path)
		if err != nil {
			return v, &templateError{placeIn(s.field, to...), fmt.Sprintf("The JSONPath '%s' specified for the field '%s' could not be found in the input '%s'",
				e.path, to.last(), s.document)}
		}
		return v, nil
	}
	v, err := e.call.Eval(s)
	if err != nil {
		return v, &templateError{placeIn(s.field, to...), fmt.Sprintf("The function '%s' had the following error: %s", e.call, err)}
	}
	return v, nil
}

// templateError says that a template or a field could not be evaluated. The state fails with States.Runtime.
type templateError struct {
	at   pointer // where in the state it stands
	text string
}

func (e *templateError) Error() string { return e.text }
