package states

import (
	"fmt"
	"math"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/query"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// queryFault records that an evaluation has failed and returns the state's error. A location is a field's name, with the
// names inside it behind slashes and elements as [n] (R82); "" is none.
//
// AWS chains the event after what came before the state, if nothing has happened in the state but for a Wait (R78).
func (r *run) queryFault(location, cause string) *asl.Error {
	return r.queryFailed(location, query.PlaceIn(location), cause)
}

// queryFailed is queryFault for a place that the location does not spell: names may have slashes.
func (r *run) queryFailed(location string, at query.Pointer, cause string) *asl.Error {
	failed := r.failed(asl.ErrorQueryEvaluation, at, cause)
	e := asl.Event{Type: asl.EvaluationFailed, Time: r.host.Now(), State: r.frame.State, Location: location, Err: failed, Previous: r.frame.Last}
	if r.frame.Last == r.frame.Entered {
		e.Previous = r.frame.Before
	}
	r.frame.Last = r.frame.Recorder.Append(r.frame, e)
	return failed
}

// unexpected is the error of a field whose expression gives a value of the wrong kind.
func (r *run) unexpected(q *query.Query, location, want string, v value.Value) *asl.Error {
	return r.queryFault(location, fmt.Sprintf(
		"The JSONata expression '%s' specified for the field '%s' returned an unexpected result type. Expected '%s', but was '%s' for value: %s",
		q.Text, location, want, v.Kind(), v))
}

// evaluate evaluates the expression of a field that takes one kind of value.
func (r *run) evaluate(q *query.Query, location string, want value.Kind) (value.Value, error) {
	v, err := r.scope(value.Value{}).Query(q, location, nil)
	if err != nil {
		return v, r.templateFault(err)
	}
	if v.Kind() != want {
		return v, r.unexpected(q, location, want.String(), v)
	}
	return v, nil
}

// evaluateText evaluates the expression of a field that takes a string.
func (r *run) evaluateText(q *query.Query, location string) (string, error) {
	v, err := r.evaluate(q, location, value.StringKind)
	text, _ := v.AsString()
	return text, err
}

// evaluateInteger evaluates the expression of a field that takes a whole number from least to most.
func (r *run) evaluateInteger(q *query.Query, location string, least, most int64) (int64, error) {
	v, err := r.evaluate(q, location, value.NumberKind)
	if err != nil {
		return 0, err
	}
	n, ok := v.AsInt()
	if !ok || n < least || n > most {
		return 0, r.queryFault(location, fmt.Sprintf(
			"The JSONata expression '%s' specified for the field '%s' must give an integer%s but gave %s", q.Text, location, between(least, most), v))
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
func (r *run) output(of string, assign, output *query.Template, otherwise value.Value) (value.Value, error) {
	if err := r.assign(of, assign, value.Value{}); err != nil {
		return otherwise, err
	}
	if output == nil {
		return otherwise, nil
	}
	return r.template(output, of+"Output", value.Value{})
}
