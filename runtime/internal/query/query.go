package query

import (
	"errors"
	"fmt"
	"strings"

	"github.com/r-seed-632eed22/aslgen/runtime/jsonata"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Query is a JSONata expression.
type Query struct {
	Text      string // as causes show it
	expr      *jsonata.Expr
	variables []string // that it reads, but for $states
	states    []string // the members of $states that it reads
	plain     bool     // it is $variable.name.name, and no more
	variable  string
	names     []string
}

// statesMembers are the members of $states (R72).
var statesMembers = []string{"input", "context", "result", "errorOutput"}

// IsQuery reports whether a field's text is a JSONata expression (R70).
func IsQuery(text string) bool {
	return len(text) >= 4 && strings.HasPrefix(text, "{%") && strings.HasSuffix(text, "%}")
}

// ParseQuery reads what stands between {% and %}.
func ParseQuery(text string) (*Query, error) {
	q := &Query{Text: strings.TrimSpace(text[2 : len(text)-2])}
	var err error
	if q.expr, err = jsonata.Compile(q.Text, jsonata.AWS); err != nil {
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

// Query evaluates a JSONata expression at a place of a field. Its error is a [*QueryError].
func (s *Scope) Query(q *Query, field string, to Pointer) (v value.Value, err error) {
	if q.plain {
		v = s.lookup(q.variable, q.names)
	} else if v, err = q.expr.Eval(s.env(), value.Value{}, s.bindings(q)); err != nil {
		return v, &QueryError{query: q, Field: field, To: to, fault: evaluationFault(err)}
	}
	if v.IsAbsent() {
		return v, &QueryError{query: q, Field: field, To: to, fault: "returned nothing (undefined)."}
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
func (s *Scope) lookup(variable string, names []string) value.Value {
	if variable != "states" {
		return jsonata.Lookup(s.Variables.Get(variable), names...)
	}
	if len(names) == 0 {
		return s.statesObject(statesMembers)
	}
	return jsonata.Lookup(s.statesMember(names[0]), names[1:]...)
}

func (s *Scope) statesMember(name string) value.Value {
	switch name {
	case "input":
		return s.Input
	case "context":
		return s.contextObject()
	case "result":
		return s.Result
	case "errorOutput":
		return s.ErrorOutput
	}
	return value.Value{}
}

// statesObject is $states with some of its members.
func (s *Scope) statesObject(names []string) value.Value {
	members := make([]value.Member, 0, len(names))
	for _, name := range names {
		members = append(members, value.Field(name, s.statesMember(name)))
	}
	return value.Object(members...)
}

func (s *Scope) env() *jsonata.Env {
	return &jsonata.Env{Now: s.World.Now, Random: s.World.Random()}
}

// bindings are the variables that an expression reads.
func (s *Scope) bindings(q *Query) map[string]value.Value {
	all := make(map[string]value.Value, len(q.variables)+1)
	for _, name := range q.variables {
		if v := s.Variables.Get(name); !v.IsAbsent() {
			all[name] = v
		}
	}
	if len(q.states) > 0 {
		all["states"] = s.statesObject(q.states)
	}
	return all
}

// QueryError says that a JSONata expression could not be evaluated, or gave nothing.
type QueryError struct {
	query    *Query
	Field    string
	To       Pointer     // where in the field the expression stands
	document value.Value // what the field's template makes, which tells elements from members
	fault    string
}

func (e *QueryError) Location() string { return e.To.location(e.Field, e.document) }

func (e *QueryError) Error() string {
	return fmt.Sprintf("The JSONata expression '%s' specified for the field '%s' %s", e.query.Text, e.Location(), e.fault)
}

// inDocument adds to a [*QueryError] what the template makes in which it happened.
func inDocument(err error, document value.Value) error {
	if failed, ok := errors.AsType[*QueryError](err); ok {
		failed.document = document
	}
	return err
}
