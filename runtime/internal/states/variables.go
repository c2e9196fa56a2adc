package states

import (
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/internal/query"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// assign evaluates an Assign; the variables have their new values from the next state on (R60). Of an Assign in a rule or a
// catcher, of says in which, with a slash behind.
func (r *run) assign(of string, t *query.Template, document value.Value) error {
	if t == nil {
		return nil
	}
	v, err := r.template(t, of+"Assign", document)
	if err != nil {
		return err
	}
	if v.Size() > asl.DataLimit || v.Size()+r.frame.Variables.Size() > variablesLimit && r.variables(v).Size() > variablesLimit { // R65
		return tooLarge(r.frame.State)
	}
	if v.Len() > 0 {
		r.assigned = v
	}
	return nil
}

// bind gives the variables the values that the state has assigned.
func (r *run) bind() {
	if !r.assigned.IsAbsent() {
		r.frame.Variables, r.assigned = r.variables(r.assigned), value.Value{}
	}
}

// variables are those of the frame with some assigned.
func (r *run) variables(assigned value.Value) value.Value {
	variables := r.frame.Variables
	if variables.IsAbsent() {
		variables = value.EmptyObject
	}
	for name, v := range assigned.Members() {
		variables = variables.With(name, v)
	}
	return variables
}
