package memory_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/r-seed-632eed22/aslgen/internal/again"
	"github.com/r-seed-632eed22/aslgen/internal/told"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// fakeJob is a job that lasts for a minute, and notes what it is told.
type fakeJob struct {
	watched bool // it is waited for without a goroutine
	clock   clock.Clock
	started chan struct{}                                           // closed at the first start, unless nil
	start   func(context.Context) error                             // what Start does besides
	wait    func(ctx context.Context, token string) (string, error) // in place of a minute
	stop    func(context.Context) error                             // what Stop does besides

	mu  sync.Mutex
	log []string
}

func (j *fakeJob) note(text string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.log = append(j.log, text)
}

func (j *fakeJob) calls() []string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return slices.Clone(j.log)
}

func (j *fakeJob) Start(ctx context.Context, a *asl.Attempt, _ string) (asl.Started, error) {
	j.note("start")
	if j.started != nil {
		close(j.started)
	}
	if j.start != nil {
		if err := j.start(ctx); err != nil {
			return asl.Started{}, err
		}
	}
	return asl.Started{Handle: a.Token, Submitted: value.String("submitted")}, nil
}

func (j *fakeJob) Wait(ctx context.Context, handle string) (asl.Value, error) {
	if j.wait != nil {
		text, err := j.wait(ctx, handle)
		return value.String(text), err
	}
	return value.String("done"), clock.SleepUntil(ctx, j.clock, j.clock.Now().Add(time.Minute))
}

// watchedJob is a job that tells of its end.
type watchedJob struct{ *fakeJob }

func (j watchedJob) Watch(ctx context.Context, handle string, over func()) (*asl.Watch, error) {
	ctx, leave := j.clock.WithDeadline(ctx, time.Time{})
	var result asl.Value
	var err error
	j.clock.Go(ctx, func(ctx context.Context) {
		if result, err = j.Wait(ctx, handle); ctx.Err() == nil {
			over()
		}
	})
	return &asl.Watch{Result: func(context.Context) (asl.Value, error) { return result, err }, Leave: func() { leave(nil) }}, nil
}

func (j *fakeJob) runner() asl.Job[string, asl.Value] {
	if j.watched {
		return asl.Job[string, asl.Value]{Runner: watchedJob{j}}
	}
	return asl.Job[string, asl.Value]{Runner: j}
}

func (j *fakeJob) Stop(ctx context.Context, _, reason string) error {
	word, _, _ := strings.Cut(reason, ":")
	j.note("stop " + word)
	if j.stop != nil {
		return j.stop(ctx)
	}
	return nil
}

// state returns a state named Job that runs the job and gives it the token.
func (j *fakeJob) state() *table.Task {
	return &table.Task{Name: "Job", Resource: "arn:aws:states:::ecs:runTask.sync", End: true,
		Run: table.Sync("Job", func(c *asl.Context, _ *table.Reader) string { return c.Task.Token }, j.runner())}
}

// plays is how often play was called: every other time the job is watched, and nothing else is to differ.
var plays int

// play runs the job's state on a driven engine, and a script beside it; it returns the output, or the error.
func (j *fakeJob) play(t *testing.T, edit func(*table.Task), script func(ctx context.Context, e *memory.Engine, x *asl.Execution[asl.Value])) (string, []asl.Event) {
	t.Helper()
	engine := memory.NewDriven(begin)
	j.clock, j.watched = engine.Clock(), plays%2 == 1
	plays++
	s := j.state()
	edit(s)
	m := newMachine(t, engine, "Job", table.Definition{States: []table.State{s}})
	got, history := "", []asl.Event(nil)
	drive(engine, func(ctx context.Context) {
		e := start(t, ctx, m)
		_ = clock.Sleep(ctx, 10*time.Second)
		script(ctx, engine, e)
		output, err := e.Running().Wait(ctx)
		if got = output.String(); err != nil {
			got = err.Error()
		}
		history = told.History(e)
	})
	return got, history
}

// textOf is a history as text.
func textOf(history []asl.Event) string {
	var b strings.Builder
	for _, e := range history {
		text, _ := e.MarshalJSON()
		b.Write(append(text, '\n'))
	}
	return b.String()
}

// A .sync task's token ends it before its job does, and nobody stops the job (E39c).
func TestJobEndedByItsToken(t *testing.T) {
	for name, row := range map[string]struct {
		answer func(context.Context, *memory.Engine, string) error
		want   string
	}{
		"success": {func(ctx context.Context, e *memory.Engine, token string) error {
			return e.SendTaskSuccess(ctx, token, value.True)
		}, "true"},
		"failure": {func(ctx context.Context, e *memory.Engine, token string) error {
			return e.SendTaskFailure(ctx, token, &asl.Error{Name: "Mine"})
		}, "Mine"},
		"failure without anything": {func(ctx context.Context, e *memory.Engine, token string) error {
			return e.SendTaskFailure(ctx, token, nil)
		}, "failed without error and cause"},
	} {
		t.Run(name, func(t *testing.T) {
			again.Same(t, func() string {
				j, token := &fakeJob{}, ""
				j.wait = func(ctx context.Context, handle string) (string, error) {
					token = handle
					return "done", clock.SleepUntil(ctx, j.clock, j.clock.Now().Add(time.Minute))
				}
				got, history := j.play(t, func(*table.Task) {}, func(ctx context.Context, e *memory.Engine, x *asl.Execution[asl.Value]) {
					if err := row.answer(ctx, e, token); err != nil {
						t.Error(err)
					}
					_, _ = x.Running().Wait(ctx)
					err := e.SendTaskHeartbeat(ctx, token)
					if refused, ok := errors.AsType[*asl.APIError](err); !ok || refused.Code != asl.CodeTaskTimedOut {
						t.Error(err)
					}
				})
				if last := history[len(history)-1]; got != row.want || last.Time.Sub(begin) != 10*time.Second {
					t.Errorf("%s at %v", got, last.Time)
				}
				if log := j.calls(); !slices.Equal(log, []string{"start"}) {
					t.Errorf("%q", log)
				}
				return textOf(history)
			})
		})
	}
}

// An answer that was taken stands, whatever the job comes to at the same moment.
func TestAnswerAtTheJobsEnd(t *testing.T) {
	for name, end := range map[string]func(context.Context) (string, error){
		"result":  func(context.Context) (string, error) { return "done", nil },
		"failure": func(context.Context) (string, error) { return "", &asl.Error{Name: "States.TaskFailed"} },
	} {
		t.Run(name, func(t *testing.T) {
			again.Same(t, func() string {
				var engine *memory.Engine
				j := &fakeJob{}
				j.wait = func(ctx context.Context, token string) (string, error) {
					_ = clock.SleepUntil(ctx, j.clock, j.clock.Now().Add(time.Minute))
					if err := engine.SendTaskSuccess(ctx, token, value.True); err != nil {
						t.Error(err)
					}
					return end(ctx)
				}
				got, history := j.play(t, func(*table.Task) {}, func(_ context.Context, e *memory.Engine, _ *asl.Execution[asl.Value]) { engine = e })
				if got != "true" {
					t.Error(got)
				}
				return textOf(history)
			})
		})
	}
}

// Heartbeats count for every .sync task: one that was not given its token cannot send them (E39c).
func TestJobHeartbeat(t *testing.T) {
	token := ""
	j := &fakeJob{}
	j.wait = func(ctx context.Context, handle string) (string, error) {
		token = handle
		return "done", clock.SleepUntil(ctx, j.clock, j.clock.Now().Add(time.Minute))
	}
	beats := func(until time.Duration) func(context.Context, *memory.Engine, *asl.Execution[asl.Value]) {
		return func(ctx context.Context, e *memory.Engine, _ *asl.Execution[asl.Value]) {
			for ; elapsed(e) < until; _ = clock.Sleep(ctx, 10*time.Second) {
				if err := e.SendTaskHeartbeat(ctx, token); err != nil {
					t.Error(err)
				}
			}
		}
	}
	with := func(s *table.Task) { s.HeartbeatSeconds = 15 }
	without := func(s *table.Task) {
		s.HeartbeatSeconds = 15
		s.Run = table.Sync("Work", func(*asl.Context, *table.Reader) string { return "no token" }, j.runner())
	}
	for _, row := range []struct {
		name  string
		edit  func(*table.Task)
		beats time.Duration
		want  string
		at    time.Duration
		stops int
	}{
		{"all come", with, time.Minute, `"done"`, time.Minute, 0},
		{"they end", with, 30 * time.Second, "States.Timeout", 35 * time.Second, 1},
		{"none comes", with, 0, "States.Timeout", 15 * time.Second, 1},
		{"none can come", without, 0, "States.Timeout", 15 * time.Second, 1},
	} {
		t.Run(row.name, func(t *testing.T) {
			again.Same(t, func() string {
				j.log = nil
				got, history := j.play(t, row.edit, beats(row.beats))
				if last := history[len(history)-1]; got != row.want || last.Time.Sub(begin) != row.at {
					t.Errorf("%s at %v", got, last.Time.Sub(begin))
				}
				if log := j.calls(); len(log) != 1+row.stops || row.stops == 1 && log[1] != "stop Timed out" {
					t.Errorf("%q", log)
				}
				return textOf(history)
			})
		})
	}
}

// What may have been started is stopped, by the handle that tells of it.
func TestUncertainStart(t *testing.T) {
	for name, end := range map[string]func(context.Context, *memory.Engine, *asl.Execution[asl.Value]){
		"timeout": func(context.Context, *memory.Engine, *asl.Execution[asl.Value]) {},
		"abort":   func(_ context.Context, _ *memory.Engine, x *asl.Execution[asl.Value]) { told.Stop(x, "", "") },
	} {
		t.Run(name, func(t *testing.T) {
			again.Same(t, func() string {
				j := &fakeJob{}
				j.start = func(ctx context.Context) error {
					err := clock.SleepUntil(ctx, j.clock, j.clock.Now().Add(time.Hour))
					return &asl.Uncertain{Handle: "perhaps", Err: err}
				}
				got, history := j.play(t, func(s *table.Task) { s.TimeoutSeconds = 20 }, end)
				if want := map[string]string{"timeout": "States.Timeout", "abort": "aborted"}[name]; got != want {
					t.Error(got)
				}
				if log := j.calls(); len(log) != 2 || !strings.HasPrefix(log[1], "stop") {
					t.Errorf("%q", log)
				}
				return textOf(history)
			})
		})
	}
}

// However long a job takes to be stopped, the state's end is told at once, and the execution's end within a minute.
func TestStopThatHangs(t *testing.T) {
	j := &fakeJob{}
	j.stop = func(ctx context.Context) error { return clock.SleepUntil(ctx, j.clock, time.Time{}) }
	var status asl.Status
	got, history := j.play(t, func(s *table.Task) { s.TimeoutSeconds = 20 }, func(ctx context.Context, _ *memory.Engine, x *asl.Execution[asl.Value]) {
		_ = clock.Sleep(ctx, 15*time.Second)
		status = told.Status(x)
	})
	if last := history[len(history)-1]; got != "States.Timeout" || status != asl.StatusFailed || last.Time.Sub(begin) != 20*time.Second {
		t.Errorf("%s: %s at %v", status, got, last.Time.Sub(begin))
	}
	if now := j.clock.Now().Sub(begin); now != 80*time.Second {
		t.Errorf("the end was told after %v", now)
	}
}
