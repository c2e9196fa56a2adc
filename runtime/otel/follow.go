package otel

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
)

// kind is what a piece of work is.
type kind uint8

const (
	execution kind = iota
	state
	attempt
	iteration
)

// work is a piece of an execution that begins with one event and ends with another.
type work struct {
	kind       kind
	name       string // of the execution, the state or the Map
	execution  string // ARN
	machine    string
	of         string // of a state: its type
	event      int64  // id of the event that it begins with
	parent     *work  // nil of an execution
	run        *work  // of an execution that is a child of a Map Run: the Map state
	start, end time.Time
	resource   string // of an attempt: ecs:runTask.sync
	number     int    // of an attempt, from 1; of an iteration, from 0
	task       string // ARN of the ECS task, of an attempt
	status     asl.Status
	err        *asl.Error
}

// inside reports whether a piece of work is part of another.
func (w *work) inside(of *work) bool {
	for ; w != nil; w = w.parent {
		if w == of {
			return true
		}
	}
	return false
}

// up returns the work itself or the nearest one around it that is of a kind and has a name, "" for any.
func (w *work) up(k kind, name string) *work {
	for ; w != nil; w = w.parent {
		if w.kind == k && (name == "" || w.name == name) {
			return w
		}
	}
	return nil
}

// follower makes work of events.
type follower struct {
	ended   func(w *work)
	history func(execution string) ([]asl.Event, error) // nil if there is none to be asked

	mu         sync.Mutex
	executions map[string]*followed
	mapRuns    map[string]*work // Map states by the ARNs of their Map Runs
}

// followed is an execution that has not ended.
type followed struct {
	at   map[int64]*work // by event, the work in which goes on what follows it
	root *work           // nil if nothing is known of how it began
	open map[*work]bool
	runs []string // ARNs of its Map Runs
}

// inside returns what is open inside a piece of work, the oldest first.
func (x *followed) inside(of *work) (all []*work) {
	for w := range x.open {
		if w != of && w.inside(of) {
			all = append(all, w)
		}
	}
	slices.SortFunc(all, func(a, b *work) int { return cmp.Compare(a.event, b.event) })
	return all
}

func newFollower(history func(string) ([]asl.Event, error), ended func(*work)) *follower {
	return &follower{ended: ended, history: history, executions: map[string]*followed{}, mapRuns: map[string]*work{}}
}

// Event implements [asl.Observer].
func (f *follower) Event(arn string, e asl.Event) {
	f.mu.Lock()
	defer f.mu.Unlock()

	x := f.executions[arn]
	if x == nil {
		x = &followed{at: map[int64]*work{}, open: map[*work]bool{}}
		f.executions[arn] = x
		if e.ID > 1 && f.history != nil { // it has begun in another process, which has told of what had ended
			events, err := f.history(arn)
			for _, before := range events {
				if err == nil && before.ID < e.ID {
					f.follow(x, arn, before, func(*work) {})
				}
			}
		}
	}
	f.follow(x, arn, e, f.ended)
	switch e.Type {
	case asl.ExecutionSucceeded, asl.ExecutionFailed, asl.ExecutionTimedOut, asl.ExecutionAborted:
		delete(f.executions, arn)
		for _, run := range x.runs {
			delete(f.mapRuns, run)
		}
	}
}

// follow takes in an event.
func (f *follower) follow(x *followed, arn string, e asl.Event, ended func(*work)) {
	here := x.at[e.Previous]
	if here == nil {
		here = x.root
	}
	begin := func(k kind, name string, parent *work) *work {
		w := &work{kind: k, name: name, execution: arn, machine: machineOf(arn), event: e.ID, parent: parent, start: e.Time}
		x.open[w] = true
		return w
	}
	end := func(w *work, s asl.Status) {
		if w == nil {
			return
		}
		for _, inner := range x.inside(w) { // of a branch that has failed, or was cut off
			inner.end, inner.status = e.Time, asl.StatusAborted
			if inner.err != nil {
				inner.status = asl.StatusFailed
			}
			delete(x.open, inner)
			ended(inner)
		}
		w.end, w.status = e.Time, s
		if e.Err != nil {
			w.err = e.Err
		}
		delete(x.open, w)
		ended(w)
		here = w.parent
	}
	switch kind := string(e.Type); {
	case e.Type == asl.ExecutionStarted:
		x.root = begin(execution, nameOf(arn), nil)
		if e.Map != nil {
			x.root.run = f.mapRuns[e.Map.RunARN]
		}
		here = x.root
	case e.Type == asl.ExecutionRedriven: // a span of its own in the same trace
		x.root = begin(execution, nameOf(arn), nil)
		here = x.root
	case strings.HasPrefix(kind, "Execution"):
		for w := here; w != nil && w != x.root; w = w.parent { // the states that have failed
			w.err = cmp.Or(w.err, e.Err)
		}
		end(x.root, map[asl.EventType]asl.Status{
			asl.ExecutionSucceeded: asl.StatusSucceeded, asl.ExecutionFailed: asl.StatusFailed, asl.ExecutionTimedOut: asl.StatusTimedOut, asl.ExecutionAborted: asl.StatusAborted,
		}[e.Type])
	case strings.HasSuffix(kind, "StateEntered"):
		here = begin(state, e.State, here)
		here.of = strings.TrimSuffix(kind, "StateEntered")
	case strings.HasSuffix(kind, "StateExited"):
		s := here.up(state, e.State)
		if s != nil {
			s.err = nil // which was caught
		}
		end(s, asl.StatusSucceeded)
	case strings.HasSuffix(kind, "StateAborted"):
		end(here.up(state, e.State), asl.StatusAborted)
	case e.Task != nil && strings.HasSuffix(kind, "Scheduled"):
		if s := here.up(state, ""); s != nil {
			s.err = nil // of the attempt before
		}
		here = begin(attempt, e.Task.State, here)
		here.resource, here.number = resourceOf(e.Task), e.Task.Attempt
	case e.Type == asl.TaskSubmitted:
		if a := here.up(attempt, ""); a != nil {
			a.task = taskOf(e)
		}
	case ofTask(kind) && strings.HasSuffix(kind, "Succeeded"):
		end(here.up(attempt, ""), asl.StatusSucceeded)
	case ofTask(kind) && (strings.HasSuffix(kind, "Failed") || strings.HasSuffix(kind, "TimedOut")):
		end(here.up(attempt, ""), asl.StatusFailed)
		if s := here.up(state, ""); s != nil {
			s.err = e.Err
		}
	case strings.HasSuffix(kind, "StateStarted"): // perhaps again, after a branch has failed
		for w := here; w != nil; w = w.parent {
			if w.of != "" && w.of == strings.TrimSuffix(kind, "StateStarted") {
				here = w
				break
			}
		}
	case strings.HasSuffix(kind, "StateFailed"):
		if s := here.up(state, e.State); s != nil {
			s.err = e.Err
		}
	case e.Type == asl.MapIterationStarted:
		here = begin(iteration, e.State, or(here.up(state, e.State), here)) // it may take the place of another
		here.number = e.Map.Index
	case e.Type == asl.MapIterationSucceeded:
		end(here.up(iteration, e.State), asl.StatusSucceeded)
	case e.Type == asl.MapIterationFailed:
		end(here.up(iteration, e.State), asl.StatusFailed)
	case e.Type == asl.MapIterationAborted:
		end(here.up(iteration, e.State), asl.StatusAborted)
	case e.Type == asl.MapRunStarted, e.Type == asl.MapRunRedriven:
		f.mapRuns[e.Map.RunARN] = here
		x.runs = append(x.runs, e.Map.RunARN)
	}
	x.at[e.ID] = here
}

func or(w, otherwise *work) *work {
	if w != nil {
		return w
	}
	return otherwise
}

// ofTask reports whether an event's type is one of attempts.
func ofTask(kind string) bool {
	for _, prefix := range []string{"TaskS", "TaskF", "TaskT", "LambdaFunction", "Activity"} { // not TaskStateEntered
		if strings.HasPrefix(kind, prefix) && !strings.HasPrefix(kind, "TaskState") {
			return true
		}
	}
	return false
}

// machineOf and nameOf return parts of an execution's ARN: arn:aws:states:us-east-1:123456789012:execution:Machine:Name.
func machineOf(arn string) string { return part(arn, 6) }

func nameOf(arn string) string { return part(arn, 7) }

func part(arn string, n int) string {
	if parts := strings.SplitN(arn, ":", 8); len(parts) > n {
		return parts[n]
	}
	return ""
}

func resourceOf(t *asl.TaskDetails) string {
	if t.ResourceType == "" {
		return t.Resource
	}
	return t.ResourceType + ":" + t.Resource
}

// taskOf returns the ARN of the task that RunTask has started, "" if there is none.
func taskOf(e asl.Event) string {
	for _, t := range e.Output.Get("Tasks").Elements() {
		arn, _ := t.Get("TaskArn").AsString()
		return arn
	}
	return ""
}

// title is what a span of the work is called.
func (w *work) title() string {
	switch w.kind {
	case execution:
		return w.machine
	case attempt:
		return w.resource
	case iteration:
		return fmt.Sprintf("%s[%d]", w.name, w.number)
	}
	return w.name
}
