package runner

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"

	"log/slog"
	"os"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/r-seed-632eed22/aslgen/internal/recordlog"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/durable"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// crash is what a run on the durable engine has that survives it.
type crash struct {
	log     *recordlog.Memory
	again   clock.Gate             // opens when the next engine is there
	crashes []int                  // the points of the engines to come
	sent    map[string]value.Value // the parameters of attempts, by their ids
	fault   string                 // what no engine may do
}

// called notes an attempt: one that is made again has the same parameters, and none is made after the crash.
func (r *Run) called(a *asl.Attempt) {
	c := r.crash
	if c == nil {
		return
	}
	if c.log.Crashed() {
		c.fault = fmt.Sprintf("%s of %q is called after the crash", a.Resource, a.State)
	}
	if sent, again := c.sent[a.ID()]; again && !sent.Equal(a.Parameters) {
		c.fault = fmt.Sprintf("%s of %q is called with %s and again with %s", a.Resource, a.State, sent, a.Parameters)
	}
	c.sent[a.ID()] = a.Parameters
}

// point is a place where the process may crash outside of the engine.
func (r *Run) point() {
	if r.crash != nil {
		r.crash.log.Point()
	}
}

// insist asks the engine for something until there is one that acknowledges or refuses it.
func (r *Run) insist(ctx context.Context, ask func() error) {
	for {
		err := ask()
		_, refused := errors.AsType[*asl.APIError](err)
		if err == nil || refused || r.crash == nil || !r.crash.log.Crashed() {
			return
		}
		_ = r.crash.again.Wait(context.WithoutCancel(ctx), time.Time{})
	}
}

// open opens the next engine on what the one before has left.
func (r *Run) open() error {
	if r.Engine != nil {
		_ = r.Engine.(*durable.Engine).Close() // what has crashed has nothing to close
	}
	at := 0
	if len(r.crash.crashes) > 0 {
		at, r.crash.crashes = r.crash.crashes[0], r.crash.crashes[1:]
	}
	r.crash.log = recordlog.NewMemory(r.crash.log, at)
	e, err := durable.OpenLog(r.crash.log, make([]byte, 32), durable.WithClock(r.Clock), durable.WithRegion("us-east-1", "111111111111"),
		durable.WithParkAfter(0), durable.OnFatal(func(error) {}), durable.WithLogger(slog.New(slog.NewTextHandler(os.Stderr, nil))))
	if err != nil {
		return err
	}
	r.Engine = e
	before := r.crash.again
	if r.crash.again = r.Clock.NewGate(); before != nil {
		before.Open()
	}
	return nil
}

// crashEverywhere runs an execution without a crash, and again with one at each point, and with two in a row.
func crashEverywhere(s *Spec) Result {
	whole, points := crashAt(s)
	want := whole.ordered()
	for at := 1; at <= points; at++ {
		for _, crashes := range [][]int{{at}, {at, 1}, {at, 2}, {at, 3}} {
			r, _ := crashAt(s, crashes...)
			if got := r.ordered(); got != want {
				return Result{ID: s.ID, Fault: fmt.Sprintf("after a crash at %v:\n%s\nnot\n%s", crashes, got, want)}
			}
		}
	}
	return whole.Result
}

// crashed is how an execution went, with the times of its events.
type crashed struct {
	Result
	times []string
}

// crashAt runs an execution with crashes at points, each counted from when the engine was opened. It returns how it went, and at how
// many points the first engine could have crashed.
func crashAt(s *Spec, crashes ...int) (r crashed, points int) {
	r.ID = s.ID
	run := newRun(s)
	run.Clock, run.crash = clock.NewDriven(Start), &crash{crashes: crashes, sent: map[string]value.Value{}}
	if err := run.open(); err != nil {
		r.Fault = err.Error()
		return r, 0
	}
	first := run.crash.log
	run.Clock.Run(context.Background(), func(ctx context.Context) { run.untilItEnds(ctx, &r) })
	if err := run.Engine.(*durable.Engine).Close(); err != nil && r.Fault == "" {
		r.Fault = err.Error()
	}
	if run.crash.fault != "" {
		r.Fault = run.crash.fault
	}
	return r, first.Points()
}

// untilItEnds starts an execution and goes on with it after each crash.
func (r *Run) untilItEnds(ctx context.Context, result *crashed) {
	var running asl.Running
	for {
		err := r.begin(ctx, &running)
		if err == nil {
			result.Output, err = running.Wait(ctx)
		}
		switch {
		case r.crash.log.Crashed() && (running == nil || errors.Is(err, asl.ErrDetached)):
			if err := r.open(); err != nil {
				result.Fault = err.Error()
				return
			}
		case running == nil:
			result.Fault = err.Error()
			return
		case r.spec.Redrive && err != nil && r.redriveOnce(ctx, running):
		default:
			result.tell(running, err)
			events, _ := running.History(ctx)
			for _, e := range events {
				result.times = append(result.times, asl.Timestamp(e.Time))
			}
			return
		}
	}
}

// redriveOnce reports whether the execution, which has failed, is to be waited for again: it was redriven, or would have been had the
// process not crashed.
func (r *Run) redriveOnce(ctx context.Context, running asl.Running) bool {
	if d, err := running.Describe(ctx); err == nil && (d.RedriveCount > 0 || d.NotRedrivable != "") {
		return false
	}
	return r.redrive(ctx, running) == nil || r.crash.log.Crashed() && r.open() == nil
}

// begin makes the machine, with which its open executions go on, and starts the execution if it has not started.
func (r *Run) begin(ctx context.Context, running *asl.Running) error {
	build := registry[r.spec.Machine]
	if build == nil {
		return errors.New("the program has no machine " + r.spec.Machine)
	}
	m, err := build(r)
	if err != nil {
		return err
	}
	if *running != nil {
		*running, err = r.Engine.(*durable.Engine).Execution((*running).ID())
		return err
	}
	started, err := m.Start(ctx, r.spec.Input, append(r.spec.starts(), asl.Named("00000000-0000-4000-8000-000000000000"))...)
	if err != nil {
		return err
	}
	*running = started
	if r.spec.StopAfter > 0 {
		r.Clock.Go(ctx, func(ctx context.Context) {
			_ = clock.SleepUntil(ctx, r.Clock, Start.Add(time.Duration(r.spec.StopAfter)*time.Second))
			r.insist(ctx, func() error { return (*running).Stop(ctx, "", "") })
		})
	}
	return nil
}

// ordered tells all of how an execution went, but for the order in which branches and iterations took their turns: of each event what
// led to it. Where branches were cut off, how far they came is a matter of that order too, and is not told.
func (r crashed) ordered() string {
	concurrent, cut := false, false
	for i, e := range r.History {
		concurrent = concurrent || strings.HasPrefix(e.Type, "Parallel") || strings.HasPrefix(e.Type, "Map")
		cut = cut || strings.HasSuffix(e.Type, "Aborted")
		if e.Heartbeat > 0 { // after a crash a task has its whole interval again
			r.times = nil
		}
		if e.ID != int64(i+1) || e.Previous >= e.ID {
			return fmt.Sprintf("event %d has the id %d and follows %d", i+1, e.ID, e.Previous)
		}
	}
	switch {
	case cut && concurrent:
		r.History, r.times = nil, nil
	case concurrent:
		slices.Sort(r.times)
		var chains []string
		before := map[int64]string{}
		for _, e := range r.History {
			chain := before[e.Previous]
			before[e.ID] = fmt.Sprintf("%x", sha256.Sum256([]byte(chain+e.Type+e.Name+e.Output.String())))
			e.ID, e.Previous, e.MapRunARN = 0, 0, ""
			text, err := json.Marshal(e, json.Deterministic(true))
			if err != nil {
				return err.Error()
			}
			chains = append(chains, string(text)+" after "+chain)
		}
		slices.Sort(chains)
		r.History = nil
		text, err := json.Marshal(r.Result, json.Deterministic(true))
		return fmt.Sprint(string(text), err, r.times, "\n", strings.Join(chains, "\n"))
	}
	text, err := json.Marshal(r.Result, json.Deterministic(true))
	return fmt.Sprint(string(text), err, r.times)
}
