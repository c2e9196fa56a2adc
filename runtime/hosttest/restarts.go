package hosttest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// Restarter is an [Engine] whose executions outlive it. [Run] tries that too.
type Restarter interface {
	Engine
	// Restart ends the engine in the middle of what it does, and returns one that goes on with what it has kept, once machines register
	// with it.
	Restart(t testing.TB) Restarter
	// Execution returns the execution with the ARN.
	Execution(arn string) (asl.Running, error)
}

// restarts ends the engine in the middle of an execution that waits, calls, runs jobs and branches and asks, at each of its seconds,
// once and twice in a row. The execution goes on and ends as without; no job is started under two ids, and none that has ended again.
func restarts(t *testing.T, engine New) {
	want, took := restarted(t, engine)
	if want == "" {
		t.Skip("the engine is no Restarter on a driven clock")
	}
	t.Log(want, took)
	for at := time.Second / 2; at < took; at += time.Second {
		for _, again := range []time.Duration{0, time.Millisecond, 3 * time.Second} {
			if got, _ := restarted(t, engine, at, again); got != want {
				t.Fatalf("with a restart after %v, and another %v after that:\n%s\nnot\n%s", at, again, got, want)
			}
		}
	}
}

// restarted runs the execution with restarts, each a time after the one before, and tells how it ends, and when.
func restarted(t *testing.T, engine New, after ...time.Duration) (told string, took time.Duration) {
	l := newLab(t, engine)
	e, ok := l.engine.(Restarter)
	if !ok || l.driven == nil {
		return "", 0
	}
	j := &lastingJobs{clock: l.driven, ends: map[string]time.Time{}, failed: map[string]bool{}}
	send := func(ctx context.Context, token string) error {
		l.clock.Go(context.WithoutCancel(ctx), func(ctx context.Context) {
			_ = clock.SleepUntil(ctx, l.clock, l.clock.Now().Add(2*time.Second))
			_ = e.SendTaskSuccess(ctx, token, value.String("asked")) // a second answer is one too many
		})
		return nil
	}
	machine := func() *asl.Machine[asl.Value, asl.Value] {
		m, err := table.NewMachine[asl.Value, asl.Value](e, table.Definition{Name: "Lab", StartAt: "Each", States: j.states(send)})
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	l.drive(func(ctx context.Context) {
		l.ctx = ctx
		x, err := machine().StartDocument(ctx, value.MustParse(`{"items":[1,2,3]}`), asl.Named("one"))
		if err != nil {
			t.Fatal(err)
		}
		running := x.Running()
		for _, d := range after {
			l.sleep(d)
			e = e.Restart(t)
			machine()
			if running, err = e.Execution(x.Running().ID()); err != nil {
				t.Fatal(err)
			}
		}
		output, err := running.Wait(ctx)
		events, unknown := running.History(ctx)
		if unknown != nil {
			t.Error(unknown)
		}
		for i, event := range events {
			if event.ID != int64(i+1) || event.Previous >= event.ID {
				t.Errorf("event %d has the id %d and follows %d", i+1, event.ID, event.Previous)
			}
		}
		told, took = fmt.Sprintf("%s %v, %d events, %d jobs", output, err, len(events), len(j.ends)), l.after()
	})
	return told, took
}

// lastingJobs are jobs that go on without the process that has started them.
type lastingJobs struct {
	clock *clock.Driven
	ends  map[string]time.Time // by the ids of attempts

	failed map[string]bool // calls that have failed once, by their parameters
}

// Start implements [asl.Runner]: the same attempt is the same job.
func (j *lastingJobs) Start(_ context.Context, a *asl.Attempt, _ asl.Value) (asl.Started, error) {
	if j.ends[a.ID()].IsZero() {
		j.ends[a.ID()] = j.clock.Now().Add(3 * time.Second)
	}
	return asl.Started{Handle: a.ID(), Submitted: value.True}, nil
}

// Wait implements [asl.Runner].
func (j *lastingJobs) Wait(ctx context.Context, handle string) (asl.Value, error) {
	return value.String("done"), clock.SleepUntil(ctx, j.clock, j.ends[handle])
}

// Stop implements [asl.Runner].
func (j *lastingJobs) Stop(context.Context, string, string) error { return nil }

// states are those of the machine: for each item a wait, a job and a call that fails once, two at a time; then a token.
func (j *lastingJobs) states(send func(ctx context.Context, token string) error) []table.State {
	call := &table.Task{Name: "Call", Resource: "arn:aws:lambda:us-east-1:123456789012:function:f", End: true,
		Retry: []table.Retrier{{ErrorEquals: []string{asl.ErrorAll}, IntervalSeconds: 2, MaxAttempts: 9, BackoffRate: 1}},
		Run: table.RequestResponse("Call", table.Input, asl.Call[asl.Value, asl.Value]{Caller: caller(func(_ context.Context, a *asl.Attempt) (asl.Value, error) {
			if first := a.Parameters.String(); !j.failed[first] {
				j.failed[first] = true
				return asl.Value{}, &asl.Error{Name: "First"}
			}
			return value.True, nil
		})})}
	job := &table.Task{Name: "Job", Resource: "arn:aws:states:::eks:runJob.sync", Next: "Call", ResultPath: table.NullPath,
		Run: table.Sync("Job", table.Input, asl.Job[asl.Value, asl.Value]{Runner: j})}
	ask := &table.Task{Name: "Ask", Resource: "arn:aws:states:::eks:runJob.waitForTaskToken", End: true,
		Run: table.WaitForTaskToken("Ask", table.Input, asl.SendFunc(func(ctx context.Context, token string, _ asl.Value) error { return send(ctx, token) }))}
	return []table.State{
		&table.Map{Name: "Each", ItemsPath: "$.items", MaxConcurrency: 2, Next: "Ask",
			ItemProcessor: table.Branch{StartAt: "Rest", States: []table.State{&table.Wait{Name: "Rest", Seconds: 1, Next: "Job"}, job, call}}},
		ask,
	}
}
