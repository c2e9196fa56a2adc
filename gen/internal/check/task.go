package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/catalog"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/internal/awsmodel"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// task checks a Task state (R160 to R164).
func (c *checker) task(s *ast.State) {
	c.timeouts(s)
	c.credentials(s)
	switch {
	case s.Field("Resource") == nil:
		c.errorf(s.Name.Span, diag.BadResource, "Task %q has no Resource", s.Name.Text)
	case s.Resource != nil:
		if r, ok := c.resource(s); ok {
			c.roleless(s, r)
			c.token(s, r)
			c.waiting(s, r)
			c.heartbeat(s, r)
			c.raised(s, r)
			c.lambdaRetry(s, r)
			c.modelled(s, r)
			c.ecsTask(s, r)
		}
	}
}

// resource checks the Resource of a Task and takes it apart.
func (c *checker) resource(s *ast.State) (r catalog.Resource, ok bool) {
	r, fault, hint := catalog.ParseResource(s.Resource.Text)
	if fault != "" {
		c.errorf(s.Resource.Span, diag.BadResource, "the Resource %q %s", s.Resource.Text, fault).WithHint(hint)
		return r, false
	}
	if fault, hint = r.Unsupported(); fault != "" {
		c.errorf(s.Resource.Span, diag.UnsupportedPattern, "%s", fault).WithHint(hint)
		return r, false
	}
	c.sdkAction(s, r)
	switch express := c.options.Type == Express; {
	case express && r.Kind == catalog.Activity:
		c.errorf(s.Resource.Span, diag.NotInExpress, "an Express machine cannot wait for an activity")
	case express && r.Waits():
		c.errorf(s.Resource.Span, diag.NotInExpress, "an Express machine has no .%s integration", r.Pattern)
	default:
		return r, true
	}
	return r, false
}

// sdkAction holds the service and the action of an AWS SDK integration to the models. What they do not know may be newer, but for
// another spelling, another name, and what Step Functions leaves out (I5).
func (c *checker) sdkAction(s *ast.State, r catalog.Resource) {
	if r.Service != "aws-sdk" || !r.Whole() {
		return
	}
	name, action, _ := strings.Cut(r.Action, ":")
	service := awsmodel.Load(name)
	if service == nil {
		if other := awsmodel.Called(name); other != "" {
			c.errorf(s.Resource.Span, diag.UnsupportedPattern, "the AWS SDK integration has no service %q", name).
				WithHint(fmt.Sprintf("did you mean %q? So the AWS SDK for Java 2 calls it", strings.Replace(s.Resource.Text, "aws-sdk:"+name, "aws-sdk:"+other, 1)))
		} else {
			c.warnf(s.Resource.Span, diag.UnsupportedPattern, "the AWS SDK integration is not known to have a service %q", name).
				WithHint(diag.DidYouMean(name, awsmodel.Services()))
		}
		return
	}
	switch o := service.Operation(action); {
	case o != nil && o.Offered:
	case o != nil:
		c.warnf(s.Resource.Span, diag.UnsupportedPattern, "the AWS SDK integration may not offer %s: it is deprecated, or answers with a stream of events", r.Action)
	default:
		actions := service.Actions()
		if i := slices.IndexFunc(actions, func(a string) bool { return strings.EqualFold(a, action) }); i >= 0 {
			c.errorf(s.Resource.Span, diag.UnsupportedPattern, "%s has no action %q", name, action).
				WithHint(fmt.Sprintf("did you mean %q?", strings.Replace(s.Resource.Text, ":"+action, ":"+actions[i], 1)))
			return
		}
		c.warnf(s.Resource.Span, diag.UnsupportedPattern, "%s is not known to have an action %q", name, action).
			WithHint(diag.DidYouMean(action, actions))
	}
}

// timeouts checks the two time limits of a Task (R161).
func (c *checker) timeouts(s *ast.State) {
	c.fieldAndPath(s.Fields, ast.StateFields, diag.TaskTimeout)
	if !c.ranges(s.Fields, ast.StateFieldsOf["Task"], diag.TaskTimeout) || s.TimeoutSeconds == nil || s.HeartbeatSeconds == nil {
		return
	}
	timeout, _ := number(s.TimeoutSeconds)
	switch heartbeat, _ := number(s.HeartbeatSeconds); {
	case heartbeat > timeout:
		c.errorf(s.HeartbeatSeconds.Span, diag.HeartbeatTooLong, "HeartbeatSeconds (%s) must be less than TimeoutSeconds (%s)",
			s.HeartbeatSeconds.Text, s.TimeoutSeconds.Text).Relate(s.TimeoutSeconds.Span, "TimeoutSeconds are here")
	case heartbeat == timeout: // AWS takes it
		c.warnf(s.HeartbeatSeconds.Span, diag.HeartbeatTooLong, "HeartbeatSeconds that are as many as TimeoutSeconds limit nothing").
			Relate(s.TimeoutSeconds.Span, "TimeoutSeconds are here")
	}
}

// credentials checks that Credentials name a role, and nothing else (R164).
func (c *checker) credentials(s *ast.State) {
	n := s.Credentials
	if n == nil {
		return
	}
	ata := c.jsonata(s)
	role := n.Members.Named("RoleArn")
	if !given(n, "RoleArn", ata) {
		c.errorf(n.Span, diag.NoRole, "Credentials need a RoleArn")
	}
	if role != nil && role.Value.Kind != value.StringKind {
		c.errorf(role.Value.Span, diag.WrongType, "RoleArn must be a string: the ARN of a role")
	}
	for i := range n.Members {
		m := &n.Members[i]
		if ast.CredentialsFields.Named(m.Name) == nil && !(ata && strings.HasSuffix(m.Name, ".$")) { // those have a finding
			c.unknownField("Credentials", m, n.Members, ast.CredentialsFields, ata)
		}
	}
}

// roleless reports Credentials of a task that is not done as a role: by a worker, or by a call over HTTP (R164).
func (c *checker) roleless(s *ast.State, r catalog.Resource) {
	if m := s.Field("Credentials"); m != nil && r.Kind == catalog.Activity {
		c.errorf(m.Span, diag.NoRole, "an activity takes no Credentials: its worker has its own")
	} else if m != nil && r.Service == "http" {
		c.errorf(m.Span, diag.NoRole, "an HTTP task takes no Credentials").WithHint("its connection says who calls")
	}
}

// waiting looks at how long a Task may wait (R161, R162).
func (c *checker) waiting(s *ast.State, r catalog.Resource) {
	limited := slices.ContainsFunc(s.Fields, func(m ast.Member) bool {
		return strings.HasPrefix(m.Name, "TimeoutSeconds") || strings.HasPrefix(m.Name, "HeartbeatSeconds")
	})
	if r.Waits() && !limited {
		c.warnf(s.Name.Span, diag.NoTimeout, "Task %q waits (.%s) without TimeoutSeconds or HeartbeatSeconds: it may wait for a year",
			s.Name.Text, r.Pattern)
	}
	if n := s.TimeoutSeconds; n != nil && r.Service == "http" && whole(n, 61, ast.MaxSeconds) {
		c.warnf(n.Span, diag.HTTPTimeout, "an HTTP task ends after 60 seconds, whatever TimeoutSeconds say")
	}
}
