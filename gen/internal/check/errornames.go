package check

import (
	"slices"
	"strconv"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/catalog"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// raised looks through Retry and Catch of a Task for errors that it cannot fail with. Where that is not known, or where
// whoever does the work names the errors, it says little or nothing.
func (c *checker) raised(s *ast.State, r catalog.Resource) {
	errors, known := r.Errors()
	if !known {
		return
	}
	errors.Any = errors.Any || c.passesToken(s).read // who has the token of a job may end it
	for _, names := range listed(s) {
		for _, name := range names {
			c.raisedName(s, r, errors, name)
		}
	}
}

// listed returns the error names of each retrier and catcher of a state.
func listed(s *ast.State) (all [][]ast.String) {
	for _, h := range s.Retry {
		all = append(all, h.ErrorEquals)
	}
	for _, h := range s.Catch {
		all = append(all, h.ErrorEquals)
	}
	return all
}

func (c *checker) raisedName(s *ast.State, r catalog.Resource, errors catalog.Errors, name ast.String) {
	prefix, _, dotted := strings.Cut(name.Text, ".")
	switch {
	case slices.Contains(errors.Common, name.Text) || source.HasPlaceholder(name.Text):
		return
	case errors.Has(name.Text):
		if hint := diag.DidYouMean(name.Text, errors.Common); hint != "" {
			c.warnf(name.Span, diag.NotRaised, "%s is not known to raise %q", what(r), name.Text).WithHint(hint)
		}
		return
	case prefix == "States":
		c.raisedByStates(s, errors, name)
		return
	case strings.HasPrefix(name.Text, "State"): // errorName looks at it
		return
	case errors.Any && !(dotted && catalog.ServicePrefix(prefix)) && !strings.EqualFold(prefix, errors.Prefix):
		if hint := meant(name.Text, errors); dotted && hint != "" {
			c.warnf(name.Span, diag.NotRaised, "%s does not raise %q", what(r), name.Text).WithHint(hint)
		}
		return
	}
	d := c.warnf(name.Span, diag.NotRaised, "%s does not raise %q", what(r), name.Text)
	if hint := meant(name.Text, errors); hint != "" {
		d.WithHint(hint)
		return
	}
	all := errors.Describe()
	if errors.Any {
		all += " and names of its own"
	}
	d.WithHint("besides those of Step Functions it raises " + all)
}

// raisedByStates looks at an error of Step Functions that is not one of a Task like this.
func (c *checker) raisedByStates(s *ast.State, errors catalog.Errors, name ast.String) {
	switch {
	case name.Text == "States.HeartbeatTimeout" && s.Field("HeartbeatSeconds") == nil && s.Field("HeartbeatSecondsPath") == nil:
		c.warnf(name.Span, diag.NotRaised, "without HeartbeatSeconds no heartbeat is missed: this never happens")
	case slices.Contains([]string{"States.ExceedToleratedFailureThreshold", "States.ItemReaderFailed", "States.ResultWriterFailed"}, name.Text):
		c.warnf(name.Span, diag.NotRaised, "%s is an error of Map states, not of a Task", name.Text)
	case name.Text == "States.BranchFailed":
		c.warnf(name.Span, diag.NotRaised, "%s is an error of Parallel states, not of a Task", name.Text)
	case strings.HasPrefix(name.Text, "States.Http."):
		c.warnf(name.Span, diag.NotRaised, "%s is an error of HTTP tasks", name.Text)
	}
}

// meant is the hint at the error that a name is like.
func meant(name string, errors catalog.Errors) string {
	candidates := slices.Concat(errors.Names, errors.Others, errors.Common)
	if strings.HasPrefix(name, "Ecs.") && errors.Prefix == "ECS" {
		if swapped := "ECS." + strings.TrimPrefix(name, "Ecs."); errors.Has(swapped) {
			return "did you mean \"" + swapped + "\"? That is how this integration spells it"
		}
	}
	if hint := diag.DidYouMean(name, candidates); hint != "" {
		return hint
	}
	prefix, rest, dotted := strings.Cut(name, ".")
	switch swapped := errors.Prefix + "." + rest; {
	case !dotted && errors.Has(errors.Prefix+"."+name+"Exception"):
		return "did you mean \"" + errors.Prefix + "." + name + "Exception\"? So the integration names it"
	case !dotted:
		return diag.DidYouMean("States."+name, knownErrors)
	case errors.Prefix == "ECS" && strings.EqualFold(prefix, "ecs"):
		return "ECS raises what its model does not have as \"ECS.AmazonECSException\""
	case strings.EqualFold(prefix, errors.Prefix) && errors.Has(swapped):
		return "did you mean \"" + swapped + "\"? That is how this integration spells it"
	case strings.EqualFold(prefix, errors.Prefix) && errors.Has(swapped+"Exception"):
		return "did you mean \"" + swapped + "Exception\"? Every such name ends in Exception"
	}
	return ""
}

// what names the resource for a person.
func what(r catalog.Resource) string {
	if r.Kind == catalog.Function {
		return "a Lambda function"
	}
	text := r.Service + ":" + r.Action
	if r.Pattern != "" {
		text += "." + r.Pattern
	}
	return text
}

// lambdaErrors are what AWS asks every caller of a function to retry.
var lambdaErrors = []string{
	"Lambda.ServiceException", "Lambda.AWSLambdaException", "Lambda.SdkClientException", "Lambda.TooManyRequestsException",
}

// lambdaRetry looks whether a call of a function is repeated when Lambda itself is at fault.
func (c *checker) lambdaRetry(s *ast.State, r catalog.Resource) {
	if r.Kind != catalog.Function && r.Service != "lambda" {
		return
	}
	var missing []string
	for _, name := range lambdaErrors {
		if !slices.ContainsFunc(s.Retry, func(h *ast.Retrier) bool {
			return slices.ContainsFunc(h.ErrorEquals, func(e ast.String) bool {
				return e.Text == name || e.Text == matchAll || e.Text == matchTaskFailed
			})
		}) {
			missing = append(missing, name)
		}
	}
	if missing == nil {
		return
	}
	span := s.Resource.Span
	if m := s.Field("Retry"); m != nil {
		span = m.Span
	}
	c.warnf(span, diag.LambdaRetry, "no retrier of Task %q sees %s: faults of Lambda that pass", s.Name.Text, strings.Join(missing, ", ")).
		WithHint(`add {"ErrorEquals": ["` + strings.Join(missing, `", "`) + `"], "IntervalSeconds": 1, "MaxAttempts": 3, "BackoffRate": 2}`)
}

// heartbeat looks at a heartbeat that nobody can send: that of a job ends the attempt when it is missed (E39c).
func (c *checker) heartbeat(s *ast.State, r catalog.Resource) {
	m := s.Field("HeartbeatSeconds")
	if m == nil {
		m = s.Field("HeartbeatSecondsPath")
	}
	if m == nil || r.Kind != catalog.Integration || !r.Whole() || r.Pattern == catalog.TokenPattern || c.passesToken(s).read {
		return
	}
	hint := "leave it out: TimeoutSeconds limits the time of the task"
	if timeout := strings.Replace(m.Name, "Heartbeat", "Timeout", 1); s.Field("TimeoutSeconds") == nil && s.Field("TimeoutSecondsPath") == nil {
		hint = strconv.Quote(timeout) + " in its place limits the time of the task"
	}
	if !r.Waits() {
		c.warnf(m.Span, diag.NoHeartbeat, "%s means nothing for %s: only activities and tasks that pass their token on have heartbeats", m.Name, what(r)).
			WithHint(hint)
		return
	}
	after := "the seconds of " + m.Name
	if m.Value.Kind == value.NumberKind {
		after = m.Value.Text + " s"
	}
	c.warnf(m.Span, diag.NoHeartbeat, "nobody has the token to send heartbeats for %s, so the state fails after %s if the job still runs", what(r), after).
		WithHint(hint)
}
