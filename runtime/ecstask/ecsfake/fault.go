package ecsfake

import (
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// Fault is something that goes wrong, or goes a given way, in a call or in the tasks that a call starts. See
// [Server.Inject].
type Fault struct {
	operation Operation

	// Of any operation.
	exception   *apiError
	loseRequest bool
	loseAnswer  bool

	missing bool // DescribeTasks

	// RunTask: the rest. They only apply to calls that start tasks.
	starts   bool
	failures *failures
	fate     fate
}

// failures are what RunTask answers instead of starting all tasks.
type failures struct {
	started int
	list    []types.Failure
}

// fate is what is to become of the tasks of a call.
type fate struct {
	startFailure string
	stop         *stopOrder
	programs     map[string]Program // by container; that of "" is for all others
}

// stopOrder is a stop that does not come from StopTask.
type stopOrder struct {
	code   types.TaskStopCode
	reason string
	after  time.Duration // since the task runs
}

// Exception makes a call of op fail with an API exception and do nothing. Any code will do, such as those of the model of
// RunTask, or ThrottlingException. The HTTP status is 500 for ServerException and the like, else 400.
func Exception(op Operation, code, message string) Fault {
	return Fault{operation: op, exception: &apiError{code: code, message: message}}
}

// LoseRequest cuts the connection of a call of op before anything was done.
func LoseRequest(op Operation) Fault { return Fault{operation: op, loseRequest: true} }

// LoseAnswer cuts the connection of a call of op when everything was done: RunTask has started its tasks, but the caller
// does not learn of it.
func LoseAnswer(op Operation) Fault { return Fault{operation: op, loseAnswer: true} }

// Failures makes RunTask answer with failures beside the tasks that it starts, which are as many as started says and as
// the call asks for (docs/rules.md E27, E56).
func Failures(started int, list ...types.Failure) Fault {
	return Fault{operation: RunTask, starts: true, failures: &failures{started, list}}
}

// StartFailure makes tasks stop before they run: stop code TaskFailedToStart, no exit codes, and the reason, such as
// "CannotPullContainerError: …", for the task and its first container.
func StartFailure(reason string) Fault {
	return Fault{operation: RunTask, starts: true, fate: fate{startFailure: reason}}
}

// Stops has tasks stopped from outside when they have run for a time: code is one such as SpotInterruption (docs/rules.md
// E32). Containers are told to end as by StopTask.
func Stops(code types.TaskStopCode, reason string, after time.Duration) Fault {
	return Fault{operation: RunTask, starts: true, fate: fate{stop: &stopOrder{code, reason, after}}}
}

// Runs has the containers of a name, or all of them if it is empty, run p instead of what they would run: something that
// fails ([Exits]), shows no exit code ([Vanishes]), or is slow to stop ([Script.StopsIn]).
func Runs(container string, p Program) Fault {
	return Fault{operation: RunTask, starts: true, fate: fate{programs: map[string]Program{container: p}}}
}

// Missing makes DescribeTasks answer with the failure MISSING instead of a task (docs/rules.md E35). With [OfTask] or
// [OfFamily] it concerns those tasks of the call only; others can then be missing by another fault in the same call.
func Missing() Fault { return Fault{operation: DescribeTasks, missing: true} }

// Condition says which calls get a fault, and how often.
type Condition func(*rule)

// Times has the first n calls that meet the other conditions get the fault. Without Times, For and Always it is one call.
func Times(n int) Condition { return func(r *rule) { r.left, r.limited = n, true } }

// Always has every call that meets the other conditions get the fault.
func Always() Condition { return func(r *rule) { r.left, r.limited = unlimited, true } }

// For has the calls of a period from now on get the fault: all of them, unless Times says how many.
func For(d time.Duration) Condition { return func(r *rule) { r.period = d } }

// Skip has the first n calls that meet the other conditions go without the fault.
func Skip(n int) Condition { return func(r *rule) { r.skip = n } }

// OfFamily has calls that concern a task, or a task definition, of a family get the fault.
func OfFamily(family string) Condition {
	return func(r *rule) { r.subject = append(r.subject, func(s subject) bool { return s.family == family }) }
}

// OfTask has calls that concern the task of an ARN get the fault.
func OfTask(arn string) Condition {
	return func(r *rule) { r.subject = append(r.subject, func(s subject) bool { return s.task == arn }) }
}

// Matching has calls get the fault for which f returns true. f must not call the server.
func Matching(f func(Call) bool) Condition { return func(r *rule) { r.call = append(r.call, f) } }

// Inject programs a fault: calls that meet the conditions get it, one call if the conditions do not say how many. A call
// gets one fault at most, the first injected of those it can get, so that faults injected one after the other come one
// after the other. A call that is invalid, or repeats an earlier one with the same client token, starts no tasks and
// leaves the faults of started tasks to later calls.
//
//	fake.Inject(ecsfake.Exception(ecsfake.RunTask, "ServerException", "try again"), ecsfake.Times(2))
//	fake.Inject(ecsfake.StartFailure("CannotPullContainerError: no such image"), ecsfake.OfFamily("job"))
//	fake.Inject(ecsfake.Missing(), ecsfake.For(time.Minute))
func (s *Server) Inject(f Fault, conditions ...Condition) {
	r := &rule{fault: f}
	for _, condition := range conditions {
		condition(r)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case r.period != 0:
		r.until = s.clock.Now().Add(r.period)
		if !r.limited {
			r.left = unlimited
		}
	case !r.limited:
		r.left = 1
	}
	s.rules = append(s.rules, r)
}

// ClearFaults forgets all faults that were injected. Tasks that have got one keep it.
func (s *Server) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rules = nil
}

// rule is a fault with its conditions.
type rule struct {
	fault   Fault
	left    int
	limited bool // left was given
	skip    int
	period  time.Duration
	until   time.Time // the zero time is never
	subject []func(subject) bool
	call    []func(Call) bool
}

const unlimited = -1

// subject is what a call concerns: a task, or only a family where there is no task yet.
type subject struct{ family, task string }

// concerns reports whether the rule is for one of the subjects of a call.
func (r *rule) concerns(subjects ...subject) bool {
	if len(r.subject) == 0 {
		return true
	}
	return slices.ContainsFunc(subjects, func(s subject) bool {
		return !slices.ContainsFunc(r.subject, func(meets func(subject) bool) bool { return !meets(s) })
	})
}

// takes reports whether a call that concerns what the rule is for gets the fault, and counts it.
func (r *rule) takes(c Call) bool {
	refuses := func(meets func(Call) bool) bool { return !meets(c) }
	switch {
	case r.fault.operation != c.Operation || slices.ContainsFunc(r.call, refuses):
		return false
	case r.skip > 0:
		r.skip--
		return false
	case r.left != unlimited:
		r.left--
	}
	return true
}

// liveRules returns the rules that can still give a call their fault. The server is locked.
func (s *Server) liveRules() []*rule {
	now := s.clock.Now()
	s.rules = slices.DeleteFunc(s.rules, func(r *rule) bool {
		return r.left == 0 || !r.until.IsZero() && !now.Before(r.until)
	})
	return s.rules
}

// suffer gives a call that concerns subjects its fault, and returns the error with which it must end at once. starts says
// whether the call is about to start tasks.
func (s *Server) suffer(c *call, starts bool, subjects ...subject) error {
	for _, r := range s.liveRules() {
		if !r.fault.missing && (starts || !r.fault.starts) && r.concerns(subjects...) && r.takes(c.Call) {
			c.fault = r.fault
			break
		}
	}
	switch {
	case c.fault.exception != nil:
		return c.fault.exception
	case c.fault.loseRequest:
		return errCut
	}
	return nil
}

// missing returns which tasks a call is not to see. A rule that hits several of them counts one call.
func (s *Server) missing(c *call, subjects []subject) map[string]bool {
	hit := map[string]bool{}
	for _, r := range s.liveRules() {
		var tasks []string
		for _, one := range subjects {
			if r.fault.missing && !hit[one.task] && r.concerns(one) {
				tasks = append(tasks, one.task)
			}
		}
		if len(tasks) == 0 || !r.takes(c.Call) {
			continue
		}
		for _, arn := range tasks {
			hit[arn] = true
		}
	}
	return hit
}
