package ecstask_test

import (
	"context"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/ecstask"
	"github.com/r-seed-632eed22/aslgen/runtime/ecstask/ecsfake"
)

// What keeps ECS from being asked, for once or for a while, costs no execution and no task, however many there are.
func TestBlindWhileManyRun(t *testing.T) {
	const tasks = 150
	refused := func(code string) ecsfake.Fault { return ecsfake.Exception(ecsfake.DescribeTasks, code, "no") }
	for _, row := range []struct {
		name  string
		fault ecsfake.Fault
		when  ecsfake.Condition
	}{
		{"expired once", refused("ExpiredTokenException"), ecsfake.Times(1)},
		{"unrecognized once", refused("UnrecognizedClientException"), ecsfake.Times(1)},
		{"denied for a minute", refused("AccessDeniedException"), ecsfake.For(time.Minute)},
		{"skewed for a minute", refused("InvalidSignatureException"), ecsfake.For(time.Minute)},
		{"throttled for ten minutes", refused("ThrottlingException"), ecsfake.For(10 * time.Minute)},
		{"cut off for five minutes", ecsfake.LoseRequest(ecsfake.DescribeTasks), ecsfake.For(5 * time.Minute)},
		{"missing once", ecsfake.Missing(), ecsfake.Times(3)},
		{"missing for half a minute", ecsfake.Missing(), ecsfake.For(30 * time.Second)},
	} {
		t.Run(row.name, func(t *testing.T) {
			l := newLab(t, ecstask.PollEvery(10*time.Second))
			l.SetProgram("job", "main", ecsfake.Exits(0, 15*time.Minute))
			l.run(func(ctx context.Context) {
				for range tasks {
					l.start(ctx, l.state(runSync))
				}
				l.sleep(ctx, 2*time.Minute)
				l.Inject(row.fault, row.when)
				for _, e := range l.executions {
					if _, err := e.Running().Wait(ctx); err != nil {
						t.Fatal(err)
					}
				}
			})
			if l.Count(ecsfake.StopTask) != 0 || l.elapsed() > 16*time.Minute {
				t.Errorf("%d tasks were stopped in %v", l.Count(ecsfake.StopTask), l.elapsed())
			}
		})
	}
}

// logged is what a log says that was told of one fault, with what is new on every run masked.
func (l *lab) logged() string {
	text := masked(l.log.String())
	text = regexp.MustCompile(`for=\S+`).ReplaceAllString(text, "for=<time>")
	return regexp.MustCompile(`(execution=\S*:)\S+`).ReplaceAllString(text, "$1<name>")
}

// Whoever reads the log knows at once that ECS cannot be asked, for which task and state, and hears less and less often
// that it still cannot.
func TestSaysThatItIsBlind(t *testing.T) {
	l := newLab(t)
	l.SetProgram("job", "main", ecsfake.Exits(0, 65*time.Minute))
	l.run(func(ctx context.Context) {
		e := l.start(ctx, l.state(runSync))
		l.sleep(ctx, time.Minute)
		l.Inject(ecsfake.Exception(ecsfake.DescribeTasks, "AccessDeniedException", "not authorized"), ecsfake.For(time.Hour))
		l.sleep(ctx, 3*time.Second)
		const want = `level=WARN msg="Amazon ECS cannot be asked for a task; what it does is not known, and it is asked for again" ` +
			`task=<task> state=Run execution=arn:aws:states:us-east-1:123456789012:execution:Lab:<name> ` +
			`error="operation error ECS: DescribeTasks, https response error StatusCode: 400, RequestID: <id>, AccessDeniedException: not authorized" ` +
			"failures=1 for=<time>\n"
		if got := l.logged(); !strings.HasPrefix(got, want) {
			t.Errorf("have %s\nwant %s", got, want)
		}
		if _, err := e.Running().Wait(ctx); err != nil {
			t.Error(err)
		}
	})
	if got := l.logged(); strings.Count(got, "level=WARN") > 10 || !strings.HasSuffix(got, "for=<time>\n") ||
		strings.Count(got, `level=INFO msg="Amazon ECS answers again"`) != 1 {
		t.Error(got)
	}
}

// A task that could not be stopped may cost money for days: that is said, although the outcome does not change.
func TestSaysThatATaskMayStillRun(t *testing.T) {
	for name, row := range map[string]struct {
		fault ecsfake.Fault
		warns int
	}{
		"denied":  {ecsfake.Exception(ecsfake.StopTask, "AccessDeniedException", "not authorized"), 0},
		"cut off": {ecsfake.LoseRequest(ecsfake.StopTask), 4},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t, ecstask.Grace(time.Minute))
			l.SetProgram("job", "main", ecsfake.Exits(0, time.Hour))
			l.Inject(row.fault, ecsfake.Always())
			s := l.state(runSync)
			s.TimeoutSeconds = 60
			l.run(func(ctx context.Context) {
				_, err := l.start(ctx, s).Running().Wait(ctx)
				if fmt.Sprint(err) != "States.Timeout" {
					t.Error(err)
				}
			})
			got := l.logged()
			const want = `level=ERROR msg="StopTask failed: the task may still run" task=<task> state=Run ` +
				`execution=arn:aws:states:us-east-1:123456789012:execution:Lab:<name> error=`
			if strings.Count(got, want) != 1 || strings.Count(got, `level=WARN msg="StopTask failed and is made again" state=Run`) != row.warns {
				t.Error(got)
			}
		})
	}
}

// A line about a task leads to its state, and to the task in ECS as soon as there is one.
func TestLogOfATask(t *testing.T) {
	for name, program := range map[string]ecsfake.Program{
		string(asl.TaskSucceeded): ecsfake.Exits(0, time.Minute), string(asl.TaskFailed): ecsfake.Exits(1, time.Minute),
	} {
		l := newLab(t)
		l.SetProgram("job", "main", program)
		logger := slog.New(slog.NewTextHandler(l.log, nil))
		l.run(func(ctx context.Context) {
			_, _ = l.start(ctx, l.state(runSync), asl.Observe(asl.LogTo(logger))).Running().Wait(ctx) // its end is in the log
		})
		got := masked(l.log.String())
		for _, event := range []string{"TaskScheduled", "TaskStarted", "TaskSubmitted", name} {
			pattern := "msg=" + event + " .*state=Run resource=ecs:runTask.sync"
			if event == "TaskSubmitted" || event == name {
				pattern += " task=<task>"
			}
			if !regexp.MustCompile(pattern).MatchString(got) {
				t.Errorf("there is no %q in\n%s", pattern, got)
			}
		}
	}
}
