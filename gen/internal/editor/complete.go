package editor

import (
	"regexp"
	"slices"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/catalog"
	"github.com/r-seed-632eed22/aslgen/internal/awsmodel"
)

// Completion is a word that may come next.
type Completion struct{ Word, Detail string }

// What the line before the cursor says about it. A name may be in quotes, and what is between it and its value is that of JSON, YAML or
// Terraform.
var (
	target = regexp.MustCompile(`(?:^|[\s{,"])(?:Next|Default|StartAt)"?\s*[:=]\s*["']?[^"']*$`)
	errors = regexp.MustCompile(`(?:^|[\s{,"])ErrorEquals"?\s*[:=]\s*\[[^\]]*$`)
	kind   = regexp.MustCompile(`(?:^|[\s{,"])Type"?\s*[:=]\s*["']?\w*$`)
	valued = regexp.MustCompile(`(?:^|[\s{,"])(\w+)"?\s*[:=]\s*["']?\w*$`)
	named  = regexp.MustCompile(`(?:^\s*-?\s*|[{,]\s*)["']?[\w.$-]*$`)
)

// Complete returns the words that may come at a place, where the line before it is as given. The text may be one that is not sound yet, and the
// machine what it last was.
func (m *Machine) Complete(offset int, before string) []Completion {
	s, of := m.around(offset)
	switch {
	case target.MatchString(before):
		if of == nil {
			of = m.Machine
		}
		return states(of)
	case errors.MatchString(before) && s != nil:
		return raised(s)
	case kind.MatchString(before) && s != nil && m.depth(s, offset) == nil:
		return words(ast.StateTypes, "a type of state")
	}
	in := m.parameter(s, offset)
	if match := valued.FindStringSubmatch(before); match != nil && in != nil {
		if member := in.call.Member(in.shape, match[1]); member != nil && member.Shape().Kind == awsmodel.String {
			return words(member.Shape().Enum, "a value of "+match[1])
		}
	}
	switch {
	case !named.MatchString(before) || s == nil:
		return nil
	case in != nil:
		var all []Completion
		for i := range in.shape.Members {
			member := &in.shape.Members[i]
			detail := string(member.Shape().Kind)
			if member.Required {
				detail += ", required"
			}
			all = append(all, Completion{in.call.NameOf(member), detail})
		}
		return all
	case m.depth(s, offset) == nil:
		return fields(s)
	}
	return nil
}

func states(of *ast.Machine) (all []Completion) {
	for _, s := range of.States {
		c := Completion{Word: s.Name.Text}
		if s.Type != nil {
			c.Detail = s.Type.Text
		}
		all = append(all, c)
	}
	return all
}

func words(list []string, detail string) (all []Completion) {
	for _, word := range list {
		all = append(all, Completion{word, detail})
	}
	return all
}

// raised returns the errors that a state can raise, as far as they are known.
func raised(s *ast.State) []Completion {
	all := words([]string{"States.ALL", "States.TaskFailed", "States.Timeout"}, "of Step Functions")
	if s.Resource == nil {
		return all
	}
	r, _, _ := catalog.ParseResource(s.Resource.Text)
	e, _ := r.Errors()
	names := slices.Concat(e.Names, e.Common, e.Others)
	if call := r.Call(); call != nil && e.Names == nil && e.Prefix != "" {
		for _, shape := range call.Operation.Errors {
			names = append(names, e.Prefix+"."+strings.TrimSuffix(shape, "Exception")+"Exception")
		}
	}
	for _, name := range names {
		if !strings.HasSuffix(name, "*") {
			all = append(all, Completion{name, "of " + r.Service})
		}
	}
	return all
}

// fields returns the fields that a state may have and does not have yet.
func fields(s *ast.State) (all []Completion) {
	for f := range ast.StateFields.All() {
		if s.Field(f.Name) == nil && (f.In == nil || s.Type != nil && slices.Contains(f.In, s.Type.Text)) {
			all = append(all, Completion{f.Name, "a field of the state"})
		}
	}
	return all
}

// depth returns the member of a state that a place is inside, nil if it is in none: between them, or at the name of one.
func (m *Machine) depth(s *ast.State, offset int) *ast.Member {
	for i := range s.Fields {
		member := &s.Fields[i]
		if r := m.given(member.Value.Span); len(member.Value.Members)+len(member.Value.Elements) > 0 && r.Start < offset && offset <= r.End {
			return member
		}
	}
	return nil
}

// parameters is an object among the parameters of a call.
type parameters struct {
	call  *awsmodel.Call
	shape *awsmodel.Shape
}

// parameter returns the object of a task's parameters that a place is in, nil if it is in none whose members are known.
func (m *Machine) parameter(s *ast.State, offset int) *parameters {
	if s == nil || s.Resource == nil {
		return nil
	}
	r, _, _ := catalog.ParseResource(s.Resource.Text)
	call := r.Call()
	member := m.depth(s, offset)
	if call == nil || member == nil || member.Name != "Parameters" && member.Name != "Arguments" {
		return nil
	}
	return m.descend(&parameters{call, call.Input()}, member.Value, offset)
}

// descend returns the innermost object at a place.
func (m *Machine) descend(in *parameters, n *ast.Node, offset int) *parameters {
	inside := func(n *ast.Node) bool {
		r := m.given(n.Span)
		return len(n.Members)+len(n.Elements) > 0 && r.Start < offset && offset <= r.End
	}
	for _, e := range n.Elements {
		if inside(e) && in.shape.Kind == awsmodel.List {
			return m.descend(&parameters{in.call, in.shape.Elem()}, e, offset)
		}
	}
	for i := range n.Members {
		member := &n.Members[i]
		if !inside(member.Value) {
			continue
		}
		switch in.shape.Kind {
		case awsmodel.Structure, awsmodel.Union:
			if known := in.call.Member(in.shape, member.Name); known != nil {
				return m.descend(&parameters{in.call, known.Shape()}, member.Value, offset)
			}
		case awsmodel.Map:
			return m.descend(&parameters{in.call, in.shape.Elem()}, member.Value, offset)
		}
		return nil
	}
	if in.shape == nil || in.shape.Kind != awsmodel.Structure && in.shape.Kind != awsmodel.Union {
		return nil
	}
	return in
}
