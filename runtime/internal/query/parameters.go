package query

import (
	"fmt"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/awsshape"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Parameters are a task's parameters, as a template makes them in a type of their own.
type Parameters struct {
	template func(*asl.Context, *Reader) any
	plan     []read
	unset    []given
}

// PlanParameters plans what a template reads. The members unset are put into the documents that it makes.
func PlanParameters(template func(*asl.Context, *Reader) any, unset []Unset) (p *Parameters, err error) {
	p = &Parameters{template: template}
	for _, u := range unset {
		v, err := value.Parse([]byte(u.JSON))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", u.To, err)
		}
		p.unset = append(p.unset, given{ParsePointer(u.To), v})
	}
	p.plan, err = planOf(func(c *asl.Context, r *Reader) { template(c, r) })
	return p, err
}

// Bind makes the parameters: the document, and what the template has made. The error is a [*TemplateError], a [*QueryError] or
// a [*ParameterError].
func (p *Parameters) Bind(s *Scope) (document value.Value, made any, err error) {
	r := s.read(p.plan)
	made = p.template(s.Context, r)
	document, err = awsshape.Document(made)
	if r.err != nil {
		return document, nil, inDocument(r.err, document)
	}
	if err != nil {
		return document, nil, err
	}
	for _, u := range append(r.given, p.unset...) {
		document = u.to.set(document, asGiven(u.to.get(document), u.value))
	}
	if wrong := r.wrong; wrong != nil {
		return document, nil, &ParameterError{Parameters: wrong.put(document), Reason: wrong.reason(document), At: wrong.places[0]}
	}
	return document, made, nil
}

// ParameterError says that a task's parameters do not have the types that its service wants (R165).
type ParameterError struct {
	Parameters value.Value
	Reason     string
	At         Pointer // where in the template the fault is, if that is known
}

func (e *ParameterError) Error() string {
	return fmt.Sprintf("The Parameters '%s' could not be used to start the Task: [%s]", e.Parameters, e.Reason)
}
