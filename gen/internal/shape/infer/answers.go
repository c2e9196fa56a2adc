package infer

import (
	"fmt"
	"slices"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/catalog"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/shape"
	"github.com/r-seed-632eed22/aslgen/internal/awsmodel"
)

// answer is a part of the result of a call, as the model of the service has it.
type answer struct {
	call  *awsmodel.Call
	what  string          // the call, for a person
	shape *awsmodel.Shape // nil if the result is empty
	path  string          // of the part
}

// modelOf returns what the model of a service says of the result of a task, nil if that is nothing.
func modelOf(r catalog.Resource) shape.Model {
	call := r.Call()
	if call == nil || r.Waits() {
		return nil
	}
	return answer{call: call, what: r.Service + ":" + r.Action, shape: call.Output()}
}

// Kinds implements [shape.Model]. Of scalars it says nothing: some of them hold JSON, which Step Functions reads.
func (a answer) Kinds() shape.Kinds {
	switch {
	case a.isObject() || a.shape.Kind == awsmodel.Map:
		return shape.ObjectKind
	case a.shape.Kind == awsmodel.List:
		return shape.ArrayKind
	}
	return shape.AnyKind
}

func (a answer) isObject() bool {
	return a.shape == nil || a.shape.Kind == awsmodel.Structure || a.shape.Kind == awsmodel.Union
}

// Member implements [shape.Model].
func (a answer) Member(name string) shape.Model {
	switch {
	case a.shape == nil:
	case a.shape.Kind == awsmodel.Map:
		return a.part(a.shape.Elem(), "."+name)
	case a.isObject():
		if m := a.call.Member(a.shape, name); m != nil {
			return a.part(m.Shape(), "."+name)
		}
	}
	return nil
}

// Elem implements [shape.Model].
func (a answer) Elem() shape.Model {
	if a.shape == nil || a.shape.Kind != awsmodel.List {
		return nil
	}
	return a.part(a.shape.Elem(), "[]")
}

func (a answer) part(x *awsmodel.Shape, step string) answer {
	return answer{a.call, a.what, x, a.path + step}
}

// unanswered finds that the models of the services whose results data may be have no member with a name. A model may be older than its
// service.
func unanswered(name string, j *shape.JSON) *wrong {
	if len(j.Origins) == 0 || j.Mixed {
		return nil
	}
	for _, n := range j.Origins {
		if a, known := n.Model.(answer); !known || !a.lacks(name) {
			return nil
		}
	}
	return j.Origins[0].Model.(answer).without(name)
}

// lacks reports whether it is an object that has no member with the name.
func (a answer) lacks(name string) bool {
	if !a.isObject() || a.path == "" && slices.Contains(a.call.Added(), name) {
		return false
	}
	return a.shape == nil || a.call.Member(a.shape, name) == nil
}

// without says that there is no member with the name, and what there is.
func (a answer) without(name string) *wrong {
	of := "the result of " + a.what
	if a.shape == nil {
		return &wrong{code: diag.PathFindsNothing, message: fmt.Sprintf("%s is empty: it has no member %q", of, name)}
	}
	names := a.call.Names(a.shape)
	hint := diag.DidYouMean(name, names)
	if spelt, ok := a.call.Spelt(a.shape, name); ok {
		hint = fmt.Sprintf("did you mean %q?", spelt)
	}
	if hint == "" && len(names) > 0 && len(names) <= 12 {
		hint = "it has " + strings.Join(names, ", ")
	}
	if a.path != "" {
		of = strings.TrimPrefix(a.path, ".") + " in " + of
	}
	return &wrong{code: diag.PathFindsNothing, message: fmt.Sprintf("%s is not known to have a member %q", of, name), hint: hint}
}
