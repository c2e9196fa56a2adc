package check

import (
	"slices"
	"strings"

	"github.com/r-seed-632eed22/aslgen/gen/internal/ast"
	"github.com/r-seed-632eed22/aslgen/gen/internal/diag"
	"github.com/r-seed-632eed22/aslgen/gen/internal/source"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

const (
	matchAll        = "States.ALL"
	matchTaskFailed = "States.TaskFailed"
	errorRuntime    = "States.Runtime"
)

// knownErrors are the names of Step Functions itself that a matcher may list (1.18). Of States.Http.StatusCode.404 the
// number is left out.
var knownErrors = []string{
	matchAll, matchTaskFailed, errorRuntime, "States.Timeout", "States.HeartbeatTimeout", "States.Permissions",
	"States.DataLimitExceeded", "States.QueryEvaluationError", "States.ExceedToleratedFailureThreshold",
	"States.ItemReaderFailed", "States.ResultWriterFailed", "States.Http.Socket", "States.BranchFailed",
	"States.NoChoiceMatched", "States.ParameterPathFailure", "States.ResultPathMatchFailure", "States.IntrinsicFailure",
}

const statusCodeError = "States.Http.StatusCode."

// handlers checks Retry and Catch of a state (R170 to R177, R180, R181).
func (c *checker) handlers(in *scope, s *ast.State, kind string) {
	if ast.StateFieldsOf[kind].Named("Retry") == nil {
		return
	}
	var lists []matcher
	for _, r := range s.Retry {
		c.fields("a retrier", r.Fields, ast.RetrierFields, c.jsonata(s))
		c.retrier(r)
		lists = append(lists, matcher{"retrier", r.Span, r.Fields, r.ErrorEquals})
	}
	c.matchers(lists)
	lists = nil
	for _, h := range s.Catch {
		c.fields("a catcher", h.Fields, ast.CatcherFields, c.jsonata(s))
		if h.Field("Next") == nil {
			c.errorf(h.Span, diag.BadHandler, "this catcher has no Next")
		}
		c.target(in, "Next", h.Next)
		lists = append(lists, matcher{"catcher", h.Span, h.Fields, h.ErrorEquals})
	}
	c.matchers(lists)
}

// retrier checks the numbers of a retrier (R170).
func (c *checker) retrier(r *ast.Retrier) {
	c.ranges(r.Fields, ast.RetrierFields, diag.RetryRange)
	if n := r.IntervalSeconds; n != nil && isZero(n) {
		c.warnf(n.Span, diag.RetryRange, "with IntervalSeconds %s every retry follows at once", n.Text)
	}
	if j, words := r.JitterStrategy, ast.RetrierFields.Named("JitterStrategy").Words; j != nil && !j.Is(words...) {
		c.errorf(j.Span, diag.RetryRange, "JitterStrategy must be %s, not %q", list(words, "or"), j.Text).WithHint(diag.DidYouMean(j.Text, words))
	}
	if r.MaxDelaySeconds != nil && r.IntervalSeconds != nil && !r.MaxDelaySeconds.Bare && !r.IntervalSeconds.Bare {
		delay, _ := number(r.MaxDelaySeconds)
		if interval, _ := number(r.IntervalSeconds); delay >= 1 && delay <= interval {
			c.warnf(r.MaxDelaySeconds.Span, diag.RetryRange, "MaxDelaySeconds (%s) should be more than IntervalSeconds (%s)",
				r.MaxDelaySeconds.Text, r.IntervalSeconds.Text)
		}
	}
}

// matcher is what retriers and catchers have in common.
type matcher struct {
	what   string
	span   source.Span
	fields ast.Members
	names  []ast.String
}

// matchers checks the error names of all retriers, or of all catchers, of a state (R173, X3).
func (c *checker) matchers(all []matcher) {
	first := map[string]int{} // the matcher that has a name first
	for i, m := range all {
		switch written := m.fields.Named("ErrorEquals"); {
		case written == nil:
			c.errorf(m.span, diag.BadHandler, "this %s has no ErrorEquals", m.what)
		case written.Value.Kind == value.ArrayKind && len(written.Value.Elements) == 0:
			c.errorf(written.Value.Span, diag.BadHandler, "ErrorEquals cannot be empty")
		}
		for _, name := range m.names {
			c.errorName(name)
			if name.Text != matchAll {
				continue
			}
			if len(m.names) > 1 {
				c.errorf(name.Span, diag.AllNotLast, "%s must stand alone in its ErrorEquals", matchAll)
			} else if i < len(all)-1 {
				c.errorf(name.Span, diag.AllNotLast, "%s must be in the last %s", matchAll, m.what).
					Relate(all[i+1].span, "this %s comes after it", m.what)
			}
		}
		c.shadowed(m, all, first)
		for _, name := range m.names {
			if _, ok := first[name.Text]; !ok {
				first[name.Text] = i
			}
		}
	}
}

// errorName looks at an error name that will not match.
func (c *checker) errorName(name ast.String) {
	switch {
	case name.Text == errorRuntime:
		c.warnf(name.Span, diag.NeverMatches, "%s is never retried or caught", errorRuntime)
	case slices.Contains(knownErrors, name.Text), strings.HasPrefix(name.Text, statusCodeError):
	case strings.HasPrefix(name.Text, "States."):
		c.warnf(name.Span, diag.NeverMatches, "Step Functions has no error %q", name.Text).
			WithHint(diag.DidYouMean(name.Text, knownErrors))
	case strings.HasPrefix(strings.ToLower(name.Text), "state"): // a name of the user's own may look like one of ours
		if hint := diag.DidYouMean(name.Text, knownErrors); hint != "" {
			c.warnf(name.Span, diag.NeverMatches, "%q is not an error of Step Functions", name.Text).WithHint(hint)
		}
	}
}

// shadowed reports a matcher all of whose names the earlier ones take, given which is the first that has a name. One is taken
// by the same name, or by States.TaskFailed; that States.ALL stands before another is an error already.
func (c *checker) shadowed(m matcher, all []matcher, first map[string]int) {
	by := -1
	for _, name := range m.names {
		same, taken := first[name.Text]
		taken = taken && name.Text != matchAll
		failed, any := first[matchTaskFailed]
		switch any = any && isTaskFailure(name.Text); {
		case any && (!taken || failed < same):
			by = failed
		case taken:
			by = same
		default:
			return
		}
	}
	if by >= 0 {
		c.warnf(m.span, diag.Shadowed, "this %s is never used: earlier ones take every error it lists", m.what).
			Relate(all[by].span, "the earlier %s", all[by].what)
	}
}

// taskFailures are the errors of Step Functions itself that States.TaskFailed is known to match (1.18).
var taskFailures = []string{
	"States.Permissions", "States.QueryEvaluationError", "States.ExceedToleratedFailureThreshold", "States.ItemReaderFailed",
	"States.ResultWriterFailed", "States.Http.Socket",
}

// isTaskFailure reports whether States.TaskFailed matches the error (R174): each but States.Timeout. Of what Step Functions
// raises itself some are left out, as it is not known, or they are never caught.
func isTaskFailure(name string) bool {
	if source.HasPlaceholder(name) {
		return false
	}
	return !strings.HasPrefix(name, "States.") || slices.Contains(taskFailures, name) || strings.HasPrefix(name, statusCodeError)
}
