// Package awsaction is how actions of optimized integrations differ from the operations of services that they call (D6): by the names of
// members, by lists of which they have one element, by what they refuse and what they add. Whoever judges, types or makes such a call goes by
// the one table here.
package awsaction

import (
	"fmt"
	"slices"
	"strings"

	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Change is how an action differs from its operation. Members are called as in optimized integrations.
type Change struct {
	Operation string   // that is called: RunJobFlow; "" if it has the action's name
	Given     []Rename // of the members of the parameters
	Answered  []Rename // of the members of the answer
	Refused   []string // the places of the operation's parameters that the action does not take, dots between members
	Required  []string // the places of parameters that must be given besides those that the operation requires
	True      []string // the places of parameters that must be given as true
	Added     []string // texts that must be given and that the operation does not have
	Repeated  string   // the parameter that the answer has too; "" if there is none
}

// Rename is a member that the action and its operation call by different names.
type Rename struct {
	Action    string
	Operation string // [] behind it says that it is a list, which has one element
}

// List returns the operation's name of the member, and whether that is a list.
func (r Rename) List() (name string, list bool) { return strings.CutSuffix(r.Operation, "[]") }

// changes are the actions that differ, by what their Resources end in.
var changes = map[string]Change{
	"elasticmapreduce:addStep": {
		Operation: "AddJobFlowSteps", Given: []Rename{{"ClusterId", "JobFlowId"}, {"Step", "Steps[]"}}, Answered: []Rename{{"StepId", "StepIds[]"}},
	},
	"elasticmapreduce:cancelStep": {
		Operation: "CancelSteps", Given: []Rename{{"StepId", "StepIds[]"}}, Answered: []Rename{{"CancelStepsInfo", "CancelStepsInfoList[]"}},
	},
	"elasticmapreduce:createCluster": {
		Operation: "RunJobFlow", Answered: []Rename{{"ClusterId", "JobFlowId"}},
		Refused: []string{"Steps"}, True: []string{"Instances.KeepJobFlowAliveWhenNoSteps"},
	},
	"elasticmapreduce:modifyInstanceFleetByName": {
		Operation: "ModifyInstanceFleet", Refused: []string{"InstanceFleet.InstanceFleetId"}, Added: []string{"InstanceFleetName"},
	},
	"elasticmapreduce:modifyInstanceGroupByName": {
		Operation: "ModifyInstanceGroups", Given: []Rename{{"InstanceGroup", "InstanceGroups[]"}},
		Refused: []string{"InstanceGroup.InstanceGroupId"}, Required: []string{"ClusterId", "InstanceGroup"}, Added: []string{"InstanceGroupName"},
	},
	"elasticmapreduce:setClusterTerminationProtection": {
		Operation: "SetTerminationProtection", Given: []Rename{{"ClusterId", "JobFlowIds[]"}},
	},
	"elasticmapreduce:terminateCluster": {Operation: "TerminateJobFlows", Given: []Rename{{"ClusterId", "JobFlowIds[]"}}},

	"emr-serverless:deleteApplication": {Repeated: "ApplicationId"},
	"emr-serverless:startApplication":  {Repeated: "ApplicationId"},
	"emr-serverless:stopApplication":   {Repeated: "ApplicationId"},

	"glue:startJobRun": {Repeated: "JobName"},
}

// Of returns how an action differs from its operation, by what its Resource ends in, with or without a pattern. Most do not: the zero Change
// leaves everything as it is.
func Of(integration string) (c Change, differs bool) {
	name, _, _ := strings.Cut(integration, ".")
	c, differs = changes[name]
	return c, differs
}

// Parameters returns the operation's parameters for those of the action. The error names a member that the action does not take.
func (c Change) Parameters(given value.Value) (value.Value, error) {
	for _, place := range c.Refused {
		if !At(given, place).IsAbsent() {
			return value.Value{}, refused(place[strings.LastIndexByte(place, '.')+1:])
		}
	}
	for _, r := range c.Given {
		if name, _ := r.List(); !given.Get(name).IsAbsent() {
			return value.Value{}, refused(name)
		}
	}
	return renamed(given, func(name string, member value.Value) (string, value.Value) {
		i := slices.IndexFunc(c.Given, func(r Rename) bool { return r.Action == name })
		if i < 0 {
			return name, member
		}
		name, list := c.Given[i].List()
		if list && !member.IsNull() {
			member = value.Array(member)
		}
		return name, member
	}), nil
}

func refused(name string) error {
	return fmt.Errorf("The field %q is not supported by Step Functions", name) //nolint:staticcheck // it is what Step Functions says
}

// Refuses reports whether the action does not take the parameter at a place, which the operation has.
func (c Change) Refuses(place string) bool {
	return slices.Contains(c.Refused, place) || slices.ContainsFunc(c.Given, func(r Rename) bool { name, _ := r.List(); return name == place })
}

// Own returns the action's parameters for those of the operation: what [Change.Parameters] was given.
func (c Change) Own(parameters value.Value) value.Value { return own(parameters, c.Given) }

// Answer returns the action's answer for that of the operation, which was called with parameters of the action's.
func (c Change) Answer(parameters, answer value.Value) value.Value {
	answer = own(answer, c.Answered)
	if c.Repeated != "" && !parameters.Get(c.Repeated).IsAbsent() {
		answer = answer.With(c.Repeated, parameters.Get(c.Repeated))
	}
	return answer
}

// NameOf returns what the action calls a parameter of the operation.
func (c Change) NameOf(name string) string {
	for _, r := range c.Given {
		if of, _ := r.List(); of == name {
			return r.Action
		}
	}
	return name
}

// own gives members the names of the action, and takes the one element out of lists. A list without elements is left out.
func own(of value.Value, all []Rename) value.Value {
	return renamed(of, func(name string, member value.Value) (string, value.Value) {
		for _, r := range all {
			switch of, list := r.List(); {
			case of != name:
			case list:
				for _, e := range member.Elements() {
					return r.Action, e
				}
				return r.Action, value.Value{}
			default:
				return r.Action, member
			}
		}
		return name, member
	})
}

// renamed returns an object with members as change makes them of its own; what is no object stays as it is.
func renamed(v value.Value, change func(string, value.Value) (string, value.Value)) value.Value {
	if v.Kind() != value.ObjectKind {
		return v
	}
	var members []value.Member
	for name, m := range v.Members() {
		members = append(members, value.Field(change(name, m)))
	}
	return value.Object(members...)
}

// At returns what a document has at a place: members of members, with dots between; "" is the document itself.
func At(v value.Value, place string) value.Value {
	if place == "" {
		return v
	}
	for name := range strings.SplitSeq(place, ".") {
		v = v.Get(name)
	}
	return v
}
