package ecstask_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/r-seed-632eed22/aslgen/internal/told"

	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/ecstask"
	"github.com/r-seed-632eed22/aslgen/runtime/ecstask/ecsfake"
)

// fault is something that goes wrong with a task, and what a state machine sees of it.
type fault struct {
	name     string
	patterns []pattern
	inject   func(l *lab)
	options  []ecstask.Option
	edit     func(*ecs.RunTaskInput)
	timeout  int  // TimeoutSeconds
	unheard  bool // ECS hears nothing of the attempt

	error string // that the state fails with; "" if it succeeds
	cause string // as readable has it
	tasks string // how the attempt's tasks have ended in the end
	stops int    // how often StopTask was called for them
}

func TestFaults(t *testing.T) {
	for _, f := range faults {
		for _, p := range f.patterns {
			t.Run(f.name+"/"+p.name, func(t *testing.T) {
				t.Run("plain", func(t *testing.T) { f.testPlain(t, p) })
				if f.error == "" {
					return
				}
				t.Run("Retry", func(t *testing.T) { f.testRetry(t, p) })
				t.Run("Catch", func(t *testing.T) { f.testCatch(t, p) })
			})
		}
	}
}

// testPlain: the execution fails with AWS's error, and no task is left that should not be.
func (f fault) testPlain(t *testing.T, p pattern) {
	f.run(t, p, func(*lab, *table.Task) {}, func(l *lab, e *asl.Execution[asl.Value], _ asl.Value, err error) {
		f.wantFailure(t, p, err)
		f.wantTasks(l, l.Tasks())
		if got := l.Count(ecsfake.StopTask); got != f.stops {
			t.Errorf("StopTask was called %d times, want %d", got, f.stops)
		}
		if failed := strings.Contains(eventTypes(told.History(e)), "TaskFailed") || strings.Contains(eventTypes(told.History(e)), "TaskTimedOut"); failed != (f.error != "") {
			t.Errorf("the history: %s", eventTypes(told.History(e)))
		}
	})
}

// testRetry: Retry sees the error, and what it then starts is an attempt of its own.
func (f fault) testRetry(t *testing.T, p pattern) {
	retry := func(l *lab, s *table.Task) {
		s.Retry = []table.Retrier{{ErrorEquals: []string{f.named(p)}, IntervalSeconds: 2, MaxAttempts: 1, BackoffRate: 1}}
	}
	f.run(t, p, retry, func(l *lab, e *asl.Execution[asl.Value], output asl.Value, err error) {
		if err != nil {
			t.Fatalf("the retry failed: %v", err)
		}
		if tokens := l.tokens(); len(tokens) != 2 && !f.unheard {
			t.Errorf("two attempts used the client tokens %q", tokens)
		}
		tasks := l.Tasks()
		good := 1
		if f.edit != nil {
			good = 2
		}
		f.wantTasks(l, tasks[:len(tasks)-good])
		if got := described(tasks[len(tasks)-good]); got != well {
			t.Errorf("the retry's task ended as %s", got)
		}
	})
}

// testCatch: Catch sees the error and hands on the Error Output.
func (f fault) testCatch(t *testing.T, p pattern) {
	catch := func(l *lab, s *table.Task) {
		s.Catch = []table.Catcher{{ErrorEquals: []string{f.named(p)}, Next: caught}}
	}
	f.run(t, p, catch, func(l *lab, e *asl.Execution[asl.Value], output asl.Value, err error) {
		if err != nil {
			t.Fatalf("it was not caught: %v", err)
		}
		name, _ := output.Get("Error").AsString()
		cause, ok := output.Get("Cause").AsString()
		if !ok || output.Len() != 2 {
			t.Errorf("the Error Output is %s", output)
		}
		f.wantFailure(t, p, &asl.Error{Name: name, Cause: cause})
		f.wantTasks(l, l.Tasks())
	})
}

// run runs a state with the fault. With Retry, the fault is over soon after the first attempt has failed.
func (f fault) run(t *testing.T, p pattern, edit func(*lab, *table.Task), check func(*lab, *asl.Execution[asl.Value], asl.Value, error)) {
	t.Helper()
	l := newLab(t, f.options...)
	f.inject(l)
	var edits []func(*ecs.RunTaskInput)
	if f.edit != nil {
		edits = append(edits, f.edit)
	}
	s := l.state(p, edits...)
	s.TimeoutSeconds = f.timeout
	edit(l, s)
	over := asl.Observe(asl.ObserverFunc(func(_ string, e asl.Event) {
		if len(s.Retry) > 0 && (e.Type == asl.TaskFailed || e.Type == asl.TaskTimedOut) {
			c := l.engine.Clock()
			c.Go(clock.NewContext(context.Background(), c), func(ctx context.Context) {
				l.sleep(ctx, time.Second)
				l.ClearFaults()
			})
		}
	}))
	l.run(func(ctx context.Context) {
		e := l.start(ctx, s, over)
		output, err := e.Running().Wait(ctx)
		l.sleep(ctx, time.Hour) // for what is left behind to show, or to end
		check(l, e, output, err)
	})
}

// named is the error's name under a pattern: tables have the optimized integration's.
func (f fault) named(p pattern) string {
	if p.name == awsSDK.name && strings.HasPrefix(f.error, "ECS.") {
		return strings.Replace("Ecs."+strings.TrimPrefix(f.error, "ECS."), "AmazonECSException", "EcsException", 1)
	}
	return f.error
}

func (f fault) wantFailure(t *testing.T, p pattern, err error) {
	t.Helper()
	if f.error == "" {
		if err != nil {
			t.Errorf("it failed: %v", err)
		}
		return
	}
	failed, ok := errors.AsType[*asl.Error](err)
	if !ok {
		t.Fatalf("it ended with %v, want %s", err, f.named(p))
	}
	cause := f.cause
	if p.name == awsSDK.name && strings.Contains(cause, "(Service: ") {
		message, rest, _ := strings.Cut(cause, " (Service: ")
		_, status, _ := strings.Cut(rest, "Status Code: ")
		cause = message + " (Service: Ecs, Status Code: " + status[:3] + ", Request ID: <id>) (SDK Attempt Count: 1)"
	}
	if got := readable(t, failed.Cause); failed.Name != f.named(p) || got != cause {
		t.Errorf("have %s: %s\nwant %s: %s", failed.Name, got, f.named(p), cause)
	}
}

func (f fault) wantTasks(l *lab, tasks []types.Task) {
	l.Helper()
	if got := described(tasks...); got != f.tasks {
		l.Errorf("the tasks ended as %q, want %q", got, f.tasks)
	}
}

// injects returns a fault's inject for one fault of the endpoint; it gets every call if no condition says otherwise.
func injects(f ecsfake.Fault, conditions ...ecsfake.Condition) func(*lab) {
	if len(conditions) == 0 {
		conditions = []ecsfake.Condition{ecsfake.Always()}
	}
	return func(l *lab) { l.Inject(f, conditions...) }
}

func both(injections ...func(*lab)) func(*lab) {
	return func(l *lab) {
		for _, inject := range injections {
			inject(l)
		}
	}
}

// disconnect has the first call fail before there is a connection.
func (l *lab) disconnect() {
	dialer, failed := &net.Dialer{}, false
	transport := &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		if !failed {
			failed = true
			return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.EHOSTUNREACH}
		}
		return dialer.DialContext(ctx, network, address)
	}}
	l.Cleanup(transport.CloseIdleConnections)
	l.connect(l.Client(func(o *ecs.Options) { o.HTTPClient = &http.Client{Transport: transport} }))
}
