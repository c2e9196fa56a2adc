package ecstask_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/r-seed-632eed22/aslgen/internal/told"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/ecstask/ecsfake"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// An execution is stopped from outside while its task runs.
func TestAbort(t *testing.T) {
	for _, row := range []struct {
		name   string
		inject func(*lab)
		tasks  string
		stops  int
		took   time.Duration // until the end of the execution is known
	}{
		{"running", func(*lab) {}, stopped, 1, 0},
		{"slow to stop", injects(ecsfake.Runs("main", mainGoesOn.StopsIn(20*time.Second))), stopped, 1, 0},
		{"StopTask refused", injects(ecsfake.Exception(ecsfake.StopTask, "AccessDeniedException", "no")), well, 1, 0},
		{"StopTask lost, once", injects(ecsfake.LoseRequest(ecsfake.StopTask), ecsfake.Times(1)), stopped, 2, 500 * time.Millisecond},
		{"StopTask lost, always", injects(ecsfake.LoseRequest(ecsfake.StopTask)), well, 12, time.Minute},
		{"RunTask not answered", injects(ecsfake.LoseAnswer(ecsfake.RunTask), ecsfake.For(30*time.Second)), stopped, 1, 20 * time.Second},
	} {
		t.Run(row.name, func(t *testing.T) {
			l := newLab(t)
			row.inject(l)
			l.run(func(ctx context.Context) {
				s := l.state(runSync)
				s.Retry, s.Catch = retryAll, []table.Catcher{{ErrorEquals: []string{asl.ErrorAll}, Next: caught}}
				e := l.start(ctx, s)
				l.sleep(ctx, 20*time.Second)
				if told.Status(e) != asl.StatusRunning {
					t.Error(told.Status(e))
				}
				told.Stop(e, "Enough", "of this")
				_, err := e.Running().Wait(ctx)
				if took := l.elapsed() - 20*time.Second; took > row.took {
					t.Errorf("it took %v", took)
				}
				wantAborted(t, e, err)
				l.sleep(ctx, time.Hour)
			})
			if got := described(l.Tasks()...); got != row.tasks {
				t.Errorf("the tasks: %s, want %s", got, row.tasks)
			}
			if got := l.Count(ecsfake.StopTask); got != row.stops {
				t.Errorf("StopTask was called %d times, want %d", got, row.stops)
			}
		})
	}
}

func wantAborted(t *testing.T, e *asl.Execution[asl.Value], err error) {
	t.Helper()
	aborted, ok := errors.AsType[*asl.Aborted](err)
	if !ok || aborted.Name != "Enough" || aborted.Cause != "of this" || told.Status(e) != asl.StatusAborted {
		t.Errorf("%s: %v", told.Status(e), err)
	}
	history := told.History(e)
	last := history[len(history)-1]
	if last.Type != asl.ExecutionAborted || last.Err.Name != "Enough" || last.Err.Cause != "of this" ||
		last.Time.Sub(begin) != 20*time.Second || strings.Contains(eventTypes(history), "TaskFailed") {
		t.Errorf("the history ends with %+v: %s", last, eventTypes(history))
	}
	told.Stop(e, "Again", "") // changes nothing
	if _, again := e.Running().Wait(t.Context()); again != err {
		t.Error(again)
	}
}

// A task is not stopped that has not been started, or not again.
func TestAbortBetweenAttempts(t *testing.T) {
	l := newLab(t)
	l.Inject(ecsfake.Runs("main", ecsfake.Exits(1, 0)))
	l.run(func(ctx context.Context) {
		s := l.state(runSync)
		s.Retry = []table.Retrier{{ErrorEquals: []string{asl.ErrorAll}, IntervalSeconds: 60, MaxAttempts: 1, BackoffRate: 1}}
		e := l.start(ctx, s)
		l.sleep(ctx, 20*time.Second)
		told.Stop(e, "Enough", "of this")
		_, err := e.Running().Wait(ctx)
		if _, ok := errors.AsType[*asl.Aborted](err); !ok {
			t.Error(err)
		}
		l.sleep(ctx, time.Hour)
	})
	if l.Count(ecsfake.StopTask) != 0 || l.Count(ecsfake.RunTask) != 1 {
		t.Errorf("%d calls of RunTask, %d of StopTask", l.Count(ecsfake.RunTask), l.Count(ecsfake.StopTask))
	}
}

// TaskTimedOut is written when the time is over; StopTask follows (E39b).
func TestTimeoutComesBeforeStopTask(t *testing.T) {
	for name, set := range map[string]func(*table.Definition, *table.Task){
		"state":   func(_ *table.Definition, s *table.Task) { s.TimeoutSeconds = 30 },
		"machine": func(d *table.Definition, _ *table.Task) { d.TimeoutSeconds = 30 },
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t)
			s := l.state(runSync)
			d := table.Definition{Name: "Lab", StartAt: "Run", States: []table.State{s}}
			set(&d, s)
			written := false
			m, err := table.NewMachine[asl.Value, asl.Value](l.engine, d, asl.Observe(asl.ObserverFunc(func(_ string, e asl.Event) {
				if e.Type != asl.TaskTimedOut && e.Type != asl.ExecutionTimedOut {
					return
				}
				written = true
				if l.Count(ecsfake.StopTask) != 0 || l.elapsed() != 30*time.Second {
					t.Errorf("%s after %v and %d calls of StopTask", e.Type, l.elapsed(), l.Count(ecsfake.StopTask))
				}
			})))
			if err != nil {
				t.Fatal(err)
			}
			l.run(func(ctx context.Context) {
				e, _ := m.Start(ctx, value.EmptyObject)
				if _, err := e.Running().Wait(ctx); !asl.IsTimeout(err) || !written {
					t.Error(err)
				}
				if want := map[string]asl.Status{"state": asl.StatusFailed, "machine": asl.StatusTimedOut}[name]; told.Status(e) != want {
					t.Error(told.Status(e))
				}
				if l.Count(ecsfake.StopTask) != 1 {
					t.Error("StopTask was not called by the end of the execution")
				}
				l.sleep(ctx, time.Hour)
			})
			if described(l.Tasks()...) != stopped {
				t.Error(described(l.Tasks()...))
			}
		})
	}
}

// Who reads why a task was stopped learns of which state and execution it was, in as many characters as ECS takes.
func TestStopReason(t *testing.T) {
	l := newLab(t)
	s := l.state(runSync)
	s.Name, s.TimeoutSeconds = strings.Repeat("é", 80), 30
	m, err := table.NewMachine[asl.Value, asl.Value](l.engine, table.Definition{
		Name: strings.Repeat("m", 80), StartAt: s.Name, States: []table.State{s},
	})
	if err != nil {
		t.Fatal(err)
	}
	l.run(func(ctx context.Context) {
		e, _ := m.Start(ctx, value.EmptyObject, asl.Named(strings.Repeat("n", 80)))
		_, _ = e.Running().Wait(ctx)
	})
	reason, _ := l.Calls(ecsfake.StopTask)[0].Input.Get("reason").AsString()
	if n := utf8.RuneCountInString(reason); n > 255 || !strings.Contains(reason, s.Name) || !strings.HasPrefix(reason, "Timed out") {
		t.Errorf("%d characters: %s", n, reason)
	}
}

// The end of the context detaches: nothing is stopped, the task goes on.
func TestDetach(t *testing.T) {
	for name, cancellable := range map[string]func(*lab, context.Context) (context.Context, func()){
		"context": func(_ *lab, ctx context.Context) (context.Context, func()) {
			ctx, cancel := context.WithCancel(ctx)
			return ctx, cancel
		},
		"clock's context": func(l *lab, ctx context.Context) (context.Context, func()) {
			ctx, cancel := l.engine.Clock().WithDeadline(ctx, time.Time{})
			return ctx, func() { cancel(nil) }
		},
		"deadline": func(l *lab, ctx context.Context) (context.Context, func()) {
			ctx, _ = l.engine.Clock().WithDeadline(ctx, begin.Add(20*time.Second))
			return ctx, func() {}
		},
	} {
		for _, p := range started {
			t.Run(name+"/"+p.name, func(t *testing.T) {
				l := newLab(t)
				l.Inject(ecsfake.Runs("main", ecsfake.Exits(0, time.Minute)))
				l.run(func(ctx context.Context) {
					of, cancel := cancellable(l, ctx)
					s := l.state(p)
					s.Retry = retryAll
					e := l.start(of, s)
					l.sleep(ctx, 20*time.Second)
					cancel()
					if _, err := e.Running().Wait(ctx); !errors.Is(err, asl.ErrDetached) || told.Status(e) != asl.StatusRunning {
						t.Errorf("%s: %v", told.Status(e), err)
					}
					if events := eventTypes(told.History(e)); events != "TaskStateEntered TaskScheduled TaskStarted TaskSubmitted" || len(told.History(e)) != 5 {
						t.Error(events)
					}
					l.sleep(ctx, time.Hour)
				})
				if l.Count(ecsfake.StopTask) != 0 || described(l.Tasks()...) != well {
					t.Error(described(l.Tasks()...))
				}
			})
		}
	}
}
