package check

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/catalog"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/shape"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// runTask holds the parameters of an ECS task to those of RunTask (part 2 of the specification).
type runTask struct {
	*checker
	written
	pattern  string
	sdk      bool // aws-sdk:ecs:runTask takes all that the API does
	resource source.Span
}

// ecsTask checks a Task whose Resource is one of Amazon ECS.
func (c *checker) ecsTask(s *ast.State, r catalog.Resource) {
	switch {
	case r.Service == "ecs" && r.Action != "runTask":
		c.errorf(s.Resource.Span, diag.UnknownECSAction, "the integration with Amazon ECS has no action %q", r.Action).
			WithHint("the AWS SDK integration may have it: arn:aws:states:::aws-sdk:ecs:" + r.Action)
		return
	case !r.RunsTask():
		return
	}
	t := &runTask{checker: c, pattern: r.Pattern, sdk: r.Service == "aws-sdk", written: written{c.jsonata(s)}, resource: s.Resource.Span}
	parameters := s.Parameters
	if t.ata {
		parameters = s.Arguments
	}
	switch {
	case parameters == nil:
		c.errorf(s.Resource.Span, diag.MissingParameter, "RunTask needs TaskDefinition, and the state has no parameters")
	case !t.unknown(parameters):
		t.value(parameters, catalog.RunTask(), "")
		t.together(parameters)
	}
	if r.Pattern == catalog.SyncPattern {
		c.capacity(s)
	}
}

// value checks a node against the type of the parameter that it feeds; path names that, "" the whole.
func (t *runTask) value(n *ast.Node, typ *shape.Type, path string) {
	if function := n.CloudFormation(); function != "" {
		t.list.DeployedOnly(t.file, n.Span, function, orParameters(path))
		return
	}
	if n.Kind == value.NullKind || n.Bare || t.unknown(n) && typ.Kind != shape.Integer && typ.Kind != shape.Boolean || n.Expr != nil {
		return
	}
	switch typ.Kind {
	case shape.String:
		t.expect(n, value.StringKind, typ, path)
	case shape.Enum:
		t.enum(n, typ, path)
	case shape.Boolean:
		t.expect(n, value.BoolKind, typ, path)
	case shape.Integer:
		t.integer(n, typ, path)
	case shape.List:
		if t.expect(n, value.ArrayKind, typ, path) {
			for i, e := range n.Elements {
				t.value(e, typ.Elem, path+"["+strconv.Itoa(i)+"]")
			}
			t.length(n, path)
		}
	case shape.Struct, shape.Union:
		if t.expect(n, value.ObjectKind, typ, path) {
			t.object(n, typ, path)
		}
	}
}

// expect reports a node of the wrong kind.
func (t *runTask) expect(n *ast.Node, kind value.Kind, typ *shape.Type, path string) bool {
	if n.Kind == kind || t.unknown(n) && t.ata {
		return true
	}
	d := t.errorf(n.Span, diag.ParameterType, "%s must be %s, not %s", orParameters(path), typ.Describe(), article(n.Kind))
	switch {
	case kind == value.StringKind && (n.Kind == value.NumberKind || n.Kind == value.BoolKind):
		d.WithHint(fmt.Sprintf("write it %q", n.Text))
	case kind == value.ArrayKind && n.Kind == value.StringKind:
		d.WithHint(fmt.Sprintf("write it [%q]", n.Text))
	case kind == value.BoolKind && (n.Text == "true" || n.Text == "false"), kind == value.NumberKind && isDigits(n.Text):
		d.WithHint("write it " + n.Text + ", without quotes")
	}
	return false
}

func isDigits(s string) bool {
	_, err := strconv.Atoi(s)
	return err == nil
}

func (t *runTask) enum(n *ast.Node, typ *shape.Type, path string) {
	if !t.expect(n, value.StringKind, typ, path) || slices.Contains(typ.Values(), n.Text) {
		return
	}
	hint := diag.DidYouMean(n.Text, typ.Values())
	if hint == "" {
		hint = "it is one of " + strings.Join(typ.Values(), ", ")
	}
	t.errorf(n.Span, diag.ParameterType, "%s cannot be %q", path, n.Text).WithHint(hint)
}

func (t *runTask) integer(n *ast.Node, typ *shape.Type, path string) {
	if !t.expect(n, value.NumberKind, typ, path) || n.Kind != value.NumberKind {
		return
	}
	v, err := value.Parse([]byte(n.Text))
	i, ok := v.AsInt()
	if err != nil || !ok || typ.Bits == 32 && i != int64(int32(i)) {
		t.errorf(n.Span, diag.ParameterType, "%s must be a whole number of %d bits, not %s", path, typ.Bits, n.Text)
	}
}

func (t *runTask) object(n *ast.Node, typ *shape.Type, path string) {
	for i := range n.Members {
		m := &n.Members[i]
		name := t.nameOf(m)
		member := typ.Member(name)
		if member == nil {
			t.unknownParameter(n, m, name, typ, path)
			continue
		}
		if path == "" && !t.sdk {
			t.listed(m, name)
		}
		t.value(m.Value, member.Type, join(path, name))
	}
	for _, member := range typ.Members {
		if member.Required && t.find(n, member.Name) == nil {
			t.errorf(n.Span, diag.MissingParameter, "%s needs %s", orRunTask(path), member.Name)
		}
	}
	if typ.Name == "ContainerOverride" && t.find(n, "Name") == nil {
		t.errorf(n.Span, diag.NoContainerName, "%s does not name its container", path).WithHint(`it needs "Name"`)
	}
	if typ.Kind == shape.Union && len(n.Members) != 1 {
		t.errorf(n.Span, diag.ParameterType, "%s must have exactly one member", path).
			WithHint("it is one of " + strings.Join(typ.MemberNames(), ", "))
	}
}

// find returns the member that sets a parameter, nil if there is none.
func (t *runTask) find(n *ast.Node, name string) *ast.Member {
	return t.written.find(n, name, func(v *ast.Node) bool { return v.Kind != value.NullKind })
}

func (t *runTask) unknownParameter(of *ast.Node, m *ast.Member, name string, typ *shape.Type, path string) {
	if typ.Name == "ContainerOverride" && (name == "ExecutionRoleArn" || name == "TaskRoleArn") {
		t.errorf(m.Span, diag.RoleInContainer, "%s is not supported in a container's override", name).
			WithHint("it belongs to Overrides, for all containers of the task")
		return
	}
	hint := diag.DidYouMean(name, typ.MemberNames())
	if near, ok := diag.Nearest(name, typ.MemberNames()); ok && t.find(of, near) != nil {
		hint = fmt.Sprintf("%q is there already: leave one of the two out", near)
	}
	if hint == "" {
		if place := placeOf(catalog.RunTask(), name, ""); place != "" {
			hint = "it belongs to " + place
		}
	}
	t.errorf(m.Span, diag.UnknownParameter, "%s has no parameter %q", orRunTask(path), name).WithHint(hint)
}

// placeOf returns the first place in the parameters that has a member of the name.
func placeOf(typ *shape.Type, name, path string) string {
	for typ.Kind == shape.List {
		typ, path = typ.Elem, path+"[]"
	}
	if typ.Member(name) != nil && path != "" {
		return path
	}
	for _, m := range typ.Members {
		if place := placeOf(m.Type, name, join(path, m.Name)); place != "" {
			return place
		}
	}
	return ""
}

// listed looks at parameters that AWS's page does not list (E11).
func (t *runTask) listed(m *ast.Member, name string) {
	switch name {
	case "Count", "StartedBy":
		if slices.Contains(catalog.Refused(t.pattern), name) {
			t.errorf(m.Span, diag.UnlistedParameter, "%s is not supported with .%s", name, t.pattern)
			return
		}
	case "Tags", "EnableECSManagedTags", "ReferenceId", "VolumeConfigurations", "ClientToken":
	default:
		return
	}
	t.warnf(m.Span, diag.UnlistedParameter, "%s is not on AWS's list of parameters for this integration: it may be refused", name)
}

// together looks at parameters that go, or do not go, with each other.
func (t *runTask) together(n *ast.Node) {
	launch := t.find(n, "LaunchType")
	if strategy := t.find(n, "CapacityProviderStrategy"); launch != nil && strategy != nil {
		t.errorf(strategy.Span, diag.LaunchTypeAndStrategy, "CapacityProviderStrategy cannot be given together with LaunchType").
			Relate(launch.Span, "LaunchType is here")
	}
	if launch != nil && launch.Value.Text == "FARGATE" && t.find(n, "NetworkConfiguration") == nil {
		t.warnf(launch.Span, diag.NoNetwork, "a task on Fargate needs a NetworkConfiguration with its subnets")
	}
	if tags := t.find(n, "PropagateTags"); tags != nil && tags.Value.Text == "SERVICE" {
		t.errorf(tags.Value.Span, diag.PropagateService, "PropagateTags cannot be SERVICE: no service starts this task").
			WithHint("it is TASK_DEFINITION or NONE")
	}
	if count := t.find(n, "Count"); count != nil && count.Value.Kind == value.NumberKind {
		if v, err := value.Parse([]byte(count.Value.Text)); err == nil {
			if i, ok := v.AsInt(); ok && (i < 1 || i > 10) {
				t.errorf(count.Value.Span, diag.RunTaskLimit, "Count must be from 1 to 10, not %d", i)
			}
		}
	}
	for name, most := range map[string]int{"StartedBy": 128, "ClientToken": 64} {
		if m := t.find(n, name); m != nil && len(m.Value.Text) > most && !t.unknown(m.Value) {
			t.errorf(m.Value.Span, diag.RunTaskLimit, "%s has %d characters, more than %d", name, len(m.Value.Text), most)
		}
	}
	if o := t.find(n, "Overrides"); o != nil {
		if size := int(o.Value.Span.End - o.Value.Span.Start); size > 8192 {
			t.warnf(o.Span, diag.RunTaskLimit, "Overrides have about %d characters; ECS takes 8192", size)
		}
	}
}

// longest are the most elements that ECS takes (1.20).
var longest = map[string]int{
	"PlacementConstraints": 10, "PlacementStrategy": 5, "CapacityProviderStrategy": 20, "Tags": 50,
	"NetworkConfiguration.AwsvpcConfiguration.Subnets": 16, "NetworkConfiguration.AwsvpcConfiguration.SecurityGroups": 5,
}

func (t *runTask) length(n *ast.Node, path string) {
	if most, ok := longest[path]; ok && len(n.Elements) > most {
		t.errorf(n.Span, diag.RunTaskLimit, "%s has %d elements, more than %d", path, len(n.Elements), most)
	}
}

// capacity looks whether a Retry sees the errors that mean "no room just now" (X8).
func (c *checker) capacity(s *ast.State) {
	seen := false
	for _, r := range s.Retry {
		for _, name := range r.ErrorEquals {
			seen = seen || slices.Contains([]string{"States.ALL", "States.TaskFailed", "ECS.AmazonECSException", "AmazonECS.Unknown"}, name.Text)
		}
	}
	if len(s.Retry) > 0 && !seen {
		c.warnf(s.Field("Retry").Span, diag.CapacityUnhandled, "no retrier sees AmazonECS.Unknown and ECS.AmazonECSException, which ECS raises for want of capacity")
	}
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func orRunTask(path string) string {
	if path == "" {
		return "RunTask"
	}
	return path
}

func orParameters(path string) string {
	if path == "" {
		return "what RunTask is called with"
	}
	return path
}

func article(k value.Kind) string {
	switch k {
	case value.NullKind:
		return "null"
	case value.ArrayKind, value.ObjectKind:
		return "an " + k.String()
	}
	return "a " + k.String()
}
