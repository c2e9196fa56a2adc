package memory_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/r-seed-632eed22/aslgen/internal/told"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// message and submission are what tasks that wait are called with.
type message struct {
	QueueUrl    string
	MessageBody asl.Value
}

type submission struct {
	JobName    string
	Parameters asl.Value
}

// jobs are started, watched and stopped; they end when the test says so.
type jobs struct {
	endless
	reasons []string
	over    chan func()
}

func (j *jobs) Start(_ context.Context, a *asl.Attempt, p submission) (asl.Started, error) {
	return asl.Started{Handle: fmt.Sprint(p.JobName, p.Parameters), Submitted: value.String(a.ID())}, nil
}

func (j *jobs) Watch(_ context.Context, _ string, over func()) (*asl.Watch, error) {
	j.over <- over
	return &asl.Watch{Leave: func() {}, Result: func(ctx context.Context) (value.Value, error) {
		return value.String(asl.AttemptFrom(ctx).ID()), nil
	}}, nil
}

func (j *jobs) Stop(ctx context.Context, handle, reason string) error {
	a := asl.AttemptFrom(ctx)
	j.reasons = append(j.reasons, fmt.Sprint(handle, " ", reason, " ", a.Parameters, " ", a.RoleARN, " ", a.Pattern))
	return nil
}

// patient is a machine whose states wait one after the other: for a time, a back-off, a token and a job.
func patient(t *testing.T, engine *memory.Engine, j *jobs, tokens chan<- string, options ...asl.Option) *machine {
	tries := 0
	retried := call("Try", func(context.Context, string) (asl.Value, error) {
		if tries++; tries%3 != 0 {
			return asl.Value{}, errors.New("no")
		}
		return value.Int(1), nil
	})
	retried.Next, retried.ResultPath = "Ask", "$.tried"
	retried.Retry = []table.Retrier{{ErrorEquals: []string{asl.ErrorAll}, IntervalSeconds: 5, MaxAttempts: 2, BackoffRate: 2}}
	ask := func(c *asl.Context, r *table.Reader) message {
		return message{c.Task.Token, r.Value("$.n", "/MessageBody.$")}
	}
	submit := func(c *asl.Context, r *table.Reader) submission {
		return submission{c.Task.Token, r.Value("$.twice", "/Parameters.$")}
	}
	return newMachine(t, engine, "Nap", table.Definition{States: []table.State{
		&table.Wait{Name: "Nap", Seconds: 60, Next: "Try"},
		retried,
		&table.Task{Name: "Ask", Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken", HeartbeatSeconds: 600, ResultPath: "$.answer", Next: "Job",
			Run: table.WaitForTaskToken("Work", ask, asl.SendFunc(func(_ context.Context, _ string, m message) error { tokens <- m.QueueUrl; return nil }))},
		&table.Task{Name: "Job", Resource: "arn:aws:states:::batch:submitJob.sync", TimeoutSeconds: 900, ResultPath: "$.job", End: true,
			Run: table.Sync("Work", submit, asl.Job[submission, asl.Value]{Runner: j})},
	}}, options...)
}

// An observer that wants every event keeps an execution from being put away.
type idle struct{}

func (idle) Event(string, asl.Event) {}

// What is put away while it waits goes on as if it had not been: its history, its output, its attempts and what stops its job are the same.
func TestRest(t *testing.T) {
	for name, ends := range map[string]bool{"the job ends": true, "the job is stopped": false} {
		t.Run(name, func(t *testing.T) {
			rested, kept := carryOut(t, ends), carryOut(t, ends, asl.Observe(idle{}))
			if diff := cmp.Diff(kept, rested, cmp.AllowUnexported(carried{})); diff != "" {
				t.Error(diff)
			}
			if len(rested.parked) != 4 || len(rested.history) < 20 || (len(rested.reasons) == 0) != ends {
				t.Errorf("%d frames were parked, there are %d events, and jobs were stopped: %s", len(rested.parked), len(rested.history), rested.reasons)
			}
		})
	}
}

// carried is what is seen of an execution while it waits and when it has ended.
type carried struct {
	parked    []memory.Parked
	described []asl.Description
	seen      []int // how many events there were
	reasons   []string
	history   []asl.Event
	output    string
}

func carryOut(t *testing.T, ends bool, options ...asl.Option) (all carried) {
	engine, j, tokens := memory.NewDriven(begin), &jobs{over: make(chan func(), 1)}, make(chan string, 2)
	m := patient(t, engine, j, tokens, options...)
	input := value.MustParse(`{"n":1.50,"twice":["a long text that is there twice","a long text that is there twice"],"ö":null}`)
	drive(engine, func(ctx context.Context) {
		e, err := m.Start(ctx, input, asl.Named("patient"))
		if err != nil {
			t.Fatal(err)
		}
		look := func(after time.Duration) {
			if err := clock.Sleep(ctx, after); err != nil {
				t.Error(err)
			}
			all.parked = append(all.parked, engine.Parked()...)
			d, err := e.Running().Describe(ctx)
			if err != nil {
				t.Error(err)
			}
			if rests := memory.Rests(e.Running()); rests != (len(options) == 0) {
				t.Errorf("%s after its start it is put away: %v", engine.Clock().Now().Sub(begin), rests)
			}
			all.described, all.seen = append(all.described, d), append(all.seen, len(told.History(e)))
		}
		look(10 * time.Second) // in the Wait
		look(52 * time.Second) // in the first back-off
		look(time.Minute)      // for the token
		if len(tokens) == 0 {
			_, err := e.Wait(ctx)
			t.Errorf("no token was sent: %v", err)
			return
		}
		token := <-tokens
		if err := engine.SendTaskHeartbeat(ctx, token); err != nil {
			t.Error(err)
		}
		if err := engine.SendTaskSuccess(ctx, token, value.MustParse(`{"ok":[1.0]}`)); err != nil {
			t.Error(err)
		}
		look(time.Minute) // for the job
		if over := <-j.over; ends {
			over()
		}
		output, err := e.Wait(ctx)
		all.output, all.history, all.reasons = fmt.Sprint(output, err), told.History(e), j.reasons
	})
	return all
}

// What is put away is read while it is woken, and by many at a time.
func TestRestRaces(t *testing.T) {
	const n = 40
	engine, tokens := memory.New(), make(chan string, 3*n)
	ask := func(name, next string) *table.Task {
		return &table.Task{Name: name, Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken", Next: next, End: next == "",
			Run: table.WaitForTaskToken("Work", func(c *asl.Context, _ *table.Reader) string { return c.Task.Token },
				asl.SendFunc(func(_ context.Context, token, _ string) error { tokens <- token; return nil }))}
	}
	m := newMachine(t, engine, "First", table.Definition{States: []table.State{ask("First", "Second"), ask("Second", "Third"), ask("Third", "")}})
	var executions []*asl.Execution[asl.Value]
	for range n {
		executions = append(executions, start(t, t.Context(), m))
	}
	var readers sync.WaitGroup
	over := make(chan struct{})
	for i := range 4 {
		readers.Go(func() {
			for last := make([]int, n); ; {
				select {
				case <-over:
					return
				default:
				}
				for k := range executions {
					e := executions[(k+i*n/4)%n]
					d, err := e.Running().Describe(t.Context())
					events := told.History(e)
					if err != nil || d.Started.IsZero() || len(events) < last[k] {
						t.Errorf("%+v %v: %d events, and there were %d", d, err, len(events), last[k])
					}
					last[k] = len(events)
				}
				engine.Parked()
			}
		})
	}
	for i := range 3 * n {
		if err := engine.SendTaskSuccess(t.Context(), <-tokens, value.Int(int64(i))); err != nil {
			t.Error(err)
		}
	}
	for _, e := range executions {
		if _, err := e.Wait(t.Context()); err != nil || len(told.History(e)) != 20 {
			t.Errorf("%v: %d events", err, len(told.History(e)))
		}
	}
	close(over)
	readers.Wait()
}

// What waits cannot be redriven, and says so though it is put away.
func TestRedriveOfWhatWaits(t *testing.T) {
	engine := memory.NewDriven(begin)
	m := sleeper(t, engine, 60)
	drive(engine, func(ctx context.Context) {
		e := start(t, ctx, m)
		if err := clock.Sleep(ctx, time.Second); err != nil {
			t.Fatal(err)
		}
		if code := codeOf(t, e.Running().(asl.Redrivable).Redrive(ctx, "")); code != asl.CodeExecutionNotRedrivable {
			t.Errorf("the redrive was refused with %s", code)
		}
	})
}

// oneWay is a type that cannot read what it writes.
type oneWay int

func (oneWay) MarshalJSON() ([]byte, error) { return json.Marshal("a text") }

type oneWayMessage struct {
	QueueUrl    string
	MessageBody oneWay
}

type oneWaySubmission struct {
	JobName    string
	Parameters map[string]oneWay
}

// oneWayJobs are told of their end, which never comes, and of their stop.
type oneWayJobs struct {
	endless
	stopped []string
}

func (j *oneWayJobs) Start(context.Context, *asl.Attempt, oneWaySubmission) (asl.Started, error) {
	return asl.Started{Handle: "job"}, nil
}

func (j *oneWayJobs) Watch(context.Context, string, func()) (*asl.Watch, error) {
	return &asl.Watch{Leave: func() {}}, nil
}

func (j *oneWayJobs) Stop(ctx context.Context, handle, _ string) error {
	j.stopped = append(j.stopped, fmt.Sprint(handle, asl.AttemptFrom(ctx).Parameters))
	return nil
}

// What has begun is waited for and stopped, though its parameters do not have their Go type when they are read again.
func TestRestOfTypesThatOnlyWrite(t *testing.T) {
	engine, tokens, j := memory.NewDriven(begin), make(chan string, 1), &oneWayJobs{}
	m := newMachine(t, engine, "Ask", table.Definition{States: []table.State{
		&table.Task{Name: "Ask", Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken", Next: "Job",
			Run: table.WaitForTaskToken("Work", func(*asl.Context, *table.Reader) oneWayMessage { return oneWayMessage{"url", 1} },
				asl.SendFunc(func(_ context.Context, token string, _ oneWayMessage) error { tokens <- token; return nil }))},
		&table.Task{Name: "Job", Resource: "arn:aws:states:::batch:submitJob.sync", TimeoutSeconds: 60, End: true,
			Run: table.Sync("Work", func(*asl.Context, *table.Reader) oneWaySubmission {
				return oneWaySubmission{"job", map[string]oneWay{"n": 1}}
			}, asl.Job[oneWaySubmission, asl.Value]{Runner: j})},
	}})
	drive(engine, func(ctx context.Context) {
		e := start(t, ctx, m)
		if err := clock.Sleep(ctx, time.Second); err != nil {
			t.Fatal(err)
		}
		if len(tokens) == 0 {
			_, err := e.Wait(ctx)
			t.Fatal(err)
		}
		if err := engine.SendTaskSuccess(ctx, <-tokens, value.True); err != nil {
			t.Error(err)
		}
		if _, err := e.Wait(ctx); !asl.IsTimeout(err) {
			t.Errorf("the execution ended with %v", err)
		}
	})
	if want := []string{`job{"JobName":"job","Parameters":{"n":"a text"}}`}; !cmp.Equal(j.stopped, want) {
		t.Errorf("stopped were %s, not %s", j.stopped, want)
	}
}

// Times are those of the clock on the wall alone, in UTC, whether an execution was put away or not.
func TestTimes(t *testing.T) {
	engine := memory.New()
	m := newMachine(t, engine, "Pass", table.Definition{States: []table.State{
		&table.Pass{Name: "Pass", Next: "Sleep"}, &table.Wait{Name: "Sleep", Seconds: 1, End: true},
	}})
	e := start(t, t.Context(), m)
	if _, err := e.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	d, err := e.Running().Describe(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	times := []time.Time{d.Started, d.Stopped}
	for _, event := range told.History(e) {
		times = append(times, event.Time)
	}
	for i, at := range times {
		if at != at.Round(0).UTC() {
			t.Errorf("time %d is %v", i, at)
		}
	}
}

// What cannot be written so that it is read again is not put away, and goes on all the same.
func TestRestOfWhatCannotBeRead(t *testing.T) {
	deep := value.EmptyObject
	for range 11_000 {
		deep = value.Array(deep)
	}
	same := value.Object(value.Field("\xff", value.Int(1)), value.Field("\xfe", value.Int(2)))
	for name, input := range map[string]value.Value{"deep": deep, "names that become the same": same, "no UTF-8": value.String("\xff")} {
		t.Run(name, func(t *testing.T) {
			engine := memory.NewDriven(begin)
			m := sleeper(t, engine, 60)
			drive(engine, func(ctx context.Context) {
				e, err := m.Start(ctx, input)
				if err != nil {
					t.Fatal(err)
				}
				if err := clock.Sleep(ctx, time.Second); err != nil {
					t.Error(err)
				}
				if d, err := e.Running().Describe(ctx); err != nil || !value.SharesMemory(d.Input, input) {
					t.Errorf("the execution is described with %v, or another input", err)
				}
				if output, err := e.Wait(ctx); err != nil || !value.SharesMemory(output, input) {
					t.Errorf("the execution ended with %v, or another output", err)
				}
			})
		})
	}
}

// A driven clock may begin when no number of nanoseconds says when that is.
func TestStartsOfDrivenClocks(t *testing.T) {
	for _, at := range []time.Time{{}, time.Date(1600, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2300, 1, 1, 0, 0, 0, 0, time.UTC)} {
		engine := memory.NewDriven(at)
		m := sleeper(t, engine, 60)
		drive(engine, func(ctx context.Context) {
			if _, err := start(t, ctx, m).Wait(ctx); err != nil {
				t.Error(err)
			}
		})
		if passed := engine.Clock().Now().Sub(at); passed != time.Minute {
			t.Errorf("from %s on %s have passed", at, passed)
		}
	}
}

// readers are jobs that read their attempts while they are watched.
type readers struct{ oneWayJobs }

func (*readers) Watch(ctx context.Context, _ string, over func()) (*asl.Watch, error) {
	a := asl.AttemptFrom(ctx)
	go func() {
		for range 100 {
			if a.Pattern != asl.SyncPattern || a.Heartbeat != time.Minute {
				panic(fmt.Sprint("the attempt changed: ", a.Pattern, a.Heartbeat))
			}
			time.Sleep(time.Millisecond / 4)
		}
		over()
	}()
	return &asl.Watch{Leave: func() {}, Result: func(context.Context) (value.Value, error) { return value.True, nil }}, nil
}

// An attempt is not written to while it is put away, as the race detector sees.
func TestRestReadsAttempts(t *testing.T) {
	m := newMachine(t, memory.New(), "Job", table.Definition{States: []table.State{
		&table.Task{Name: "Job", Resource: "arn:aws:states:::batch:submitJob.sync", HeartbeatSeconds: 60, End: true,
			Run: table.Sync("Work", func(*asl.Context, *table.Reader) oneWaySubmission { return oneWaySubmission{} },
				asl.Job[oneWaySubmission, asl.Value]{Runner: &readers{}})},
	}})
	if _, err := start(t, t.Context(), m).Wait(t.Context()); err != nil {
		t.Error(err)
	}
}
