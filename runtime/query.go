package runtime

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/r-seed-632eed22/aslgen/runtime/jsonata"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// QueryLanguage is the language that a state's expressions are written in.
type QueryLanguage string

// JSONata is the query language of states whose expressions stand between {% and %}. The default, "", is JSONPath.
const JSONata QueryLanguage = "JSONata"

// ErrorQueryEvaluation is what a state fails with whose JSONata expression does (R77).
const ErrorQueryEvaluation = "States.QueryEvaluationError"

// query is a JSONata expression.
type query struct {
	text      string // as causes show it
	expr      *jsonata.Expr
	variables []string // that it reads, but for $states
	states    []string // the members of $states that it reads
	plain     bool     // it is $variable.name.name, and no more
	variable  string
	names     []string
}

// statesMembers are the members of $states (R72).
var statesMembers = []string{"input", "context", "result", "errorOutput"}

// isQuery reports whether a field's text is a JSONata expression (R70).
func isQuery(text string) bool {
	return len(text) >= 4 && strings.HasPrefix(text, "{%") && strings.HasSuffix(text, "%}")
}

// parseQuery reads what stands between {% and %}.
func parseQuery(text string) (*query, error) {
	q := &query{text: strings.TrimSpace(text[2 : len(text)-2])}
	var err error
	if q.expr, err = jsonata.Compile(q.text, jsonata.AWS); err != nil {
		return nil, err
	}
	q.variable, q.names, q.plain = q.expr.Path()
	for _, r := range q.expr.References() {
		switch {
		case r.Library:
			q.plain = false // it is the function
		case r.Name != "states":
			q.variables = append(q.variables, r.Name)
		case len(r.Fields) == 0:
			q.states = statesMembers
		default:
			q.states = append(q.states, r.Fields[0].Name)
		}
	}
	return q, nil
}

// query evaluates a JSONata expression at a place of a field. Its error is a [*queryError].
func (s *scope) query(q *query, field string, to pointer) (v value.Value, err error) {
	if q.plain {
		v = s.lookup(q.variable, q.names)
	} else if v, err = q.expr.Eval(s.env(), value.Value{}, s.bindings(q)); err != nil {
		return v, &queryError{query: q, field: field, to: to, fault: evaluationFault(err)}
	}
	if v.IsAbsent() {
		return v, &queryError{query: q, field: field, to: to, fault: "returned nothing (undefined)."}
	}
	return v, nil
}

// evaluationFault says in AWS's words how an evaluation has failed (R77, R79, R83).
func evaluationFault(err error) string {
	if errors.Is(err, jsonata.ErrFunction) {
		return "returned an unsupported result type."
	}
	if _, coded := errors.AsType[*jsonata.Error](err); !coded {
		return "threw an error during evaluation: " + err.Error()
	}
	return "threw an error during evaluation. " + err.Error()
}

// lookup follows a variable and names, without the evaluator.
func (s *scope) lookup(variable string, names []string) value.Value {
	if variable != "states" {
		return jsonata.Lookup(s.variables.Get(variable), names...)
	}
	if len(names) == 0 {
		return s.statesObject(statesMembers)
	}
	return jsonata.Lookup(s.statesMember(names[0]), names[1:]...)
}

func (s *scope) statesMember(name string) value.Value {
	switch name {
	case "input":
		return s.input
	case "context":
		return s.context.document()
	case "result":
		return s.result
	case "errorOutput":
		return s.errorOutput
	}
	return value.Value{}
}

// statesObject is $states with some of its members.
func (s *scope) statesObject(names []string) value.Value {
	members := make([]value.Member, 0, len(names))
	for _, name := range names {
		members = append(members, value.Field(name, s.statesMember(name)))
	}
	return value.Object(members...)
}

func (s *scope) env() *jsonata.Env {
	return &jsonata.Env{Now: s.run.host.Now, Random: s.run.random()}
}

// bindings are the variables that an expression reads.
func (s *scope) bindings(q *query) map[string]value.Value {
	all := make(map[string]value.Value, len(q.variables)+1)
	for _, name := range q.variables {
		if v := s.variables.Get(name); !v.IsAbsent() {
			all[name] = v
		}
	}
	if len(q.states) > 0 {
		all["states"] = s.statesObject(q.states)
	}
	return all
}

// queryError says that a JSONata expression could not be evaluated, or gave nothing.
type queryError struct {
	query    *query
	field    string
	to       pointer     // where in the field the expression stands
	document value.Value // what the field's template makes, which tells elements from members
	fault    string
}

func (e *queryError) location() string { return e.to.location(e.field, e.document) }

func (e *queryError) Error() string {
	return fmt.Sprintf("The JSONata expression '%s' specified for the field '%s' %s", e.query.text, e.location(), e.fault)
}

// inDocument adds to a [*queryError] what the template makes in which it happened.
func inDocument(err error, document value.Value) error {
	if failed, ok := errors.AsType[*queryError](err); ok {
		failed.document = document
	}
	return err
}

// queryFault records that an evaluation has failed and returns the state's error. A location is a field's name, with the
// names inside it behind slashes and elements as [n] (R82); "" is none.
//
// AWS chains the event after what came before the state, if nothing has happened in the state but for a Wait (R78).
func (r *run) queryFault(location, cause string) *Error {
	return r.queryFailed(location, placeIn(location), cause)
}

// queryFailed is queryFault for a place that the location does not spell: names may have slashes.
func (r *run) queryFailed(location string, at pointer, cause string) *Error {
	failed := r.failed(ErrorQueryEvaluation, at, cause)
	e := Event{Type: EvaluationFailed, Time: r.host.Now(), State: r.frame.State, Location: location, Err: failed, Previous: r.frame.Last}
	if r.frame.Last == r.frame.Entered {
		e.Previous = r.frame.Before
	}
	r.frame.Last = r.frame.Recorder.Append(e)
	return failed
}

// unexpected is the error of a field whose expression gives a value of the wrong kind.
func (r *run) unexpected(q *query, location, want string, v value.Value) *Error {
	return r.queryFault(location, fmt.Sprintf(
		"The JSONata expression '%s' specified for the field '%s' returned an unexpected result type. Expected '%s', but was '%s' for value: %s",
		q.text, location, want, v.Kind(), v))
}

// evaluate evaluates the expression of a field that takes one kind of value.
func (r *run) evaluate(q *query, location string, want value.Kind) (value.Value, error) {
	v, err := r.scope(value.Value{}).query(q, location, nil)
	if err != nil {
		return v, r.templateFault(err)
	}
	if v.Kind() != want {
		return v, r.unexpected(q, location, want.String(), v)
	}
	return v, nil
}

// evaluateText evaluates the expression of a field that takes a string.
func (r *run) evaluateText(q *query, location string) (string, error) {
	v, err := r.evaluate(q, location, value.StringKind)
	text, _ := v.AsString()
	return text, err
}

// evaluateInteger evaluates the expression of a field that takes a whole number from least to most.
func (r *run) evaluateInteger(q *query, location string, least, most int64) (int64, error) {
	v, err := r.evaluate(q, location, value.NumberKind)
	if err != nil {
		return 0, err
	}
	n, ok := v.AsInt()
	if !ok || n < least || n > most {
		return 0, r.queryFault(location, fmt.Sprintf(
			"The JSONata expression '%s' specified for the field '%s' must give an integer%s but gave %s", q.text, location, between(least, most), v))
	}
	return n, nil
}

// between says what integers there may be, where there are bounds.
func between(least, most int64) string {
	switch {
	case least == math.MinInt64:
		return ""
	case most == math.MaxInt64:
		return fmt.Sprintf(" of at least %d", least)
	}
	return fmt.Sprintf(" from %d to %d", least, most)
}

// output returns what a JSONata state hands on: what its Output makes, or else what it is without one (R74). Assign sees the
// same values as Output (R67). Where both stand in a rule or a catcher, of says in which, with a slash behind.
func (r *run) output(of string, assign, output Template, otherwise value.Value) (value.Value, error) {
	if err := r.assign(of, assign, value.Value{}); err != nil {
		return otherwise, err
	}
	if output == nil {
		return otherwise, nil
	}
	return r.template(output, of+"Output", value.Value{})
}
