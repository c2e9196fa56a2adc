package memory_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/r-seed-632eed22/aslgen/internal/told"

	"github.com/r-seed-632eed22/aslgen/internal/again"
	"github.com/r-seed-632eed22/aslgen/runtime/asl"
	"github.com/r-seed-632eed22/aslgen/runtime/asl/table"
	"github.com/r-seed-632eed22/aslgen/runtime/clock"
	"github.com/r-seed-632eed22/aslgen/runtime/memory"
	"github.com/r-seed-632eed22/aslgen/runtime/value"
)

// crew makes states whose work takes driven time and goes wrong now and then.
type crew struct {
	engine *memory.Engine
	calls  int
}

// work is a Task state: every seventh call of the crew fails.
func (c *crew) work(name string) *table.Task {
	t := call(name, func(ctx context.Context, execution string) (asl.Value, error) {
		c.calls++
		n := c.calls
		if err := clock.Sleep(ctx, time.Duration(n%5)*time.Second); err != nil {
			return asl.Value{}, err
		}
		if n%7 == 0 {
			return asl.Value{}, &asl.Error{Name: "Seventh", Cause: fmt.Sprint(n)}
		}
		return value.Object(value.Field("call", value.Int(int64(n))), value.Field("of", value.String(execution))), nil
	})
	t.End = true
	return t
}

// patient is work whose failures are retried after a time that chance has a part in.
func (c *crew) patient(name string) *table.Task {
	t := c.work(name)
	t.Retry = []table.Retrier{{ErrorEquals: []string{asl.ErrorAll}, IntervalSeconds: 3, MaxAttempts: 3, BackoffRate: 2, JitterStrategy: "FULL"}}
	return t
}

// ask is a task whose token comes back from another goroutine, or a failure, or nothing.
func (c *crew) ask(name string) *table.Task {
	return &table.Task{Name: name, Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken", HeartbeatSeconds: 4, End: true,
		Run: table.WaitForTaskToken("Work", func(c *asl.Context, _ *table.Reader) string { return c.Task.Token },
			asl.SendFunc(func(ctx context.Context, token, _ string) error {
				c.calls++
				n := c.calls
				c.engine.Clock().Go(context.WithoutCancel(ctx), func(ctx context.Context) { c.answer(ctx, token, n) })
				return nil
			}))}
}

func (c *crew) answer(ctx context.Context, token string, n int) {
	for range n % 4 {
		_ = clock.Sleep(ctx, 3*time.Second)
		_ = c.engine.SendTaskHeartbeat(ctx, token)
	}
	switch n % 3 {
	case 0:
		_ = c.engine.SendTaskFailure(ctx, token, &asl.Error{Name: "Refused", Cause: fmt.Sprint(n)})
	case 1:
		_ = c.engine.SendTaskSuccess(ctx, token, value.Int(int64(n)))
	} // or the heartbeats stop
}

func branch(s ...table.State) table.Branch {
	return table.Branch{StartAt: "Work", States: s}
}

// each is a Map over the input's items.
func each(name string, limit int, s ...table.State) *table.Map {
	return &table.Map{Name: name, ItemsPath: "$.items", MaxConcurrency: limit, ItemProcessor: branch(s...), End: true}
}

// concurrent are machines that do several things at a time.
var concurrent = map[string]func(c *crew) table.State{
	"branches": func(c *crew) table.State {
		wait := &table.Wait{Name: "Work", Seconds: 2, Next: "Then"}
		return &table.Parallel{Name: "All", End: true, Branches: []table.Branch{
			branch(c.patient("Work")), branch(wait, c.patient("Then")), branch(c.patient("Work")), branch(&table.Pass{Name: "Work", End: true}),
		}}
	},
	"branches of which one fails": func(c *crew) table.State {
		var all []table.Branch
		for range 9 {
			all = append(all, branch(c.work("Work")))
		}
		return &table.Parallel{Name: "All", Branches: all, End: true,
			Retry: []table.Retrier{{ErrorEquals: []string{"Seventh"}, IntervalSeconds: 1, MaxAttempts: 1, BackoffRate: 1}}}
	},
	"Map": func(c *crew) table.State { return each("All", 0, c.patient("Work")) },
	"Map, three at a time": func(c *crew) table.State {
		return each("All", 3, c.patient("Work"))
	},
	"Map in branches": func(c *crew) table.State {
		return &table.Parallel{Name: "All", End: true, Branches: []table.Branch{
			branch(each("Work", 2, c.patient("Work"))), branch(c.patient("Work")), branch(each("Work", 0, c.patient("Work"))),
		}}
	},
	"distributed Map": func(c *crew) table.State {
		failures := 50.0
		m := each("All", 4, c.work("Work"))
		m.Distributed = &table.Distributed{ExecutionType: asl.Standard, ToleratedFailurePercentage: &failures,
			ItemBatcher: &table.ItemBatcher{MaxItemsPerBatch: 2}}
		return m
	},
	"distributed Map that fails": func(c *crew) table.State {
		m := each("All", 0, c.work("Work"))
		m.Distributed = &table.Distributed{ExecutionType: asl.Express}
		return m
	},
	"tokens": func(c *crew) table.State {
		m := each("All", 5, c.ask("Work"))
		m.Catch = []table.Catcher{{ErrorEquals: []string{asl.ErrorAll}, Next: "Caught"}}
		return m
	},
}

// Whatever runs at once, and beside other executions, one of which is stopped, has the same history every time.
func TestHistoriesRepeat(t *testing.T) {
	for name, state := range concurrent {
		t.Run(name, func(t *testing.T) {
			again.Same(t, func() string { return severalAtOnce(t, state) })
		})
	}
}

// A frame that is put away and gone on with leaves nothing to be seen, in whatever place, and however often: histories with
// their times, ids and observers are as before, and nothing is called twice.
func TestCuts(t *testing.T) {
	for name, state := range concurrent {
		t.Run(name, func(t *testing.T) {
			want := severalAtOnce(t, state)
			if got := severalAtOnce(t, state, memory.WithCuts(func(int) bool { return true })); got != want {
				t.Fatalf("cut everywhere:\n%s\nnot as before:\n%s", got, want)
			}
			for seed := range uint64(10 * again.Rounds() / len(concurrent)) {
				chance := rand.New(rand.NewPCG(seed, 0))
				if got := severalAtOnce(t, state, memory.WithCuts(func(int) bool { return chance.IntN(3) == 0 })); got != want {
					t.Fatalf("cut at random, %d:\n%s\nnot as before:\n%s", seed, got, want)
				}
			}
		})
	}
}

func severalAtOnce(t *testing.T, state func(*crew) table.State, options ...memory.Option) string {
	c := &crew{engine: memory.NewDriven(begin, options...)}
	var observed strings.Builder
	m := newMachine(t, c.engine, "All", table.Definition{States: []table.State{state(c), &table.Pass{Name: "Caught", End: true}}},
		asl.Observe(asl.ObserverFunc(func(id string, e asl.Event) { fmt.Fprintln(&observed, id, e.ID, e.Type, e.Time) })))
	var histories strings.Builder
	drive(c.engine, func(ctx context.Context) {
		var executions []*asl.Execution[asl.Value]
		for range 3 {
			e, err := m.Start(ctx, value.MustParse(`{"items":[1,2,3,4,5,6,7,8,9,10,11,12]}`))
			if err != nil {
				t.Fatal(err)
			}
			executions = append(executions, e)
		}
		_ = clock.Sleep(ctx, 5*time.Second)
		told.Stop(executions[1], "Enough", "of this")
		for _, e := range executions {
			_, _ = e.Running().Wait(ctx)
			fmt.Fprintln(&histories, e.Running().ID(), told.Status(e))
			histories.WriteString(textOf(told.History(e)))
		}
	})
	return histories.String() + observed.String()
}
