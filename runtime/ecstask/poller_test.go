package ecstask_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/ecstask"
)

// board is an ECS API that knows of each task only whether it has stopped, and who looked at it when. It is used by the
// goroutines of a driven clock alone.
type board struct {
	*clock.Driven
	client  *ecstask.Client
	started int
	ended   int // waits that are over
	stopped bool
	refuse  func() error // what DescribeTasks does besides

	clusters int // in how many the tasks are

	calls []look
	looks map[string][]time.Time // by task
}

// look is a call of DescribeTasks.
type look struct {
	at    time.Time
	tasks int
}

func newBoard(options ...ecstask.Option) *board {
	b := &board{Driven: clock.NewDriven(begin), looks: map[string][]time.Time{}, clusters: 1}
	b.client = ecstask.New(b, append([]ecstask.Option{ecstask.WithClock(b.Driven), ecstask.WithLogger(slog.New(slog.DiscardHandler))}, options...)...)
	return b
}

func (b *board) RunTask(context.Context, *ecs.RunTaskInput, ...func(*ecs.Options)) (*ecs.RunTaskOutput, error) {
	b.started++
	arn := fmt.Sprint("task-", b.started)
	return &ecs.RunTaskOutput{Tasks: []types.Task{{TaskArn: &arn, ClusterArn: aws.String(fmt.Sprint("cluster-", b.started%b.clusters))}}}, nil
}

func (b *board) DescribeTasks(_ context.Context, in *ecs.DescribeTasksInput, _ ...func(*ecs.Options)) (*ecs.DescribeTasksOutput, error) {
	b.calls = append(b.calls, look{b.Now(), len(in.Tasks)})
	if b.refuse != nil {
		if err := b.refuse(); err != nil {
			return nil, err
		}
	}
	status := "RUNNING"
	if b.stopped {
		status = "STOPPED"
	}
	out := &ecs.DescribeTasksOutput{Tasks: make([]types.Task, len(in.Tasks))}
	for i, task := range in.Tasks {
		b.looks[task] = append(b.looks[task], b.Now())
		out.Tasks[i] = types.Task{TaskArn: &task, LastStatus: &status, StopCode: types.TaskStopCodeEssentialContainerExited}
	}
	return out, nil
}

func (b *board) StopTask(context.Context, *ecs.StopTaskInput, ...func(*ecs.Options)) (*ecs.StopTaskOutput, error) {
	return nil, errors.New("not called")
}

// start starts n tasks and waits for each in a goroutine of its own.
func (b *board) start(ctx context.Context, n int) {
	for range n {
		b.Go(ctx, func(ctx context.Context) {
			sync := b.client.Sync()
			started, err := sync.Start(ctx, &asl.Attempt{}, &ecs.RunTaskInput{})
			if err == nil {
				_, _ = sync.Wait(ctx, started.Handle)
			}
			b.ended++
		})
	}
}

// at waits until so much time has passed since the beginning.
func (b *board) at(ctx context.Context, d time.Duration) {
	_ = clock.SleepUntil(ctx, b.Driven, begin.Add(d))
}

// since returns the calls from a time on.
func (b *board) since(d time.Duration) []look {
	for i, c := range b.calls {
		if !c.at.Before(begin.Add(d)) {
			return b.calls[i:]
		}
	}
	return nil
}

// many returns how many tasks the tests of load have: ten thousand, or a thousand where time is short, as with the race
// detector.
func many() int {
	if testing.Short() {
		return 1_000
	}
	return 10_000
}

// roundTime is how long it takes to look at so many tasks by the budget of five calls a second, or of ten for very many, and
// a second for their being in another order each time.
func roundTime(tasks int) time.Duration {
	if tasks < 5_000 {
		return max(2*time.Second, time.Duration(tasks/100)*time.Second/5) + time.Second
	}
	return time.Duration(tasks/100)*time.Second/10 + time.Second
}

// Ten thousand tasks cost a hundred calls for each time that all are looked at, no more calls a second than the budget has,
// and none of them is forgotten.
func TestPollerLoad(t *testing.T) {
	b, many := newBoard(), many()
	b.Run(t.Context(), func(ctx context.Context) {
		b.start(ctx, many)
		b.at(ctx, 10*time.Minute)
		calls, asked := b.since(2*time.Minute), 0
		for _, c := range calls {
			asked += c.tasks
		}
		rounds := float64(asked) / float64(many)
		t.Logf("in 8 minutes: %d calls, %.1f rounds, %.1f calls a round, one every %v", len(calls), rounds,
			float64(len(calls))/rounds, (8 * time.Minute / time.Duration(len(calls))).Round(time.Millisecond))
		if perRound := float64(len(calls)) / rounds; perRound > float64(many/100+1) {
			t.Errorf("%.1f calls a round, %.1f rounds", perRound, rounds)
		}
		second := map[time.Time]int{}
		for _, c := range b.calls {
			if second[c.at.Truncate(time.Second)]++; second[c.at.Truncate(time.Second)] > 11 {
				t.Fatalf("more than 11 calls in the second of %v", c.at)
			}
		}
		for task, looks := range b.looks {
			for i := range looks[1:] {
				// The pace is found in the first round.
				if gap := looks[i+1].Sub(looks[i]); gap > roundTime(many) && looks[i].Sub(begin) > time.Minute {
					t.Fatalf("%s was not looked at for %v", task, gap)
				}
			}
		}
		b.stopped = true
		b.at(ctx, 10*time.Minute+roundTime(many))
	})
	if b.ended != many {
		t.Errorf("a round after all tasks have stopped, %d of them are done", b.ended)
	}
	if !t.Failed() {
		wantNoGoroutines(t, "watch.(*Watcher")
	}
}

// A task is looked at as often after a day as after a minute, never quite regularly.
func TestPollerPace(t *testing.T) {
	b := newBoard(ecstask.PollEvery(4 * time.Second))
	b.Run(t.Context(), func(ctx context.Context) {
		b.start(ctx, 1)
		b.at(ctx, 20*time.Minute)
		last, regular := begin, 0
		for i, at := range b.looks["task-1"] {
			gap := at.Sub(last)
			if gap < 2*time.Second || gap > 4*time.Second {
				t.Errorf("look %d comes after %v", i, gap)
			}
			if gap == 2*time.Second || gap == 4*time.Second {
				regular++
			}
			last = at
		}
		if regular > 1 {
			t.Errorf("%d looks without jitter", regular)
		}
		b.stopped = true
	})
}

// A new task waits for its turn, and does not have all the old ones looked at with it.
func TestPollerNewTask(t *testing.T) {
	b, many := newBoard(), many()
	b.Run(t.Context(), func(ctx context.Context) {
		b.start(ctx, many)
		b.at(ctx, 10*time.Minute)
		before := len(b.since(9*time.Minute + 58*time.Second))
		b.start(ctx, 1)
		b.at(ctx, 10*time.Minute+2*time.Second)
		if with := len(b.since(10 * time.Minute)); with > before+1 {
			t.Errorf("%d calls in two seconds, %d in the two before", with, before)
		}
		b.at(ctx, 10*time.Minute+roundTime(many)+2*time.Second)
		if first := b.looks[fmt.Sprint("task-", many+1)]; len(first) == 0 {
			t.Error("in a round nobody has looked at it")
		}
		b.stopped = true
	})
}

// The budget is that of all clusters together.
func TestPollerClusters(t *testing.T) {
	b := newBoard()
	b.clusters = 50
	b.Run(t.Context(), func(ctx context.Context) {
		b.start(ctx, 500)
		b.at(ctx, 5*time.Minute)
		if n := len(b.since(4 * time.Minute)); n < 290 || n > 310 {
			t.Errorf("%d calls in a minute for 50 clusters", n)
		}
		b.stopped = true
	})
}

// Nobody polls when nobody waits, and who waits again is served again.
func TestPollerEnds(t *testing.T) {
	b := newBoard()
	b.Run(t.Context(), func(ctx context.Context) {
		for n := range 3 {
			of, cancel := b.WithDeadline(ctx, time.Time{})
			b.start(of, 3)
			_ = clock.SleepUntil(ctx, b.Driven, b.Now().Add(5*time.Minute))
			cancel(nil)
			_ = clock.SleepUntil(ctx, b.Driven, b.Now().Add(time.Nanosecond))
			if b.ended != 3*(n+1) {
				t.Errorf("%d waits are over", b.ended)
			}
			if !t.Failed() {
				wantNoGoroutines(t, "watch.(*Watcher")
			}
			calls := len(b.calls)
			_ = clock.SleepUntil(ctx, b.Driven, b.Now().Add(time.Hour))
			if len(b.calls) != calls || calls == 0 {
				t.Errorf("%d calls, %d while nobody waited", calls, len(b.calls)-calls)
			}
		}
	})
}

var errThrottled = &types.ServerException{Message: aws.String("try again")}

// While ECS wants to be asked less, one call at a time asks whether it still does, less and less often.
func TestPollerThrottled(t *testing.T) {
	b, many := newBoard(), many()
	b.Run(t.Context(), func(ctx context.Context) {
		b.start(ctx, many)
		b.at(ctx, time.Minute)
		b.refuse = func() error { return errThrottled }
		b.at(ctx, 11*time.Minute)
		calls, widest := b.since(time.Minute), time.Duration(0)
		for i := range calls[1:] {
			widest = max(widest, calls[i+1].at.Sub(calls[i].at))
		}
		if len(calls) > 35 || widest < 15*time.Second || widest > 31*time.Second {
			t.Errorf("%d calls in ten minutes, up to %v apart", len(calls), widest)
		}
		b.refuse, b.stopped = nil, true
		b.at(ctx, 12*time.Minute+30*time.Second)
	})
	if b.ended != many {
		t.Errorf("%d of the waits are over", b.ended)
	}
}

// ECS allows a hundred calls at once and then two a second: fewer than ten thousand tasks want, and still each is seen.
func TestPollerOverload(t *testing.T) {
	b, many := newBoard(), many()
	left, filled := 100.0, begin
	b.refuse = func() error {
		left = min(100, left+2*b.Now().Sub(filled).Seconds())
		if filled = b.Now(); left < 1 {
			return errThrottled
		}
		left--
		return nil
	}
	b.Run(t.Context(), func(ctx context.Context) {
		b.start(ctx, many)
		b.at(ctx, 20*time.Minute)
		for task, looks := range b.looks {
			for i := range looks[1:] {
				if gap := looks[i+1].Sub(looks[i]); gap > 2*time.Minute {
					t.Fatalf("%s was not looked at for %v", task, gap)
				}
			}
		}
		if len(b.looks) != many {
			t.Errorf("only %d tasks were ever looked at", len(b.looks))
		}
		b.stopped = true
		b.at(ctx, 23*time.Minute)
	})
	if b.ended != many {
		t.Errorf("%d of the waits are over", b.ended)
	}
}

// Without a working clock in its hands an interval of nothing would never let time pass.
func TestPollEveryNothing(t *testing.T) {
	for _, every := range []time.Duration{0, -time.Second} {
		b := newBoard(ecstask.PollEvery(every))
		b.Run(t.Context(), func(ctx context.Context) {
			b.start(ctx, 1)
			b.at(ctx, time.Second)
			b.stopped = true
			b.at(ctx, 2*time.Second)
		})
		if b.ended != 1 || len(b.calls) > 2002 {
			t.Errorf("%d calls in a second", len(b.calls))
		}
	}
}
